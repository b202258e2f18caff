import type { Random } from "../../kernel-helpers/support/random.js";
import { between } from "../pen/chance.js";
import { type Rgb, shade } from "../pen/colour.js";
import { blob, curve, open, oval, poly } from "../pen/path.js";
import type { Pen } from "../pen/pen.js";
import type { Kind } from "./kind.js";
import { anyPlumage, type Plumage, SPECIES } from "./species.js";

/** A bird that perches, facing right; `look.pose` is its species. */
export const bird: Kind = {
  width: 104,
  height: 76,
  metres: 0.3,
  lean: 14,
  draw(pen, { pose = "", random }) {
    const plumage = faded(SPECIES[pose] ?? anyPlumage(random), random);
    const nod = between(random, -4, 4);
    tail(pen, plumage);
    legs(pen);
    body(pen, plumage, random);
    head(pen, plumage, nod);
    wing(pen, plumage, between(random, -4, 6));
  },
};

/** No two birds of a species are of quite the same colour. */
function faded(plumage: Plumage, random: Random): Plumage {
  const light = between(random, -0.14, 0.16);
  const wobble = (colour: Rgb): Rgb =>
    shade(
      [
        colour[0] + between(random, -14, 14),
        colour[1] + between(random, -12, 12),
        colour[2] + between(random, -14, 14),
      ],
      light,
    );
  const { back, breast, crown, wing: cover } = plumage;
  return { ...plumage, back: wobble(back), breast: wobble(breast), crown: crown && wobble(crown), wing: wobble(cover) };
}

function tail(pen: Pen, { tail: form, back, wing: cover }: Plumage): void {
  const ink = { material: "feather", part: "tail" } as const;
  const dark = shade(cover, -0.2);
  if (form === "short") pen.fill(poly(-22, -30, -40, -22, -38, -14, -20, -20), dark, ink);
  if (form === "long") pen.fill(blob(-20, -32, -44, -20, -56, -4, -50, 2, -40, -10, -20, -20), dark, ink);
  if (form === "fork") {
    pen.fill(poly(-20, -32, -52, -26, -40, -22, -20, -22), dark, ink);
    pen.fill(poly(-20, -28, -50, -6, -38, -14, -18, -18), shade(dark, -0.2), ink);
  }
  if (form === "fan") {
    pen.fill(blob(-20, -32, -44, -34, -52, -24, -50, -12, -40, -6, -20, -18), dark, ink);
    for (const y of [-28, -20, -12]) pen.scratch(open(-22, -25, -48, y), shade(back, 0.35), 1.2);
  }
}

function legs(pen: Pen): void {
  for (const x of [-2, 8]) {
    pen.line(open(x, -14, x + 1, -1), [120, 96, 72], 2.2, { part: "legs" });
    pen.line(open(x - 4, 0, x + 6, 0), [120, 96, 72], 1.8, { part: "legs" });
  }
}

function body(pen: Pen, { back, breast, breastMark }: Plumage, random: Random): void {
  const ink = { material: "feather" } as const;
  pen.fill(blob(-28, -30, -14, -46, 10, -54, 26, -48, 30, -30, 18, -14, -4, -10, -20, -18), back, {
    to: shade(back, -0.15),
    ...ink,
  });
  const front = blob(-18, -22, 0, -30, 14, -44, 28, -46, 30, -30, 18, -14, -4, -10);
  pen.fill(front, breast, { to: shade(breast, -0.12), ...ink, part: "breast" });
  const dark = shade(breast, -0.6);
  if (breastMark === "spots") {
    let dots = "";
    for (let i = 0; i < 11; i++)
      dots += oval(
        4 + (i % 4) * 6.4 + between(random, -1.5, 1.5),
        -36 + Math.floor(i / 4) * 8 + between(random, -1.5, 1.5),
        1.9,
      );
    pen.mark(dots, dark);
  }
  if (breastMark === "streaks")
    for (let i = 0; i < 6; i++) pen.scratch(open(0 + i * 5, -22 - i * 3, -2 + i * 5.4, -13 - i * 2.4), dark, 1.7);
  if (breastMark === "band") pen.scratch(curve(8, -48, 18, -38, 31, -38), dark, 5);
}

function head(pen: Pen, { back, crown = back, crest, beak, beakColour, breast, mask }: Plumage, nod: number): void {
  const [x, y] = [24, -58 + nod];
  beakOf(pen, beak, beakColour, x, y);
  pen.fill(blob(x - 15, y + 14, x - 13, y - 6, x - 2, y - 14, x + 10, y - 9, x + 13, y + 2, x + 7, y + 13), back, {
    material: "feather",
    part: "head",
  });
  pen.mark(blob(x - 4, y + 13, x - 2, y + 3, x + 8, y + 3, x + 11, y + 6, x + 7, y + 14), breast, { opacity: 0.8 });
  if (crest)
    pen.fill(poly(x - 11, y - 4, x - 20, y - 20, x - 6, y - 13, x - 8, y - 24, x + 3, y - 13, x + 5, y - 6), crown, {
      material: "feather",
      part: "crown",
    });
  pen.fill(blob(x - 13, y - 2, x - 11, y - 9, x - 2, y - 14.5, x + 9, y - 10, x + 11, y - 3, x - 2, y - 4), crown, {
    material: "feather",
    part: "crown",
  });
  if (mask) pen.mark(blob(x - 12, y + 3, x - 4, y - 5, x + 12, y - 4, x + 13, y + 2, x + 2, y + 4), [34, 32, 36]);
  pen.mark(oval(x + 4, y - 1, 3), [240, 236, 220], { opacity: 0.8 });
  pen.mark(oval(x + 4, y - 1, 2.3), [16, 14, 16]);
  pen.mark(oval(x + 4.8, y - 1.8, 0.7), [255, 255, 255]);
}

function beakOf(pen: Pen, form: Plumage["beak"], colour: Rgb, x: number, y: number): void {
  const shapes: Record<Plumage["beak"], string> = {
    cone: poly(x + 9, y - 6, x + 23, y + 3, x + 9, y + 9),
    thin: poly(x + 10, y - 2, x + 24, y + 2, x + 10, y + 4),
    hooked: blob(x + 9, y - 5, x + 20, y - 3, x + 24, y + 8, x + 18, y + 4, x + 9, y + 7),
    long: blob(x + 10, y - 2, x + 26, y + 1, x + 38, y + 9, x + 25, y + 5, x + 10, y + 5),
  };
  pen.fill(shapes[form], colour, { to: shade(colour, -0.35), part: "beak" });
}

function wing(pen: Pen, { wing: cover, bars, back }: Plumage, lift: number): void {
  const ink = { material: "feather", part: "wing" } as const;
  pen.fill(blob(8, -46, -8, -46 - lift * 0.4, -26, -34 - lift, -40, -20 - lift, -22, -20, 0, -26, 12, -34), cover, {
    to: shade(cover, -0.25),
    ...ink,
  });
  for (const [i, x] of [-2, -13, -24].entries())
    pen.scratch(curve(x + 8, -40 + i * 5, x - 2, -32 + i * 3, x - 8, -22 - lift * 0.4), shade(cover, -0.45), 1.2);
  const pale = shade(back, 0.78);
  if (bars > 0) pen.scratch(curve(2, -45, -4, -37, -2, -28), pale, 3.6);
  if (bars > 1) pen.scratch(curve(-10, -43, -16, -35, -14, -25), pale, 3.6);
}
