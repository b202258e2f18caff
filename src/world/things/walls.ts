import { between, happens, pick, whole } from "../pen/chance.js";
import { type Rgb, hsl, mix, shade } from "../pen/colour.js";
import { blob, curve, open, oval, poly, rect } from "../pen/path.js";
import type { Pen } from "../pen/pen.js";
import type { Kind } from "./kind.js";

const window: Kind = {
  width: 74,
  height: 84,
  metres: 1.4,
  draw(pen, { colour, random }) {
    const frame = happens(random, 0.6) ? mix([236, 232, 224], colour, 0.1) : mix([120, 86, 56], colour, 0.3);
    pen.fill(rect(-37, -84, 74, 82), frame);
    const sky = hsl(between(random, 190, 230), between(random, 0.15, 0.5), between(random, 0.55, 0.85));
    pen.mark(rect(-32, -79, 64, 72), sky, { to: shade(sky, 0.35) });
    pen.mark(blob(-32, -24, -14, -36, 6, -26, 32, -34, 32, -7, -32, -7), hsl(between(random, 80, 130), 0.28, 0.36));
    pen.mark(rect(-1.5, -79, 3, 72), frame);
    if (happens(random, 0.6)) pen.mark(rect(-32, -46, 64, 3), frame);
    pen.mark(poly(-28, -76, -8, -76, -28, -40), [255, 255, 255], { opacity: 0.2 });
    pen.fill(rect(-40, -5, 80, 5), shade(frame, -0.15));
  },
};

const curtain: Kind = {
  width: 100,
  height: 104,
  metres: 2,
  draw(pen, { colour, second }) {
    pen.line(open(-50, -102, 50, -102), shade(second, -0.4), 3);
    for (const side of [-1, 1]) {
      pen.fill(
        blob(
          side * 48,
          -102,
          side * 24,
          -102,
          side * 26,
          -60,
          side * 32,
          -30,
          side * 25,
          0,
          side * 49,
          0,
          side * 50,
          -50,
        ),
        colour,
        { to: shade(colour, -0.25), material: "fabric" },
      );
      for (const x of [29, 36, 43])
        pen.scratch(curve(side * x, -100, side * (x + 1), -50, side * x, -2), shade(colour, -0.35), 1.6);
    }
  },
};

const door: Kind = {
  width: 52,
  height: 112,
  metres: 2.05,
  draw(pen, { colour, random }) {
    const wood = mix(colour, [190, 160, 120], 0.4);
    pen.fill(rect(-26, -112, 52, 112), shade(wood, 0.35));
    pen.fill(rect(-22, -108, 44, 108), wood, { material: "woodUpright" });
    const panels = pick(random, [
      [-102, 44],
      [-102, 20],
    ]);
    for (const x of [-17, 2]) {
      pen.scratch(rect(x, panels[0], 15, panels[1]), shade(wood, -0.4), 1.2);
      pen.scratch(rect(x, -48, 15, 38), shade(wood, -0.4), 1.2);
    }
    pen.mark(oval(17, -54, 2.4), [220, 192, 110]);
  },
};

const picture: Kind = {
  width: 86,
  height: 68,
  metres: 0.6,
  lean: 3,
  draw(pen, { colour, second, third, random }) {
    pen.fill(rect(-43, -68, 86, 68), shade(third, -0.2));
    pen.mark(rect(-37, -62, 74, 56), [240, 236, 226]);
    if (happens(random, 0.5)) {
      pen.mark(rect(-31, -57, 62, 46), mix([180, 206, 226], second, 0.3));
      pen.mark(poly(-31, -11, -31, -26, -10, -46, 8, -28, 18, -36, 31, -22, 31, -11), colour);
      pen.mark(oval(16, -48, 5), [246, 220, 120]);
    } else {
      pen.mark(rect(-31, -57, 62, 46), shade(second, 0.2));
      for (let i = 0; i < 5; i++)
        pen.mark(
          oval(between(random, -24, 24), between(random, -50, -18), between(random, 4, 12)),
          i % 2 ? colour : third,
        );
    }
  },
};

const mirror: Kind = {
  width: 60,
  height: 78,
  metres: 0.8,
  draw(pen, { second, random }) {
    const round = happens(random, 0.5);
    const outer = round ? oval(0, -39, 30, 39) : rect(-30, -78, 60, 78, 5);
    const inner = round ? oval(0, -39, 26, 35) : rect(-26, -74, 52, 70, 3);
    pen.fill(outer, shade(second, -0.1));
    pen.mark(inner, [206, 220, 226], { to: [150, 168, 180], across: true });
    pen.mark(poly(-14, -66, -2, -70, -16, -20, -22, -34), [255, 255, 255], { opacity: 0.4 });
  },
};

