import type { Box } from "../../kernel-helpers/images/box.js";
import { COLOUR, FONT_SIZE, litePreamble } from "../kit/theme.js";
import type { VegaSpec } from "../kit/vega-spec.js";

/** Everything that a grid of class activation maps shows, as plain data. */
export interface CamGridData {
  readonly photos: readonly CamGridPhoto[];
  /** What the colours mean: from `colours[0]`, evenly, to the last. */
  readonly legend: { readonly colours: readonly string[]; readonly labels: readonly string[] };
  /** How strongly the maps are laid over the photo at first, 0–1. */
  readonly opacity: number;
  /** Offer sliders for the opacity and the threshold. */
  readonly sliders: boolean;
  /** Side in pixels of the square whose area a panel has. */
  readonly size: number;
  /** Panels a row; by default as many as fit in 1,000 pixels, evenly. */
  readonly columns?: number;
  /** The box rule in words; absent when no boxes are shown. For a rule with a threshold, its first value in per cent. */
  readonly boxes?: { readonly label: string; readonly percent?: number };
}

/** One photo of the grid. */
export interface CamGridPhoto {
  readonly name: string;
  /** The photo, or a thumbnail with its proportions, as a data URI. */
  readonly uri: string;
  /** The same in grey, under the maps: what has colour there is evidence. */
  readonly greyUri: string;
  /** Size of the photo in pixels; all boxes below are in these. */
  readonly width: number;
  readonly height: number;
  /** What the network saw of it, when not all. */
  readonly seen?: Box;
  readonly panels: readonly CamGridPanel[];
}

/** One map over the photo. */
export interface CamGridPanel {
  /** What stands above the panel: "1. tench". */
  readonly title: string;
  /** Probability of the class; absent for a map that has none. */
  readonly probability?: number;
  readonly heat: { readonly uri: string; readonly area: Box };
  /** The box, or the box at each threshold that a reader can choose, in per cent of the maximum. */
  readonly boxes: readonly { readonly percent?: number; readonly box: Box }[];
  /** Where the thing truly is, when that is known. */
  readonly truth?: readonly Box[];
}

const GAP = 18;
const ROW_WIDTH = 1000;
/** Room for a heading; a narrower picture stands at its left. */
const NARROWEST = 160;

/**
 * The grid as a Vega-Lite spec: each photo, then one panel for each of its maps. Pure: same data, same spec.
 * With `sliders`, two parameters can be changed where Vega runs: the opacity of the maps, the threshold of the boxes.
 *
 * @example
 * camGridSpec({ photos, legend, opacity: 0.6, size: 200, sliders: true });
 */
export function camGridSpec(data: CamGridData): VegaSpec {
  return {
    ...litePreamble(describe(data)),
    params: parameters(data),
    datasets: Object.fromEntries(
      data.photos.flatMap(({ uri, greyUri }, i) => [
        [`photo${i}`, [{ uri }]],
        [`grey${i}`, [{ uri: greyUri }]],
      ]),
    ),
    spacing: GAP,
    vconcat: [...allRows(data), legend(data)],
  };
}

function describe({ photos }: CamGridData): string {
  return photos
    .map(({ name, panels }) => {
      const classes = panels.map(({ title, probability }) => [title, shown(probability)].filter(Boolean).join(" "));
      return `Class activation maps of ${name}: ${classes.join(", ")}.`;
    })
    .join(" ");
}

function parameters({ opacity, boxes, sliders }: CamGridData): unknown[] {
  const slider = (name: string, min: number, max: number, step: number) =>
    sliders ? { bind: { input: "range", name, min, max, step } } : {};
  const overlay = { name: "overlay", value: opacity, ...slider("Heat ", 0, 1, 0.05) };
  if (boxes?.percent === undefined) return [overlay];
  const choice = boxPercents(boxes.percent);
  const bounds = [choice[0], choice[choice.length - 1]] as const;
  return [overlay, { name: "boxPercent", value: boxes.percent, ...slider("Box threshold, % ", ...bounds, 5) }];
}

/** The thresholds that the slider offers: every five per cent, through the one that is shown at first. */
export function boxPercents(first: number): number[] {
  const low = first % 5;
  return Array.from({ length: 20 }, (_, i) => low + i * 5).filter((percent) => percent > 0 || percent === first);
}

/** The rows of all photos; photos of one shape with few panels share rows. */
function allRows(data: CamGridData): unknown[] {
  const rows = data.photos.flatMap((photo, i) => photoRows(photo, i, data));
  const together = photosARow(data);
  if (together < 2) return rows;
  return Array.from({ length: Math.ceil(rows.length / together) }, (_, i) => ({
    ...rows[0],
    hconcat: rows.slice(i * together, (i + 1) * together).flatMap(({ hconcat }) => hconcat),
  }));
}

