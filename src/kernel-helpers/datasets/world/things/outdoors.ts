import { between, happens, pick, whole } from "../pen/chance.js";
import { type Rgb, mix, shade } from "../pen/colour.js";
import { blob, curve, open, oval, polar, poly, rect } from "../pen/path.js";
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

const swing: Kind = {
  width: 116,
  height: 100,
  metres: 2.3,
  draw(pen, { colour, second, random }) {
    for (const x of [-50, 50]) {
      pen.line(open(x, -98, x - 12, 0), shade(colour, -0.15), 4);
      pen.line(open(x, -98, x + 10, -6), shade(colour, -0.35), 4);
    }
    pen.line(open(-50, -97, 50, -97), colour, 5);
    for (const x of [-22, 20]) {
      const sway = between(random, -12, 12);
      pen.line(open(x - 8, -96, x - 8 + sway, -28), IRON, 1.5);
      pen.line(open(x + 8, -96, x + 8 + sway, -28), IRON, 1.5);
      pen.fill(poly(x - 11 + sway, -30, x + 11 + sway, -30, x + 10 + sway, -25, x - 10 + sway, -25), second);
    }
  },
};

const slide: Kind = {
  width: 118,
  height: 96,
  metres: 2.2,
  draw(pen, { colour, second }) {
    const iron = shade(second, -0.2);
    for (const x of [-46, -28]) pen.line(open(x, -92, x - 3, 0), iron, 3.6);
    for (let y = -10; y > -66; y -= 12) pen.line(open(-48 - y * 0.02, y, -30, y), iron, 2.6);
    pen.line(`M-44 -92Q-36 -100 -28 -92`, iron, 3);
    pen.fill(blob(-34, -70, -22, -70, 0, -42, 24, -14, 56, -8, 58, -2, 22, -4, -10, -32), shade(colour, 0.1), {
      to: shade(colour, -0.25),
    });
    pen.line(curve(-34, -78, -20, -76, 6, -44, 28, -18, 56, -13), shade(colour, -0.3), 4);
    pen.line(open(10, -26, 8, 0), iron, 3);
    pen.fill(rect(-50, -70, 24, 5), shade(second, -0.35));
  },
};

const seesaw: Kind = {
  width: 118,
  height: 46,
  metres: 0.9,
  draw(pen, { colour, second, random }) {
    const tilt = pick(random, [-11, -8, 8, 11]);
    pen.fill(poly(-12, 0, 0, -26, 12, 0), shade(second, -0.3), { across: true, to: shade(second, -0.55) });
    pen.group({ y: -25, turn: tilt }, () => {
      pen.fill(rect(-57, -4, 114, 6, 2), colour, { material: "wood" });
      for (const x of [-44, 44]) {
        pen.line(open(x, -4, x, -16), IRON, 2.4);
        pen.line(open(x - 5, -16, x + 5, -16), IRON, 2.4);
        pen.fill(rect(x * 1.17 - 7, -8, 14, 5, 2), second);
      }
    });
  },
};

