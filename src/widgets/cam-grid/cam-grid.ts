import { boxOf } from "../../kernel-helpers/boxes/box-of.js";
import { boxesByThreshold } from "../../kernel-helpers/boxes/boxes-by-threshold.js";
import type { HeatMap } from "../../kernel-helpers/cam/heat-map.js";
import type { Normalisation } from "../../kernel-helpers/cam/normalise.js";
import type { Upsampling } from "../../kernel-helpers/cam/resample.js";
import type { Box } from "../../kernel-helpers/images/box.js";
import { readableName } from "../../kernel-helpers/images/files/readable-name.js";
import type { Picture } from "../../kernel-helpers/images/picture.js";
import type { Seen } from "../../kernel-helpers/networks/seen.js";
import { CamlabError, invalid } from "../../kernel-helpers/support/errors.js";
import { check } from "../../kernel-helpers/support/check.js";
import { type BoxColours, boxColours, type BoxStyle } from "../kit/photo/box-colours.js";
import { colourMap, type ColourMap } from "../kit/photo/colour-map.js";
import { checkedSeen } from "../kit/photo/checked-seen.js";
import { type DrawnMap, heatImage, heatRange, heatStops } from "../kit/photo/heat-image.js";
import { HEAT_OPTIONS, heatOptions, type HeatOptions } from "../kit/photo/heat-options.js";
import { heatGrid, photoHeat, seenArea } from "../kit/photo/photo-heat.js";
import { shownPhoto } from "../kit/photo/shown-photo.js";
import { SHOW_OPTIONS, type ShowOptions } from "../kit/show-options.js";
import { shortNames } from "../kit/text/short-names.js";
import { Widget } from "../kit/widget.js";
import type { CamGridData, CamGridPanel, CamGridPhoto, ThresholdCurve } from "./cam-grid-data.js";
import { boxThresholds, camGridSpec } from "./cam-grid-spec.js";
import { type ChosenMap, chooseMaps, type GridClasses, trueBoxes } from "./choose-maps.js";

/** What a grid of class activation maps shows, and how. */
export interface CamGridOptions<P extends Picture = Picture> extends HeatOptions, ShowOptions {
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
  /** `bilinear` unless given. */
  readonly upsampling?: Upsampling;
  /** What the end of the colours stands for: `max` (the default) keeps zero at "no evidence". */
  readonly normalisation?: Normalisation;
  /**
   * In what one colour means the same: in all maps of a `photo`, so that a weak class looks weak, or in one `map` only,
   * so that each shows where its own evidence is. `photo` for the network's classes, `map` for maps of one's own.
   */
  readonly colourScale?: "photo" | "map";
  /** Panels a row, the photos' own among them; as many as fit into `width` unless given. */
  readonly columns?: number;
  /** Panels have the area of a square with this side, in pixels; 220 unless given. */
  readonly size?: number;
  /** Pixels of a row, about; 1,000 unless given. */
  readonly width?: number;
  /** Offer sliders where Vega runs; true unless given. Without them a grid is made faster: enough for a picture. */
  readonly sliders?: boolean;
  /**
   * True boxes, drawn beside those that were found: what the pictures know of them (`objects` of a class's name, the
   * `box` of the label), or what a function says of a class in a photo, in its pixels; `label` is the class's name or
   * the map's label. None unless given, what the pictures know with the paper's style.
   */
  readonly truth?: boolean | ((seen: Seen<P>, label: string) => readonly Box[]);
  /** How boxes are drawn: `plain`, white beside a green truth, or as in the `paper`, red beside a green truth. */
  readonly style?: BoxStyle;
  /** Other colours for boxes: `#rrggbb` or a name such as "orange". */
  readonly colours?: Partial<BoxColours>;
  /**
   * A curve over thresholds, drawn below with a mark that follows the slider, such as a report's `overThresholds`; for
   * the paper's rule.
   */
  readonly curve?: ThresholdCurve;
  /** What stands above a photo; its file's name and its size unless given. */
  readonly caption?: (seen: Seen<P>) => string | undefined;
}

