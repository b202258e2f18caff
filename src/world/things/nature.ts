import type { Random } from "../../kernel-helpers/support/random.js";
import { between, happens, pick, whole } from "../pen/chance.js";
import { type Rgb, hsl, mix, shade } from "../pen/colour.js";
import { blob, curve, open, oval, polar, poly } from "../pen/path.js";
import type { Pen } from "../pen/pen.js";
import type { Kind } from "./kind.js";

const tree: Kind = {
  width: 80,
  height: 116,
  metres: 5,
  draw(pen, { random }) {
    const leaf = leafColour(random);
    const bark: Rgb = mix([92, 66, 44], [120, 112, 100], random());
    if (happens(random, 0.25)) {
      pen.fill(poly(-4, -24, 4, -24, 6, 0, -6, 0), bark, { material: "bark" });
      for (let i = 0; i < 4; i++) {
        const y = -14 - i * 22;
        const half = 34 - i * 7;
        pen.fill(
          poly(0, y - 38, half, y, half * 0.4, y - 4, 0, y + 3, -half * 0.5, y - 3, -half, y),
          shade(leaf, i * 0.06 - 0.2),
          { material: "leaves" },
        );
      }
      return;
    }
    pen.fill(blob(-5, -50, -6, -16, -10, 0, 10, 0, 6, -16, 5, -50), bark, { material: "bark" });
    pen.line(open(0, -40, -16, -62), bark, 4);
    pen.line(open(1, -44, 18, -64), bark, 4);
    crown(pen, random, [0, -74, 36, 34], leaf);
  },
};

const bush: Kind = {
  width: 92,
  height: 56,
  metres: 1,
  draw(pen, { random }) {
    crown(pen, random, [0, -27, 42, 27], leafColour(random));
  },
};

const plant: Kind = {
  width: 78,
  height: 106,
  metres: 0.8,
  draw(pen, { colour, random }) {
    const leaf = leafColour(random);
    const pot = colour;
    const style = pick(random, ["blades", "broad", "fern"]);
    const count = style === "fern" ? 9 : 7;
    for (let i = 0; i < count; i++) {
      const side = -1 + (2 * i) / (count - 1);
      const [x, y] = [side * between(random, 26, 38), -62 - (1 - Math.abs(side)) * between(random, 26, 42)];
      const tint = shade(leaf, between(random, -0.25, 0.2));
      if (style === "blades")
        pen.fill(blob(-3, -34, x * 0.5 - 4, y + 12, x, y, x * 0.5 + 5, y + 16, 3, -34), tint, { material: "leaves" });
      else {
        pen.line(curve(0, -34, x * 0.4, y * 0.75, x * 0.9, y), tint, 2);
        const [rx, ry] = style === "broad" ? [13, 8] : [9, 4];
        const steps = style === "broad" ? 1 : 3;
        for (let k = 0; k < steps; k++) {
          const t = 1 - k * 0.25;
          pen.group({ x: x * 0.9 * t, y: y * t - 34 * (1 - t), turn: side * 50 }, () =>
            pen.fill(oval(0, 0, ry, rx), tint, { material: "leaves" }),
          );
        }
      }
    }
    pen.fill(poly(-21, -38, 21, -38, 15, 0, -15, 0), pot, { across: true, to: shade(pot, -0.35) });
    pen.fill(poly(-24, -42, 24, -42, 22, -34, -22, -34), shade(pot, 0.12), { across: true, to: shade(pot, -0.3) });
  },
};

const flowers: Kind = {
  width: 92,
  height: 40,
  metres: 0.4,
  draw(pen, { second, third, random }) {
    const leaf = leafColour(random);
    crown(pen, random, [0, -12, 44, 12], shade(leaf, -0.1));
    for (let i = whole(random, 8, 14); i > 0; i--) {
      const [x, y] = [between(random, -38, 38), between(random, -34, -8)];
      const petal = happens(random, 0.6) ? second : third;
      pen.line(open(x, y, x + 1, -6), leaf, 1.4);
      let flower = "";
      for (let p = 0; p < 5; p++) flower += oval(x + 3.4 * Math.cos(p * 1.257), y + 3.4 * Math.sin(p * 1.257), 3);
      pen.fill(flower, petal);
      pen.mark(oval(x, y, 2), [240, 210, 90]);
    }
  },
};

const rock: Kind = {
  width: 90,
  height: 52,
  metres: 0.6,
  draw(pen, { random }) {
    const grey: Rgb = mix([120, 116, 110], [150, 128, 104], random());
    pen.fill(blob(-44, -2, -38, -28, -16, -46, 8, -50, 32, -34, 44, -8, 30, 0, -20, 0), grey, {
      to: shade(grey, -0.4),
      material: "stone",
    });
    pen.mark(poly(-30, -30, -12, -44, 8, -47, -4, -26), shade(grey, 0.25), { opacity: 0.5 });
  },
};

