import type { Box } from "../../../kernel-helpers/images/box.js";
import { FONT_SIZE } from "../theme.js";

/** What lies over what: the first are drawn first. */
export type SheetLevel = "photo" | "shade" | "heat" | "veil" | "line" | "mark" | "text";

const LEVELS: readonly SheetLevel[] = ["photo", "shade", "heat", "veil", "line", "mark", "text"];

/** A number, or a Vega expression that gives one, such as the name of a parameter. Never made of a name from data. */
export type NumberOrExpression = number | { readonly expr: string };

/** A picture on a sheet. */
export interface SheetImage {
  readonly uri: string;
  /** What it shows, for people who do not see it. */
  readonly alt: string;
  readonly level?: SheetLevel;
  readonly opacity?: NumberOrExpression;
  /** Said when it is pointed at. */
  readonly tip?: string;
}

/** How a rectangle is drawn. */
export interface RectStyle {
  readonly level?: SheetLevel;
  readonly fill?: unknown;
  readonly stroke?: string;
  readonly strokeWidth?: number;
  readonly strokeOpacity?: number;
  readonly strokeDash?: readonly number[];
  readonly opacity?: NumberOrExpression;
  readonly cornerRadius?: number;
}

/** How a frame is drawn. */
export interface FrameStyle {
  readonly stroke: string;
  /** Of the line, in pixels. */
  readonly width: number;
  /** The colour of the wider line under it. */
  readonly halo: string;
  readonly dash?: readonly number[];
}

/** How much wider the line under a frame is. */
export const HALO = 2.5;

/** How a text is set. */
export interface SheetText {
  readonly size?: number;
  readonly bold?: boolean;
  readonly color?: string;
  readonly align?: "left" | "center" | "right";
  /** A dark or light edge around the letters, so that they are read on any photo. */
  readonly halo?: string;
  /** Said when it is pointed at: the whole of a text that was cut. */
  readonly tip?: string;
  /** Turned clockwise about its place, in degrees. */
  readonly angle?: number;
}

/** How a point is drawn. */
export interface PointStyle {
  /** Its diameter. */
  readonly size: number;
  readonly fill?: string;
  readonly stroke?: string;
  readonly strokeWidth?: number;
}

/** Rows that only some settings of a parameter show: a Vega expression over their fields and parameters. */
export interface Choice {
  readonly filter: string;
  readonly row: Readonly<Record<string, number>>;
}

interface Group {
  readonly level: number;
  readonly style: Style;
  readonly rows: object[];
}

/**
 * A drawing surface in pixels, from the top left, that becomes one view of a Vega-Lite spec: pictures, rectangles,
 * lines, points and text, grouped into few layers. Text and pictures go through data fields, so that nothing in them can
 * be taken for anything else.
 *
 * @example
 * const sheet = new Sheet();
 * sheet.image({ uri: photo.uri, alt: "photo street.jpg" }, { x: 0, y: 20, width: 200, height: 150 });
 * sheet.text(["street.jpg"], 0, 8, { bold: true });
 * const spec = { ...litePreamble("A street."), ...sheet.view(200, 170) };
 */
export class Sheet {
  readonly #groups = new Map<string, Group>();
  readonly #pictures = new Map<string, number>();

  /** A picture, stretched onto a box. */
  image({ uri, alt, level = "photo", opacity = 1, tip }: SheetImage, { x, y, width, height }: Box): void {
    const mark = { type: "image", width, height, align: "left", baseline: "top", aspect: false, opacity };
    const encoding = {
      x: pixel("x"),
      y: pixel("y"),
      url: field("uri"),
      description: field("alt"),
      ...tipEncoding(tip),
    };
    this.#add(
      level,
      { marks: [mark], encoding, transform: [PICTURE_OF] },
      { x, y, alt, picture: this.#pictureOf(uri), tip },
    );
  }

  /** A rectangle; with a choice, one that is seen under its condition only. */
  rect(box: Box, { level = "mark", fill = "transparent", ...style }: RectStyle, choice?: Choice): void {
    this.#rect(box, level, [{ type: "rect", fill, ...style }], choice);
  }

