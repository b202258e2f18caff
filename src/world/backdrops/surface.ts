import { between, happens, pick } from "../pen/chance.js";
import { type Rgb, hsl, shade } from "../pen/colour.js";
import { blob, curve, open, oval, polar, poly, rect } from "../pen/path.js";
import { crown, leafColour } from "../things/nature.js";
import type { DrawBackdrop } from "./draw-backdrop.js";
import { sky } from "./land.js";

const SIDE = 224;

/** A surface close by that fills the picture: cloth, boards, bricks, stone, paint. */
export const surface: DrawBackdrop = (canvas, _backdrop, random) => {
  const { pen } = canvas;
  const colour = hsl(between(random, 0, 360), between(random, 0.05, 0.5), between(random, 0.35, 0.75));
  const kind = pick(random, ["boards", "tiles", "cloth", "stone", "blotches", "checks"]);
  canvas.surface(kind === "cloth" || kind === "checks" ? "cloth" : "wall", () => {
    const material = {
      boards: "wood",
      tiles: "stone",
      cloth: "fabric",
      stone: "stone",
      blotches: "backdrop",
      checks: "fabric",
    } as const;
    pen.fill(rect(0, 0, SIDE, SIDE), colour, {
      to: shade(colour, between(random, -0.35, 0.25)),
      material: material[kind as keyof typeof material],
    });
    const step = between(random, 16, 36);
    if (kind === "boards")
      for (let y = step / 2; y < SIDE; y += step)
        pen.scratch(open(0, y, SIDE, y + between(random, -3, 3)), shade(colour, -0.5), 1.4);
    if (kind === "tiles") slabs(pen, random, colour, step);
    if (kind === "checks") {
      let path = "";
      for (let x = 0; x < SIDE; x += step) path += rect(x, 0, step / 2, SIDE) + rect(0, x, SIDE, step / 2);
      pen.mark(path, shade(colour, -0.35), { opacity: 0.4 });
    }
    if (kind === "cloth" || kind === "stone") {
      for (let i = 0; i < 6; i++)
        pen.scratch(
          curve(
            between(random, -20, 240),
            -5,
            between(random, 0, 224),
            80,
            between(random, 0, 224),
            150,
            between(random, -20, 240),
            230,
          ),
          shade(colour, pick(random, [-0.25, 0.2])),
          between(random, 1, 6),
          { opacity: 0.5 },
        );
    }
    if (kind === "blotches") {
      for (let i = 0; i < 9; i++) {
        const [x, y, r] = [between(random, 0, SIDE), between(random, 0, SIDE), between(random, 15, 60)];
        pen.mark(
          blob(x - r, y, x, y - r * 0.7, x + r, y + 5, x + 4, y + r * 0.8),
          hsl(between(random, 0, 360), 0.25, between(random, 0.3, 0.7)),
          { opacity: 0.5 },
        );
      }
    }
  });
};

function slabs(pen: Parameters<DrawBackdrop>[0]["pen"], random: () => number, colour: Rgb, step: number): void {
  const [w, h] = [step * 1.5, step * 1.5];
  let [light, dark, lines] = ["", "", ""];
  for (let y = 0, row = 0; y < SIDE; y += h, row++) {
    lines += open(0, y, SIDE, y);
    for (let x = 0; x < SIDE; x += w) {
      lines += open(x, y, x, y + h);
      if (happens(random, 0.25)) light += rect(x, y, w, h);
      if (happens(random, 0.2)) dark += rect(x, y, w, h);
    }
  }
  pen.mark(light, shade(colour, 0.2));
  pen.mark(dark, shade(colour, -0.2));
  pen.scratch(lines, shade(colour, 0.45), 1.6);
}

function leafAt(x: number, y: number, length: number, degrees: number): string {
  const [dx, dy] = polar(0, 0, length, degrees);
  return blob(x - dx, y - dy, x - dy * 0.45, y + dx * 0.45, x + dx, y + dy, x + dy * 0.45, y - dx * 0.45);
}

/** Branches, leaves and berries from all sides, sky or shade behind: where small birds are hard to find. */
export const thicket: DrawBackdrop = (canvas, { horizon }, random) => {
  const { pen } = canvas;
  const kind = pick(random, ["sky", "shade", "meadow"]);
  if (kind === "sky") sky(canvas, random, SIDE);
  else {
    const far = hsl(between(random, 50, 190), between(random, 0.08, 0.35), between(random, 0.25, 0.62));
    canvas.surface(kind, () =>
      pen.fill(rect(0, 0, SIDE, SIDE), far, { to: shade(far, between(random, -0.4, 0.3)), material: "backdrop" }),
    );
  }
  const leaf = leafColour(random);
  canvas.surface("leaves", () => {
    for (let i = 0; i < 5; i++) {
      const [x, y] = pick(random, [
        [between(random, 0, 224), between(random, -10, 30)],
        [between(random, -10, 40), between(random, 0, 224)],
        [between(random, 184, 234), between(random, 0, 224)],
        [between(random, 0, 224), between(random, horizon, 234)],
      ]);
      crown(
        pen,
        random,
        [x, y, between(random, 18, 44), between(random, 16, 36)],
        shade(leaf, between(random, -0.3, 0.2)),
      );
    }
    for (let tint = 0; tint < 4; tint++) {
      let path = "";
      for (let i = 0; i < 7; i++)
        path += leafAt(
          between(random, 0, SIDE),
          between(random, 0, SIDE),
          between(random, 3, 8),
          between(random, 0, 180),
        );
      pen.fill(path, shade(leaf, between(random, -0.35, 0.35)), { material: "leaves" });
    }
  });
  canvas.surface("branch", () => {
    const bark = hsl(between(random, 15, 45), between(random, 0.1, 0.35), between(random, 0.2, 0.42));
    for (let i = 0; i < 4; i++) {
      const y = between(random, 10, 214);
      pen.line(
        curve(
          -10,
          y,
          60,
          y + between(random, -30, 30),
          140,
          y + between(random, -40, 40),
          234,
          y + between(random, -60, 60),
        ),
        shade(bark, between(random, -0.2, 0.2)),
        between(random, 1.5, 5),
        { material: "bark" },
      );
    }
  });
  canvas.surface("berries", () => {
    for (let i = 0; i < 16; i++) {
      const berry = hsl(between(random, 0, 360), between(random, 0.3, 0.8), between(random, 0.25, 0.7));
      const [x, y, r] = [between(random, 0, SIDE), between(random, 0, SIDE), between(random, 1.5, 5)];
      if (happens(random, 0.3)) pen.fill(poly(x - r, y, x, y - r * 1.4, x + r, y, x, y + r * 1.4), berry);
      else pen.fill(oval(x, y, r), berry, { material: "smooth" });
    }
  });
};
