import { happens, pick, whole } from "../pen/chance.js";
import { type Rgb, mix, shade } from "../pen/colour.js";
import { blob, open, oval, polar, poly, rect } from "../pen/path.js";
import type { Kind } from "./kind.js";
import { block } from "./solids.js";

const IRON: Rgb = [62, 64, 70];

const streetLamp: Kind = {
  width: 40,
  height: 120,
  metres: 4.5,
  draw(pen, { second, random }) {
    const iron = shade(second, -0.6);
    pen.fill(poly(-2, -108, 2, -108, 3, 0, -3, 0), iron, { across: true, to: shade(iron, 0.3) });
    pen.fill(rect(-6, -8, 12, 8, 2), iron);
    if (happens(random, 0.5)) {
      pen.line(`M0 -106Q2 -119 18 -117`, iron, 3);
      pen.fill(poly(10, -118, 28, -116, 26, -111, 12, -112), iron);
      pen.mark(oval(19, -111, 6, 2), [255, 244, 200]);
    } else {
      pen.fill(poly(-7, -118, 7, -118, 5, -104, -5, -104), [250, 238, 196]);
      pen.fill(poly(-9, -117, 0, -124, 9, -117), iron);
    }
  },
};

const trafficLight: Kind = {
  width: 36,
  height: 120,
  metres: 3.6,
  draw(pen, { random }) {
    pen.fill(rect(-2.5, -80, 5, 80), IRON);
    pen.fill(rect(-6, -4, 12, 4), IRON);
    pen.fill(rect(-13, -120, 26, 52, 5), [44, 46, 48]);
    const on = whole(random, 0, 2);
    const lights: Rgb[] = [
      [236, 60, 48],
      [244, 190, 60],
      [70, 210, 110],
    ];
    lights.forEach((light, i) => {
      pen.mark(oval(0, -111 + i * 17, 7), i === on ? light : shade(light, -0.7));
      pen.scratch(`M-8 ${-112 + i * 17}Q0 ${-122 + i * 17} 8 ${-112 + i * 17}`, [24, 24, 26], 2);
    });
  },
};

const hydrant: Kind = {
  width: 52,
  height: 84,
  metres: 0.75,
  draw(pen, { colour, second }) {
    pen.fill(rect(-20, -8, 40, 8, 2), shade(colour, -0.3));
    pen.fill(rect(-15, -62, 30, 56), colour, { across: true, to: shade(colour, -0.4), material: "metal" });
    pen.fill(blob(-17, -62, -12, -76, 0, -84, 12, -76, 17, -62, 0, -58), shade(colour, -0.1), { material: "metal" });
    for (const x of [-22, 22]) pen.fill(rect(x - 6, -50, 12, 14, 3), shade(second, 0.1), { material: "metal" });
    pen.fill(oval(0, -40, 8), shade(second, -0.1));
    pen.mark(oval(0, -40, 3), IRON);
  },
};

const bin: Kind = {
  width: 50,
  height: 72,
  metres: 0.9,
  draw(pen, { colour }) {
    pen.fill(poly(-21, -58, 21, -58, 16, 0, -16, 0), colour, {
      across: true,
      to: shade(colour, -0.4),
      material: "metal",
    });
    for (const x of [-12, -4, 4, 12]) pen.scratch(open(x, -54, x * 0.8, -3), shade(colour, -0.45), 1.2);
    pen.fill(oval(0, -59, 24, 6), shade(colour, 0.15));
    pen.fill(blob(-20, -62, 0, -74, 20, -62, 0, -58), shade(colour, -0.15));
  },
};

const fountain: Kind = {
  width: 108,
  height: 92,
  metres: 2,
  draw(pen, { random }) {
    const stone: Rgb = mix([176, 172, 162], [150, 140, 130], random());
    pen.fill(blob(-52, -18, -44, -3, 0, 0, 44, -3, 52, -18), stone, { to: shade(stone, -0.35), material: "stone" });
    pen.fill(oval(0, -19, 53, 8), shade(stone, 0.15), { material: "stone" });
    pen.mark(oval(0, -18, 46, 6), [104, 150, 176]);
    pen.fill(poly(-6, -56, 6, -56, 9, -18, -9, -18), stone, { across: true, to: shade(stone, -0.3) });
    pen.fill(oval(0, -57, 24, 5), shade(stone, 0.1));
    for (const x of [-34, -18, 18, 34])
      pen.scratch(`M0 -84Q${x * 0.8} -86 ${x} -20`, [220, 236, 244], 2, { opacity: 0.75 });
    pen.line(open(0, -58, 0, -86), [220, 236, 244], 2.6);
  },
};