/**
 * The photo, then for each of the classes that the network saw most its class activation map over the photo, with
 * name, probability and box. Where Vega runs, sliders change how strong the maps are, how dark the photo is, and the
 * boxes' threshold.
 *
 * @param seen what a network saw in a photo, or in several: each begins a row, unless several fit beside each other
 * @throws CamlabError for an unknown class, a picture that was skipped, or an option outside its range
 * @example
 * camGrid(await look(network, "street.jpg"), { classes: 3 });
 * await camGrid(seen, { classes: ["tench", "goldfish"], colourMap: "blue-orange" }).save("fish.png");
 */
export function camGrid<P extends Picture>(
  seen: Seen<P> | readonly Seen<P>[],
  options: CamGridOptions<P> = {},
): Widget {
  const all = checkedSeen(seen, "camGrid");
  const checked = checkOptions(options as CamGridOptions);
  const names = shortNames(all.map(({ photo }) => photo.file));
  const chosen = all.map((each, i) => ({
    seen: each,
    name: readableName(names[i]),
    caption: options.caption?.(each),
    maps: chooseMaps(each, checked.classes),
  }));
  return new Widget(async () => {
    const colours = await colourMap(checked.colourMap);
    const own = chosen.some(({ maps }) => maps.some(({ probability }) => probability === undefined));
    const each = { ...checked, colourScale: checked.colourScale ?? (own ? "map" : "photo") };
    const photos: CamGridPhoto[] = [];
    for (const photo of chosen) photos.push(await photoOf(photo, colours, each));
    return camGridSpec({ ...each, photos, legend: legendOf(colours, each), boxes: ruleOf(each) });
  }, options);
}

type Optional = "columns" | "caption" | "colourScale" | "curve";
type Checked = Required<Omit<CamGridOptions, Optional | "style" | "colours" | keyof ShowOptions>> &
  Pick<CamGridOptions, Optional> & { readonly colours: BoxColours };

function checkOptions(options: CamGridOptions): Checked {
  const { style = "plain", colours, ...given } = check.known(options, OPTIONS, "camGrid");
  const checked: Checked = {
    ...{ classes: 5, boxes: true, rule: "paper", threshold: 0.2, upsampling: "bilinear", normalisation: "max" },
    ...{ size: 220, width: 1000, sliders: true, truth: style === "paper" },
    ...defined(given),
    ...heatOptions(options),
    colours: boxColours(style, colours),
  };
  const { classes } = checked;
  if (typeof classes === "number") check.count("classes", classes);
  else if (Array.isArray(classes) && classes.length === 0) {
    throw new CamlabError("invalid classes: [] (expected how many, from 1, or a list of names, indices and maps)");
  }
  check.oneOf("rule", checked.rule, ["paper", "authors"]);
  if (checked.rule === "authors" && options.threshold !== undefined) {
    throw new CamlabError(
      `invalid threshold: ${options.threshold} (expected none with the authors' rule, which has three of its own)`,
    );
  }
  check.number("threshold", checked.threshold, { from: 0, below: 1 });
  check.oneOf("upsampling", checked.upsampling, ["bilinear", "bicubic"]);
  check.oneOf("normalisation", checked.normalisation, ["max", "minmax"]);
  check.oneOf("colourScale", checked.colourScale, [undefined, "photo", "map"]);
  if (checked.curve) checkCurve(checked);
  check.number("size", checked.size, { from: 60, to: 1000 });
  check.number("width", checked.width, { from: 200, to: 5000 });
  check.counts({ columns: checked.columns });
  return checked;
}

function checkCurve({ curve, boxes, rule }: Pick<Checked, "curve" | "boxes" | "rule">): void {
  const { x, y } = curve ?? {};
  if (!boxes || rule === "authors") throw new CamlabError("a curve over thresholds wants boxes of the paper's rule");
  if (!x?.length || x.length !== y?.length) throw invalid("curve", curve, "x and y of the same length");
}