const blossom: Kind = {
  width: 90,
  height: 90,
  metres: 0.08,
  lean: 40,
  draw(pen, { second, third, random }) {
    const petals = whole(random, 5, 7);
    for (let i = 0; i < 3; i++) {
      const [x, y] = polar(0, -40, 36, 200 + i * 70);
      pen.group({ x, y, turn: 110 - i * 70 }, () =>
        pen.fill(oval(0, 0, 9, 20), leafColour(random), { material: "leaves" }),
      );
    }
    let path = "";
    for (let i = 0; i < petals; i++) path += oval(...polar(0, -48, 20, (i * 360) / petals), 13, 13);
    pen.fill(path, second, { to: shade(second, -0.2), material: "feather" });
    pen.fill(oval(0, -48, 11), third);
  },
};

const butterfly: Kind = {
  width: 92,
  height: 76,
  metres: 0.06,
  lean: 50,
  draw(pen, { colour, second }) {
    for (const side of [-1, 1]) {
      pen.fill(blob(side * 2, -40, side * 20, -74, side * 46, -70, side * 36, -40), colour, { material: "feather" });
      pen.fill(blob(side * 2, -38, side * 34, -36, side * 32, -8, side * 12, -6), shade(colour, -0.2), {
        material: "feather",
      });
      pen.mark(oval(side * 30, -58, 6), second);
      pen.mark(oval(side * 22, -22, 5), second);
      pen.scratch(curve(0, -52, side * 6, -66, side * 12, -72), [30, 28, 30], 1.4);
    }
    pen.fill(oval(0, -36, 3.6, 18), [40, 36, 38]);
  },
};

const twig: Kind = {
  width: 120,
  height: 12,
  metres: 0.05,
  draw(pen, { random }) {
    const bark: Rgb = mix([96, 70, 46], [130, 120, 104], random());
    pen.line(curve(-60, -4, -20, -7, 20, -5, 60, -9), bark, 5, { material: "bark" });
    for (const x of [-36, 26, 44]) {
      pen.line(curve(x, -6, x + 8, -14, x + 12, -20), bark, 2, { material: "bark" });
      if (happens(random, 0.7)) pen.fill(oval(x + 14, -22, 5, 3), leafColour(random), { material: "leaves" });
    }
  },
};

/** Leaves are green, mostly; autumn happens. */
export function leafColour(random: Random): Rgb {
  const hue = happens(random, 0.14) ? between(random, 28, 55) : between(random, 72, 132);
  return hsl(hue, between(random, 0.22, 0.5), between(random, 0.24, 0.42));
}

/** A mass of leaves: dark below, lit clusters on top. */
export function crown(pen: Pen, random: Random, [cx, cy, rx, ry]: readonly number[], leaf: Rgb): void {
  const ink = { material: "leaves" } as const;
  const rim: number[] = [];
  for (let i = 0; i < 11; i++) {
    const [x, y] = polar(0, 0, between(random, 0.84, 1.08), (i * 360) / 11);
    rim.push(cx + x * rx, cy + y * ry);
  }
  let fringe = "";
  for (let i = 0; i < 18; i++) {
    const [x, y] = polar(0, 0, between(random, 0.84, 1.02), between(random, 0, 360));
    const size = Math.min(rx, ry) * between(random, 0.07, 0.13);
    fringe += oval(cx + x * rx, cy + y * ry, size * between(random, 0.8, 1.8), size);
  }
  // Apart from the mass: outlines that turn the other way would cut holes.
  pen.fill(fringe, shade(leaf, -0.35), ink);
  pen.fill(blob(...rim), shade(leaf, -0.35), ink);
  for (let i = 0; i < 9; i++) {
    const [x, y] = polar(0, 0, between(random, 0.1, 0.72), between(random, 0, 360));
    const size = between(random, 0.2, 0.36) * Math.min(rx, ry);
    pen.fill(
      lobes(random, cx + x * rx, cy + y * ry, size),
      shade(leaf, -0.22 - y * 0.3 + between(random, -0.06, 0.12)),
      ink,
    );
  }
}

function lobes(random: Random, cx: number, cy: number, size: number): string {
  let path = "";
  for (let i = 0; i < 5; i++) {
    const [x, y] = polar(cx, cy, size * 0.7, i * 72 + between(random, -20, 20));
    path += oval(x, y, size * between(random, 0.45, 0.7));
  }
  return path + oval(cx, cy, size * 0.8);
}

export const NATURE = { tree, bush, plant, flowers, rock, twig, blossom, butterfly } as const;
