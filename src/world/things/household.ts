import { between, happens, pick, whole } from "../pen/chance.js";
import { type Rgb, mix, shade } from "../pen/colour.js";
import { blob, curve, open, oval, poly, rect } from "../pen/path.js";
import type { Kind } from "./kind.js";
import { block } from "./solids.js";

const STEEL: Rgb = [176, 180, 186];
const PORCELAIN: Rgb = [236, 236, 232];

const bottle: Kind = {
  width: 34,
  height: 104,
  metres: 0.3,
  lean: 5,
  draw(pen, { colour, second, random }) {
    const wide = between(random, 13, 17);
    const waist = between(random, -68, -56);
    pen.fill(rect(-5.5, -104, 11, 9, 2), shade(second, -0.3));
    pen.fill(
      blob(-5, -98, -6, -80, -wide, waist, -wide, -6, -wide + 4, 0, wide - 4, 0, wide, -6, wide, waist, 6, -80, 5, -98),
      colour,
      { across: true, to: shade(colour, -0.45), material: "glass" },
    );
    pen.mark(rect(-wide, waist + 12, wide * 2, 26), mix([244, 240, 226], second, 0.2));
    pen.mark(rect(-wide + 5, waist + 20, wide * 2 - 10, 5), second);
    pen.mark(rect(-wide + 3, waist, 3, -waist - 8, 1.5), [255, 255, 255], { opacity: 0.4 });
  },
};

const cup: Kind = {
  width: 84,
  height: 68,
  metres: 0.1,
  lean: 4,
  draw(pen, { colour, second, random }) {
    pen.line(`M24 -56C48 -62 48 -20 20 -22`, shade(colour, -0.15), 7);
    const foot = between(random, 16, 26);
    pen.fill(poly(-32, -62, 30, -62, foot, 0, -foot - 2, 0), colour, { across: true, to: shade(colour, -0.35) });
    pen.fill(oval(-1, -62, 31, 7), shade(colour, 0.3));
    pen.mark(
      oval(-1, -61, 26, 5),
      pick(random, [
        [70, 42, 24],
        [150, 90, 40],
        [220, 200, 170],
      ] as Rgb[]),
    );
    if (happens(random, 0.5)) pen.mark(poly(-29, -44, 27, -44, 25, -32, -28, -32), second);
  },
};

const kettle: Kind = {
  width: 100,
  height: 88,
  metres: 0.25,
  draw(pen, { colour, second }) {
    const grip = shade(second, -0.55);
    pen.line(`M-24 -58C-26 -94 24 -94 24 -58`, grip, 6);
    pen.fill(blob(24, -36, 40, -52, 48, -58, 51, -52, 42, -34, 30, -18), shade(colour, -0.1), { material: "metal" });
    pen.fill(blob(-34, -6, -36, -30, -24, -54, 0, -60, 24, -54, 36, -30, 34, -6, 0, 0), colour, {
      to: shade(colour, -0.4),
      material: "metal",
    });
    pen.fill(oval(0, -58, 15, 4), shade(colour, -0.25));
    pen.fill(oval(0, -64, 4.5), grip);
    pen.mark(blob(-26, -16, -27, -34, -18, -46, -14, -42, -20, -30, -20, -14), [255, 255, 255], { opacity: 0.35 });
  },
};

const pan: Kind = {
  width: 116,
  height: 34,
  metres: 0.16,
  lean: 8,
  draw(pen, { colour, second, random }) {
    const deep = happens(random, 0.4) ? 24 : 14;
    pen.line(open(28, -deep + 2, 66, -deep - 5), shade(second, -0.5), 5.5);
    pen.fill(`M-46 ${-deep}L-40 -4Q-38 0 -32 0L22 0Q28 0 30 -4L36 ${-deep}z`, colour, {
      across: true,
      to: shade(colour, -0.4),
      material: "metal",
    });
    pen.fill(oval(-5, -deep, 41, 7), shade(colour, 0.2));
    pen.mark(oval(-5, -deep + 0.5, 36, 5), [52, 50, 52]);
    if (happens(random, 0.6)) {
      for (let i = 0; i < 4; i++) {
        const food = pick(random, [
          [230, 190, 70],
          [190, 70, 50],
          [110, 150, 60],
          [240, 236, 220],
        ] as Rgb[]);
        pen.mark(oval(-26 + i * 13, -deep - 0.5, 6, 2.6), food);
      }
    }
  },
};

