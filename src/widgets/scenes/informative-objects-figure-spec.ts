import type { Box } from "../../kernel-helpers/images/box.js";
import { COLOUR, FONT_SIZE, litePreamble } from "../kit/theme.js";
import type { VegaSpec } from "../kit/vega-spec.js";

/** A scene's photos with its maps, and its two lists beside them, as plain data. */
export interface SceneFigureData {
  readonly scene: string;
  readonly caption: string;
  /** Lines of the lists: "wall .99". */
  readonly frequent: readonly string[];
  readonly informative: readonly string[];
  readonly photos: readonly SceneFigurePhoto[];
  /** What the colours mean, from none to strongest. */
  readonly colours: readonly string[];
  /** What lies under the map and is named, in words. */
  readonly rule: string;
  /** Side in pixels of the square whose area a photo has. */
  readonly size: number;
  /** How strongly the maps are laid over the photos, 0–1. */
  readonly opacity: number;
}

/** A photo of the figure. */
export interface SceneFigurePhoto {
  readonly name: string;
  /** The photo, and the same in grey under the map, as data URIs. */
  readonly uri: string;
  readonly greyUri: string;
  /** The map over the whole photo as a data URI. */
  readonly heatUri: string;
  /** Whether the network saw all of the photo. */
  readonly whole: boolean;
  /** Size of the photo in pixels; boxes are in these. */
  readonly width: number;
  readonly height: number;
  readonly objects: readonly { readonly name: string; readonly box: Box }[];
}

const GAP = 12;
const LIST = 150;
const LINE = 17;

/**
 * The figure as the paper shows it: above, photos of the scene and the objects that it has most often; below, the same
 * photos with the class activation map of the scene, the objects that lie under it boxed and named, and the objects that
 * lie under it most. Pure: same data, same spec.
 */
export function sceneFigureSpec(data: SceneFigureData): VegaSpec {
  const { photos, frequent, informative } = data;
  const views = photos.map((photo) => viewOf(photo, data.size));
  const listHeight = 24 + LINE * Math.max(frequent.length, informative.length);
  const row = (panel: (i: number) => unknown, heading: string, lines: readonly string[], top: unknown[]) => ({
    bounds: "flush",
    spacing: GAP,
    hconcat: [...photos.map((_, i) => panel(i)), list(heading, lines, listHeight, top)],
  });
  const above = (i: number) =>
    i === 0
      ? [
          line(data.scene, { y: -30, fontSize: FONT_SIZE.title, fontWeight: "bold" }),
          line(data.caption, { y: -12, color: COLOUR.muted }),
        ]
      : [];
  return {
    ...litePreamble(describe(data)),
    datasets: Object.fromEntries(
      photos.flatMap(({ uri, greyUri, heatUri }, i) => [
        [`photo${i}`, [{ uri }]],
        [`grey${i}`, [{ uri: greyUri }]],
        [`heat${i}`, [{ uri: heatUri }]],
      ]),
    ),
    spacing: GAP,
    vconcat: [
      row(
        (i) => picture(views[i], [image(`photo${i}`, views[i], photos[i].name), ...above(i)]),
        "Frequent",
        frequent,
        [],
      ),
      row(
        (i) =>
          picture(views[i], [
            image(`grey${i}`, views[i], photos[i].name),
            image(`heat${i}`, views[i], `map of ${data.scene}`, data.opacity),
            ...named(photos[i], views[i]),
          ]),
        "Under the map",
        informative,
        [],
      ),
      legend(data),
    ],
  };
}

function describe({ scene, frequent, informative, photos }: SceneFigureData): string {
  return (
    `${photos.length} photos of the scene ${scene} with its class activation map. ` +
    `Most frequent objects: ${frequent.join(", ")}. Objects most under the map: ${informative.join(", ")}.`
  );
}

interface View {
  readonly width: number;
  readonly height: number;
  /** Pixels of the panel per pixel of the photo. */
  readonly scale: number;
}

/** All photos of a figure are as high as a square of `size`, and at most twice as wide. */
function viewOf({ width, height }: SceneFigurePhoto, size: number): View {
  const scale = Math.min(size / height, (2 * size) / width);
  return { width: Math.round(width * scale), height: Math.round(height * scale), scale };
}

function picture({ width, height }: View, layer: unknown[]): unknown {
  return { width, height, layer };
}

function image(name: string, { width, height }: View, description: string, opacity = 1): unknown {
  return {
    data: { name },
    mark: {
      ...{ type: "image", x: 0, y: 0, width, height, align: "left", baseline: "top", aspect: false, clip: true },
      ...{ description, opacity },
    },
    encoding: { url: { field: "uri", type: "nominal" } },
  };
}

