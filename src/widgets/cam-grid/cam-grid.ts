import { boxOf } from "../../kernel-helpers/boxes/box-of.js";
import { cam } from "../../kernel-helpers/cam/cam.js";
import type { HeatMap } from "../../kernel-helpers/cam/heat-map.js";
import { normalise, rangeOf, type Normalisation } from "../../kernel-helpers/cam/normalise.js";
import type { Upsampling } from "../../kernel-helpers/cam/resample.js";
import { upsample } from "../../kernel-helpers/cam/upsample.js";
import { classIndexOf } from "../../kernel-helpers/cam/class-index.js";
import type { Box } from "../../kernel-helpers/images/box.js";
import { mirroredPlacement, toImage, toInput } from "../../kernel-helpers/images/input/placement.js";
import type { Placement } from "../../kernel-helpers/images/input/preprocessing.js";
import { readableName } from "../../kernel-helpers/images/files/readable-name.js";
import { thumbnail } from "../../kernel-helpers/images/files/thumbnail.js";
import type { Picture } from "../../kernel-helpers/images/picture.js";
import type { Seen } from "../../kernel-helpers/networks/seen.js";
import { invalid } from "../../kernel-helpers/support/errors.js";
import { boxPercents, camGridSpec, type CamGridPanel, type CamGridPhoto } from "./cam-grid-spec.js";
import { COLOUR_MAPS, colourMap, hexColour, type ColourMap, type ColourMapName } from "../kit/colour-map.js";
import { heatImage } from "../kit/heat-image.js";
import { Widget } from "../kit/widget.js";

/** Classes of a network by name or index, or maps already made. */
export type GridClasses = readonly (string | number | HeatMap)[];

/** What a grid of class activation maps shows, and how. */
export interface CamGridOptions<P extends Picture = Picture> {
  /**
   * How many of the most probable classes, or which: names, indices, or maps already made; or a function that says
   * which for each photo. 5 unless given.
   */
  readonly classes?: number | GridClasses | ((seen: Seen<P>) => GridClasses);
  /** Draw the box of each map, or of those whose class name or label a function says yes to; true unless given. */
  readonly boxes?: boolean | ((label: string) => boolean);
  /** The box rule; `paper` unless given. */
  readonly rule?: "paper" | "authors";
  /** The paper's rule: the fraction of the maximum, 0 ≤ t < 1; 0.2 unless given. */
  readonly threshold?: number;
  /** `inferno` unless given; `blue-orange` shows negative evidence too. */
  readonly colourMap?: ColourMapName;
  /** `bilinear` unless given. */
  readonly upsampling?: Upsampling;
  /** What the end of the colours stands for, in each panel: `max` (the default) keeps zero at "no evidence". */
  readonly normalisation?: Normalisation;
  /** How strongly the maps are laid over the photo, 0–1; 0.6 unless given. */
  readonly opacity?: number;
  /** Panels a row; as many as fit in 1,000 pixels unless given. */
  readonly columns?: number;
  /** Panels have the area of a square with this side, in pixels; 220 unless given. */
  readonly size?: number;
  /** Offer sliders where Vega runs; true unless given. Without them a grid is made faster: enough for a picture. */
  readonly sliders?: boolean;
  /** True boxes of a class in a photo, in its pixels, drawn in green; `label` is the class's name or the map's label. */
  readonly truth?: (seen: Seen<P>, label: string) => readonly Box[];
  /** What stands above a photo; its file's name unless given. */
  readonly caption?: (seen: Seen<P>) => string | undefined;
}

/**
 * The photo, then for each of the classes that the network saw most its class activation map over the photo, with
 * name, probability and box. Where Vega runs, two sliders change how strong the maps are and the boxes' threshold.
 *
 * @param seen what a network saw in a photo, or in several: each begins a row, unless several fit beside each other
 * @throws CamlabError for an unknown class or an option outside its range
 * @example
 * camGrid(await look(network, "street.jpg"), { classes: 3 });
 * await camGrid(seen, { classes: ["tench", "goldfish"], colourMap: "blue-orange" }).save("fish.png");
 */
export function camGrid<P extends Picture>(
  seen: Seen<P> | readonly Seen<P>[],
  options: CamGridOptions<P> = {},
): Widget {
  const all: readonly Seen<P>[] = Array.isArray(seen) ? (seen as readonly Seen<P>[]) : [seen as Seen<P>];
  if (all.length === 0) throw invalid("seen", seen, "what a network saw in one photo or more");
  const checked = checkOptions(options as CamGridOptions);
  const chosen = all.map((each) => ({ seen: each, maps: chooseMaps(each, checked.classes) }));
  return new Widget(async () => {
    const colours = await colourMap(checked.colourMap);
    const photos: CamGridPhoto[] = [];
    for (const { seen, maps } of chosen) photos.push(await photoOf(seen, maps, colours, checked));
    const { opacity, size, columns, sliders } = checked;
    return camGridSpec({
      photos,
      opacity,
      size,
      columns,
      sliders,
      legend: legendOf(colours, checked),
      boxes: ruleOf(checked),
    });
  });
}