const OPTIONS: readonly (keyof CamGridOptions)[] = [
  ...(["classes", "boxes", "rule", "threshold", "upsampling", "normalisation", "colourScale", "columns"] as const),
  ...(["size", "width", "sliders", "truth", "style", "colours", "caption", "curve"] as const),
  ...[...HEAT_OPTIONS, ...SHOW_OPTIONS],
];

/** An option that is undefined counts as not given. */
function defined<T extends object>(options: T): Partial<T> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Partial<T>;
}

interface ChosenPhoto {
  readonly seen: Seen;
  readonly name: string;
  readonly caption: string | undefined;
  readonly maps: readonly ChosenMap[];
}

async function photoOf(
  { seen, name, caption, maps }: ChosenPhoto,
  colours: ColourMap,
  options: Checked,
): Promise<CamGridPhoto> {
  const { width, height } = seen.photo;
  const side = options.size * Math.sqrt(Math.max(width / height, height / width));
  const { uri, mutedUri } = await shownPhoto(seen.picture.file, { side });
  const area = seenArea(seen.placement);
  const whole = area.width > width - 0.5 && area.height > height - 0.5;
  const heats = maps.map(({ map }) => photoHeat(map, { ...heatGrid({ width, height }, map), ...options }));
  const rangeOf = (heat: DrawnMap) =>
    heatRange(options.colourScale === "map" ? [heat] : heats, colours, options.normalisation);
  return {
    ...{ name, uri, mutedUri, width, height },
    ...(caption !== undefined && { caption: readableName(caption) }),
    ...(seen.picture.label !== undefined && { label: readableName(seen.picture.label) }),
    ...(!whole && { seen: area }),
    panels: maps.map((map, i) => ({
      ...panelOf(map, options),
      heatUri: heatImage(heats[i], rangeOf(heats[i]), colours),
      ...truthOf(seen, map, options),
    })),
  };
}

function truthOf(seen: Seen, { label }: ChosenMap, { truth }: Checked): Pick<CamGridPanel, "truth"> {
  if (truth === false) return {};
  return { truth: truth === true ? trueBoxes(seen.picture, label) : truth(seen, label) };
}

function panelOf({ title, label, probability, note, map }: ChosenMap, options: Checked): Omit<CamGridPanel, "heatUri"> {
  const boxed = typeof options.boxes === "function" ? options.boxes(label) : options.boxes;
  return {
    title,
    ...(probability !== undefined && { probability }),
    ...(note !== undefined && { note }),
    boxes: boxed ? boxesOf(map, options) : [],
  };
}

/** The boxes at every threshold that the slider offers; the authors' rule has none to choose. */
function boxesOf(map: HeatMap, { rule, threshold, upsampling, sliders }: Checked): CamGridPanel["boxes"] {
  if (rule === "authors") {
    const { box } = boxOf(map, { rule, upsampling });
    return box ? [{ box }] : [];
  }
  const choice = sliders ? boxThresholds(threshold) : [threshold];
  return boxesByThreshold(map, choice, { upsampling }).boxes.flatMap((box, i) =>
    box ? [{ threshold: choice[i], box }] : [],
  );
}

function ruleOf({ boxes, rule, threshold }: Checked): CamGridData["boxes"] {
  if (!boxes) return undefined;
  return rule === "authors" ? { label: "the authors' rule" } : { label: "largest area above", threshold };
}

function legendOf(colours: ColourMap, { normalisation, colourScale }: Checked): CamGridData["legend"] {
  const stops = heatStops(colours);
  if (colours.diverging) return { colours: stops, labels: ["evidence against", "none", "evidence for"] };
  const of = colourScale === "photo" ? "in the photo" : "of each map";
  if (normalisation === "minmax") return { colours: stops, labels: [`least ${of}`, `most ${of}`] };
  return { colours: stops, labels: ["no evidence", `strongest ${of}`] };
}
