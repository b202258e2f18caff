import { between, happens, pick, whole } from "../pen/chance.js";
import { type Rgb, shade } from "../pen/colour.js";
import { blob, curve, open, oval, poly, polar, rect } from "../pen/path.js";
import type { Pen } from "../pen/pen.js";
import type { Kind } from "./kind.js";

const TYRE: Rgb = [34, 34, 38];
const PANE: Rgb = [168, 196, 212];

const bicycle: Kind = {
  width: 104,
  height: 64,
  metres: 1.05,
  lean: 6,
  draw(pen, { colour, second, random }) {
    const radius = between(random, 19, 22);
    for (const x of [-29, 31]) spokedWheel(pen, x, -radius, radius);
    const crank = [-4, -radius + 1] as const;
    const low = happens(random, 0.4);
    const head = [22, -50] as const;
    pen.line(open(-29, -radius, ...crank, -12, -50, -29, -radius), colour, 3.4);
    if (low) pen.line(curve(head[0], head[1] + 6, 4, -30, ...crank), colour, 4);
    else pen.line(open(-11, -47, ...head, ...crank), colour, 3.6);
    pen.line(open(31, -radius, 22, -52, 20, -58), colour, 3.4);
    pen.line(curve(28, -60, 20, -60, 14, -56), shade(second, -0.4), 3.2);
    pen.line(open(-12, -50, -13, -55), shade(colour, -0.4), 3);
    pen.fill(blob(-23, -57, -12, -60, -3, -57, -12, -54), TYRE);
    pen.fill(oval(crank[0], crank[1], 5), shade(colour, -0.5));
    pen.line(open(crank[0], crank[1], crank[0] + 5, crank[1] + 9), TYRE, 2.4);
    if (happens(random, 0.3)) pen.fill(rect(26, -58, 16, 12, 3), second, { material: "fabric" });
  },
};

const car: Kind = {
  width: 118,
  height: 46,
  metres: 1.5,
  draw(pen, { colour, random }) {
    const roof = between(random, -46, -40);
    const hatch = happens(random, 0.45);
    const back = hatch ? -52 : -38;
    const body = blob(
      -57,
      -10,
      -57,
      -25,
      back,
      -28,
      back + 14,
      roof,
      14,
      roof,
      32,
      -28,
      54,
      -23,
      57,
      -10,
      40,
      -7,
      -40,
      -7,
    );
    pen.fill(body, colour, { to: shade(colour, -0.4), material: "metal" });
    pen.mark(poly(back + 8, -28, back + 18, roof + 3, -6, roof + 3, -6, -28), PANE, { to: shade(PANE, -0.35) });
    pen.mark(poly(-2, -28, -2, roof + 3, 12, roof + 3, 26, -28), PANE, { to: shade(PANE, -0.35) });
    pen.scratch(open(-4, -28, -6, -9), shade(colour, -0.45), 0.9);
    pen.scratch(open(-56, -19, 56, -18), shade(colour, 0.35), 1);
    pen.mark(oval(53, -19, 3, 3), [250, 240, 200]);
    pen.mark(rect(-58, -22, 4, 6), [190, 40, 36]);
    pen.mark(rect(-12, -24, 6, 1.6), shade(colour, -0.5));
    for (const x of [-33, 34]) carWheel(pen, x, -10, 10.5);
  },
};

const bus: Kind = {
  width: 112,
  height: 60,
  metres: 2.9,
  draw(pen, { colour, second, random }) {
    pen.fill(rect(-56, -60, 112, 54, 6), colour, { to: shade(colour, -0.3), material: "metal" });
    pen.mark(rect(-56, -24, 112, 6), shade(second, 0.3));
    const windows = whole(random, 4, 6);
    const step = 84 / windows;
    for (let i = 0; i < windows; i++)
      pen.mark(rect(-50 + i * step, -52, step - 3, 20, 2), PANE, { to: shade(PANE, -0.4) });
    pen.mark(rect(38, -50, 13, 40, 2), shade(PANE, -0.1), { to: shade(PANE, -0.5) });
    pen.scratch(open(44.5, -50, 44.5, -10), shade(colour, -0.5), 1);
    pen.mark(rect(53, -16, 3, 5), [250, 240, 200]);
    for (const x of [-34, 26]) carWheel(pen, x, -8, 9);
  },
};

