import { between, happens, pick, whole } from "../pen/chance.js";
import { type Rgb, mix, shade } from "../pen/colour.js";
import { blob, curve, open, oval, poly, rect } from "../pen/path.js";
import type { Kind } from "./kind.js";
import { block, legs } from "./solids.js";

const chair: Kind = {
  width: 52,
  height: 100,
  metres: 0.95,
  top: { height: 46, width: 20 },
  draw(pen, { colour, second, random }) {
    const wood = happens(random, 0.6) ? colour : mix(colour, second, 0.5);
    const dark = shade(wood, -0.35);
    const back = pick(random, ["slats", "ladder", "panel"]);
    const lean = between(random, 2, 7);
    legs(pen, [-15, 21], -46, -4, 4.5, dark);
    pen.fill(poly(-20, -50, -16 - lean, -98, -11 - lean, -98, -15, -48), wood);
    pen.fill(poly(15, -50, 15 - lean, -98, 20 - lean, -98, 20, -48), wood);
    if (back === "panel") {
      pen.fill(poly(-16 - lean, -96, 18 - lean, -96, 17, -62, -18, -62), colour, {
        to: shade(colour, -0.2),
        material: "fabric",
      });
    } else if (back === "ladder") {
      for (const y of [-94, -80, -66]) pen.fill(rect(-17 - lean * (-(y + 50) / 50), y, 35, 6, 2), wood);
    } else {
      pen.fill(rect(-17 - lean, -98, 36, 7, 3), wood);
      for (const x of [-7, 1, 9]) pen.line(open(x, -50, x - lean, -93), wood, 3);
    }
    legs(pen, [-21, 15], -46, 0, 5, wood);
    pen.fill(poly(-25, -44, -17, -54, 25, -54, 19, -44), shade(colour, 0.15), { material: "fabric" });
    pen.fill(rect(-25, -45, 44, 5, 2), shade(colour, -0.1));
    if (happens(random, 0.5)) pen.fill(rect(-20, -18, 36, 3), dark);
  },
};

const table: Kind = {
  width: 104,
  height: 66,
  metres: 0.75,
  top: { height: 58, width: 84 },
  draw(pen, { colour, second, random }) {
    const dark = shade(colour, -0.3);
    if (happens(random, 0.35)) {
      pen.fill(poly(-4, -52, 4, -52, 5, -8, -5, -8), dark);
      pen.fill(oval(0, -5, 22, 5), dark);
      pen.fill(oval(0, -55, 52, 11), shade(colour, -0.25));
      pen.fill(oval(0, -57, 52, 11), colour, { to: shade(colour, 0.25), material: "wood" });
      return;
    }
    legs(pen, [-36, 42], -54, -6, 5, shade(dark, -0.2));
    legs(pen, [-46, 34], -50, 0, 6, dark);
    pen.fill(poly(-52, -50, -36, -66, 52, -66, 42, -50), shade(colour, 0.12), { material: "wood" });
    pen.fill(rect(-52, -51, 94, 6), colour, { to: dark });
    if (happens(random, 0.35)) {
      pen.fill(poly(-20, -50, -10, -66, 22, -66, 18, -50), shade(second, 0.2), { material: "fabric" });
      pen.fill(rect(-20, -51, 38, 12), second, { material: "fabric" });
    }
  },
};

const sofa: Kind = {
  width: 112,
  height: 56,
  metres: 0.85,
  top: { height: 24, width: 70 },
  draw(pen, { colour, second, random }) {
    const dark = shade(colour, -0.25);
    const ink = { material: "fabric" } as const;
    legs(pen, [-46, 46], -8, 0, 5, shade(second, -0.4));
    pen.fill(blob(-44, -10, -46, -48, -20, -56, 0, -53, 20, -56, 46, -48, 44, -10), dark, ink);
    pen.fill(rect(-42, -50, 41, 30, 6), colour, { to: shade(colour, -0.15), ...ink });
    pen.fill(rect(1, -50, 41, 30, 6), colour, { to: shade(colour, -0.15), ...ink });
    pen.fill(rect(-44, -28, 44, 14, 5), shade(colour, 0.15), ink);
    pen.fill(rect(0, -28, 44, 14, 5), shade(colour, 0.15), ink);
    pen.fill(rect(-46, -16, 92, 12, 3), colour, ink);
    pen.fill(rect(-56, -38, 15, 34, 7), shade(colour, 0.05), { to: dark, ...ink });
    pen.fill(rect(41, -38, 15, 34, 7), shade(colour, 0.05), { to: dark, ...ink });
    if (happens(random, 0.6)) {
      pen.group({ x: -26, y: -34, turn: between(random, -20, 20) }, () =>
        pen.fill(rect(-9, -9, 18, 18, 4), second, ink),
      );
    }
  },
};

