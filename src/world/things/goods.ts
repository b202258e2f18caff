import { between, happens, pick, whole } from "../pen/chance.js";
import { type Rgb, mix, shade } from "../pen/colour.js";
import { blob, curve, open, oval, poly, polar, rect } from "../pen/path.js";
import type { Kind } from "./kind.js";
import { block } from "./solids.js";

const DARK: Rgb = [38, 38, 44];

const book: Kind = {
  width: 92,
  height: 62,
  metres: 0.24,
  lean: 12,
  draw(pen, { colour, second, random, pose }) {
    if (pose === "open" || happens(random, 0.5)) {
      const page: Rgb = [238, 232, 216];
      pen.fill(poly(-46, -50, 0, -44, 46, -50, 46, -4, 0, 0, -46, -4), colour);
      pen.fill(blob(-43, -56, -22, -62, 0, -50, 0, -4, -20, -12, -43, -8), page, {
        to: shade(page, -0.2),
        across: true,
        material: "paper",
      });
      pen.fill(blob(43, -56, 22, -62, 0, -50, 0, -4, 20, -12, 43, -8), page, {
        to: shade(page, -0.12),
        material: "paper",
      });
      for (let y = -48; y < -16; y += 5) {
        pen.scratch(curve(-38, y, -22, y - 4, -5, y + 5), [120, 116, 112], 0.9);
        pen.scratch(curve(38, y, 22, y - 4, 5, y + 5), [120, 116, 112], 0.9);
      }
      return;
    }
    pen.fill(poly(-38, -8, -30, 0, 44, -6, 38, -14), shade(colour, -0.4));
    pen.fill(poly(-36, -10, -29, -3, 43, -9, 40, -16), [236, 230, 214], { material: "paper" });
    pen.fill(poly(-38, -12, -22, -60, 46, -60, 40, -16), colour, { to: shade(colour, -0.25), material: "paper" });
    pen.mark(poly(-24, -22, -13, -54, -8, -54, -19, -22), shade(colour, -0.4));
    pen.mark(poly(-8, -38, -3, -52, 34, -52, 30, -38), shade(second, 0.4));
    pen.scratch(open(-10, -28, 26, -29), shade(second, 0.5), 2);
  },
};

const phone: Kind = {
  width: 48,
  height: 96,
  metres: 0.15,
  lean: 18,
  draw(pen, { colour, second, random }) {
    pen.fill(rect(-23, -96, 46, 96, 8), DARK);
    pen.fill(rect(-21.5, -94.5, 43, 93, 7), colour, { to: shade(colour, -0.3) });
    pen.mark(rect(-18, -86, 36, 76, 2), [28, 32, 44], { to: mix([120, 160, 200], second, 0.5) });
    for (let row = 0; row < 4; row++) {
      for (let column = 0; column < 3; column++) {
        if (happens(random, 0.8)) {
          const tint: Rgb = [between(random, 60, 250), between(random, 60, 250), between(random, 60, 250)];
          pen.mark(rect(-15 + column * 11, -76 + row * 15, 8, 8, 2), tint);
        }
      }
    }
    pen.mark(rect(-6, -91.5, 12, 2.4, 1.2), DARK);
    pen.mark(oval(0, -5.5, 3), DARK);
    pen.mark(poly(-18, -86, 4, -86, -18, -30), [255, 255, 255], { opacity: 0.14 });
  },
};

