import { CATEGORY_COLOURS, COLOUR, FONT_SIZE, litePreamble } from "../kit/theme.js";
import type { VegaSpec } from "../kit/vega-spec.js";

/** Everything that a gallery of units shows, as plain data. */
export interface UnitGalleryData {
  readonly title: string;
  /** What the pictures show, in words. */
  readonly caption: string;
  readonly rows: readonly UnitGalleryRow[];
  /** Height of a row in pixels. */
  readonly size: number;
  /** The IoU from which a concept counts as matched, marked on the bars. */
  readonly minIou: number;
}

/** A unit. */
export interface UnitGalleryRow {
  /** "unit 17". */
  readonly name: string;
  /** Said where there is no concept; "no concept" unless given. */
  readonly remark?: string;
  /** Its weight for the class that the gallery is about. */
  readonly weight?: number;
  /** The concept that agrees with it best, and the best that chance gives. */
  readonly concept?: {
    readonly name: string;
    readonly iou: number;
    readonly matched: boolean;
    readonly chance?: number;
  };
  readonly tiles: readonly UnitGalleryTile[];
}

/** An image that excites the unit. */
export interface UnitGalleryTile {
  readonly name: string;
  /** The image, or the part of it that is shown, as a data URI. */
  readonly uri: string;
  /** What is laid over it, as a data URI. */
  readonly veilUri?: string;
  /** Width by height. */
  readonly aspect: number;
  /** What the highest cell sees, in shares of the tile: x, y, width, height. */
  readonly field?: readonly [number, number, number, number];
}

const TEXT = 190;
const GAP = 6;
const BAR = { x: 0, width: 130, height: 6 } as const;

/**
 * Units, one a row: its number and weight, the concept that it agrees with best and how well, and the images that excite
 * it most. Pure: same data, same spec.
 *
 * @example
 * unitGallerySpec({ title: "Units of “dog”", caption: "", rows, size: 112, minIou: 0.04 });
 */
export function unitGallerySpec(data: UnitGalleryData): VegaSpec {
  const { title, caption, rows, size } = data;
  const heaviest = Math.max(...rows.map(({ weight = 0 }) => Math.abs(weight)), 1e-9);
  const bestIou = Math.max(0.2, ...rows.map(({ concept }) => concept?.iou ?? 0));
  const widthOf = ({ aspect }: UnitGalleryTile) => Math.round(size * Math.min(1.8, Math.max(0.5, aspect)));
  const widest = Math.max(...rows.map(({ tiles }) => tiles.reduce((sum, tile) => sum + widthOf(tile) + GAP, 0)), 200);
  return {
    ...litePreamble(describe(data)),
    spacing: 14,
    vconcat: [
      {
        width: TEXT + widest,
        height: 34,
        layer: [
          text(title, { y: 8, fontSize: FONT_SIZE.title, fontWeight: "bold", limit: TEXT + widest }),
          text(caption, { y: 26, color: COLOUR.muted, limit: TEXT + widest }),
        ],
      },
      ...rows.map((row) => {
        let x = TEXT;
        const tiles = row.tiles.flatMap((tile) => {
          const width = widthOf(tile);
          const layers = tileLayers(tile, x, width, size);
          x += width + GAP;
          return layers;
        });
        return {
          width: TEXT + widest,
          height: size,
          layer: [...words(row, heaviest, bestIou, data.minIou), ...tiles],
        };
      }),
    ],
  };
}

function describe({ title, rows }: UnitGalleryData): string {
  const each = rows.map(({ name, weight, concept, tiles }) => {
    const weighs = weight === undefined ? "" : `, weight ${signed(weight)}`;
    const says = concept ? `, ${concept.name} with IoU ${concept.iou.toFixed(2)}` : "";
    return `${name}${weighs}${says}: ${tiles.map((tile) => tile.name).join(", ")}`;
  });
  return `${title}. ${each.join(". ")}.`;
}

