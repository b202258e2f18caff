import { happens, pick } from "../pen/chance.js";
import { type Rgb, mix, shade } from "../pen/colour.js";
import { blob, curve, open, oval, poly } from "../pen/path.js";
import type { Pen } from "../pen/pen.js";
import type { Kind } from "./kind.js";
import { POSES, type Point, type Pose } from "./poses.js";

/** Lengths of a figure that is 100 units tall, standing. */
const ARM = 16;
const LEG = 23;

/** A person, 100 units tall when standing, holding itself as `look.pose` says. */
export const person: Kind = {
  width: 50,
  height: 100,
  metres: 1.7,
  draw(pen, { colour, second, third, random, pose: name = "" }) {
    const pose = POSES[name] ?? POSES[pick(random, ["standing", "waving", "walking", "akimbo"])];
    const skin = mix([244, 206, 176], [96, 62, 42], random());
    const clothes = { skin, shirt: colour, trousers: shade(second, -0.25), shoes: shade(third, -0.5) };
    const hair: Rgb = pick(random, [
      [40, 30, 26],
      [92, 60, 34],
      [190, 150, 84],
      [128, 120, 116],
      [150, 72, 40],
    ]);
    const [hip, neck] = [pose.hip, pose.neck];
    limb(pen, hip, pose.farFoot, LEG, pose.kneeForward, shade(clothes.trousers, -0.25), 9.5);
    shoe(pen, pose.farFoot, shade(clothes.shoes, -0.2));
    arm(
      pen,
      [neck[0] - 1, neck[1] + 6],
      pose.farHand,
      pose.elbowDown,
      shade(clothes.shirt, -0.25),
      shade(skin, -0.15),
      happens(random, 0.5),
    );
    if (happens(random, 0.22)) skirt(pen, pose, clothes.trousers);
    limb(pen, hip, pose.nearFoot, LEG, pose.kneeForward, clothes.trousers, 10);
    shoe(pen, pose.nearFoot, clothes.shoes);
    torso(pen, pose, clothes.shirt);
    head(pen, pose, skin, hair, random() < 0.45, happens(random, 0.15) ? third : undefined);
    arm(
      pen,
      [neck[0] + 1, neck[1] + 6],
      pose.nearHand,
      pose.elbowDown,
      shade(clothes.shirt, 0.08),
      skin,
      happens(random, 0.5),
    );
  },
};

function torso(pen: Pen, { hip, neck }: Pose, shirt: Rgb): void {
  const [dx, dy] = [neck[0] - hip[0], neck[1] - hip[1]];
  const length = Math.hypot(dx, dy) || 1;
  const [px, py] = [-dy / length, dx / length];
  const side = (t: number, w: number): [number, number] => [hip[0] + dx * t + px * w, hip[1] + dy * t + py * w];
  pen.fill(
    blob(
      ...side(-0.06, 7.5),
      ...side(0.5, 8),
      ...side(0.86, 10),
      ...side(1, 4),
      ...side(1, -4),
      ...side(0.86, -10),
      ...side(0.5, -8),
      ...side(-0.06, -7.5),
    ),
    shirt,
    { to: shade(shirt, -0.25), material: "fabric" },
  );
}

function head(pen: Pen, { neck, face }: Pose, skin: Rgb, hair: Rgb, long: boolean, cap?: Rgb): void {
  const [x, y] = [neck[0] + face * 1.5, neck[1] - 9];
  pen.line(open(neck[0], neck[1] + 2, neck[0] + face * 0.5, neck[1] - 4), shade(skin, -0.15), 6);
  if (long)
    pen.fill(
      blob(
        x - 8 - face * 2,
        y - 4,
        x,
        y - 10,
        x + 7 - face * 2,
        y - 4,
        x + 6 - face * 4,
        y + 11,
        x - 6 - face * 4,
        y + 12,
      ),
      shade(hair, -0.2),
      { material: "fur" },
    );
  pen.fill(oval(x, y, 7.2, 8.6), skin, { to: shade(skin, -0.15) });
  const brow = y - 2.5;
  pen.fill(
    blob(
      x - 8,
      brow + 1,
      x - 7,
      y - 8,
      x,
      y - 10.5,
      x + 7,
      y - 8,
      x + 8,
      brow,
      x + 3 + face * 2,
      brow - 3,
      x - 3 + face * 2,
      brow - 3.5,
    ),
    hair,
    { material: "fur" },
  );
  if (cap) {
    pen.fill(blob(x - 8, y - 4, x - 6, y - 11, x + 6, y - 11, x + 8, y - 4), cap);
    pen.line(open(x + face * 2, y - 4, x + face * 12, y - 3.4), cap, 2.4);
  }
  for (const dx of [-2.6, 2.6]) pen.mark(oval(x + dx + face * 2.2, y - 0.6, 0.95), [30, 26, 26]);
  pen.scratch(
    curve(x - 2 + face * 2.4, y + 4, x + face * 2.4, y + 4.8, x + 2 + face * 2.4, y + 4),
    shade(skin, -0.5),
    0.9,
  );
}

function arm(pen: Pen, shoulder: Point, hand: Point, elbowDown: boolean, sleeve: Rgb, skin: Rgb, short: boolean): void {
  const elbow = joint(shoulder, hand, ARM, elbowDown);
  pen.line(open(...shoulder, ...elbow), sleeve, 6.4, { material: "fabric" });
  pen.line(open(...elbow, ...hand), short ? skin : sleeve, short ? 5 : 5.6);
  pen.fill(oval(hand[0], hand[1], 3.3), skin);
}

function limb(pen: Pen, from: Point, to: Point, length: number, forward: boolean, colour: Rgb, width: number): void {
  const knee = joint(from, to, length, forward);
  pen.line(open(...from, ...knee, ...to), colour, width, { material: "fabric" });
}

function shoe(pen: Pen, [x, y]: Point, colour: Rgb): void {
  pen.fill(blob(x - 4, y - 4, x + 3, y - 4, x + 9, y, x + 8, y + 2.4, x - 4, y + 2.4), colour);
}

function skirt(pen: Pen, { hip, nearFoot, farFoot }: Pose, colour: Rgb): void {
  const hem = (foot: Point, part: number): Point => [
    hip[0] + (foot[0] - hip[0]) * part,
    hip[1] + (foot[1] - hip[1]) * part,
  ];
  const [near, far] = [hem(nearFoot, 0.6), hem(farFoot, 0.6)];
  const [left, right] = near[0] < far[0] ? [near, far] : [far, near];
  pen.fill(
    poly(hip[0] - 8, hip[1] - 2, hip[0] + 8, hip[1] - 2, right[0] + 9, right[1], left[0] - 9, left[1]),
    shade(colour, 0.1),
    { material: "fabric" },
  );
}

/** Where a limb of two equal parts bends, on its way from one point to the other. */
function joint([ax, ay]: Point, [bx, by]: Point, length: number, first: boolean): Point {
  const [dx, dy] = [bx - ax, by - ay];
  const distance = Math.hypot(dx, dy) || 1;
  const bend = Math.sqrt(Math.max(0, length * length - (distance * distance) / 4)) * (first ? 1 : -1);
  return [ax + dx / 2 + (dy / distance) * bend, ay + dy / 2 - (dx / distance) * bend];
}