const guitar: Kind = {
  width: 44,
  height: 112,
  metres: 1,
  lean: 24,
  draw(pen, { colour, second, random }) {
    const body = happens(random, 0.75)
      ? blob(-14, -46, 0, -44, 14, -46, 16, -36, 12, -29, 21, -16, 16, -3, 0, 0, -16, -3, -21, -16, -12, -29, -16, -36)
      : blob(
          -18,
          -48,
          -8,
          -38,
          8,
          -40,
          20,
          -50,
          15,
          -34,
          14,
          -26,
          22,
          -12,
          12,
          -1,
          -12,
          -1,
          -22,
          -12,
          -14,
          -26,
          -15,
          -34,
        );
    pen.fill(rect(-3, -98, 6, 66), shade(second, -0.5), { material: "woodUpright" });
    pen.fill(poly(-5, -98, 5, -98, 6, -112, -6, -112), shade(second, -0.3));
    for (const y of [-101, -105, -109]) pen.line(open(-8, y, 8, y), [214, 208, 190], 1.8);
    pen.fill(body, colour, { to: shade(colour, -0.3), material: "woodUpright" });
    pen.mark(oval(0, -33, 6.5), shade(colour, -0.75));
    pen.mark(rect(-8, -13, 16, 3.5, 1), shade(colour, -0.6));
    for (let y = -94; y < -42; y += 8) pen.scratch(open(-3, y, 3, y), [200, 200, 190], 0.7);
    for (const x of [-1.6, 0, 1.6]) pen.scratch(open(x, -98, x, -12), [232, 228, 214], 0.5);
  },
};

const umbrella: Kind = {
  width: 104,
  height: 92,
  metres: 0.9,
  lean: 22,
  draw(pen, { colour, second, random }) {
    pen.line(open(0, -60, 0, -8), DARK, 3);
    pen.line(curve(0, -8, 1, 0, 8, 0, 9, -7), shade(second, -0.3), 4);
    const two = happens(random, 0.5) ? shade(colour, 0.35) : second;
    const rim = [-52, -26, 0, 26, 52];
    pen.fill(`M-52 -46C-46 -98 46 -98 52 -46Q39 -56 26 -46Q13 -56 0 -46Q-13 -56 -26 -46Q-39 -56 -52 -46z`, colour, {
      to: shade(colour, -0.25),
      material: "fabric",
    });
    pen.mark(`M-26 -46C-26 -66 -14 -82 0 -84Q-2 -62 0 -46Q-13 -56 -26 -46z`, two);
    pen.mark(`M52 -46C50 -70 26 -84 0 -84C14 -82 26 -66 26 -46Q39 -56 52 -46z`, two, { opacity: 0.9 });
    for (const x of rim) pen.scratch(curve(x, -46, x * 0.8, -66, 0, -84), shade(colour, -0.4), 0.9);
    pen.line(open(0, -84, 0, -91), DARK, 2.4);
  },
};

const ball: Kind = {
  width: 80,
  height: 80,
  metres: 0.24,
  lean: 40,
  draw(pen, { colour, second, random }) {
    const style = pick(random, ["panels", "stripes", "seams"]);
    pen.fill(oval(0, -40, 40), shade(colour, 0.25), { to: shade(colour, -0.45), radial: true });
    pen.inside(oval(0, -40, 40), () => {
      if (style === "panels") {
        const spot: Rgb = shade(second, -0.55);
        pen.mark(pentagon(0, -40, 13), spot);
        for (let i = 0; i < 5; i++) {
          const [x, y] = polar(0, -40, 36, 90 + i * 72);
          pen.mark(pentagon(x, y, 12), spot);
          pen.scratch(open(...polar(0, -40, 13, 90 + i * 72), x, y), spot, 1.2);
        }
      } else if (style === "stripes") {
        for (const [bend, tint] of [
          [-30, second],
          [30, shade(second, 0.5)],
        ] as const) {
          pen.mark(
            `M${bend - 10} -82Q${bend * 0.2} -40 ${bend - 10} 2L${bend + 10} 2Q${bend * 1.3} -40 ${bend + 10} -82z`,
            tint,
          );
        }
      } else {
        for (const bend of [-34, 0, 34]) pen.scratch(curve(bend, -82, bend * 0.3, -40, bend, 2), DARK, 2);
        pen.scratch(open(-42, -40, 42, -40), DARK, 2);
      }
      pen.mark(oval(-14, -58, 12, 8), [255, 255, 255], { opacity: 0.3 });
    });
  },
};

