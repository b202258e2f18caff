import { between, happens, pick, whole } from "../pen/chance.js";
import { type Rgb, mix, shade } from "../pen/colour.js";
import { blob, curve, open, oval, poly } from "../pen/path.js";
import type { Pen } from "../pen/pen.js";
import type { Kind } from "./kind.js";

const EYE: Rgb = [24, 22, 22];

const horse: Kind = {
  width: 108,
  height: 96,
  metres: 1.75,
  coat: true,
  draw(pen, { colour, random }) {
    const dark = shade(colour, -0.3);
    const mane = happens(random, 0.7) ? shade(colour, -0.65) : shade(colour, 0.6);
    const ink = { material: "fur" } as const;
    const stride = between(random, -7, 7);
    leg(pen, [-26, -42, -24 + stride, -22, -26 + stride * 1.4, -2], 6.5, dark);
    leg(pen, [24, -42, 22 - stride, -22, 24 - stride, -2], 6.5, dark);
    pen.line(curve(-38, -58, -48, -48, -48, -22), mane, 6, ink);
    pen.fill(blob(-40, -52, -34, -64, -8, -60, 18, -66, 32, -56, 30, -40, 10, -34, -18, -34, -36, -38), colour, {
      to: dark,
      ...ink,
    });
    const nod = between(random, -6, 10);
    pen.fill(blob(16, -60, 28, -80 + nod, 36, -92 + nod, 44, -88 + nod, 40, -74 + nod, 34, -50, 22, -48), colour, ink);
    pen.fill(blob(34, -92 + nod, 42, -93 + nod, 56, -78 + nod, 54, -70 + nod, 47, -71 + nod, 38, -80 + nod), colour, {
      to: dark,
      ...ink,
    });
    pen.fill(poly(35, -91 + nod, 36, -100 + nod, 41, -92 + nod), dark);
    pen.line(curve(36, -93 + nod, 28, -84 + nod, 18, -64), mane, 6, ink);
    leg(pen, [-32, -44, -34 - stride, -22, -32 - stride * 1.2, 0], 7.5, colour);
    leg(pen, [26, -44, 28 + stride, -22, 28 + stride, 0], 7.5, colour);
    pen.mark(oval(44, -84 + nod, 1.5), EYE);
    pen.mark(oval(53, -73 + nod, 1), EYE);
  },
};

const cow: Kind = {
  width: 112,
  height: 82,
  metres: 1.45,
  coat: true,
  draw(pen, { colour, random }) {
    const dark = shade(colour, -0.3);
    const ink = { material: "fur" } as const;
    const step = between(random, -4, 4);
    leg(pen, [-30, -34, -31 + step, -1], 8, dark);
    leg(pen, [22, -34, 22 - step, -1], 8, dark);
    pen.line(curve(-44, -60, -50, -40, -47, -20), dark, 2.6);
    pen.fill(oval(-47, -18, 3, 5), dark);
    pen.fill(blob(-45, -60, -20, -66, 16, -66, 34, -58, 32, -32, 8, -24, -26, -26, -44, -34), colour, {
      to: dark,
      ...ink,
    });
    pen.fill(oval(-18, -24, 7, 5), [222, 164, 158]);
    const patch = happens(random, 0.5) ? shade(colour, 0.75) : shade(colour, -0.65);
    pen.inside(blob(-45, -60, -20, -66, 16, -66, 34, -58, 32, -32, 8, -24, -26, -26, -44, -34), () => {
      for (let i = whole(random, 2, 4); i > 0; i--) {
        const [x, y, r] = [between(random, -40, 28), between(random, -62, -34), between(random, 7, 13)];
        pen.mark(blob(x - r, y, x, y - r * 0.8, x + r * 1.2, y - 2, x + 3, y + r), patch);
      }
    });
    leg(pen, [-36, -34, -36 - step, 0], 9, colour);
    leg(pen, [28, -36, 28 + step, 0], 9, colour);
    const nod = between(random, -8, 12);
    pen.line(curve(38, -76 + nod, 34, -82 + nod, 39, -86 + nod), [226, 214, 190], 3);
    pen.line(curve(46, -76 + nod, 52, -82 + nod, 48, -87 + nod), [226, 214, 190], 3);
    pen.fill(blob(24, -62, 34, -76 + nod, 50, -76 + nod, 56, -60 + nod, 50, -54 + nod, 36, -52 + nod / 2), colour, ink);
    pen.fill(blob(32, -72 + nod, 24, -74 + nod, 26, -67 + nod), dark);
    pen.fill(oval(53, -57 + nod, 6.5, 5.5), mix([224, 176, 168], colour, 0.25));
    pen.mark(oval(44, -69 + nod, 1.7), EYE);
    pen.mark(oval(55, -58 + nod, 1.1), EYE);
  },
};