  /** A frame: a line of one colour on a wider one, so that it shows on whatever lies under it. */
  frame(box: Box, { stroke, width, halo, dash }: FrameStyle, choice?: Choice): void {
    const mark = { type: "rect", fill: "transparent", strokeJoin: "round" };
    const edge = { stroke: halo, strokeWidth: width + HALO, strokeOpacity: 0.75 };
    const line = { stroke, strokeWidth: width, ...(dash && { strokeDash: dash }) };
    this.#rect(
      box,
      "line",
      [
        { ...mark, ...edge },
        { ...mark, ...line },
      ],
      choice,
    );
  }

  #rect({ x, y, width, height }: Box, level: SheetLevel, marks: readonly object[], choice?: Choice): void {
    const encoding = { x: pixel("x"), x2: { field: "x2" }, y: pixel("y"), y2: { field: "y2" } };
    const quiet = marks.map((mark) => ({ ...mark, aria: false }));
    const transform = choice ? [{ filter: choice.filter }] : undefined;
    this.#add(level, { marks: quiet, encoding, transform }, { ...choice?.row, x, y, x2: x + width, y2: y + height });
  }

  /**
   * Lines of text below each other.
   *
   * @param x where they begin, end or have their middle, by `align`
   * @param y the middle of the first line
   */
  text(lines: readonly string[], x: number, y: number, style: SheetText = {}): void {
    const { size = FONT_SIZE.label, bold = false, color, align = "left", halo, tip, angle } = style;
    const mark = {
      ...{ type: "text", align, baseline: "middle", fontSize: size },
      ...(bold && { fontWeight: "bold" }),
      ...(color !== undefined && { color }),
      ...(angle !== undefined && { angle }),
    };
    const encoding = { x: pixel("x"), y: pixel("y"), text: field("text"), ...tipEncoding(tip), ...SAID };
    const edge = { stroke: halo, strokeWidth: 3.5, strokeJoin: "round", strokeOpacity: 0.85 };
    const marks = halo === undefined ? [mark] : [{ ...mark, ...edge }, mark];
    lines.forEach((text, i) => {
      this.#add("text", { marks, encoding }, { x, y: y + i * lineHeight(size), text, tip });
    });
  }

  /** A line of text that follows parameters: a Vega expression. */
  spoken(expression: string, x: number, y: number, { size = FONT_SIZE.label, color }: SheetText = {}): void {
    const mark = { type: "text", align: "left", baseline: "middle", fontSize: size, text: { expr: expression } };
    const encoding = { x: pixel("x"), y: pixel("y") };
    this.#add("text", { marks: [{ ...mark, ...(color !== undefined && { color }) }], encoding }, { x, y });
  }

  /** A disc, or a ring when it has no fill. */
  point(x: number, y: number, { size, fill = "transparent", stroke, strokeWidth }: PointStyle): void {
    const mark = {
      type: "point",
      shape: "circle",
      opacity: 1,
      size: (Math.PI / 4) * size * size,
      filled: false,
      fill,
      aria: false,
    };
    const encoding = { x: pixel("x"), y: pixel("y") };
    this.#add("mark", { marks: [{ ...mark, stroke, strokeWidth }], encoding }, { x, y });
  }

  /** A closed line through corners. */
  outline(corners: readonly { readonly x: number; readonly y: number }[], stroke: string, strokeWidth: number): void {
    const mark = { type: "line", color: stroke, strokeWidth, strokeJoin: "round", aria: false };
    const encoding = {
      ...{ x: pixel("x"), y: pixel("y") },
      order: { field: "order", type: "quantitative" },
      detail: { field: "line", type: "nominal" },
    };
    const line = (this.#outlines += 1);
    [...corners, corners[0]].forEach(({ x, y }, order) => {
      this.#add("line", { marks: [mark], encoding }, { x, y, line, order });
    });
  }

  #outlines = 0;

  /** The sheet as a view of a spec; with its pictures, which each are there once however often they are drawn. */
  view(width: number, height: number): Record<string, unknown> {
    const pictures = [...this.#pictures].map(([uri, picture]) => ({ picture, uri }));
    return { width, height, ...(pictures.length > 0 && { datasets: { pictures } }), layer: this.layers() };
  }

  /** What is on the sheet, to be laid over a chart: without pictures, which need a view. */
  layers(): Record<string, unknown>[] {
    return [...this.#groups.values()].sort((a, b) => a.level - b.level).map(layerOf);
  }

  #add(level: SheetLevel, style: Style, row: Readonly<Record<string, unknown>>): void {
    const key = JSON.stringify([level, style]);
    const group = this.#groups.get(key) ?? { level: LEVELS.indexOf(level), style, rows: [] };
    group.rows.push(compact(row));
    this.#groups.set(key, group);
  }

  #pictureOf(uri: string): number {
    const number = this.#pictures.get(uri) ?? this.#pictures.size;
    this.#pictures.set(uri, number);
    return number;
  }
}

/** Marks on the same rows, the first drawn first. */
interface Style {
  readonly marks: readonly object[];
  readonly encoding: object;
  readonly transform?: readonly object[] | undefined;
}

function layerOf({ style: { marks, encoding, transform }, rows }: Group): Record<string, unknown> {
  const shared = { data: { values: rows }, ...(transform && { transform }), encoding };
  return marks.length === 1 ? { ...shared, mark: marks[0] } : { ...shared, layer: marks.map((mark) => ({ mark })) };
}

/** Hundredths of a pixel are seen by nobody. */
function compact(row: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const rounded = (value: unknown) => (typeof value === "number" ? Math.round(value * 100) / 100 : value);
  return Object.fromEntries(
    Object.entries(row).flatMap(([name, value]) => (value === undefined ? [] : [[name, rounded(value)]])),
  );
}

/** From the middle of a line to the middle of the next. */
export function lineHeight(size: number): number {
  return Math.round(1.22 * size);
}

const PICTURE_OF = {
  lookup: "picture",
  from: { data: { name: "pictures" }, key: "picture", fields: ["uri"] },
};

/** A field that holds pixels already. */
function pixel(name: string) {
  return { field: name, type: "quantitative", scale: null, axis: null };
}

function field(name: string) {
  return { field: name, type: "nominal" };
}

/** A text is what a screen reader says of it. */
const SAID = { description: field("text") };

function tipEncoding(tip: string | undefined) {
  return tip === undefined ? {} : { tooltip: field("tip") };
}