const clock: Kind = {
  width: 88,
  height: 88,
  metres: 0.35,
  lean: 6,
  draw(pen, { colour, second, random }) {
    const round = happens(random, 0.7);
    const outline = round ? oval(0, -44, 44) : rect(-42, -86, 84, 84, 12);
    pen.fill(outline, colour, { to: shade(colour, -0.3) });
    pen.mark(round ? oval(0, -44, 36) : oval(0, -44, 35), mix([246, 243, 232], second, 0.12));
    for (let i = 0; i < 12; i++) {
      const long = i % 3 === 0;
      pen.scratch(open(...polar(0, -44, long ? 26 : 30, i * 30), ...polar(0, -44, 33, i * 30)), DARK, long ? 3 : 1.6);
    }
    pen.scratch(open(0, -44, ...polar(0, -44, 19, between(random, 0, 360))), DARK, 4);
    pen.scratch(open(0, -44, ...polar(0, -44, 28, between(random, 0, 360))), DARK, 2.6);
    pen.mark(oval(0, -44, 3), [190, 40, 40]);
  },
};

const laptop: Kind = {
  width: 96,
  height: 66,
  metres: 0.26,
  draw(pen, { colour, second, random }) {
    const metal = mix(colour, [150, 152, 158], 0.45);
    pen.fill(poly(-36, -66, 40, -66, 36, -18, -36, -18), shade(metal, -0.4));
    const screen = poly(-32, -62, 36, -62, 33, -21, -33, -21);
    pen.mark(screen, mix([210, 224, 236], second, 0.25), { to: mix([90, 120, 160], second, 0.4) });
    for (let i = whole(random, 2, 5); i > 0; i--) {
      pen.mark(rect(between(random, -28, 0), -58 + i * 6, between(random, 10, 26), 3), shade(second, -0.2));
    }
    pen.fill(poly(-36, -18, 36, -18, 48, -3, -48, -3), metal, { material: "metal" });
    pen.fill(poly(-48, -3, 48, -3, 47, 0, -47, 0), shade(metal, -0.45));
    for (let row = 0; row < 3; row++) {
      const y = -15 + row * 3.4;
      const half = 31 + row * 3;
      for (let key = 0; key < 9; key++)
        pen.mark(rect(-half + key * ((2 * half) / 9), y, (2 * half) / 9 - 1.4, 2.4), DARK);
    }
  },
};

const monitor: Kind = {
  width: 76,
  height: 66,
  metres: 0.5,
  draw(pen, { second, random }) {
    pen.fill(oval(0, -2, 18, 4), DARK);
    pen.fill(rect(-3, -18, 6, 16), DARK);
    pen.fill(rect(-38, -66, 76, 50, 3), DARK);
    pen.mark(rect(-35, -63, 70, 43, 1), mix([200, 216, 232], second, 0.3), { to: mix([70, 100, 150], second, 0.5) });
    for (let i = whole(random, 3, 7); i > 0; i--) {
      pen.mark(rect(between(random, -32, 4), -60 + i * 5, between(random, 8, 28), 2.5), shade(second, 0.3));
    }
  },
};

const keyboard: Kind = {
  width: 70,
  height: 16,
  metres: 0.1,
  draw(pen, { random }) {
    const base: Rgb = happens(random, 0.5) ? [60, 60, 66] : [206, 206, 208];
    pen.fill(poly(-30, -14, 30, -14, 36, -2, -36, -2), base);
    for (let row = 0; row < 3; row++) {
      for (let key = 0; key < 11; key++)
        pen.mark(rect(-29 - row + key * 5.4, -12.6 + row * 3.5, 4.2, 2.5), shade(base, base[0] > 128 ? -0.3 : 0.4));
    }
  },
};