/** How many photos stand beside each other: as many as fit, when each of them fills one row or less. */
function photosARow(data: CamGridData): number {
  const { photos, columns } = data;
  const [{ width, height, panels }] = photos;
  const alike = photos.every(
    (photo) => photo.width * height === photo.height * width && photo.panels.length === panels.length,
  );
  const { columns: each, view } = layout(photos[0], data);
  if (photos.length < 2 || columns !== undefined || !alike || each < panels.length + 1) return 1;
  return Math.max(1, Math.floor((ROW_WIDTH * 1.15 + GAP) / (each * (view.cell + GAP))));
}

function photoRows(photo: CamGridPhoto, index: number, data: CamGridData): PanelRow[] {
  const { columns, view } = layout(photo, data);
  const panels = [
    panel(photo, `photo${index}`, view, photoHeading(photo, view)),
    ...photo.panels.map((each) =>
      panel(photo, `grey${index}`, view, [...overlays(photo, each, view, data.boxes), ...heading(each, view)]),
    ),
  ];
  const rows: PanelRow[] = [];
  for (let at = 0; at < panels.length; at += columns) {
    // "flush" keeps the columns of all rows in line, whatever reaches over a picture's edge.
    rows.push({
      bounds: "flush",
      spacing: GAP + view.cell - view.width,
      hconcat: panels.slice(at, at + columns),
    });
  }
  return rows;
}

interface PanelRow {
  readonly bounds: "flush";
  readonly spacing: number;
  readonly hconcat: readonly unknown[];
}

/** The picture in a panel, and the panel's own width, which is never too small for a heading. */
interface ViewSize {
  readonly width: number;
  readonly height: number;
  readonly cell: number;
}

/**
 * All pictures have about the same area; none is taller than three times `size`. One photo's panels fill rows evenly; each of several photos gets one row as
 * long as there are at most six panels.
 */
function layout(photo: CamGridPhoto, { photos, size, columns }: CamGridData): { columns: number; view: ViewSize } {
  const aspect = photo.width / photo.height;
  const wanted = Math.max(8, Math.min(ROW_WIDTH, size * Math.sqrt(aspect), 3 * size * aspect));
  const panels = photo.panels.length + 1;
  const fit = Math.max(1, Math.floor((ROW_WIDTH * 1.15 + GAP) / (Math.max(wanted, NARROWEST) + GAP)));
  const even = photos.length > 1 && panels <= 6 ? panels : Math.ceil(panels / Math.ceil(panels / fit));
  const widest = columns === undefined ? (ROW_WIDTH + GAP) / even - GAP : ROW_WIDTH;
  const width = Math.round(Math.min(wanted, widest));
  const height = Math.max(8, Math.min(3 * size, Math.round(width / aspect)));
  return { columns: columns ?? even, view: { width, height, cell: Math.max(width, Math.min(NARROWEST, widest)) } };
}

function panel(photo: CamGridPhoto, dataset: string, view: ViewSize, over: unknown[]): unknown {
  const { width, height } = view;
  return {
    width,
    height,
    layer: [
      {
        data: { name: dataset },
        mark: { ...imageAt({ x: 0, y: 0, width, height }), description: `photo ${photo.name}` },
        encoding: { url: { field: "uri", type: "nominal" } },
      },
      ...over,
    ],
  };
}

function imageAt({ x, y, width, height }: Box) {
  return { type: "image", x, y, width, height, align: "left", baseline: "top", aspect: false, clip: true };
}

function overlays(
  photo: CamGridPhoto,
  { heat, boxes, title, truth = [] }: CamGridPanel,
  view: ViewSize,
  rule: CamGridData["boxes"],
): unknown[] {
  const scale = { x: view.width / photo.width, y: view.height / photo.height };
  const area = {
    x: heat.area.x * scale.x,
    y: heat.area.y * scale.y,
    width: heat.area.width * scale.x,
    height: heat.area.height * scale.y,
  };
  const layers: unknown[] = [
    {
      data: { values: [{ uri: heat.uri }] },
      mark: { ...imageAt(area), opacity: { expr: "overlay" }, description: `map of ${title}` },
      encoding: { url: { field: "uri", type: "nominal" } },
    },
  ];
  if (photo.seen) {
    layers.push({
      data: { values: unseen(photo, photo.seen) },
      mark: { type: "rect", color: "#ffffff", opacity: 0.65, clip: true },
      encoding: inPhoto(photo),
    });
  }
  if (truth.length) {
    const known = truth.map((box) => ({ box }));
    layers.push(boxLayer(photo, known, false, COLOUR.truth));
  }
  if (rule) layers.push(boxLayer(photo, boxes, rule.percent !== undefined, COLOUR.box));
  return layers;
}

/** The margins of the photo that the network did not see. */
function unseen({ width, height }: CamGridPhoto, seen: Box): Record<string, number>[] {
  const right = seen.x + seen.width;
  const bottom = seen.y + seen.height;
  return [
    { x: 0, y: 0, x2: seen.x, y2: height },
    { x: right, y: 0, x2: width, y2: height },
    { x: seen.x, y: 0, x2: right, y2: seen.y },
    { x: seen.x, y: bottom, x2: right, y2: height },
  ].filter(({ x, y, x2, y2 }) => x2 - x > 0.01 && y2 - y > 0.01);
}

