import type { Random } from "../../kernel-helpers/support/random.js";
import type { Canvas } from "../canvas.js";
import type { Backdrop } from "../description.js";
import { between, happens, pick, whole } from "../pen/chance.js";
import { type Rgb, hsl, mix, shade } from "../pen/colour.js";
import { blob, curve, oval, rect } from "../pen/path.js";
import { crown, leafColour } from "../things/nature.js";
import type { DrawBackdrop } from "./draw-backdrop.js";

const SIDE = 224;

/** Open country: sky with clouds, hills or trees in the distance, a ground that runs to the viewer. */
export const land: DrawBackdrop = (canvas, backdrop, random) => {
  sky(canvas, random, backdrop.horizon);
  if (happens(random, 0.6)) hills(canvas, random, backdrop.horizon);
  if (happens(random, 0.7)) treeLine(canvas, random, backdrop.horizon);
  groundPlane(canvas, backdrop, random, backdrop.ground ?? pick(random, ["grass", "sand", "paving"] as const));
};

/** A lake or the sea behind a strip of land. */
export const shore: DrawBackdrop = (canvas, backdrop, random) => {
  const { horizon } = backdrop;
  const { pen } = canvas;
  sky(canvas, random, horizon);
  if (happens(random, 0.45)) hills(canvas, random, horizon);
  const water = hsl(between(random, 165, 225), between(random, 0.12, 0.5), between(random, 0.3, 0.6));
  const line = shoreLine(horizon);
  canvas.surface("water", () => {
    pen.fill(rect(0, horizon, SIDE, SIDE - horizon), shade(water, 0.2), { to: shade(water, -0.2), material: "water" });
    let glitter = "";
    for (let i = 0; i < 14; i++) {
      const y = between(random, horizon + 2, line);
      const x = between(random, 0, SIDE);
      glitter += rect(x, y, between(random, 6, 26), 0.8);
    }
    pen.mark(glitter, shade(water, 0.5), { opacity: 0.6 });
  });
  groundPlane(
    canvas,
    { ...backdrop, horizon: line },
    random,
    backdrop.ground ?? pick(random, ["sand", "grass"] as const),
    true,
  );
};

/** The row where the water ends. */
export function shoreLine(horizon: number): number {
  return horizon + (SIDE - horizon) * 0.38;
}

/** A sky of some weather and hour. */
export function sky(canvas: Canvas, random: Random, horizon: number): Rgb {
  const { pen } = canvas;
  const hour = pick(random, ["blue", "blue", "overcast", "dusk", "haze", "dim"]);
  const [top, low] = skyColours(random, hour);
  canvas.surface("sky", () => {
    pen.fill(rect(0, 0, SIDE, horizon + 8), top, { to: low, material: "sky" });
    const clouds = hour === "overcast" ? whole(random, 3, 6) : whole(random, 0, 4);
    for (let i = 0; i < clouds; i++) {
      const [x, y, w] = [between(random, -10, SIDE), between(random, 6, horizon * 0.75), between(random, 18, 46)];
      const puff = mix(low, [255, 252, 248], between(random, 0.3, 0.8));
      let path = oval(x, y, w, w * 0.2);
      for (let k = 0; k < 4; k++)
        path += oval(
          x + between(random, -0.6, 0.6) * w,
          y - w * between(random, 0.05, 0.2),
          w * between(random, 0.22, 0.4),
          w * between(random, 0.12, 0.24),
        );
      pen.mark(path, puff, { opacity: between(random, 0.4, 0.85), to: shade(puff, -0.1) });
    }
  });
  return low;
}

function skyColours(random: Random, hour: string): [Rgb, Rgb] {
  const blue = between(random, 195, 228);
  if (hour === "blue")
    return [hsl(blue, between(random, 0.35, 0.7), between(random, 0.5, 0.68)), hsl(blue, 0.35, 0.85)];
  if (hour === "overcast") return [hsl(blue, 0.06, between(random, 0.55, 0.75)), hsl(blue, 0.04, 0.82)];
  if (hour === "dusk")
    return [
      hsl(between(random, 215, 280), 0.3, between(random, 0.35, 0.55)),
      hsl(between(random, 8, 45), between(random, 0.45, 0.8), 0.7),
    ];
  if (hour === "haze") return [hsl(between(random, 30, 60), 0.16, 0.78), hsl(between(random, 25, 50), 0.2, 0.86)];
  return [hsl(between(random, 220, 250), 0.3, between(random, 0.2, 0.32)), hsl(between(random, 210, 260), 0.22, 0.45)];
}