const sandbox: Kind = {
  width: 116,
  height: 38,
  metres: 0.5,
  draw(pen, { colour, second }) {
    pen.fill(poly(-44, -34, 46, -34, 58, -10, -58, -10), [214, 188, 138], { material: "stone" });
    pen.fill(blob(-18, -18, -4, -30, 12, -18, 0, -13), [226, 200, 150], { material: "stone" });
    pen.fill(poly(20, -26, 34, -26, 31, -14, 23, -14), second);
    pen.line(open(-36, -18, -26, -28), shade(second, -0.3), 2.4);
    pen.fill(poly(-44, -36, 46, -36, 47, -31, -45, -31), shade(colour, -0.2), { material: "wood" });
    pen.fill(poly(-59, -12, 59, -12, 60, 0, -60, 0), colour, { material: "wood" });
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

const parasol: Kind = {
  width: 110,
  height: 118,
  metres: 2.3,
  lean: 9,
  draw(pen, { colour, second }) {
    pen.line(open(0, -108, 0, 0), [226, 220, 206], 3);
    pen.fill(`M-55 -78Q-44 -114 0 -116Q44 -114 55 -78Q0 -90 -55 -78z`, colour, {
      to: shade(colour, -0.2),
      material: "fabric",
    });
    pen.mark(`M-33 -82Q-28 -108 0 -116Q-10 -104 -12 -85z`, second);
    pen.mark(`M33 -82Q28 -108 0 -116Q10 -104 12 -85z`, second);
  },
};

const deckChair: Kind = {
  width: 100,
  height: 74,
  metres: 0.9,
  draw(pen, { colour, second }) {
    const wood: Rgb = [176, 132, 84];
    pen.line(open(-42, -70, 40, 0), wood, 3.4);
    pen.line(open(30, -34, -26, 0), shade(wood, -0.2), 3.4);
    pen.fill(blob(-44, -72, -34, -70, -14, -34, 30, -32, 34, -26, -20, -24, -38, -56), colour, { material: "fabric" });
    pen.scratch(curve(-38, -68, -17, -30, 30, -29), second, 3);
    pen.line(open(-48, -66, 34, 4 - 4), shade(wood, 0.1), 3);
  },
};

const sandcastle: Kind = {
  width: 92,
  height: 66,
  metres: 0.5,
  draw(pen, { colour }) {
    const sand: Rgb = [206, 176, 122];
    const ink = { material: "stone" } as const;
    pen.fill(blob(-46, 0, -38, -14, 0, -20, 38, -14, 46, 0), shade(sand, -0.1), ink);
    for (const [x, h] of [
      [-26, 40],
      [26, 38],
      [0, 56],
    ]) {
      pen.fill(poly(x - 11, -h, x + 11, -h, x + 13, -8, x - 13, -8), sand, {
        across: true,
        to: shade(sand, -0.3),
        ...ink,
      });
      for (const dx of [-9, -1.5, 6]) pen.fill(rect(x + dx, -h - 5, 4, 6), sand, ink);
    }
    pen.mark(`M-5 -8L-5 -18Q0 -25 5 -18L5 -8z`, shade(sand, -0.55));
    pen.line(open(0, -56, 0, -66), IRON, 1.6);
    pen.fill(poly(0, -66, 12, -63, 0, -59), colour);
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

const grill: Kind = {
  width: 70,
  height: 84,
  metres: 0.9,
  top: { height: 76, width: 50 },
  draw(pen, { colour }) {
    for (const x of [-18, 18]) pen.line(open(x * 0.8, -50, x * 1.4, 0), IRON, 3);
    pen.fill(`M-34 -70Q-30 -40 0 -40Q30 -40 34 -70z`, colour, {
      across: true,
      to: shade(colour, -0.5),
      material: "metal",
    });
    pen.fill(oval(0, -71, 34, 6), [52, 50, 50]);
    for (const x of [-20, -8, 6, 18]) pen.mark(oval(x, -71, 4, 2), [230, 110, 40]);
    for (let x = -28; x < 30; x += 7) pen.scratch(open(x, -73, x + 3, -69), [150, 150, 154], 0.9);
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

const pond: Kind = {
  width: 130,
  height: 34,
  metres: 0.6,
  draw(pen, { random }) {
    const water: Rgb = mix([84, 130, 160], [60, 110, 110], random());
    pen.fill(blob(-65, -16, -36, -31, 10, -34, 56, -26, 65, -12, 34, -1, -20, 0), shade(water, -0.45), {
      material: "stone",
    });
    pen.fill(blob(-60, -16, -34, -28, 10, -31, 52, -24, 60, -12, 32, -4, -18, -3), water, {
      to: shade(water, 0.25),
      material: "water",
    });
    for (const [x, y] of [
      [-20, -20],
      [14, -12],
      [26, -22],
    ])
      pen.scratch(curve(x - 9, y, x, y - 2, x + 9, y), shade(water, 0.5), 1.2);
  },
};

/** Its foot is the hand that holds it; the line hangs over the water, to the right. */
const fishingRod: Kind = {
  width: 70,
  height: 52,
  metres: 0.9,
  draw(pen, { colour }) {
    pen.line(curve(-10, 8, 24, -22, 64, -46), shade(colour, -0.3), 2.2);
    pen.line(open(64, -46, 66, 40), [226, 226, 220], 0.9);
    pen.fill(oval(66, 42, 3, 4), [214, 60, 50]);
    pen.fill(oval(4, -3, 3.4), IRON);
  },
};

/** From the hand that holds it to a dog's collar, to the right. */
const leash: Kind = {
  width: 42,
  height: 4,
  metres: 0.3,
  draw(pen, { colour }) {
    pen.line(curve(0, 0, 16, 18, 30, 26, 43, 29), shade(colour, -0.2), 1.8);
  },
};

export const OUTDOORS = {
  grill,
  pole,
  pond,
  fishingRod,
  leash,
  streetLamp,
  trafficLight,
  hydrant,
  bin,
  swing,
  slide,
  seesaw,
  sandbox,
  fountain,
  parasol,
  deckChair,
  sandcastle,
  house,
  tower,
  fence,
  signboard,
  stall,
} as const;