/** A light line on a dark halo, so that it shows on any photo and any heat. */
function boxLayer(photo: CamGridPhoto, boxes: CamGridPanel["boxes"], choosable: boolean, stroke: string): unknown {
  const line = { type: "rect", fill: "transparent", strokeJoin: "round" };
  return {
    data: {
      values: boxes.map(({ percent, box }) => ({
        percent,
        x: box.x,
        y: box.y,
        x2: box.x + box.width,
        y2: box.y + box.height,
      })),
    },
    transform: choosable ? [{ filter: "datum.percent === boxPercent" }] : [],
    layer: [
      { mark: { ...line, stroke: COLOUR.boxHalo, strokeWidth: 4.5, strokeOpacity: 0.75 }, encoding: inPhoto(photo) },
      { mark: { ...line, stroke, strokeWidth: 2 }, encoding: inPhoto(photo) },
    ],
  };
}

/** Rectangles given in the photo's own pixels. */
function inPhoto({ width, height }: CamGridPhoto) {
  const side = (field: string, domain: number[]) => ({
    field,
    type: "quantitative",
    axis: null,
    scale: { domain, nice: false, zero: false },
  });
  return { x: side("x", [0, width]), x2: { field: "x2" }, y: side("y", [height, 0]), y2: { field: "y2" } };
}

function photoHeading({ name, width, height }: CamGridPhoto, { cell }: ViewSize): unknown[] {
  return [
    line(name, { y: -26, limit: cell, fontWeight: "bold", fontSize: FONT_SIZE.heading }),
    line(`${width} × ${height}`, { y: -10, limit: cell, color: COLOUR.muted }),
  ];
}

/** Name and probability, and under them the probability as a bar. */
function heading({ title, probability }: CamGridPanel, { cell }: ViewSize): unknown[] {
  const text = { y: -26, fontSize: FONT_SIZE.heading };
  if (probability === undefined) return [line(title, { ...text, limit: cell, fontWeight: "bold" })];
  const share = shown(probability);
  const bar = (width: number, color: string) => ({
    data: { values: [{}] },
    mark: { type: "rect", color, cornerRadius: 2 },
    encoding: { x: { value: 0 }, x2: { value: width }, y: { value: -14 }, y2: { value: -9 } },
  });
  return [
    line(title, { ...text, limit: cell - 9 * share.length - 4, fontWeight: "bold" }),
    line(share, { ...text, x: cell, align: "right" }),
    bar(cell, COLOUR.track),
    bar(Math.max(2, probability * cell), COLOUR.accent),
  ];
}

/** Text goes through a data field, so that nothing in it can be taken for anything but text. */
function line(text: string, style: Record<string, unknown>): unknown {
  return {
    data: { values: [{ text }] },
    mark: { type: "text", x: 0, align: "left", baseline: "middle", ...style },
    encoding: { text: { field: "text", type: "nominal" }, tooltip: { field: "text", type: "nominal" } },
  };
}

/** 0.93, 0.004, <0.001. */
function shown(probability: number | undefined): string {
  if (probability === undefined) return "";
  if (probability < 0.001) return "<0.001";
  return probability.toFixed(probability < 0.01 ? 3 : 2);
}

function legend({ legend: { colours, labels }, boxes, photos }: CamGridData): unknown {
  const stops = colours.map((color, i) => ({ offset: i / (colours.length - 1), color }));
  const layer: unknown[] = [
    {
      data: { values: [{}] },
      mark: { type: "rect", cornerRadius: 2, color: { x1: 0, y1: 0, x2: 1, y2: 0, gradient: "linear", stops } },
      encoding: { x: { value: 0 }, x2: { value: 240 }, y: { value: 0 }, y2: { value: 10 } },
    },
    ...labels.map((label, i) => {
      const share = labels.length > 1 ? i / (labels.length - 1) : 0;
      const align = share === 0 ? "left" : share === 1 ? "right" : "center";
      return line(label, { x: 240 * share, y: 20, align, color: COLOUR.muted });
    }),
  ];
  const notes = [];
  if (boxes) notes.push(boxes.percent === undefined ? `box: ${boxes.label}` : boxNote(boxes.label));
  if (photos.some(({ panels }) => panels.some(({ truth }) => truth?.length))) notes.push("green box: the truth");
  if (photos.some(({ seen }) => seen)) notes.push("pale: outside what the network saw");
  notes.forEach((text, i) => {
    layer.push({
      data: { values: [{}] },
      mark: { type: "text", x: 264, y: 5 + i * 15, align: "left", baseline: "middle", color: COLOUR.muted, text },
    });
  });
  return { width: 240, height: 26, layer };
}

function boxNote(label: string): { expr: string } {
  return { expr: `${JSON.stringify(`box: ${label} `)} + boxPercent + " % of the maximum"` };
}
