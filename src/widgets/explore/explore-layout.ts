import { fitText } from "../kit/text/fit-text.js";
import { FONT_SIZE } from "../kit/theme.js";
import type { ExploreData } from "./explore-data.js";

/** Where things stand, in pixels from the top left, `scale` counted in. */
export interface ExploreLayout {
  readonly scale: number;
  readonly width: number;
  readonly height: number;
  /** The photo, and the photo under the map: named as their marks. */
  readonly pictures: readonly [ExplorePicture, ExplorePicture];
  /** The middle of the headings' first line, and the room of each. */
  readonly headings: { readonly y: number; readonly room: number };
  /** Where the legend begins. */
  readonly legend: number;
  readonly table: ExploreTable;
  /** What each class is called where: in its row, above the map, and there beside another. */
  readonly names: readonly { readonly line: string; readonly heading: string; readonly half: string }[];
}

/** A picture's place. */
export interface ExplorePicture {
  readonly name: "photo" | "overlay";
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The list of classes. */
export interface ExploreTable {
  /** The middle of its head. */
  readonly head: number;
  /** The top of its first row. */
  readonly top: number;
  readonly row: number;
  /** Where names, probabilities and evidence begin, and how wide the latter two's bars are. */
  readonly names: number;
  readonly probability: { readonly x: number; readonly width: number };
  readonly evidence: { readonly x: number; readonly width: number };
}

const GAP = 16;
/** The narrowest room for two pictures side by side, and the widest picture for a size. */
const NARROWEST = 260;
const WIDEST = 1.16;
const HEAD = 40;
const LEGEND = 84;
const ROW = 24;
const HEADING = { size: FONT_SIZE.heading, bold: true };

/** The layout of an explorer: two pictures side by side, legend, a row for each class. */
export function exploreLayout({ photo, classes, size, scale }: ExploreData): ExploreLayout {
  const aspect = photo.frame.width / photo.frame.height;
  const wide = Math.round(Math.max(8, Math.min(WIDEST * size, size * Math.sqrt(aspect), 2 * size * aspect)));
  const high = Math.max(8, Math.round(wide / aspect));
  const room = Math.max(NARROWEST, wide);
  const width = 2 * room + GAP;
  const times = (value: number) => Math.round(value * scale * 100) / 100;
  const picture = (name: "photo" | "overlay", x: number): ExplorePicture => ({
    ...{ name, x: times(x), y: times(HEAD) },
    ...{ width: times(wide), height: times(high) },
  });
  const below = HEAD + high + 10;
  const head = below + LEGEND;
  const names = Math.round(0.36 * width);
  const bars = Math.round(0.18 * width);
  const evidence = Math.round(0.655 * width);
  const fitted = (name: string, style: { size: number; bold?: boolean }, width: number) =>
    fitText(name, { ...style, width })[0];
  return {
    scale,
    width: times(width),
    height: times(head + 14 + ROW * classes.length),
    pictures: [picture("photo", 0), picture("overlay", room + GAP)],
    headings: { y: times(9), room: times(room) },
    legend: times(below),
    table: {
      ...{ head: times(head), top: times(head + 12), row: times(ROW), names: times(8) },
      probability: { x: times(names + 8), width: times(bars) },
      evidence: { x: times(evidence), width: times(width - evidence - 46) },
    },
    names: classes.map(({ name, rank }) => ({
      line: fitted(`${rank}. ${name}`, { size: FONT_SIZE.label }, names - 8),
      heading: fitted(name, HEADING, room),
      half: fitted(name, HEADING, room / 2 - 12),
    })),
  };
}