/** Boxes with their names: a light line and light letters on dark halos show on any photo and any heat. */
function named({ objects }: SceneFigurePhoto, view: View): unknown[] {
  if (objects.length === 0) return [];
  const boxes = objects.map(({ box }) => ({
    x: box.x * view.scale,
    y: box.y * view.scale,
    x2: (box.x + box.width) * view.scale,
    y2: (box.y + box.height) * view.scale,
  }));
  const labels = placeLabels(
    objects.map(({ name }, i) => ({ name, x: boxes[i].x, y: boxes[i].y })),
    view,
  );
  const side = (field: string) => ({ field, type: "quantitative", axis: null, scale: null });
  const rect = (stroke: string, strokeWidth: number, strokeOpacity: number) => ({
    mark: { type: "rect", fill: "transparent", stroke, strokeWidth, strokeOpacity, strokeJoin: "round" },
    encoding: { x: side("x"), y: side("y"), x2: { field: "x2" }, y2: { field: "y2" } },
  });
  const letters = (style: Record<string, unknown>) => ({
    mark: { type: "text", align: "left", baseline: "top", fontWeight: "bold", limit: view.width, ...style },
    encoding: { x: side("x"), y: side("y"), text: { field: "name", type: "nominal" } },
  });
  return [
    { data: { values: boxes }, layer: [rect(COLOUR.boxHalo, 4, 0.7), rect(COLOUR.box, 1.8, 1)] },
    {
      data: { values: labels },
      layer: [
        letters({ stroke: COLOUR.boxHalo, strokeWidth: 3.5, strokeJoin: "round", strokeOpacity: 0.85 }),
        letters({ color: COLOUR.box }),
      ],
    },
  ];
}

interface Label {
  readonly name: string;
  readonly x: number;
  readonly y: number;
}

const LETTER = { width: 7.6, height: 14 } as const;

/** Names at the upper left corners of their boxes, moved down where one would lie on another, kept within the photo. */
export function placeLabels(
  labels: readonly Label[],
  view: { readonly width: number; readonly height: number },
): Label[] {
  const placed: (Label & { readonly right: number })[] = [];
  for (const { name, x, y } of labels) {
    const width = Math.min(view.width, name.length * LETTER.width);
    const left = Math.max(2, Math.min(x + 4, view.width - width - 2));
    const inside = (top: number) => Math.max(2, Math.min(top, view.height - LETTER.height));
    const covers = (top: number) =>
      placed.some((other) => Math.abs(other.y - top) < LETTER.height && other.x < left + width && left < other.right);
    const tops = Array.from({ length: 24 }, (_, step) =>
      inside(inside(y + 4) + (step % 2 ? -1 : 1) * Math.ceil(step / 2) * LETTER.height),
    );
    const top = tops.find((candidate) => !covers(candidate)) ?? inside(y + 4);
    placed.push({ name, x: left, y: top, right: left + width });
  }
  return placed.map(({ name, x, y }) => ({ name, x, y }));
}

function list(heading: string, lines: readonly string[], height: number, extra: unknown[]): unknown {
  return {
    width: LIST,
    height,
    layer: [
      line(heading, { x: 6, y: 9, fontSize: FONT_SIZE.heading, fontWeight: "bold" }),
      ...lines.map((each, i) => line(each, { x: 6, y: 30 + i * LINE, fontSize: FONT_SIZE.heading, limit: LIST })),
      ...extra,
    ],
  };
}

/** Text goes through a data field, so that nothing in it can be taken for anything but text. */
function line(text: string, style: Record<string, unknown>): unknown {
  return {
    data: { values: [{ text }] },
    mark: { type: "text", x: 0, align: "left", baseline: "middle", ...style },
    encoding: { text: { field: "text", type: "nominal" } },
  };
}

function legend({ colours, rule, photos }: SceneFigureData): unknown {
  const stops = colours.map((color, i) => ({ offset: i / (colours.length - 1), color }));
  return {
    width: 240,
    height: 28,
    layer: [
      {
        data: { values: [{}] },
        mark: { type: "rect", cornerRadius: 2, color: { x1: 0, y1: 0, x2: 1, y2: 0, gradient: "linear", stops } },
        encoding: { x: { value: 0 }, x2: { value: 200 }, y: { value: 2 }, y2: { value: 11 } },
      },
      line("no evidence", { x: 0, y: 21, color: COLOUR.muted }),
      line("strongest of each map", { x: 200, y: 21, align: "right", color: COLOUR.muted }),
      line(rule, { x: 222, y: 7, color: COLOUR.muted }),
      ...(photos.every(({ whole }) => whole)
        ? []
        : [line("grey without colour: outside what the network saw", { x: 222, y: 21, color: COLOUR.muted })]),
    ],
  };
}