const plate: Kind = {
  width: 76,
  height: 22,
  metres: 0.05,
  draw(pen, { colour, random }) {
    pen.fill(oval(0, -9, 38, 9), mix(PORCELAIN, colour, 0.2));
    pen.mark(oval(0, -9.5, 27, 5.6), shade(PORCELAIN, -0.12));
    for (let i = whole(random, 1, 4); i > 0; i--) {
      const food = pick(random, [
        [200, 70, 50],
        [240, 200, 90],
        [120, 160, 70],
        [150, 96, 50],
      ] as Rgb[]);
      pen.fill(oval(-14 + i * 6, -12 + (i % 2) * 3, 9, 5), food);
    }
  },
};

const glass: Kind = {
  width: 34,
  height: 62,
  metres: 0.15,
  draw(pen, { colour, random }) {
    const drink = mix(colour, [230, 240, 244], 0.5);
    const level = between(random, -48, -24);
    pen.fill(poly(-15, -60, 15, -60, 11, 0, -11, 0), [206, 222, 228], { material: "glass" });
    pen.mark(poly(-14 + (level + 60) / 15, level, 14 - (level + 60) / 15, level, 10.5, -3, -10.5, -3), drink);
    pen.mark(oval(0, -60, 15, 3), [232, 242, 246]);
    pen.mark(rect(-10, -54, 2.5, 46), [255, 255, 255], { opacity: 0.6 });
  },
};

const bowl: Kind = {
  width: 84,
  height: 48,
  metres: 0.14,
  draw(pen, { colour, random }) {
    for (let i = 0; i < 5; i++) {
      const fruit = pick(random, [
        [206, 60, 46],
        [236, 160, 50],
        [226, 206, 80],
        [130, 170, 70],
      ] as Rgb[]);
      pen.fill(oval(-24 + i * 12, -32 - (i % 2) * 6, 10), fruit, { to: shade(fruit, -0.3), radial: true });
    }
    pen.fill(`M-42 -28Q-34 0 -12 0L12 0Q34 0 42 -28Q0 -20 -42 -28z`, colour, { to: shade(colour, -0.3) });
  },
};

const stove: Kind = {
  width: 82,
  height: 84,
  metres: 0.9,
  top: { height: 80, width: 60 },
  draw(pen, { colour, random }) {
    const body = mix(PORCELAIN, colour, happens(random, 0.5) ? 0.7 : 0.2);
    block(pen, [-38, -74, 64, 74], [12, 10], body, { material: "metal" });
    pen.mark(poly(-32, -76, -22, -82, 34, -82, 24, -76), [52, 52, 56]);
    for (const x of [-14, 12]) pen.scratch(oval(x, -79, 8, 2.2), [20, 20, 22], 1.6);
    for (let i = 0; i < 5; i++) pen.mark(oval(-30 + i * 12, -66, 3), [44, 44, 48]);
    pen.mark(rect(-32, -56, 52, 36, 3), [40, 42, 48], { to: [84, 86, 92] });
    pen.scratch(open(-28, -52, 16, -52), [210, 212, 216], 2.6);
    pen.mark(rect(-32, -15, 52, 10, 2), shade(body, -0.2));
  },
};

const fridge: Kind = {
  width: 62,
  height: 108,
  metres: 1.8,
  draw(pen, { colour, random }) {
    const body = mix(PORCELAIN, colour, happens(random, 0.4) ? 0.7 : 0.15);
    block(pen, [-30, -100, 50, 98], [10, 8], body, { material: "metal" });
    pen.scratch(open(-30, -64, 20, -64), shade(body, -0.5), 1.6);
    pen.scratch(open(-24, -94, -24, -70), shade(body, -0.55), 2.6);
    pen.scratch(open(-24, -58, -24, -22), shade(body, -0.55), 2.6);
    for (let i = whole(random, 0, 3); i > 0; i--)
      pen.mark(rect(-14 + i * 7, -90 + i * 6, 6, 5), [between(random, 60, 240), 120, between(random, 60, 240)]);
  },
};

const counter: Kind = {
  width: 120,
  height: 62,
  metres: 0.92,
  top: { height: 59, width: 92 },
  draw(pen, { colour, second }) {
    block(pen, [-58, -54, 106, 52], [10, 9], colour, { material: "wood" });
    pen.fill(poly(-60, -54, -49, -63, 60, -63, 50, -54), shade(second, 0.45), { material: "stone" });
    for (let i = 0; i < 3; i++) {
      pen.scratch(rect(-54 + i * 34, -46, 30, 40), shade(colour, -0.35), 1);
      pen.mark(rect(-44 + i * 34, -43, 10, 2), STEEL);
    }
    pen.mark(oval(24, -58.5, 16, 3), shade(STEEL, -0.25));
    pen.line(`M24 -62L24 -76Q24 -82 31 -80L33 -74`, STEEL, 2.6);
  },
};

