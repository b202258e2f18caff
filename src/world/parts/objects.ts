import type { Random } from "../../kernel-helpers/support/random.js";
import { shoreLine } from "../backdrops/land.js";
import type { Backdrop, Description, Placed } from "../description.js";
import { everydayFilm } from "../pen/finish.js";
import { between, happens, pick, pickSome, whole } from "../pen/chance.js";
import { type KindName, kindOf } from "../things/kinds.js";
import { anySeed, dealt, displayName, type Draft, overlap, thing } from "./draft.js";

/** The classes of the objects part: each is one kind of thing. */
export const OBJECT_CLASSES = [
  "chair",
  "table",
  "lamp",
  "sofa",
  "bed",
  "bench",
  "bicycle",
  "car",
  "bus",
  "boat",
  "skateboard",
  "horse",
  "cow",
  "dog",
  "cat",
  "book",
  "phone",
  "guitar",
  "umbrella",
  "ball",
  "clock",
  "laptop",
  "kite",
  "bottle",
  "cup",
  "kettle",
  "pan",
  "plant",
  "person",
  "bird",
] as const satisfies readonly KindName[];

type ObjectClass = (typeof OBJECT_CLASSES)[number];

/** Things that lie about and are no class. */
const DISTRACTORS = [
  "box",
  "hat",
  "rock",
  "bush",
  "bowl",
  "vase",
  "glass",
  "hydrant",
  "bin",
  "globe",
  "keyboard",
  "backpack",
] as const;

/** Things that hang on a wall or fly. */
const HANGING: ReadonlySet<KindName> = new Set(["clock", "kite"]);

/** One to four things of different classes where they can stand, lie or hang, among things that are no class. */
export function objects(draft: Draft): Description {
  const { random } = draft;
  const classes = chosenClasses(draft);
  const backdrop: Backdrop = {
    kind: pick(random, [
      "room",
      "room",
      "room",
      "land",
      "land",
      "shore",
      "street",
      "surface",
      "surface",
      "facade",
    ] as const),
    seed: anySeed(random),
    horizon: Math.round(between(random, 64, 138)),
  };
  const placed: Placed[] = [];
  for (const kind of classes) placed.push(place(draft, backdrop, kind, placed, between(random, 46, 100), 0.2));
  const around: Placed[] = [];
  for (let i = whole(random, 1, 4); i > 0; i--) {
    const kind = pick(random, DISTRACTORS);
    around.push(place(draft, backdrop, kind, [...placed, ...around], between(random, 20, 58), 0.35));
  }
  // What stands nearer is drawn later; a few distractors stand in front of everything.
  const near = new Map(
    [...placed, ...around].map((item) => [item, item.y + (around.includes(item) && happens(random, 0.2) ? 60 : 0)]),
  );
  const things = [...near.keys()].sort((a, b) => near.get(a)! - near.get(b)!);
  const labels = [...classes].sort().map(displayName);
  return {
    backdrop,
    things: things.flatMap((item) => [...ledgeUnder(item, backdrop, random), item]),
    film: everydayFilm(random),
    labels,
    captions: [`A picture of ${labels.map((name) => `a ${name}`).join(", ")}.`],
    phrases: [],
    questions: [],
  };
}

/** Grounds that run away from the viewer: things stand below the horizon, or on a ledge of the wall. */
const HAS_GROUND: ReadonlySet<Backdrop["kind"]> = new Set(["room", "land", "shore", "street", "facade"]);
const HAS_WALL: ReadonlySet<Backdrop["kind"]> = new Set(["room", "facade"]);

function ledgeUnder(item: Placed, { kind, horizon }: Backdrop, random: Random): Placed[] {
  if (!HAS_WALL.has(kind) || HANGING.has(item.kind) || item.y > horizon + 4) return [];
  const scale = Math.max(0.4, (kindOf(item.kind).width * item.scale) / 84);
  return [thing(random, "ledge", { name: "shelf", x: item.x, y: item.y + 12 * scale, scale, lean: 0 })];
}

function chosenClasses(draft: Draft): ObjectClass[] {
  const first = dealt(OBJECT_CLASSES, draft);
  const count = pick(draft.random, [1, 1, 2, 2, 2, 3, 3, 4]);
  const others = OBJECT_CLASSES.filter((name) => name !== first);
  return [first, ...pickSome(draft.random, others, count - 1)];
}

/** Somewhere it can be, of a size that is the root of its area, hardly hidden by what is there already. */
function place(
  { random }: Draft,
  backdrop: Backdrop,
  kind: KindName,
  others: readonly Placed[],
  size: number,
  hidden: number,
): Placed {
  const { width, height } = kindOf(kind);
  let best: Placed | undefined;
  let least = Infinity;
  for (let attempt = 0; attempt < 16; attempt++) {
    const scale = (size * (1 - attempt * 0.02)) / Math.sqrt(width * height);
    const [w, h] = [width * scale, height * scale];
    const x = between(random, w * 0.42, 224 - w * 0.42);
    const y = footRow(random, backdrop, kind, h, width > 60 && height < 200 && size > 70);
    const shadow = !HANGING.has(kind) && backdrop.kind !== "surface";
    const candidate = thing(random, kind, { x, y, scale, shadow });
    const covered = Math.max(0, ...others.map((other) => overlap(candidate, other)));
    if (covered < least) [best, least] = [candidate, covered];
    if (covered < hidden) break;
  }
  return best!;
}

function footRow(
  random: Random,
  { kind, horizon }: Backdrop,
  thingKind: KindName,
  height: number,
  large: boolean,
): number {
  const lowest = 221;
  const highest = Math.min(lowest, height * 0.96);
  if (!HAS_GROUND.has(kind)) return between(random, highest, lowest);
  if (HANGING.has(thingKind)) return between(random, highest, Math.max(highest, horizon + 20));
  if (HAS_WALL.has(kind) && !large && horizon - 6 > highest && happens(random, 0.4))
    return between(random, highest, horizon - 6);
  if (kind === "shore" && thingKind === "boat")
    return between(random, Math.max(highest, horizon + 8), Math.max(highest, shoreLine(horizon)));
  const nearest = kind === "shore" ? shoreLine(horizon) : horizon;
  return between(random, Math.min(lowest, Math.max(highest, nearest + 6)), lowest);
}
