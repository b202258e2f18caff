import type { Random } from "../../kernel-helpers/support/random.js";
import type { Backdrop, Description, Placed } from "../description.js";
import { between, happens, pick, pickSome, whole } from "../pen/chance.js";
import type { KindName } from "../things/kinds.js";
import { anySeed, dealt, type Draft, thing } from "./draft.js";
import { fittings } from "./scenes.js";
import { Stage } from "./stage.js";

/** What people do, and last the negative: the same figures and objects in other relations. */
export const ACTIVITIES = [
  "riding a bike",
  "riding a horse",
  "skateboarding",
  "playing football",
  "texting",
  "reading",
  "cooking",
  "fishing",
  "playing guitar",
  "walking a dog",
  "standing about",
] as const;

export type Activity = (typeof ACTIVITIES)[number];

/** The activities that are sports. */
export const SPORTS: Readonly<Partial<Record<Activity, string>>> = {
  "riding a bike": "cycling",
  "riding a horse": "horse riding",
  skateboarding: "skateboarding",
  "playing football": "football",
};

const INDOORS: ReadonlySet<Activity> = new Set<Activity>([
  "texting",
  "reading",
  "cooking",
  "playing guitar",
  "standing about",
]);

/** One person at something, or standing about among the things of others. */
export function activities(draft: Draft): Description {
  const activity = dealt(ACTIVITIES, draft);
  return activityStage(draft.random, activity).finish([activity], title(activity));
}

/** "A person riding a bike". */
export function title(activity: Activity): string {
  return `A person ${activity}`;
}

/** The stage of an activity, set. The last phrase names the activity and what it is done with. */
export function activityStage(random: Random, activity: Activity): Stage {
  const stage = new Stage(random, backdropOf(random, activity), between(random, 54, 64));
  if (stage.inside) fittings(stage);
  const figure = new Figure(stage);
  const tools = DOERS[activity](figure);
  const bystanders = activity === "standing about" ? whole(random, 2, 3) : happens(random, 0.55) ? 1 : 0;
  const idle = stage.inside ? IDLE.filter((kind) => kind !== "horse" && kind !== "bench") : IDLE;
  for (const kind of pickSome(random, idle, bystanders)) stage.stand(kind, { depth: [0.25, 0.95], size: 1.15 });
  if (happens(random, 0.25)) stage.stand("person", { depth: [0.05, 0.4] });
  if (happens(random, 0.4)) stage.stand(stage.inside ? "plant" : "tree", { depth: [0.02, 0.2] });
  stage.say(activity, ...(tools.length ? tools : [figure.person]));
  return stage;
}

/** The things of every activity, when nobody uses them. */
const IDLE: readonly KindName[] = [
  "bicycle",
  "horse",
  "skateboard",
  "ball",
  "book",
  "guitar",
  "dog",
  "pan",
  "chair",
  "bench",
  "phone",
];

function backdropOf(random: Random, activity: Activity): Backdrop {
  const seed = anySeed(random);
  if (INDOORS.has(activity) && happens(random, 0.4))
    return { kind: "room", seed, horizon: Math.round(between(random, 120, 150)) };
  const kind = pick(random, ["land", "land", "shore", "street", "facade"] as const);
  return { kind, seed, horizon: Math.round(between(random, 84, 124)) };
}

/** The person of the picture, and what it holds: places are given in the person's own units. */
class Figure {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
  readonly flip: boolean;
  person!: Placed;

  constructor(readonly stage: Stage) {
    const { random } = stage;
    this.scale = between(random, 0.92, 1.35);
    this.y = Math.max(stage.groundRow + 16, between(random, 186, 216));
    this.flip = happens(random, 0.5);
    this.x = between(random, 84, 140) + (this.flip ? 16 : -16);
  }

  /** Draws the person in a pose; what was held before lies behind it, what comes after in front. */
  hold(pose: string, rise = 0): Placed {
    const { x, y, scale, flip, stage } = this;
    const person = thing(stage.random, "person", {
      x,
      y: y - rise * scale,
      scale,
      flip,
      pose,
      lean: 0,
      shadow: rise === 0,
    });
    this.person = stage.add(person);
    return this.person;
  }

  /** A thing whose foot is at a point of the person's frame; `size` in the person's units a local unit. */
  with(kind: KindName, [px, py]: readonly [number, number], size: number, rest: Partial<Placed> = {}): Placed {
    const { x, y, scale, stage } = this;
    const side = this.flip ? -1 : 1;
    const lean = (rest.lean ?? 0) * side;
    const flip = rest.flip ? !this.flip : this.flip;
    const made = thing(stage.random, kind, {
      ...rest,
      x: x + side * px * scale,
      y: y + py * scale,
      scale: scale * size,
      flip,
      lean,
    });
    const placed = stage.add(made);
    if (this.person) stage.attach(placed, this.person);
    return placed;
  }
}

/** For each activity: draws it, and says with what it is done. */
const DOERS: Record<Activity, (figure: Figure) => Placed[]> = {
  "riding a bike"(figure) {
    const bike = figure.with("bicycle", [0, 0], 1, { shadow: true });
    figure.stage.attach(figure.hold("cycling", 0.01), bike);
    return [bike];
  },
  "riding a horse"(figure) {
    const horse = figure.with("horse", [0, 0], 1.02, { shadow: true });
    figure.stage.attach(figure.hold("horseRiding", 0.01), horse);
    return [horse];
  },
  skateboarding(figure) {
    const rise = happens(figure.stage.random, 0.4) ? between(figure.stage.random, 4, 16) : 0;
    const board = figure.with("skateboard", [0, -rise], 0.62, { shadow: rise === 0, lean: rise ? -10 : 0 });
    figure.stage.attach(figure.hold("skating", rise + 0.01), board);
    return [board];
  },
  "playing football"(figure) {
    figure.hold("kicking");
    return [figure.with("ball", [38, -between(figure.stage.random, 0, 14)], 0.22, { shadow: true })];
  },
  texting(figure) {
    figure.hold(pick(figure.stage.random, ["texting", "texting", "calling"]));
    const calling = figure.person.pose === "calling";
    return [figure.with("phone", calling ? [9, -82] : [16, -62], 0.2, { lean: calling ? 12 : 18 })];
  },
  reading(figure) {
    const sitting = happens(figure.stage.random, 0.5);
    if (sitting) figure.with("chair", [-4, 0], 0.62, { shadow: true });
    figure.hold(sitting ? "reading" : "readingUp");
    return [figure.with("book", sitting ? [20, -40] : [17, -55], 0.36, { pose: "open", lean: 0 })];
  },
  cooking(figure) {
    const stove = figure.with(figure.stage.inside ? "stove" : "grill", [50, 0], 0.64, { shadow: true });
    figure.hold("cooking");
    const pan = figure.with("pan", [47, -48], 0.4, { flip: true });
    return [pan, stove];
  },
  fishing(figure) {
    if (figure.stage.backdrop.kind !== "shore") figure.with("pond", [72, 4], 0.62);
    figure.hold("fishing");
    return [figure.with("fishingRod", [19, -60], 0.95)];
  },
  "playing guitar"(figure) {
    figure.hold("guitar");
    return [figure.with("guitar", [-9, -29], 0.58, { lean: -62 })];
  },
  "walking a dog"(figure) {
    const dog = figure.with("dog", [56, 1], 0.55, { shadow: true });
    figure.hold("leash");
    return [figure.with("leash", [19, -56], 0.95), dog];
  },
  "standing about"(figure) {
    figure.hold(pick(figure.stage.random, ["standing", "waving", "walking", "akimbo", "pointing"]));
    return [];
  },
};