type Optional = "columns" | "truth" | "caption";
type Checked = Required<Omit<CamGridOptions, Optional>> & Pick<CamGridOptions, Optional>;

function checkOptions(options: CamGridOptions): Checked {
  const checked: Checked = {
    classes: options.classes ?? 5,
    boxes: options.boxes ?? true,
    rule: options.rule ?? "paper",
    threshold: options.threshold ?? 0.2,
    colourMap: options.colourMap ?? "inferno",
    upsampling: options.upsampling ?? "bilinear",
    normalisation: options.normalisation ?? "max",
    opacity: options.opacity ?? 0.6,
    size: options.size ?? 220,
    sliders: options.sliders ?? true,
    columns: options.columns,
    truth: options.truth,
    caption: options.caption,
  };
  const { classes, rule, threshold, opacity, size, columns, upsampling, normalisation } = checked;
  const none = typeof classes === "number" ? !(Number.isInteger(classes) && classes > 0) : classes.length === 0;
  if (none && typeof classes !== "function") {
    throw invalid("classes", classes, "how many (from 1), or a list of names, indices and maps");
  }
  if (rule !== "paper" && rule !== "authors") throw invalid("rule", rule, "paper or authors");
  if (rule === "authors" && options.threshold !== undefined) {
    throw invalid("threshold", threshold, "none with the authors' rule, which has three of its own");
  }
  if (!(threshold >= 0 && threshold < 1)) throw invalid("threshold", threshold, "0 ≤ t < 1");
  if (!COLOUR_MAPS.includes(checked.colourMap)) throw invalid("colourMap", checked.colourMap, COLOUR_MAPS.join(", "));
  if (!["bilinear", "bicubic"].includes(upsampling)) throw invalid("upsampling", upsampling, "bilinear or bicubic");
  if (!["max", "minmax"].includes(normalisation)) throw invalid("normalisation", normalisation, "max or minmax");
  if (!(opacity >= 0 && opacity <= 1)) throw invalid("opacity", opacity, "0 ≤ opacity ≤ 1");
  if (!(size >= 60 && size <= 1000)) throw invalid("size", size, "60 ≤ size ≤ 1000");
  if (columns !== undefined && !(Number.isInteger(columns) && columns > 0)) {
    throw invalid("columns", columns, "a whole number from 1");
  }
  return checked;
}

type PlacedMap = HeatMap & { readonly placement: Placement };

interface ChosenMap {
  readonly title: string;
  readonly label: string;
  readonly probability?: number;
  readonly map: PlacedMap;
}

function chooseMaps(seen: Seen, classes: Checked["classes"]): ChosenMap[] {
  const names = seen.network.classes;
  const order = Array.from(seen.probabilities.keys()).sort((a, b) => seen.probabilities[b] - seen.probabilities[a]);
  const ofClass = (index: number): ChosenMap => ({
    title: `${order.indexOf(index) + 1}. ${readableName(names[index])}`,
    label: names[index],
    probability: seen.probabilities[index],
    map: unmirrored({ ...cam(seen, index), placement: seen.placement }),
  });
  if (typeof classes === "number") return order.slice(0, classes).map(ofClass);
  return (typeof classes === "function" ? classes(seen) : classes).map((each) =>
    typeof each === "object"
      ? {
          title: readableName(each.label ?? "map"),
          label: each.label ?? "",
          map: unmirrored({ ...each, placement: each.placement ?? seen.placement }),
        }
      : ofClass(classIndexOf(names, each)),
  );
}

/** A map of the mirrored photo, turned back so that it lies on the photo as it is. */
function unmirrored(map: PlacedMap): PlacedMap {
  const { width, data, placement } = map;
  if (placement.scaleX > 0) return map;
  const turned = data.map((_, at) => data[at - (at % width) + (width - 1 - (at % width))]);
  return { ...map, data: turned, placement: mirroredPlacement(placement) };
}

async function photoOf(
  seen: Seen,
  maps: readonly ChosenMap[],
  colours: ColourMap,
  options: Checked,
): Promise<CamGridPhoto> {
  const { file, width, height } = seen.photo;
  const longer = options.size * Math.sqrt(Math.max(width / height, height / width));
  const { dataUri } = await thumbnail(seen.picture.file, {
    maxSide: Math.min(1000, Math.ceil(longer * 1.6)),
    quality: 82,
  });
  const area = seenArea(seen.placement);
  const whole = area.width > width - 0.5 && area.height > height - 0.5;
  return {
    name: readableName(options.caption?.(seen) ?? (file.split(/[\\/]/).pop() || file)),
    uri: dataUri,
    greyUri: await greyed(dataUri),
    width,
    height,
    ...(!whole && { seen: area }),
    panels: maps.map((map) => ({
      ...panelOf(map, colours, options),
      ...(options.truth && { truth: options.truth(seen, map.label) }),
    })),
  };
}

