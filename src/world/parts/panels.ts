import type { Random } from "../../kernel-helpers/support/random.js";
import type { Lettering, Panel } from "../description.js";
import { between, happens, pick, whole } from "../pen/chance.js";
import { brightness, COLOUR_NAMES, namedColour, type Rgb, shade } from "../pen/colour.js";
import { FACE_NAMES, type Faces, type Placement, setText } from "../pen/lettering.js";
import { n } from "../pen/path.js";
import { anyText } from "./words.js";

/** A panel before anything is written on it. */
export interface PanelPlan {
  readonly name: "shop front" | "sign" | "plate" | "banner" | "poster";
  /** Its middle, pixels. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Degrees clockwise. */
  readonly turn: number;
  /** Rows a column that it falls, as a wall does that runs away. */
  readonly slant: number;
  readonly round: boolean;
  /** 1: in front of passers-by. */
  readonly z: 0 | 1;
  readonly onPost: boolean;
}

/** One to four panels that do not hide each other, the largest first. */
export function planPanels(random: Random, horizon: number): PanelPlan[] {
  const plans: PanelPlan[] = [];
  const wanted = whole(random, 1, 4);
  for (let attempt = 0; plans.length < wanted && attempt < 30; attempt++) {
    const plan = anyPanel(random, horizon);
    const apart = plans.every(
      (other) =>
        Math.abs(plan.x - other.x) > (plan.width + other.width) / 2 + 4 ||
        Math.abs(plan.y - other.y) > (plan.height + other.height) / 2 + 6,
    );
    if (apart) plans.push(plan);
  }
  return plans.sort((a, b) => b.width * b.height - a.width * a.height);
}

function anyPanel(random: Random, horizon: number): PanelPlan {
  const name = pick(random, ["shop front", "shop front", "sign", "sign", "plate", "banner", "poster"] as const);
  const sizes = {
    "shop front": [96, 168, 20, 36],
    sign: [54, 96, 24, 52],
    plate: [42, 64, 14, 22],
    banner: [24, 36, 74, 112],
    poster: [40, 66, 48, 78],
  };
  const [least, most, low, high] = sizes[name];
  const [width, height] = [between(random, least, most), between(random, low, high)];
  const onPost = name === "sign" && happens(random, 0.5);
  return {
    name,
    x: between(random, Math.min(112, width * 0.47), Math.max(112, 224 - width * 0.47)),
    y: between(random, height * 0.5 + 4, Math.max(height * 0.5 + 5, horizon - height * 0.3)),
    width,
    height,
    turn: name === "shop front" ? between(random, -4, 4) : between(random, -16, 16),
    slant: happens(random, 0.4) ? between(random, -0.22, 0.22) : 0,
    round: name === "sign" && happens(random, 0.3),
    z: onPost ? 1 : 0,
    onPost,
  };
}

/** Letters a panel, or covers it with marks that are no letters. */
export function drawPanel(random: Random, plan: PanelPlan, lettered: boolean, faces: Faces): Panel {
  const { name, width, height, round } = plan;
  const place = placement(plan);
  const colour = namedColour(pick(random, COLOUR_NAMES), random);
  const ink = contrasting(random, colour);
  const [w, h] = [width / 2, height / 2];
  const corners: (readonly [number, number])[] = round
    ? ellipse(w, h)
    : [
        [-w, -h],
        [w, -h],
        [w, h],
        [-w, h],
      ];
  const room = { width: width * (round ? 0.68 : 0.86), height: height * (round ? 0.5 : 0.7) };
  return {
    name,
    path: path(corners, place),
    colour,
    rim: happens(random, 0.6) ? shade(ink, between(random, -0.2, 0.3)) : undefined,
    words: lettered ? letters(random, name, room, ink, place, faces) : [],
    marks: lettered ? [] : lookalikes(random, room, ink, place),
  };
}

function letters(
  random: Random,
  name: PanelPlan["name"],
  room: { width: number; height: number },
  colour: Rgb,
  place: Placement,
  faces: Faces,
): Lettering[] {
  const font = faces[pick(random, FACE_NAMES)];
  const upright = name === "banner";
  const lines = name === "poster" ? whole(random, 2, 4) : name === "sign" ? whole(random, 1, 2) : 1;
  const words: Lettering[] = [];
  for (let line = 0; line < lines; line++) {
    const text = anyText(random, name === "plate");
    // Banners are read from the top down, turned by a quarter.
    const turned: Placement = upright ? (u, v) => place(-v, u) : place;
    const [width, height] = upright ? [room.height, room.width] : [room.width, room.height];
    const step = height / lines;
    const cell = { u: 0, v: -height / 2 + step * (line + 0.5), width, height: step * (lines > 1 ? 0.8 : 1) };
    const { path: outline, polygon } = setText(font, text, cell, turned);
    words.push({ text, path: outline, polygon, colour });
  }
  return words;
}