function hills(canvas: Canvas, random: Random, horizon: number): void {
  const hue = between(random, 60, 260);
  canvas.surface("hills", () => {
    for (let layer = 0; layer < 2; layer++) {
      const height = between(random, 14, 44) * (1 - layer * 0.4);
      const points: number[] = [-20, horizon + 12];
      for (let x = -20; x <= 250; x += 45) points.push(x, horizon - height * between(random, 0.3, 1));
      points.push(250, horizon + 12);
      const tint = hsl(hue, between(random, 0.08, 0.3), 0.6 - layer * 0.14);
      canvas.pen.fill(blob(...points), tint, { to: shade(tint, -0.2), material: "backdrop" });
    }
  });
}

function treeLine(canvas: Canvas, random: Random, horizon: number): void {
  const leaf = leafColour(random);
  const dense = happens(random, 0.5);
  canvas.surface("trees", () => {
    for (
      let x = between(random, -20, 20);
      x < SIDE + 10;
      x += dense ? between(random, 18, 30) : between(random, 34, 70)
    ) {
      const r = between(random, 10, 22);
      crown(canvas.pen, random, [x, horizon - r * 0.6, r * 1.1, r], shade(leaf, between(random, -0.25, 0.15)));
    }
  });
}

/** The ground, from the horizon to the viewer, with what lies about on it. */
function groundPlane(
  canvas: Canvas,
  { horizon, busy = 0.5 }: Backdrop,
  random: Random,
  kind: NonNullable<Backdrop["ground"]>,
  wavy = false,
): void {
  const { pen } = canvas;
  const looks: Record<string, { colour: Rgb; material: "grass" | "sand" | "asphalt" | "tiles"; name: string }> = {
    grass: {
      colour: hsl(
        pick(random, [between(random, 68, 120), between(random, 40, 66)]),
        between(random, 0.2, 0.5),
        between(random, 0.28, 0.5),
      ),
      material: "grass",
      name: "grass",
    },
    sand: {
      colour: hsl(between(random, 28, 48), between(random, 0.18, 0.5), between(random, 0.5, 0.74)),
      material: "sand",
      name: "sand",
    },
    asphalt: {
      colour: hsl(between(random, 0, 360), 0.05, between(random, 0.28, 0.5)),
      material: "asphalt",
      name: "ground",
    },
    paving: {
      colour: hsl(between(random, 10, 60), between(random, 0.04, 0.22), between(random, 0.42, 0.68)),
      material: "asphalt",
      name: "ground",
    },
  };
  const { colour, material, name } = looks[kind] ?? looks.paving;
  canvas.surface(name, () => {
    const edge = wavy
      ? `${curve(-4, horizon, 40, horizon + between(random, -4, 6), 110, horizon + between(random, -5, 5), 180, horizon + between(random, -4, 6), 228, horizon)}L228 228L-4 228z`
      : rect(0, horizon, SIDE, SIDE - horizon);
    pen.fill(edge, shade(colour, 0.1), { to: shade(colour, -0.16), material });
    if (wavy)
      pen.scratch(curve(-4, horizon, 60, horizon + 2, 150, horizon - 1, 228, horizon), [240, 244, 246], 2, {
        opacity: 0.6,
      });
    for (let i = Math.round(10 * busy); i > 0; i--) {
      const y = between(random, horizon + 6, SIDE);
      const size = 1 + ((y - horizon) / (SIDE - horizon)) * 4;
      const x = between(random, 0, SIDE);
      if (kind === "grass")
        pen.scratch(
          `M${x.toFixed(1)} ${y.toFixed(1)}l${(-size).toFixed(1)} ${(-size * 2.4).toFixed(1)}m${size.toFixed(1)} ${(size * 2.4).toFixed(1)}l${(size * 0.8).toFixed(1)} ${(-size * 2).toFixed(1)}`,
          shade(colour, -0.35),
          0.9,
        );
      else pen.mark(oval(x, y, size * 1.3, size * 0.6), shade(colour, pick(random, [-0.3, 0.3])), { opacity: 0.7 });
    }
  });
}
