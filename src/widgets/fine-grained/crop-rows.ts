import type { FoundRegion } from "../../kernel-helpers/discovery/fine-grained/discover-fine-grained.js";
import type { Box } from "../../kernel-helpers/images/box.js";
import { readableName } from "../../kernel-helpers/images/files/readable-name.js";
import { CamlabError } from "../../kernel-helpers/support/errors.js";
import { colourMap } from "../kit/photo/colour-map.js";
import { heatRamp } from "../kit/photo/heat-image.js";
import { heatOptions } from "../kit/photo/heat-options.js";
import { pictureWithMap } from "../kit/photo/map-tile.js";
import { shownPhoto } from "../kit/photo/shown-photo.js";
import type { LegendItem } from "../kit/sheet/legend.js";
import { type MapTile, mapTilesSpec, OUTLINE_COLOUR } from "../kit/sheet/map-tiles-spec.js";
import { verdictItems } from "../kit/sheet/verdict.js";
import { COLOUR } from "../kit/theme.js";
import { Widget } from "../kit/widget.js";

/** How rows of crops are laid out. */
export interface CropRowsOptions {
  /** Pixels of a row; 920 unless given. */
  readonly width?: number;
}

const GAP = 14;
/** Pictures of one height are wider than squares where they lie across. */
const WIDER = 1.6;

/**
 * A row for each photograph: the whole of it and what it was taken for, the map of that with its box, the box enlarged and
 * what that was taken for, and, where any has one, the true box and what that was taken for.
 *
 * @param regions what `discoverFineGrained` found, those that are to be shown
 * @throws CamlabError when there are none, and for one without a box
 */
export function cropRows(regions: readonly FoundRegion[], { width = 920 }: CropRowsOptions = {}): Widget {
  if (regions.length === 0 || regions.some(({ box }) => box === undefined))
    throw new CamlabError("crops are shown of photographs with a box: there are none, or one has none");
  const withTruth = regions.some(({ byTruth }) => byTruth !== undefined);
  const columns = withTruth ? 4 : 3;
  const size = Math.floor((width + GAP) / columns) - GAP;
  return new Widget(async () => {
    const { colourMap: name, ...style } = heatOptions({});
    const colours = await colourMap(name);
    const tiles: MapTile[] = [];
    for (const region of regions) tiles.push(...(await rowOf(region, size * WIDER, colours)));
    const described = tiles.map(({ right }) => right);
    return mapTilesSpec({
      description: regions.map((region) => `${rowTitle(region)}.`).join(" "),
      ...{ tiles, columns, size, ...style, ramp: heatRamp(colours) },
      legend: legendOf(described, withTruth),
    });
  });
}

/** A photograph's label, and who named it so. */
function rowTitle({ picture, predicted, byCrop }: FoundRegion): string {
  const label = picture.label ?? "";
  const [whole, crop] = [predicted === label, byCrop === label];
  const by = whole
    ? crop
      ? "right from the whole photograph, and from the box"
      : "right from the whole photograph, wrong from the box"
    : crop
      ? "wrong from the whole photograph, right from the box"
      : "wrong from the whole photograph, and from the box";
  return `${readableName(label)}: ${by}`;
}

async function rowOf(
  region: FoundRegion,
  side: number,
  colours: Awaited<ReturnType<typeof colourMap>>,
): Promise<MapTile[]> {
  const { picture, predicted, map, box, byCrop, byTruth } = region;
  const whole = await pictureWithMap(picture.file, map, side, colours);
  const part = async (of: Box): Promise<MapTile> => {
    const { uri } = await shownPhoto(picture.file, { side, region: of });
    return { ...whole, uri, frame: of, unseen: [], plain: true, title: "", note: "" };
  };
  const answer = (name: string | undefined) =>
    name === undefined ? {} : { title: readableName(name), right: name === picture.label };
  const truth = byTruth === undefined ? undefined : picture.box;
  return [
    { ...whole, plain: true, title: "", note: "from the whole photograph", ...answer(predicted) },
    {
      ...whole,
      ...{ title: `map of ${readableName(predicted)}`, note: "and the box around most of it" },
      boxes: [box!],
      ...(truth && { outlines: [cornersOf(truth)] }),
    },
    { ...(await part(box!)), note: "from that box alone", ...answer(byCrop) },
    ...(truth ? [{ ...(await part(truth)), note: "from the true box alone", ...answer(byTruth) }] : []),
  ].map((tile, i) => (i === 0 ? { ...tile, row: rowTitle(region) } : tile));
}

function cornersOf({ x, y, width, height }: Box): number[] {
  return [x, y, x + width, y, x + width, y + height, x, y + height];
}

function legendOf(verdicts: readonly (boolean | undefined)[], withTruth: boolean): LegendItem[] {
  return [
    ...verdictItems(verdicts, { right: "named right", wrong: "named wrong" }),
    { label: "box around the evidence", sign: "frame", colour: COLOUR.box },
    ...(withTruth ? [{ label: "true box", sign: "frame", colour: OUTLINE_COLOUR } as const] : []),
  ];
}