const boat: Kind = {
  width: 96,
  height: 100,
  metres: 5,
  lean: 5,
  draw(pen, { colour, second, random }) {
    if (happens(random, 0.3)) {
      pen.fill(rect(-18, -34, 36, 18, 3), shade(second, 0.5));
      for (const x of [-12, 0, 10]) pen.mark(rect(x, -30, 6, 6, 1), PANE);
      pen.fill(rect(-6, -52, 10, 20, 2), colour);
      pen.line(open(16, -34, 18, -62), shade(second, -0.4), 2);
    } else {
      pen.line(open(0, -14, 0, -99), shade(second, -0.45), 3);
      const bulge = between(random, 4, 10);
      const cloth: Rgb = shade(second, 0.55);
      pen.fill(blob(4, -96, 22 + bulge, -60, 38, -26, 4, -24), cloth, { to: shade(cloth, -0.2), material: "fabric" });
      pen.fill(blob(-4, -84, -18, -54, -30, -26, -4, -26), shade(cloth, -0.08), { material: "fabric" });
      if (happens(random, 0.5)) pen.fill(poly(0, -99, 12, -96, 0, -92), colour);
    }
    pen.fill(blob(-46, -20, -20, -17, 20, -17, 48, -22, 36, -3, 0, 0, -34, -3), colour, {
      to: shade(colour, -0.4),
      material: "wood",
    });
    pen.scratch(curve(-44, -16, 0, -12, 45, -17), shade(colour, 0.5), 2);
  },
};

const skateboard: Kind = {
  width: 104,
  height: 22,
  metres: 0.16,
  lean: 14,
  draw(pen, { colour, second, random }) {
    const wheel = pick(random, [shade(second, 0.3), shade(second, -0.5)]);
    for (const x of [-28, 28]) {
      pen.fill(rect(x - 7, -14, 14, 6), [120, 122, 128]);
      pen.fill(oval(x - 6, -6, 6), wheel);
      pen.fill(oval(x + 6, -6, 6), wheel);
      pen.mark(oval(x - 6, -6, 2), TYRE);
      pen.mark(oval(x + 6, -6, 2), TYRE);
    }
    pen.fill(blob(-52, -21, -40, -18, 0, -16.5, 40, -18, 52, -21, 46, -12.5, 30, -11, -30, -11, -46, -12.5), colour, {
      to: shade(colour, -0.3),
      material: "wood",
    });
    pen.scratch(curve(-50, -19.5, -38, -17, 0, -15.5, 38, -17, 50, -19.5), TYRE, 2);
  },
};

function spokedWheel(pen: Pen, cx: number, cy: number, radius: number): void {
  let spokes = "";
  for (let i = 0; i < 8; i++)
    spokes += open(...polar(cx, cy, radius, i * 22.5), ...polar(cx, cy, radius, i * 22.5 + 180));
  pen.scratch(spokes, [190, 192, 196], 0.7);
  pen.line(oval(cx, cy, radius), TYRE, 3.6);
  pen.fill(oval(cx, cy, 2.6), [150, 150, 156]);
}

function carWheel(pen: Pen, cx: number, cy: number, radius: number): void {
  pen.fill(oval(cx, cy, radius), TYRE);
  pen.mark(oval(cx, cy, radius * 0.58), [186, 188, 194], { to: [110, 112, 118] });
  pen.mark(oval(cx, cy, radius * 0.2), [70, 72, 76]);
}

export const VEHICLES = { bicycle, car, bus, boat, skateboard } as const;
