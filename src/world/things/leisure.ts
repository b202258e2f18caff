import { between, pick } from "../pen/chance.js";
import { type Rgb, mix, shade } from "../pen/colour.js";
import { blob, curve, open, oval, poly, rect } from "../pen/path.js";
import type { Kind } from "./kind.js";

const IRON: Rgb = [62, 64, 70];

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

export const LEISURE = {
  swing,
  slide,
  seesaw,
  sandbox,
  parasol,
  deckChair,
  sandcastle,
  grill,
  pond,
  fishingRod,
  leash,
} as const;