const toilet: Kind = {
  width: 66,
  height: 88,
  metres: 0.8,
  draw(pen, { colour }) {
    const lid = mix(PORCELAIN, colour, 0.12);
    pen.fill(rect(-32, -86, 26, 40, 4), PORCELAIN, { to: shade(PORCELAIN, -0.2) });
    pen.fill(rect(-34, -90, 30, 7, 3), lid);
    pen.fill(blob(-26, -44, 18, -46, 30, -38, 20, -22, 8, -16, 8, -2, -16, -2, -18, -20), PORCELAIN, {
      to: shade(PORCELAIN, -0.25),
    });
    pen.fill(oval(4, -44, 29, 6.5), shade(lid, -0.06));
    pen.mark(oval(4, -44, 21, 4), shade(PORCELAIN, -0.4));
    pen.fill(oval(-4, -1, 16, 3), shade(PORCELAIN, -0.2));
  },
};

const bathtub: Kind = {
  width: 120,
  height: 58,
  metres: 0.6,
  draw(pen, { colour }) {
    const tub = mix(PORCELAIN, colour, 0.15);
    pen.line(`M46 -44L46 -58Q46 -64 38 -62`, STEEL, 3.6);
    pen.fill(oval(0, -42, 58, 9), tub);
    pen.mark(oval(0, -41, 51, 6), mix([150, 196, 214], colour, 0.15));
    pen.fill(`M-58 -42Q0 -26 58 -42Q54 -8 34 -6L-34 -6Q-54 -8 -58 -42z`, tub, { to: shade(tub, -0.25) });
    for (const x of [-32, 32]) pen.fill(blob(x - 5, -7, x + 5, -7, x + 4, 0, x - 4, 0), shade(STEEL, -0.2));
    for (let i = 0; i < 4; i++) pen.mark(oval(-24 + i * 7, -43 - (i % 2) * 2, 5, 3.4), [248, 250, 252]);
  },
};

const washbasin: Kind = {
  width: 70,
  height: 82,
  metres: 0.85,
  draw(pen, { colour }) {
    const white = mix(PORCELAIN, colour, 0.1);
    pen.fill(poly(-9, -58, 9, -58, 12, 0, -12, 0), shade(white, -0.1), { across: true, to: shade(white, -0.35) });
    pen.line(`M0 -66L0 -78Q0 -82 7 -79L8 -74`, STEEL, 3.4);
    pen.fill(`M-35 -66Q-30 -48 0 -48Q30 -48 35 -66z`, white, { to: shade(white, -0.25) });
    pen.fill(oval(0, -66, 35, 7), white);
    pen.mark(oval(0, -66, 26, 4.4), shade(white, -0.25));
  },
};

const towel: Kind = {
  width: 44,
  height: 64,
  metres: 0.7,
  draw(pen, { colour, second }) {
    pen.line(open(-22, -62, 22, -62), STEEL, 3);
    pen.fill(poly(-17, -63, 17, -63, 18, -4, 6, 0, -6, -3, -18, 0), colour, {
      to: shade(colour, -0.25),
      material: "fabric",
    });
    for (const y of [-18, -11]) pen.mark(rect(-17, y, 34, 4), second);
  },
};

const vase: Kind = {
  width: 56,
  height: 100,
  metres: 0.45,
  draw(pen, { colour, second, third, random }) {
    const stems = whole(random, 3, 5);
    for (let i = 0; i < stems; i++) {
      const x = -20 + (40 * i) / (stems - 1);
      const y = -72 - between(random, 0, 22);
      pen.line(curve(0, -40, x * 0.4, -56, x, y), [74, 118, 62], 2.2);
      const flower = i % 2 ? second : third;
      for (let p = 0; p < 5; p++) pen.mark(oval(x + 5 * Math.cos(p * 1.257), y + 5 * Math.sin(p * 1.257), 4), flower);
      pen.fill(oval(x, y, 7), shade(flower, 0.15));
      pen.mark(oval(x, y, 2.4), [236, 204, 90]);
    }
    pen.fill(blob(-8, -44, -9, -36, -18, -20, -12, 0, 12, 0, 18, -20, 9, -36, 8, -44), colour, {
      across: true,
      to: shade(colour, -0.4),
    });
  },
};

export const HOUSEHOLD = {
  bottle,
  cup,
  kettle,
  pan,
  plate,
  glass,
  bowl,
  stove,
  fridge,
  counter,
  toilet,
  bathtub,
  washbasin,
  towel,
  vase,
} as const;