type Rectangle = readonly [number, number, number, number];

/** Stripes, windows, bricks, dots, arrows, bars of many widths: busy as text, and none. */
function lookalikes(
  random: Random,
  { width, height }: { width: number; height: number },
  colour: Rgb,
  place: Placement,
): Panel["marks"] {
  const [w, h] = [width / 2, height / 2];
  const kind = pick(random, [
    "upright stripes",
    "stripes",
    "windows",
    "bricks",
    "dots",
    "arrows",
    "bars",
    "checks",
    "zigzag",
  ]);
  const rectangles: Rectangle[] = [];
  const extra: (readonly (readonly [number, number])[])[] = [];
  const step = between(random, 5, 10);
  if (kind === "upright stripes")
    for (let u = -w; u < w - step / 2; u += step) rectangles.push([u, -h, step * 0.5, height]);
  if (kind === "stripes") for (let v = -h; v < h - 2; v += step) rectangles.push([-w, v, width, step * 0.45]);
  if (kind === "bars")
    for (let u = -w; u < w - 4; u += between(random, 4, 10))
      rectangles.push([u, -h * between(random, 0.4, 1), between(random, 1.5, 4), h * between(random, 0.8, 1.4)]);
  if (kind === "windows" || kind === "checks") {
    for (let v = -h, row = 0; v < h - step * 0.6; v += step * 1.3, row++) {
      for (let u = -w; u < w - step * 0.6; u += step * 1.2)
        if (kind === "windows" || (row + Math.round((u + w) / (step * 1.2))) % 2 === 0)
          rectangles.push([u, v, step * (kind === "windows" ? 0.7 : 1.2), step * (kind === "windows" ? 0.9 : 1.3)]);
    }
  }
  if (kind === "bricks") {
    for (let v = -h, row = 0; v < h - 3; v += step * 0.8, row++) {
      for (let u = -w + (row % 2) * step * 0.8; u < w - step; u += step * 1.7)
        rectangles.push([u, v, step * 1.5, step * 0.6]);
    }
  }
  if (kind === "dots")
    for (let u = -w + step / 2; u < w - step / 4; u += step * 1.3)
      for (let v = -h + step / 2; v < h; v += step * 1.3)
        extra.push(ellipse(step * 0.36, step * 0.36).map(([x, y]) => [x + u, y + v] as const));
  if (kind === "arrows") {
    const size = Math.min(h, w / 2) * 0.9;
    const side = pick(random, [-1, 1]);
    for (const u of width > height * 2 ? [-w * 0.55, w * 0.55] : [0]) {
      extra.push(
        (
          [
            [-size, -size * 0.3],
            [0, -size * 0.3],
            [0, -size],
            [size, 0],
            [0, size],
            [0, size * 0.3],
            [-size, size * 0.3],
          ] as const
        ).map(([x, y]) => [u + x * side, y] as const),
      );
    }
  }
  if (kind === "zigzag") {
    const top: [number, number][] = [];
    for (let u = -w, i = 0; u <= w; u += step, i++) top.push([u, i % 2 ? -h * 0.5 : h * 0.1]);
    extra.push([...top, ...top.map(([u, v]) => [u, v + h * 0.4] as [number, number]).reverse()]);
  }
  const shapes = [
    ...rectangles.map(
      ([u, v, rw, rh]) =>
        [
          [u, v],
          [u + rw, v],
          [u + rw, v + rh],
          [u, v + rh],
        ] as const,
    ),
    ...extra,
  ];
  return [{ path: shapes.map((shape) => path(shape, place)).join(""), colour }];
}

function contrasting(random: Random, ground: Rgb): Rgb {
  for (let attempt = 0; attempt < 12; attempt++) {
    const ink = namedColour(pick(random, COLOUR_NAMES), random);
    if (Math.abs(brightness(ink) - brightness(ground)) > 75) return ink;
  }
  return brightness(ground) > 128 ? [34, 32, 36] : [236, 234, 226];
}

function placement({ x, y, turn, slant }: PanelPlan): Placement {
  const angle = (turn * Math.PI) / 180;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return (u, v) => [x + u * cos - v * sin, y + u * (sin + slant) + v * cos];
}

function ellipse(rx: number, ry: number): [number, number][] {
  return Array.from({ length: 20 }, (_, i) => [rx * Math.cos((i * Math.PI) / 10), ry * Math.sin((i * Math.PI) / 10)]);
}

function path(points: readonly (readonly [number, number])[], place: Placement): string {
  return `${points.map(([u, v], i) => `${i ? "L" : "M"}${place(u, v).map(n).join(" ")}`).join("")}z`;
}
