import type { Random } from "../../kernel-helpers/support/random.js";
import { between, happens, pick } from "../pen/chance.js";
import { type Rgb, hsl, shade } from "../pen/colour.js";
import { open, oval, poly, rect } from "../pen/path.js";
import type { Pen } from "../pen/pen.js";
import type { DrawBackdrop } from "./draw-backdrop.js";

const SIDE = 224;

/** An inside: a wall with paper, tiles or boards, often a corner, and a floor that runs to the viewer. */
export const room: DrawBackdrop = (canvas, { horizon, ground }, random) => {
  const { pen } = canvas;
  const paint = hsl(between(random, 0, 360), between(random, 0.04, 0.4), between(random, 0.5, 0.86));
  const corner = happens(random, 0.5) ? between(random, 24, 66) * (happens(random, 0.5) ? 1 : -1) : 0;
  canvas.surface("wall", () => {
    pen.fill(rect(0, 0, SIDE, SIDE), paint, { to: shade(paint, -0.1), material: "plaster" });
    wallPattern(pen, random, paint, horizon);
    if (corner) sideWall(pen, corner, horizon, shade(paint, -0.14));
    const board = shade(paint, happens(random, 0.7) ? 0.5 : -0.4);
    pen.mark(rect(0, horizon - 6, SIDE, 6), board);
    if (corner) {
      const x = corner > 0 ? corner : SIDE + corner;
      const edge = corner > 0 ? 0 : SIDE;
      const drop = Math.abs(corner) * 0.75;
      pen.mark(poly(x, horizon - 6, edge, horizon - 6 + drop, edge, horizon + drop, x, horizon), shade(board, -0.2));
    }
  });
  canvas.surface("floor", () => {
    const drop = Math.abs(corner) * 0.75;
    const outline =
      corner > 0
        ? poly(corner, horizon, SIDE, horizon, SIDE, SIDE, 0, SIDE, 0, horizon + drop)
        : corner < 0
          ? poly(0, horizon, SIDE + corner, horizon, SIDE, horizon + drop, SIDE, SIDE, 0, SIDE)
          : rect(0, horizon, SIDE, SIDE - horizon);
    const kind = ground ?? pick(random, ["boards", "tiles", "carpet"] as const);
    const floor = hsl(
      pick(random, [between(random, 18, 42), between(random, 0, 360)]),
      between(random, 0.06, 0.45),
      between(random, 0.3, 0.7),
    );
    const material = kind === "boards" || kind === "tiles" ? kind : "carpet";
    pen.fill(outline, shade(floor, -0.12), { to: shade(floor, 0.14), material });
    if (kind !== "carpet") pen.inside(outline, () => floorLines(pen, random, horizon, floor, kind === "tiles"));
  });
};

/** Lines of boards or tiles that meet at the vanishing point. */
function floorLines(pen: Pen, random: Random, horizon: number, colour: Rgb, across: boolean): void {
  const vanish = between(random, 70, 154);
  const line = shade(colour, -0.4);
  let path = "";
  const gap = between(random, 26, 46);
  for (let x = -260; x < 500; x += gap) path += open(vanish + (x - vanish) * 0.25, horizon, x, SIDE);
  if (across) {
    for (let k = 0; k < 7; k++) {
      const y = horizon + (SIDE - horizon) * Math.pow((k + 1) / 7, 1.7);
      path += open(0, y, SIDE, y);
    }
  }
  pen.scratch(path, line, 0.8, { opacity: 0.55 });
}

function sideWall(pen: Pen, corner: number, horizon: number, colour: Rgb): void {
  const x = corner > 0 ? corner : SIDE + corner;
  const edge = corner > 0 ? 0 : SIDE;
  const drop = Math.abs(corner) * 0.75;
  pen.mark(poly(x, 0, edge, 0, edge, horizon + drop, x, horizon), colour, { opacity: 0.75 });
  pen.scratch(open(x, 0, x, horizon), shade(colour, -0.3), 1, { opacity: 0.6 });
}

function wallPattern(pen: Pen, random: Random, paint: Rgb, horizon: number): void {
  const second = shade(paint, pick(random, [-0.16, 0.3, -0.1]));
  const kind = pick(random, ["plain", "stripes", "dots", "panels", "tiles", "diamonds", "bricks", "plain"]);
  const step = between(random, 14, 30);
  let path = "";
  if (kind === "stripes") for (let x = 0; x < SIDE; x += step) path += rect(x, 0, step / 2, horizon);
  if (kind === "dots") {
    for (let y = step / 2, row = 0; y < horizon; y += step, row++) {
      for (let x = (row % 2) * (step / 2); x < SIDE; x += step) path += oval(x, y, step * 0.16);
    }
  }
  if (kind === "diamonds") {
    for (let y = 0, row = 0; y < horizon; y += step, row++) {
      for (let x = (row % 2) * (step / 2); x < SIDE; x += step) path += poly(x, y - 5, x + 4, y, x, y + 5, x - 4, y);
    }
  }
  if (path) pen.mark(path, second, { opacity: 0.8 });
  if (kind === "panels") {
    const rail = horizon - between(random, 34, 56);
    pen.mark(rect(0, rail, SIDE, horizon - rail), second);
    pen.mark(rect(0, rail - 3, SIDE, 4), shade(paint, 0.45));
    let lines = "";
    for (let x = 6; x < SIDE; x += step * 1.6) lines += rect(x, rail + 7, step * 1.6 - 8, horizon - rail - 18);
    pen.scratch(lines, shade(second, -0.3), 0.9);
  }
  if (kind === "tiles" || kind === "bricks") {
    const [w, h] = kind === "tiles" ? [step, step] : [step * 1.2, step * 0.5];
    const base = kind === "tiles" && happens(random, 0.5) ? horizon * 0.45 : 0;
    let lines = "";
    for (let y = base, row = 0; y < horizon; y += h, row++) {
      lines += open(0, y, SIDE, y);
      for (let x = kind === "bricks" && row % 2 ? w / 2 : 0; x < SIDE; x += w)
        lines += open(x, y, x, Math.min(horizon, y + h));
    }
    if (kind === "tiles") pen.mark(rect(0, base, SIDE, horizon - base), second, { opacity: 0.6 });
    pen.scratch(lines, shade(paint, -0.3), 0.8, { opacity: 0.7 });
  }
}