async function greyed(dataUri: string): Promise<string> {
  const { default: sharp } = await import("sharp");
  const jpeg = Buffer.from(dataUri.slice(dataUri.indexOf(",") + 1), "base64");
  const grey = await sharp(jpeg).greyscale().jpeg({ quality: 80 }).toBuffer();
  return `data:image/jpeg;base64,${grey.toString("base64")}`;
}

/** The part of the photo that the network saw. */
function seenArea(placement: Placement): Box {
  const { inputWidth: width, inputHeight: height } = placement;
  return toImage(placement, { x: 0, y: 0, width, height }, { clamp: true });
}

function panelOf({ title, label, probability, map }: ChosenMap, colours: ColourMap, options: Checked): CamGridPanel {
  const boxed = typeof options.boxes === "function" ? options.boxes(label) : options.boxes;
  return {
    title,
    ...(probability !== undefined && { probability }),
    heat: heatOf(map, colours, options),
    boxes: boxed ? boxesOf(map, options) : [],
  };
}

const LONGEST_SIDE = 256;

/**
 * Stretched to the network's input grid; a large one more coarsely, which no eye can tell in a smooth map. The margin
 * of a contained photo is cut off, as it is for boxes.
 */
function heatOf(map: PlacedMap, colours: ColourMap, { upsampling, normalisation }: Checked): CamGridPanel["heat"] {
  const { inputWidth, inputHeight } = map.placement;
  const shrink = Math.min(1, LONGEST_SIDE / Math.max(inputWidth, inputHeight));
  const stretched = upsample(map, {
    width: Math.max(1, Math.round(inputWidth * shrink)),
    height: Math.max(1, Math.round(inputHeight * shrink)),
    method: upsampling,
  });
  const { cut, area } = cutToPhoto({ ...stretched, placement: map.placement });
  if (!colours.diverging) return { uri: heatImage(normalise(cut, normalisation), 1, colours), area };
  const { min, max } = rangeOf(cut.data);
  return { uri: heatImage(cut, Math.max(-min, max) || 1, colours), area };
}

/** The pixels of a map on the input grid whose centre shows the photo, and where they lie on it. */
function cutToPhoto(map: PlacedMap): { cut: HeatMap; area: Box } {
  const { placement } = map;
  const shown = toInput(placement, seenArea(placement), { clamp: true });
  const columns = cutAxis(shown.x, shown.width, map.width, placement.inputWidth);
  const rows = cutAxis(shown.y, shown.height, map.height, placement.inputHeight);
  const data = new Float32Array(columns.count * rows.count);
  for (let y = 0; y < rows.count; y++) {
    const from = (y + rows.first) * map.width + columns.first;
    data.set(map.data.subarray(from, from + columns.count), y * columns.count);
  }
  const area = toImage(placement, { x: columns.start, y: rows.start, width: columns.size, height: rows.size });
  return { cut: { width: columns.count, height: rows.count, data }, area };
}

function cutAxis(start: number, size: number, pixels: number, inputSize: number) {
  const pixel = inputSize / pixels;
  const first = Math.min(pixels - 1, Math.max(0, Math.ceil(start / pixel - 0.5)));
  const last = Math.min(pixels - 1, Math.max(first, Math.ceil((start + size) / pixel - 0.5) - 1));
  const count = last - first + 1;
  return { first, count, start: first * pixel, size: count * pixel };
}

/** The boxes at every threshold that the slider offers; the authors' rule has none to choose. */
function boxesOf(map: HeatMap, { rule, threshold, upsampling, sliders }: Checked): CamGridPanel["boxes"] {
  if (rule === "authors") {
    const { box } = boxOf(map, { rule, upsampling });
    return box ? [{ box }] : [];
  }
  const first = percentOf(threshold);
  return (sliders ? boxPercents(first) : [first]).flatMap((percent) => {
    const { box } = boxOf(map, { rule, threshold: percent / 100, upsampling });
    return box ? [{ percent, box }] : [];
  });
}

/** 0.2 is 20: rounded so that no 20.000000000000004 is ever shown. */
function percentOf(threshold: number): number {
  return Math.round(threshold * 1e6) / 1e4;
}

function ruleOf({ boxes, rule, threshold }: Checked): { label: string; percent?: number } | undefined {
  if (!boxes) return undefined;
  return rule === "authors"
    ? { label: "the authors' rule" }
    : { label: "largest area above", percent: percentOf(threshold) };
}

function legendOf(colours: ColourMap, { normalisation }: Checked): { colours: string[]; labels: string[] } {
  const steps = 16;
  const shown = Array.from({ length: steps + 1 }, (_, i) => hexColour(colours, i / steps));
  if (colours.diverging) return { colours: shown, labels: ["evidence against", "none", "evidence for"] };
  if (normalisation === "minmax") return { colours: shown, labels: ["least of each map", "most of each map"] };
  return { colours: shown, labels: ["no evidence", "strongest of each map"] };
}
