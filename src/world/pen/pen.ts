import { CamlabError } from "../../kernel-helpers/support/errors.js";
import { type Rgb, hex } from "./colour.js";
import { type Material } from "./materials.js";
import { n, oval } from "./path.js";

/** How a shape is inked. */
export interface Ink {
  /** The colour at the other end of a gradient: the bottom, the right (`across`), or the rim (`radial`). */
  readonly to?: Rgb;
  readonly across?: boolean;
  readonly radial?: boolean;
  /** What the surface is made of: its grain is laid over it when the picture is finished. */
  readonly material?: Material;
  /** The part of the thing that this shape shows, for things whose parts are annotated. */
  readonly part?: string;
  /** 0–1; the mask does not know of it. */
  readonly opacity?: number;
}

/** What is known of each shape that went into the picture, by object and by the shape's number within it. */
export interface Shape {
  readonly object: number;
  readonly serial: number;
  /** Position in the order of drawing: a later shape lies in front. */
  readonly rank: number;
  readonly material: Material;
  readonly part?: string;
}

const SERIALS = 255;

/**
 * Draws every shape twice: as the picture shows it, and as one flat colour a shape with crisp edges, from which the
 * exact masks of what stayed visible are read. Red of the flat colour is the object's number, green the shape's.
 */
export class Pen {
  readonly shapes: Shape[] = [];
  private readonly beauty: string[] = [];
  private readonly flat: string[] = [];
  private readonly definitions: string[] = [];
  private readonly gradients = new Map<string, string>();
  private object = 0;
  private readonly serials = new Map<number, number>();
  private clips = 0;

  constructor(
    private readonly width: number,
    private readonly height: number,
  ) {}

  /** Draws an object: all shapes of `body` carry its number (1–255). */
  thing(object: number, body: () => void): void {
    if (object < 1 || object > 255) throw new CamlabError(`a drawing holds at most 255 objects, not ${object}`);
    const outer = this.object;
    this.object = object;
    body();
    this.object = outer;
  }

  /** Draws `body` moved, turned (degrees clockwise) and scaled. */
  group({ x = 0, y = 0, turn = 0, scaleX = 1, scaleY = scaleX }: Transform, body: () => void): void {
    const rotate = turn ? ` rotate(${n(turn)})` : "";
    const factor = (value: number) => String(Math.round(value * 10000) / 10000);
    const scale = scaleX !== 1 || scaleY !== 1 ? ` scale(${factor(scaleX)} ${factor(scaleY)})` : "";
    this.nest(`<g transform="translate(${n(x)} ${n(y)})${rotate}${scale}">`, body, true);
  }

  /** A filled shape: part of the object's mask. */
  fill(path: string, colour: Rgb, ink: Ink = {}): void {
    this.beauty.push(`<path d="${path}" fill="${this.paint(colour, ink)}"${opacity(ink)}/>`);
    this.flat.push(`<path d="${path}" fill="${this.register(ink)}"/>`);
  }

  /** A line with round ends: part of the object's mask. */
  line(path: string, colour: Rgb, width: number, ink: Ink = {}): void {
    const rest = `stroke-width="${n(width)}" stroke-linecap="round" stroke-linejoin="round" fill="none"`;
    this.beauty.push(`<path d="${path}" stroke="${this.paint(colour, ink)}" ${rest}${opacity(ink)}/>`);
    this.flat.push(`<path d="${path}" stroke="${this.register(ink)}" ${rest}/>`);
  }

  /** A mark on a surface: seen in the picture, unknown to the masks. */
  mark(path: string, colour: Rgb, ink: Ink = {}): void {
    this.beauty.push(`<path d="${path}" fill="${this.paint(colour, ink)}"${opacity(ink)}/>`);
  }

  /** A drawn line on a surface: seen in the picture, unknown to the masks. */
  scratch(path: string, colour: Rgb, width: number, ink: Ink = {}): void {
    this.beauty.push(
      `<path d="${path}" stroke="${hex(colour)}" stroke-width="${n(width)}" stroke-linecap="round" stroke-linejoin="round" fill="none"${opacity(ink)}/>`,
    );
  }

  /** Only what falls inside `path` is drawn, marks and masks alike. */
  inside(path: string, body: () => void): void {
    const id = `c${++this.clips}`;
    this.definitions.push(`<clipPath id="${id}"><path d="${path}"/></clipPath>`);
    this.nest(`<g clip-path="url(#${id})">`, body, true);
  }

  /** The dark patch where something stands on the ground: soft, and no part of any mask. */
  contactShadow(cx: number, cy: number, rx: number, ry: number, strength = 0.5): void {
    const id = this.gradient(`s${n(strength)}`, (name) => {
      const stop = (offset: number, part: number) =>
        `<stop offset="${offset}" stop-color="#0a0a14" stop-opacity="${n(strength * part)}"/>`;
      return `<radialGradient id="${name}">${stop(0, 1)}${stop(0.55, 0.6)}${stop(1, 0)}</radialGradient>`;
    });
    this.beauty.push(`<path d="${oval(cx, cy, rx, ry)}" fill="url(#${id})"/>`);
  }

  /** The picture as SVG. */
  picture(): string {
    return this.document(`<defs>${this.definitions.join("")}</defs>${this.beauty.join("")}`, "");
  }

  /** The flat twin as SVG. */
  map(): string {
    const clips = this.definitions.filter((definition) => definition.startsWith("<clipPath"));
    return this.document(`<defs>${clips.join("")}</defs>${this.flat.join("")}`, ` shape-rendering="crispEdges"`);
  }

  private document(body: string, attributes: string): string {
    const { width, height } = this;
    return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"${attributes}>${body}</svg>`;
  }

  private nest(start: string, body: () => void, both: boolean): void {
    this.beauty.push(start);
    if (both) this.flat.push(start);
    body();
    this.beauty.push("</g>");
    if (both) this.flat.push("</g>");
  }

  private register({ material = "plain", part }: Ink): string {
    const serial = Math.min(SERIALS, (this.serials.get(this.object) ?? -1) + 1);
    this.serials.set(this.object, serial);
    this.shapes.push({ object: this.object, serial, rank: this.shapes.length, material, part });
    return hex([this.object, serial, 0]);
  }

  private paint(colour: Rgb, { to, across, radial }: Ink): string {
    if (!to) return hex(colour);
    const [start, end] = [hex(colour), hex(to)];
    const id = this.gradient(`${start}${end}${across ? "a" : radial ? "r" : "d"}`, (name) => {
      const stops = `<stop offset="0" stop-color="${start}"/><stop offset="1" stop-color="${end}"/>`;
      if (radial) return `<radialGradient id="${name}">${stops}</radialGradient>`;
      return `<linearGradient id="${name}" x1="0" y1="0" x2="${across ? 1 : 0}" y2="${across ? 0 : 1}">${stops}</linearGradient>`;
    });
    return `url(#${id})`;
  }

  private gradient(key: string, define: (id: string) => string): string {
    const known = this.gradients.get(key);
    if (known) return known;
    const id = `g${this.gradients.size}`;
    this.gradients.set(key, id);
    this.definitions.push(define(id));
    return id;
  }
}

/** Where a group of shapes goes. */
export interface Transform {
  readonly x?: number;
  readonly y?: number;
  readonly turn?: number;
  readonly scaleX?: number;
  readonly scaleY?: number;
}

function opacity({ opacity: value }: Ink): string {
  return value === undefined ? "" : ` opacity="${n(value)}"`;
}
