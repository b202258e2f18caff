import type { Box } from "../../kernel-helpers/images/box.js";
import { COLOUR, FONT_SIZE, litePreamble } from "./theme.js";
import type { VegaSpec } from "./vega-spec.js";

/** Pictures with maps over them, one a tile, as plain data. */
export interface MapTilesData {
  /** One sentence on what is to be seen. */
  readonly description: string;
  readonly tiles: readonly MapTile[];
  /** Tiles a row. */
  readonly columns: number;
  /** The longer side of a tile in pixels. */
  readonly size: number;
  /** How strongly the maps are laid over the pictures, 0–1. */
  readonly opacity: number;
  /** Says below the tiles what lines and marks mean. */
  readonly legend: string;
}

/** One picture; all places are in pixels of its photograph. */
export interface MapTile {
  readonly title: string;
  readonly note: string;
  /** The picture in grey, as a data URI, and where it lies. */
  readonly uri: string;
  readonly frame: Box;
  readonly heat: { readonly uri: string; readonly area: Box };
  /** A picture that lies over the map on the whole frame, as a data URI: outlines of masks. */
  readonly overlay?: string;
  /** Closed lines: corners x, y, x, y, … */
  readonly outlines?: readonly (readonly number[])[];
  readonly box?: Box;
  readonly peak: { readonly x: number; readonly y: number };
  /** Whether the peak is where it should be: a disc if so, a ring unless. */
  readonly hit?: boolean;
}

/** What outlines of the truth are drawn in, over any heat. */
export const OUTLINE_COLOUR = "#56d8ff";
const CAPTION = 34;

/**
 * Tiles as a Vega-Lite spec: each picture in grey under the map, what is outlined, the map's box and its peak. Pure:
 * same data, same spec.
 */
export function mapTilesSpec({ description, tiles, columns, size, opacity, legend }: MapTilesData): VegaSpec {
  return {
    ...litePreamble(description),
    spacing: 12,
    vconcat: [
      ...rowsOf(tiles, columns).map((row) => ({
        spacing: 14,
        bounds: "flush",
        hconcat: row.map((tile) => panel(tile, size, opacity)),
      })),
      { width: 600, height: 16, layer: [line(legend, { y: 8, color: COLOUR.muted })] },
    ],
  };
}

function rowsOf<T>(items: readonly T[], columns: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / columns) }, (_, i) =>
    items.slice(i * columns, (i + 1) * columns),
  );
}

function panel(tile: MapTile, size: number, opacity: number): unknown {
  const { frame, heat, box, peak } = tile;
  const scale = size / Math.max(frame.width, frame.height);
  const [width, height] = [Math.round(frame.width * scale), Math.round(frame.height * scale)];
  const across = (x: number) => (x - frame.x) * scale;
  const down = (y: number) => (y - frame.y) * scale;
  const place = ({ x, y, width: w, height: h }: Box) => ({
    x: across(x),
    y: down(y),
    width: w * scale,
    height: h * scale,
  });
  return {
    width,
    height: height + CAPTION,
    view: { fill: null },
    layer: [
      image(tile.uri, { x: 0, y: 0, width, height }, 1),
      image(heat.uri, place(heat.area), opacity),
      ...(tile.overlay === undefined ? [] : [image(tile.overlay, { x: 0, y: 0, width, height }, 1)]),
      ...(tile.outlines ?? []).map((corners) => outline(corners, across, down)),
      ...(box ? [rectangle(place(box))] : []),
      cross(across(peak.x), down(peak.y), tile.hit),
      line(tile.title, { y: height + 10, limit: width, fontWeight: "bold" }),
      line(tile.note, { y: height + 25, limit: width, color: COLOUR.muted }),
    ],
  };
}

function image(uri: string, { x, y, width, height }: Box, opacity: number): unknown {
  return {
    data: { values: [{ uri }] },
    mark: { type: "image", x, y, width, height, align: "left", baseline: "top", aspect: false, clip: true, opacity },
    encoding: { url: { field: "uri", type: "nominal" } },
  };
}

/** A closed line through corners. */
function outline(corners: readonly number[], across: (x: number) => number, down: (y: number) => number): unknown {
  const points = Array.from({ length: corners.length / 2 }, (_, i) => ({
    x: across(corners[2 * i]),
    y: down(corners[2 * i + 1]),
  }));
  const values = [...points, points[0]].map((point, order) => ({ ...point, order }));
  return {
    data: { values },
    mark: { type: "line", color: OUTLINE_COLOUR, strokeWidth: 1.6, strokeJoin: "round", clip: true },
    encoding: { x: pixel("x"), y: pixel("y"), order: { field: "order", type: "quantitative" } },
  };
}

function rectangle({ x, y, width, height }: Box): unknown {
  const mark = { type: "rect", fill: "transparent", strokeJoin: "round" };
  const encoding = { x: { value: x }, x2: { value: x + width }, y: { value: y }, y2: { value: y + height } };
  return {
    data: { values: [{}] },
    layer: [
      { mark: { ...mark, stroke: COLOUR.boxHalo, strokeWidth: 4, strokeOpacity: 0.7 }, encoding },
      { mark: { ...mark, stroke: COLOUR.box, strokeWidth: 1.8 }, encoding },
    ],
  };
}

/** Filled where the peak is where it should be, hollow where it is not. */
function cross(x: number, y: number, hit: boolean | undefined): unknown {
  return {
    data: { values: [{}] },
    mark: {
      type: "point",
      x,
      y,
      shape: "circle",
      size: 70,
      filled: hit === true,
      fill: hit === true ? "#ffffff" : "transparent",
      stroke: "#ffffff",
      strokeWidth: 2,
    },
  };
}

/** Places are pixels of the panel: no scale. */
function pixel(field: string) {
  return { field, type: "quantitative", axis: null, scale: null };
}

/** Text goes through a data field, so that nothing in it can be taken for anything but text. */
function line(text: string, style: Record<string, unknown>): unknown {
  return {
    data: { values: [{ text }] },
    mark: { type: "text", x: 0, align: "left", baseline: "middle", fontSize: FONT_SIZE.label, ...style },
    encoding: { text: { field: "text", type: "nominal" } },
  };
}