const chandelier: Kind = {
  width: 84,
  height: 70,
  metres: 0.7,
  draw(pen, { colour, second, random }) {
    const iron = shade(second, -0.5);
    pen.line(open(0, -70, 0, -34), iron, 2.4);
    if (happens(random, 0.5)) {
      pen.fill(blob(-10, -40, -38, -8, -38, -2, 0, 0, 38, -2, 38, -8, 10, -40), colour, { to: shade(colour, 0.3) });
      pen.mark(oval(0, -3, 34, 3.5), [255, 244, 200]);
      return;
    }
    for (const x of [-34, -17, 17, 34]) {
      pen.line(`M0 -30Q${x * 0.5} -2 ${x} -20`, iron, 2.4);
      pen.fill(poly(x - 6, -22, x + 6, -22, x + 3, -36, x - 3, -36), [250, 236, 190]);
    }
    pen.fill(oval(0, -30, 5, 8), iron);
  },
};

const blackboard: Kind = {
  width: 120,
  height: 66,
  metres: 1.3,
  draw(pen, { colour, random }) {
    const board: Rgb = happens(random, 0.6) ? [44, 74, 60] : [52, 56, 60];
    pen.fill(rect(-60, -66, 120, 64, 2), mix([156, 116, 72], colour, 0.25), { material: "wood" });
    pen.mark(rect(-56, -62, 112, 55), board, { to: shade(board, 0.12) });
    const chalk: Rgb = [226, 228, 220];
    for (let row = whole(random, 1, 3); row > 0; row--)
      chalkLine(pen, random, -46, -62 + row * 13, between(random, 30, 60), chalk);
    if (happens(random, 0.7)) {
      pen.scratch(poly(22, -20, 46, -20, 34, -48), chalk, 1.4, { opacity: 0.8 });
      pen.scratch(open(34, -48, 34, -20), chalk, 1, { opacity: 0.8 });
    } else pen.scratch(oval(34, -34, 13), chalk, 1.4, { opacity: 0.8 });
    pen.fill(rect(-58, -5, 116, 4), shade([156, 116, 72], -0.3));
    for (const x of [-20, 14]) pen.mark(rect(x, -7, 8, 2.5), chalk);
  },
};

const map: Kind = {
  width: 80,
  height: 64,
  metres: 1,
  draw(pen, { second, third }) {
    pen.fill(rect(-40, -62, 80, 60), [180, 208, 222], { material: "paper" });
    pen.mark(blob(-30, -48, -12, -54, -8, -38, -20, -26, -32, -34), mix([180, 190, 120], second, 0.3));
    pen.mark(blob(2, -50, 24, -54, 32, -40, 18, -24, 10, -34), mix([206, 180, 120], third, 0.3));
    pen.mark(blob(-10, -22, 4, -26, 8, -14, -6, -10), mix([170, 160, 110], second, 0.2));
    for (const y of [-63, -2]) pen.line(open(-42, y, 42, y), [96, 70, 46], 3);
  },
};

const shelf: Kind = {
  width: 100,
  height: 40,
  metres: 0.5,
  draw(pen, { colour, random }) {
    let x = -44;
    while (x < 36) {
      const width = between(random, 4, 12);
      const tint: Rgb = [between(random, 50, 230), between(random, 50, 220), between(random, 50, 220)];
      pen.fill(rect(x, -8 - between(random, 14, 28), width, 30, 1), tint, { across: true, to: shade(tint, -0.3) });
      x += width + between(random, 1, 8);
    }
    pen.fill(rect(-50, -8, 100, 8), mix(colour, [180, 150, 110], 0.5), { material: "wood" });
  },
};

function chalkLine(pen: Pen, random: () => number, x: number, y: number, width: number, chalk: Rgb): void {
  let path = `M${x} ${y}`;
  for (let dx = 4; dx < width; dx += 4) path += `l${(3 + random()).toFixed(2)} ${((random() - 0.5) * 6).toFixed(2)}`;
  pen.scratch(path, chalk, 1.3, { opacity: 0.8 });
}

const rug: Kind = {
  width: 120,
  height: 26,
  metres: 0.5,
  draw(pen, { colour, second, random }) {
    if (happens(random, 0.5)) {
      pen.fill(oval(0, -13, 60, 13), colour, { material: "carpet" });
      pen.mark(oval(0, -13, 50, 10), shade(second, 0.2));
      pen.mark(oval(0, -13, 42, 8), colour);
      return;
    }
    pen.fill(poly(-46, -26, 46, -26, 60, 0, -60, 0), colour, { material: "carpet" });
    pen.mark(poly(-40, -23, 40, -23, 51, -4, -51, -4), second);
    pen.mark(poly(-35, -21, 35, -21, 44, -7, -44, -7), shade(colour, 0.15));
  },
};

const ledge: Kind = {
  width: 100,
  height: 14,
  metres: 0.1,
  draw(pen, { colour, random }) {
    const wood = mix(colour, [170, 140, 104], 0.6);
    if (happens(random, 0.5)) for (const x of [-30, 30]) pen.fill(poly(x - 2, -8, x + 2, -8, x, 0), shade(wood, -0.5));
    pen.fill(poly(-50, -10, -46, -14, 46, -14, 50, -10), shade(wood, 0.2), { material: "wood" });
    pen.fill(rect(-50, -10, 100, 4), wood, { to: shade(wood, -0.3), material: "wood" });
  },
};

export const WALLS = {
  ledge,
  window,
  curtain,
  door,
  picture,
  mirror,
  chandelier,
  blackboard,
  map,
  shelf,
  rug,
} as const;