const house: Kind = {
  width: 104,
  height: 118,
  metres: 8,
  draw(pen, { colour, second, random }) {
    const wall = mix(colour, [190, 176, 158], 0.55);
    const storeys = whole(random, 2, 4);
    const roof = happens(random, 0.5);
    const top = roof ? -92 : -112;
    pen.fill(rect(-48, top, 96, -top), wall, { across: true, to: shade(wall, -0.25), material: "plaster" });
    if (roof) pen.fill(poly(-54, -90, -36, -117, 36, -117, 54, -90), shade(second, -0.35), { material: "stone" });
    else pen.fill(rect(-51, -117, 102, 7), shade(wall, -0.35));
    const step = (-top - 26) / storeys;
    for (let row = 0; row < storeys; row++) {
      for (let column = 0; column < 4; column++) {
        const [x, y] = [-42 + column * 23, top + 6 + row * step];
        pen.mark(rect(x, y, 14, step * 0.66), shade(wall, 0.5));
        pen.mark(rect(x + 1.5, y + 1.5, 11, step * 0.66 - 3), happens(random, 0.2) ? [246, 214, 130] : [70, 84, 100], {
          to: [120, 140, 158],
        });
        pen.scratch(open(x + 7, y + 1, x + 7, y + step * 0.6), shade(wall, 0.5), 1);
      }
    }
    pen.mark(rect(-9, -22, 16, 22), shade(second, -0.5));
    pen.mark(oval(4, -10, 1.2), [220, 190, 110]);
    pen.mark(rect(14, -20, 28, 16), [88, 106, 122], { to: [46, 56, 70] });
    pen.mark(poly(12, -24, 44, -24, 48, -18, 10, -18), shade(second, 0.1));
  },
};

const tower: Kind = {
  width: 60,
  height: 120,
  metres: 16,
  draw(pen, { colour, random }) {
    const wall = mix(colour, [150, 156, 166], 0.65);
    pen.fill(rect(-28, -120, 44, 120), wall, { to: shade(wall, -0.2), material: "plaster" });
    pen.fill(poly(16, -120, 28, -116, 28, 0, 16, 0), shade(wall, -0.4), { material: "plaster" });
    const columns = whole(random, 3, 5);
    for (let y = -114; y < -10; y += 9) {
      for (let c = 0; c < columns; c++) {
        pen.mark(
          rect(-25 + (c * 40) / columns, y, 40 / columns - 2.6, 5),
          happens(random, 0.15) ? [240, 214, 140] : [78, 92, 110],
        );
      }
    }
  },
};

const fence: Kind = {
  width: 120,
  height: 46,
  metres: 1,
  draw(pen, { colour, random }) {
    const wood = mix(colour, [200, 190, 170], happens(random, 0.6) ? 0.7 : 0.3);
    for (const y of [-34, -14]) pen.fill(rect(-60, y, 120, 5), shade(wood, -0.25), { material: "wood" });
    for (let x = -57; x < 58; x += 13)
      pen.fill(poly(x - 4, 0, x - 4, -40, x, -46, x + 4, -40, x + 4, 0), wood, { material: "woodUpright" });
  },
};

const signboard: Kind = {
  width: 84,
  height: 110,
  metres: 2.4,
  draw(pen, { colour, second, random }) {
    pen.fill(rect(-2.5, -70, 5, 70), IRON);
    const face = pick(random, ["round", "diamond", "triangle", "board"]);
    const outlines: Record<string, string> = {
      round: oval(0, -84, 25),
      diamond: poly(0, -112, 28, -84, 0, -56, -28, -84),
      triangle: poly(0, -112, 30, -60, -30, -60),
      board: rect(-34, -106, 68, 40, 4),
    };
    pen.fill(outlines[face], colour);
    pen.scratch(outlines[face], shade(second, 0.7), 3);
    const [x, y] = polar(0, -82, 9, pick(random, [0, 90, 180]));
    pen.scratch(open(-x, -164 - y, x, y), shade(second, 0.75), 4);
    pen.mark(oval(x, y, 5), shade(second, 0.75));
  },
};

const stall: Kind = {
  width: 110,
  height: 96,
  metres: 2.4,
  top: { height: 46, width: 90 },
  draw(pen, { colour, second, random }) {
    for (const x of [-46, 46]) pen.fill(rect(x - 2, -80, 4, 80), shade(second, -0.5));
    block(pen, [-50, -42, 94, 42], [7, 5], mix(second, [160, 120, 80], 0.6), { material: "wood" });
    for (let i = 0; i < 6; i++) {
      const goods = pick(random, [
        [214, 70, 50],
        [236, 170, 60],
        [120, 170, 70],
        [220, 210, 120],
      ] as Rgb[]);
      pen.fill(oval(-38 + i * 15, -48, 8, 6), goods, { to: shade(goods, -0.3), radial: true });
    }
    for (let i = 0; i < 7; i++)
      pen.fill(
        poly(-55 + i * 15.7, -72, -48 + i * 13.7, -96, -34.3 + i * 13.7, -96, -39.3 + i * 15.7, -72),
        i % 2 ? [236, 232, 222] : colour,
        { material: "fabric" },
      );
  },
};

const pole: Kind = {
  width: 12,
  height: 100,
  metres: 2.4,
  draw(pen) {
    pen.fill(rect(-1.6, -100, 3.2, 100), [120, 122, 128], { across: true, to: [70, 72, 78] });
    pen.fill(rect(-5, -3, 10, 3), IRON);
  },
};

export const OUTDOORS = {
  pole,
  streetLamp,
  trafficLight,
  hydrant,
  bin,
  fountain,
  house,
  tower,
  fence,
  signboard,
  stall,
} as const;