const dog: Kind = {
  width: 100,
  height: 78,
  metres: 0.6,
  coat: true,
  draw(pen, { colour, second, random }) {
    const dark = shade(colour, -0.3);
    const ink = { material: "fur" } as const;
    const step = between(random, -6, 6);
    const tail = pick(random, [curve(-34, -48, -48, -56, -46, -74), curve(-34, -46, -50, -44, -54, -54)]);
    pen.line(tail, colour, 6, ink);
    leg(pen, [-24, -34, -20 + step, -16, -22 + step, -1], 7, dark);
    leg(pen, [18, -34, 20 - step, -16, 19 - step, -1], 7, dark);
    pen.fill(blob(-38, -44, -28, -54, 0, -52, 24, -56, 30, -42, 22, -28, -6, -30, -30, -26), colour, {
      to: dark,
      ...ink,
    });
    leg(pen, [-31, -36, -34 - step, -16, -31 - step, 0], 8.5, colour);
    leg(pen, [23, -38, 25 + step, -16, 24 + step, 0], 8, colour);
    const floppy = happens(random, 0.55);
    pen.line(open(22, -48, 30, -62), colour, 15, ink);
    pen.fill(blob(20, -66, 28, -77, 40, -73, 44, -66, 54, -62, 53, -55, 40, -53, 26, -54), colour, ink);
    pen.line(open(21, -50, 32, -46), second, 3.4);
    if (floppy) pen.fill(blob(22, -74, 30, -74, 28, -58, 20, -54, 16, -64), dark, ink);
    else pen.fill(poly(20, -70, 23, -88, 33, -74), dark, ink);
    pen.mark(oval(38, -67, 1.8), EYE);
    pen.mark(oval(53, -60, 2.6, 2.2), EYE);
  },
};

const cat: Kind = {
  width: 74,
  height: 92,
  metres: 0.42,
  coat: true,
  draw(pen, { colour, second, random }) {
    const dark = shade(colour, -0.3);
    const ink = { material: "fur" } as const;
    const side = happens(random, 0.5) ? 1 : -1;
    pen.line(curve(22 * side, -6, 40 * side, -12, 36 * side, -34, 42 * side, -48), colour, 6.5, ink);
    pen.fill(blob(-22, -4, -25, -28, -14, -52, 0, -58, 14, -52, 25, -28, 22, -4, 0, 0), colour, { to: dark, ...ink });
    pen.fill(poly(-21, -66, -21, -92, -6, -80), dark, ink);
    pen.fill(poly(21, -66, 21, -92, 6, -80), dark, ink);
    pen.fill(blob(-22, -66, -14, -82, 0, -84, 14, -82, 22, -66, 14, -52, 0, -48, -14, -52), colour, ink);
    for (const x of [-9, 9]) {
      pen.fill(oval(x, -5, 8, 5), shade(colour, 0.1), ink);
      pen.scratch(open(x * 0.6, -38, x * 0.7, -9), dark, 1.4);
      pen.mark(oval(x, -68, 4, 4.4), mix([170, 190, 70], second, 0.3));
      pen.mark(oval(x, -68, 1.5, 4), EYE);
      for (const dy of [-2, 2]) pen.scratch(open(x * 0.8, -58 + dy / 2, x * 2.8, -59 + dy * 2), [236, 236, 236], 0.8);
    }
    pen.mark(poly(-3, -61, 3, -61, 0, -57), [206, 120, 120]);
    if (happens(random, 0.5)) for (const y of [-24, -33, -42]) pen.scratch(curve(-18, y, 0, y - 5, 18, y), dark, 2.4);
    if (happens(random, 0.5)) for (const x of [-6, 0, 6]) pen.scratch(open(x, -83, x * 0.8, -76), dark, 2);
  },
};

const duck: Kind = {
  width: 84,
  height: 64,
  metres: 0.35,
  draw(pen, { colour, second, random }) {
    const plumage = mix(colour, [200, 190, 170], 0.4);
    const head = happens(random, 0.5) ? shade(second, -0.3) : plumage;
    pen.fill(blob(-42, -34, -30, -26, -6, -32, 22, -28, 28, -14, 12, -2, -18, -2, -34, -14), plumage, {
      to: shade(plumage, -0.3),
      material: "feather",
    });
    pen.fill(blob(-28, -26, -6, -30, 8, -22, -8, -12, -24, -16), shade(plumage, -0.25), { material: "feather" });
    pen.fill(blob(12, -28, 14, -50, 24, -60, 35, -54, 33, -42, 26, -22), head, { material: "feather" });
    pen.fill(blob(32, -52, 44, -47, 44, -44, 32, -44), [230, 160, 50]);
    pen.mark(oval(27, -53, 2), EYE);
  },
};

function leg(pen: Pen, points: readonly number[], width: number, colour: Rgb): void {
  pen.line(open(...points), colour, width, { material: "fur" });
  const [x, y] = [points[points.length - 2], points[points.length - 1]];
  pen.line(open(x - 0.5, y, x + 2, y), shade(colour, -0.6), width * 0.8);
}

export const ANIMALS = { horse, cow, dog, cat, duck } as const;