const bed: Kind = {
  width: 116,
  height: 62,
  metres: 0.95,
  top: { height: 34, width: 70 },
  draw(pen, { colour, second, third, random }) {
    const wood = shade(third, -0.15);
    legs(pen, [-50, 52], -14, 0, 6, shade(wood, -0.3));
    pen.fill(rect(-58, -62, 10, 58, 4), wood, { material: "woodUpright" });
    pen.fill(poly(-50, -34, -36, -48, 56, -42, 56, -26), shade(second, 0.6), { material: "fabric" });
    pen.fill(blob(-46, -38, -40, -50, -22, -52, -18, -42, -28, -36), shade(second, 0.8), { material: "fabric" });
    pen.fill(blob(-18, -36, -10, -46, 20, -47, 56, -44, 58, -22, 20, -14, -16, -14), colour, {
      to: shade(colour, -0.25),
      material: "fabric",
    });
    const stripes = whole(random, 0, 3);
    for (let i = 0; i < stripes; i++) pen.scratch(curve(2 + i * 16, -46, 0 + i * 17, -30, 4 + i * 16, -14), second, 4);
    pen.fill(rect(-50, -22, 108, 12, 2), wood, { to: shade(wood, -0.3), material: "wood" });
    pen.fill(rect(52, -36, 7, 34, 3), wood, { material: "woodUpright" });
  },
};

const lamp: Kind = {
  width: 44,
  height: 100,
  metres: 0.6,
  lean: 4,
  draw(pen, { colour, second, random }) {
    const base = shade(second, -0.2);
    const style = pick(random, ["urn", "stick", "arm"]);
    if (style === "arm") {
      pen.fill(oval(0, -4, 18, 5), base);
      pen.line(open(0, -6, -12, -44, 8, -78), base, 4);
      pen.group({ x: 10, y: -80, turn: -35 }, () => {
        pen.fill(poly(-8, -8, 8, -8, 20, 16, -20, 16), colour, { across: true, to: shade(colour, -0.3) });
        pen.fill(oval(0, 16, 20, 4), [255, 240, 190]);
      });
      return;
    }
    if (style === "urn") {
      pen.fill(blob(-6, -56, -15, -36, -10, -6, 10, -6, 15, -36, 6, -56), base, {
        across: true,
        to: shade(base, -0.35),
      });
      pen.fill(rect(-12, -7, 24, 7, 2), shade(base, -0.2));
    } else {
      pen.fill(rect(-2.5, -60, 5, 58, 2), base);
      pen.fill(oval(0, -4, 16, 5), base);
    }
    const flare = between(random, 10, 16);
    pen.fill(poly(-flare, -100, flare, -100, 22, -56, -22, -56), mix(colour, [255, 236, 190], 0.35), {
      to: mix(colour, [255, 244, 214], 0.15),
      material: "fabric",
    });
    pen.mark(poly(-4, -98, 5, -98, 8, -58, -7, -58), [255, 246, 216], { opacity: 0.5 });
  },
};

const bench: Kind = {
  width: 108,
  height: 54,
  metres: 0.85,
  top: { height: 24, width: 80 },
  draw(pen, { colour, second, random }) {
    const iron = shade(second, -0.6);
    for (const x of [-42, 42]) {
      pen.line(open(x + 3, -52, x, -26, x - 4, 0), iron, 4.5);
      pen.line(open(x - 12, -24, x - 14, 0), iron, 4);
      pen.line(curve(x, -32, x - 10, -36, x - 14, -24), iron, 3.5);
    }
    const planks = whole(random, 2, 4);
    for (let i = 0; i < planks; i++) {
      const y = -53 + (i * 20) / planks;
      pen.fill(rect(-52, y, 104, 16 / planks, 1.5), colour, { to: shade(colour, -0.2), material: "wood" });
    }
    for (let i = 0; i < 3; i++) {
      pen.fill(
        poly(-54 - i * 2, -29 + i * 4, 52 - i * 2, -29 + i * 4, 50 - i * 2, -26 + i * 4, -56 - i * 2, -26 + i * 4),
        shade(colour, 0.12),
        { material: "wood" },
      );
    }
  },
};

const nightstand: Kind = {
  width: 50,
  height: 62,
  metres: 0.55,
  top: { height: 58, width: 40 },
  draw(pen, { colour, random }) {
    drawers(pen, [-22, -54, 40, 48], whole(random, 1, 3), colour);
    legs(pen, [-18, 14], -8, 0, 4, shade(colour, -0.4));
  },
};