function words(
  { name, remark = "no concept", weight, concept }: UnitGalleryRow,
  heaviest: number,
  bestIou: number,
  minIou: number,
): unknown[] {
  const layers = [text(name, { y: 9, fontSize: FONT_SIZE.heading, fontWeight: "bold", limit: TEXT - 12 })];
  let y = 9;
  if (weight !== undefined) {
    layers.push(text(`weight ${signed(weight)}`, { y: (y += 19), color: COLOUR.muted }));
    layers.push(bar((y += 9), Math.abs(weight) / heaviest, weight < 0 ? CATEGORY_COLOURS[5] : COLOUR.accent));
    y += 6;
  }
  if (!concept) return [...layers, text(remark, { y: y + 20, color: COLOUR.muted })];
  const { iou, matched, chance } = concept;
  layers.push(
    text(matched ? concept.name : `(${concept.name})`, {
      y: (y += 19),
      fontSize: FONT_SIZE.heading,
      color: matched ? COLOUR.text : COLOUR.muted,
      limit: TEXT - 12,
    }),
    text(`IoU ${iou.toFixed(2)}${chance === undefined ? "" : `, by chance ${chance.toFixed(2)}`}`, {
      y: (y += 17),
      color: COLOUR.muted,
    }),
    bar((y += 9), iou / bestIou, matched ? CATEGORY_COLOURS[2] : COLOUR.muted),
    {
      data: { values: [{}] },
      mark: { type: "rule", color: COLOUR.text },
      encoding: {
        x: { value: BAR.x + (BAR.width * minIou) / bestIou },
        y: { value: y - 2 },
        y2: { value: y + BAR.height + 2 },
      },
    },
  );
  return layers;
}

function bar(y: number, share: number, colour: string): unknown {
  const rect = (width: number, color: string) => ({
    data: { values: [{}] },
    mark: { type: "rect", color, cornerRadius: 2 },
    encoding: {
      x: { value: BAR.x },
      x2: { value: BAR.x + width },
      y: { value: y },
      y2: { value: y + BAR.height },
    },
  });
  return { layer: [rect(BAR.width, COLOUR.track), rect(Math.max(1, BAR.width * Math.min(1, share)), colour)] };
}

function tileLayers({ name, uri, veilUri, field }: UnitGalleryTile, x: number, width: number, size: number): unknown[] {
  const image = (url: string, description: string) => ({
    data: { values: [{ url, name }] },
    mark: {
      ...{ type: "image", x, y: 0, width, height: size, align: "left", baseline: "top", aspect: false },
      ...{ description, tooltip: { content: "data" } },
    },
    encoding: { url: { field: "url", type: "nominal" }, tooltip: { field: "name", type: "nominal" } },
  });
  const rect = (stroke: string, strokeWidth: number, dash: number[]) => {
    const [left, top, wide, high] = field!;
    return {
      data: { values: [{}] },
      mark: { type: "rect", fill: "transparent", stroke, strokeWidth, strokeDash: dash },
      encoding: {
        x: { value: x + left * width },
        x2: { value: x + (left + wide) * width },
        y: { value: top * size },
        y2: { value: (top + high) * size },
      },
    };
  };
  return [
    image(uri, `image ${name}`),
    ...(veilUri === undefined ? [] : [image(veilUri, `what excites the unit in ${name}`)]),
    ...(field ? [rect(COLOUR.boxHalo, 2.5, []), rect(COLOUR.truth, 1.2, [4, 3])] : []),
  ];
}

/** Text goes through a data field, so that nothing in it can be taken for anything but text. */
function text(words: string, style: Record<string, unknown>): unknown {
  return {
    data: { values: [{ words }] },
    mark: { type: "text", x: 0, align: "left", baseline: "middle", ...style },
    encoding: { text: { field: "words", type: "nominal" } },
  };
}

function signed(value: number): string {
  return `${value < 0 ? "−" : "+"}${Number(Math.abs(value).toPrecision(3))}`;
}