const globe: Kind = {
  width: 60,
  height: 84,
  metres: 0.45,
  draw(pen, { second }) {
    pen.fill(oval(0, -3, 20, 4), shade(second, -0.4));
    pen.fill(rect(-2, -16, 4, 14), shade(second, -0.4));
    pen.line(`M-18 -16A30 30 0 0 0 22 -70`, shade(second, -0.2), 3);
    pen.fill(oval(0, -44, 26), [90, 150, 200], { to: [40, 84, 140], radial: true });
    pen.mark(blob(-16, -58, -4, -62, -2, -48, -12, -40, -20, -46), [120, 160, 90]);
    pen.mark(blob(4, -52, 16, -56, 20, -42, 10, -28, 4, -38), [150, 160, 96]);
  },
};

const backpack: Kind = {
  width: 66,
  height: 92,
  metres: 0.5,
  lean: 8,
  draw(pen, { colour, second }) {
    const ink = { material: "fabric" } as const;
    pen.line(`M-8 -86C-8 -96 8 -96 8 -86`, shade(colour, -0.4), 3.5);
    pen.line(curve(-26, -70, -38, -40, -26, -8), shade(colour, -0.4), 5);
    pen.line(curve(26, -70, 38, -40, 26, -8), shade(colour, -0.4), 5);
    pen.fill(blob(-28, -4, -30, -50, -22, -80, 0, -90, 22, -80, 30, -50, 28, -4, 0, 0), colour, {
      to: shade(colour, -0.3),
      ...ink,
    });
    pen.fill(rect(-20, -40, 40, 34, 8), shade(second, 0.1), { to: shade(second, -0.25), ...ink });
    pen.scratch(open(-16, -34, 16, -34), shade(second, -0.5), 1.6);
    pen.scratch(curve(-24, -52, 0, -60, 24, -52), shade(colour, -0.5), 2);
    pen.mark(rect(12, -35, 3, 7), [220, 220, 210]);
  },
};

const kite: Kind = {
  width: 70,
  height: 112,
  metres: 1,
  lean: 35,
  draw(pen, { colour, second }) {
    pen.line(curve(0, -34, -8, -24, 6, -14, -4, -2), shade(second, -0.2), 2);
    for (const [x, y] of [
      [-4, -24],
      [3, -14],
      [-3, -4],
    ])
      pen.fill(poly(x - 7, y - 4, x, y, x - 7, y + 4, x + 7, y - 4, x, y, x + 7, y + 4), second);
    pen.fill(poly(0, -112, 35, -76, 0, -34, -35, -76), colour, { material: "fabric" });
    pen.mark(poly(0, -112, 35, -76, 0, -76), second);
    pen.mark(poly(0, -34, -35, -76, 0, -76), shade(second, 0.3));
    pen.scratch(open(0, -112, 0, -34), DARK, 1.4);
    pen.scratch(open(-35, -76, 35, -76), DARK, 1.4);
  },
};

const hat: Kind = {
  width: 96,
  height: 48,
  metres: 0.16,
  lean: 14,
  draw(pen, { colour, second }) {
    pen.fill(oval(0, -9, 48, 9), colour, { to: shade(colour, -0.3), material: "fabric" });
    pen.fill(blob(-26, -10, -25, -36, -12, -47, 0, -42, 12, -47, 25, -36, 26, -10, 0, -5), colour, {
      across: true,
      to: shade(colour, -0.3),
      material: "fabric",
    });
    pen.mark(`M-26 -11Q0 -4 26 -11L26 -19Q0 -12 -26 -19z`, second);
  },
};

const box: Kind = {
  width: 84,
  height: 76,
  metres: 0.4,
  draw(pen, { colour, second }) {
    block(pen, [-42, -58, 66, 58], [18, 16], mix(colour, [170, 130, 86], 0.5), { material: "paper" });
    pen.mark(rect(-14, -58, 10, 22), shade(second, 0.3));
  },
};

function pentagon(cx: number, cy: number, radius: number): string {
  return poly(...[0, 1, 2, 3, 4].flatMap((i) => polar(cx, cy, radius, 90 + i * 72)));
}

export const GOODS = {
  book,
  phone,
  guitar,
  umbrella,
  ball,
  clock,
  laptop,
  monitor,
  keyboard,
  globe,
  backpack,
  kite,
  hat,
  box,
} as const;