const wardrobe: Kind = {
  width: 62,
  height: 104,
  metres: 2,
  draw(pen, { colour }) {
    block(pen, [-28, -96, 50, 94], [8, 7], colour, { material: "woodUpright" });
    pen.scratch(open(-3, -95, -3, -4), shade(colour, -0.5), 1.2);
    for (const x of [-24, 0]) {
      pen.scratch(rect(x, -90, 18, 54), shade(colour, -0.35), 1);
      pen.scratch(rect(x, -32, 18, 24), shade(colour, -0.35), 1);
    }
    pen.mark(oval(-6, -48, 1.4), [214, 190, 120]);
    pen.mark(oval(0, -48, 1.4), [214, 190, 120]);
  },
};

const bookshelf: Kind = {
  width: 72,
  height: 104,
  metres: 1.8,
  draw(pen, { colour, random }) {
    block(pen, [-34, -98, 62, 96], [7, 5], colour, { material: "woodUpright" });
    for (let row = 0; row < 4; row++) {
      const y = -94 + row * 23;
      pen.mark(rect(-31, y, 56, 20), shade(colour, -0.6));
      let x = -30;
      while (x < 20) {
        const width = between(random, 2.5, 6);
        const height = between(random, 12, 18);
        const spine: Rgb = [between(random, 40, 220), between(random, 40, 200), between(random, 40, 200)];
        if (happens(random, 0.85)) pen.mark(rect(x, y + 20 - height, width, height), spine);
        x += width + 0.4;
      }
    }
  },
};

const desk: Kind = {
  width: 112,
  height: 62,
  metres: 0.75,
  top: { height: 55, width: 84 },
  draw(pen, { colour, random }) {
    const side = happens(random, 0.5) ? -1 : 1;
    legs(pen, [-42 * side], -46, 0, 5, shade(colour, -0.4));
    drawers(pen, [side > 0 ? 12 : -44, -46, 32, 44], 3, shade(colour, -0.1));
    pen.fill(poly(-54, -48, -40, -62, 54, -62, 46, -48), shade(colour, 0.15), { material: "wood" });
    pen.fill(rect(-54, -49, 100, 5), colour);
  },
};

const officeChair: Kind = {
  width: 56,
  height: 100,
  metres: 1.1,
  draw(pen, { colour, second }) {
    const metal: Rgb = shade(second, -0.5);
    pen.line(open(-20, -3, 0, -14, 20, -3), metal, 4);
    pen.line(open(-8, -1, 0, -14, 9, -1), metal, 4);
    for (const x of [-20, -8, 9, 20]) pen.fill(oval(x, -2, 3), [30, 30, 34]);
    pen.fill(rect(-2.5, -42, 5, 30), metal);
    pen.fill(rect(-18, -100, 36, 46, 12), colour, { across: true, to: shade(colour, -0.3), material: "fabric" });
    pen.fill(rect(-24, -48, 48, 10, 5), shade(colour, 0.12), { material: "fabric" });
    pen.line(open(-25, -46, -27, -62, -18, -64), metal, 3.5);
    pen.line(open(25, -46, 27, -62, 18, -64), metal, 3.5);
  },
};

const schoolDesk: Kind = {
  width: 78,
  height: 66,
  metres: 0.8,
  top: { height: 58, width: 60 },
  draw(pen, { colour, second }) {
    const metal = shade(second, -0.3);
    for (const x of [-30, 28]) pen.line(open(x, -52, x + 3, 0, x - 8, 0), metal, 3.2);
    pen.line(open(-29, -16, 30, -16), metal, 3);
    pen.fill(poly(-38, -52, -28, -64, 38, -64, 32, -52), shade(colour, 0.2), { material: "wood" });
    pen.fill(rect(-38, -53, 70, 5), colour);
    pen.fill(rect(-32, -48, 56, 9), shade(colour, -0.35));
  },
};

function drawers(
  pen: Parameters<Kind["draw"]>[0],
  [x, y, width, height]: readonly [number, number, number, number],
  count: number,
  colour: Rgb,
): void {
  block(pen, [x, y, width, height], [7, 6], colour, { material: "wood" });
  for (let i = 0; i < count; i++) {
    const top = y + 3 + (i * (height - 4)) / count;
    pen.scratch(rect(x + 3, top, width - 6, (height - 4) / count - 3), shade(colour, -0.4), 0.9);
    pen.mark(oval(x + width / 2, top + (height - 4) / count / 2 - 1.5, 1.8), shade(colour, -0.6));
  }
}

export const FURNITURE = {
  chair,
  table,
  sofa,
  bed,
  lamp,
  bench,
  nightstand,
  wardrobe,
  bookshelf,
  desk,
  officeChair,
  schoolDesk,
} as const;
