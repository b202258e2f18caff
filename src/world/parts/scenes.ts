import type { Random } from "../../kernel-helpers/support/random.js";
import type { Backdrop, Description, Placed } from "../description.js";
import { between, happens, pick, pickSome, whole } from "../pen/chance.js";
import type { KindName } from "../things/kinds.js";
import { anySeed, dealt, type Draft } from "./draft.js";
import { Stage } from "./stage.js";

/** The categories of the scenes part. */
export const SCENES = [
  "bathroom",
  "beach",
  "bedroom",
  "classroom",
  "dining room",
  "kitchen",
  "office",
  "park",
  "playground",
  "street",
] as const;

export type SceneName = (typeof SCENES)[number];

/**
 * Objects that say which scene it is: fixed here, and the truth that a discovery is judged by.
 *
 * @example
 * world.INFORMATIVE_OBJECTS.kitchen; // ["stove", "fridge", …]
 */
export const INFORMATIVE_OBJECTS: Readonly<Record<SceneName, readonly string[]>> = {
  bathroom: ["bathtub", "toilet", "washbasin", "mirror", "towel"],
  beach: ["parasol", "deck chair", "sandcastle", "boat", "water", "sand"],
  bedroom: ["bed", "nightstand", "wardrobe"],
  classroom: ["blackboard", "school desk", "globe", "map"],
  "dining room": ["table", "plate", "glass", "chandelier"],
  kitchen: ["stove", "fridge", "counter", "kettle", "pan"],
  office: ["desk", "monitor", "keyboard", "office chair", "bookshelf"],
  park: ["bench", "fountain", "flowers", "duck"],
  playground: ["swing", "slide", "seesaw", "sandbox"],
  street: ["car", "bus", "traffic light", "street lamp", "road", "pavement"],
};

/**
 * Objects that are found in many scenes and say little.
 *
 * @example
 * world.FREQUENT_OBJECTS.includes("wall");
 */
export const FREQUENT_OBJECTS = [
  "wall",
  "floor",
  "window",
  "door",
  "picture",
  "chair",
  "plant",
  "clock",
  "lamp",
  "sky",
  "tree",
  "trees",
  "bush",
  "grass",
  "ground",
  "building",
  "hills",
  "person",
  "dog",
  "cat",
  "bin",
  "bicycle",
  "rug",
  "ball",
  "box",
] as const;

export const INDOOR_SCENES = [
  "bathroom",
  "bedroom",
  "classroom",
  "dining room",
  "kitchen",
  "office",
] as const satisfies readonly SceneName[];

/** A picture of one of the ten categories, with what belongs there and guests that may be anywhere. */
export function scenes(draft: Draft): Description {
  const scene = dealt(SCENES, draft);
  return sceneStage(draft.random, scene).finish([scene], `A ${scene}`);
}

/** The stage of a scene, set. */
export function sceneStage(random: Random, scene: SceneName): Stage {
  const stage = new Stage(random, backdropOf(random, scene));
  SETTERS[scene](stage);
  if (stage.inside) fittings(stage);
  if (stage.inside) indoorGuests(stage);
  else outdoorGuests(stage);
  return stage;
}

/** The backdrop of an inside or an outside that suits the scene. */
export function backdropOf(random: Random, scene: SceneName): Backdrop {
  const seed = anySeed(random);
  if ((INDOOR_SCENES as readonly string[]).includes(scene))
    return { kind: "room", seed, horizon: Math.round(between(random, 116, 148)) };
  const horizon = Math.round(between(random, 66, 104));
  if (scene === "beach") return { kind: "shore", seed, horizon, ground: happens(random, 0.85) ? "sand" : "grass" };
  if (scene === "street") return { kind: "street", seed, horizon: horizon + 16 };
  if (scene === "park" && happens(random, 0.25)) return { kind: "shore", seed, horizon, ground: "grass" };
  if (scene === "playground" && happens(random, 0.25)) return { kind: "street", seed, horizon: horizon + 10 };
  return { kind: "land", seed, horizon, ground: pick(random, ["grass", "grass", "sand", "paving"] as const) };
}

/** What every room may have on its wall. */
export function fittings(stage: Stage): void {
  const { random } = stage;
  if (happens(random, 0.6)) {
    const window = stage.hang("window", { height: [0.35, 0.5], across: [0.15, 0.85] });
    if (window && happens(random, 0.4)) {
      const curtain = stage.add({
        ...window,
        kind: "curtain",
        name: "curtain",
        y: window.y + 4,
        scale: window.scale * 0.95,
        seed: anySeed(random),
      });
      stage.attach(curtain, window);
    }
  }
  if (happens(random, 0.4)) stage.stand("door", { depth: [0, 0], shadow: false, across: [0.1, 0.9] });
}

function indoorGuests(stage: Stage): void {
  const { random } = stage;
  for (const kind of pickSome(random, ["picture", "clock", "picture"] as const, whole(random, 0, 2)))
    stage.hang(kind, { height: [0.2, 0.5] });
  const guests: KindName[] = ["chair", "plant", "cat", "dog", "person", "box", "ball", "bin", "lamp", "plant", "chair"];
  for (const kind of pickSome(random, guests, whole(random, 1, 3))) stage.stand(kind, { depth: [0.1, 0.9] });
  if (happens(random, 0.3)) stage.stand("rug", { depth: [0.4, 0.8], shadow: false });
}

function outdoorGuests(stage: Stage): void {
  const { random } = stage;
  for (let i = whole(random, 0, 2); i > 0; i--) stage.stand("tree", { depth: [0.02, 0.25] });
  const guests: KindName[] = ["person", "dog", "bush", "bin", "ball", "bicycle", "person", "rock", "fence"];
  for (const kind of pickSome(random, guests, whole(random, 1, 3))) stage.stand(kind, { depth: [0.1, 0.7] });
}

/** Sets some of several things, at least `least` of them. */
function some(stage: Stage, least: number, setters: readonly (readonly [number, () => unknown])[]): void {
  const chosen = setters.filter(([chance]) => happens(stage.random, chance));
  const missing = setters.filter((setter) => !chosen.includes(setter));
  while (chosen.length < least && missing.length) chosen.push(missing.shift()!);
  for (const [, set] of chosen) set();
}

const SETTERS: Record<SceneName, (stage: Stage) => void> = {
  bedroom(stage) {
    const bed = stage.stand("bed", { across: [0.25, 0.75], depth: [0.1, 0.5], size: 1.15 });
    if (!bed) return;
    some(stage, 1, [
      [
        0.75,
        () => {
          const stand = stage.standBeside(bed, "nightstand", { say: false });
          if (happens(stage.random, 0.75)) {
            const lamp = stage.putOn(stand, "lamp", { at: 0, size: 0.8 });
            stage.say("lamp beside the bed", lamp, bed);
          }
        },
      ],
      [0.6, () => stage.stand("wardrobe", { depth: [0, 0.1] })],
      [0.3, () => stage.hang("mirror", { height: [0.3, 0.5] })],
    ]);
  },
  kitchen(stage) {
    const counter = stage.stand("counter", { depth: [0.02, 0.12], across: [0.25, 0.75] });
    some(stage, 2, [
      [
        0.85,
        () => {
          const stove = stage.stand("stove", { depth: [0.03, 0.15] });
          if (stove && happens(stage.random, 0.75))
            stage.putOn(stove, pick(stage.random, ["pan", "kettle", "pan"] as const), { at: 0 });
        },
      ],
      [0.7, () => stage.stand("fridge", { depth: [0.02, 0.12] })],
      [0.5, () => stage.hang("shelf", { height: [0.25, 0.4] })],
    ]);
    const worktop = ["kettle", "bottle", "cup", "bowl", "pan"] as const;
    if (counter)
      for (const [i, kind] of pickSome(stage.random, worktop, 2).entries())
        stage.putOn(counter, kind, { at: i * 1.1 - 0.8 });
  },
  "dining room"(stage) {
    const table = stage.stand("table", { across: [0.35, 0.65], depth: [0.35, 0.6], size: 1.25 });
    if (table) {
      const upon: KindName[] = ["plate", "glass", "bowl", "vase", "plate", "bottle"];
      for (const [i, kind] of pickSome(stage.random, upon, whole(stage.random, 2, 3)).entries())
        stage.putOn(table, kind, { at: -0.7 + i * 0.7 });
      for (const side of [-1, 1] as const)
        if (happens(stage.random, 0.85)) stage.standBeside(table, "chair", { side, flip: side > 0 });
    }
    some(stage, 1, [
      [0.7, () => stage.hang("chandelier", { across: [0.3, 0.7], height: [0.08, 0.2] })],
      [0.3, () => stage.stand("nightstand", { depth: [0, 0.1], name: "cabinet" })],
    ]);
  },
  bathroom(stage) {
    some(stage, 3, [
      [0.7, () => stage.stand("bathtub", { depth: [0.1, 0.4], size: 1.1 })],
      [0.75, () => stage.stand("toilet", { depth: [0.05, 0.3] })],
      [
        0.8,
        () => {
          const basin = stage.stand("washbasin", { depth: [0.02, 0.12] });
          if (!basin || happens(stage.random, 0.3)) return;
          const mirror = stage.hang("mirror", { across: [basin.x / 224, basin.x / 224], height: [0.2, 0.35] });
          if (mirror) stage.say("mirror above the washbasin", mirror, basin);
        },
      ],
      [0.65, () => stage.hang("towel", { height: [0.45, 0.65] })],
    ]);
  },
  office(stage) {
    const desk = stage.stand("desk", { across: [0.3, 0.7], depth: [0.2, 0.5], size: 1.1 });
    if (desk) {
      stage.putOn(desk, pick(stage.random, ["monitor", "monitor", "laptop"] as const), { at: -0.1 });
      if (happens(stage.random, 0.6)) stage.putOn(desk, "keyboard", { at: 0.2 });
      if (happens(stage.random, 0.5))
        stage.putOn(desk, pick(stage.random, ["lamp", "cup", "book"] as const), { at: 0.85, size: 0.8 });
      if (happens(stage.random, 0.8)) stage.standBeside(desk, "officeChair");
    }
    some(stage, 1, [
      [0.7, () => stage.stand("bookshelf", { depth: [0, 0.08] })],
      [0.4, () => stage.hang("clock", { height: [0.15, 0.35] })],
    ]);
  },
  classroom(stage) {
    stage.hang("blackboard", { across: [0.3, 0.7], height: [0.35, 0.55], size: 1.1 });
    for (let i = whole(stage.random, 2, 4); i > 0; i--) {
      const desk = stage.stand("schoolDesk", { depth: [0.2, 0.9] });
      if (desk && happens(stage.random, 0.3))
        stage.putOn(desk, pick(stage.random, ["book", "globe", "backpack"] as const), { size: 0.8 });
    }
    some(stage, 1, [
      [0.5, () => stage.hang("map", { height: [0.3, 0.5] })],
      [
        0.5,
        () => {
          const desk = stage.stand("desk", { depth: [0.05, 0.2], across: [0.15, 0.85] });
          if (desk) stage.putOn(desk, "globe");
        },
      ],
    ]);
  },
  street(stage) {
    const road = [0.45, 0.95] as const;
    some(stage, 3, [
      [0.85, () => stage.stand("car", { depth: road, size: 1.2 })],
      [0.4, () => stage.stand("bus", { depth: [0.4, 0.7] })],
      [0.4, () => stage.stand("car", { depth: road, size: 1.2 })],
      [0.6, () => stage.stand("trafficLight", { depth: [0.15, 0.35] })],
      [0.6, () => stage.stand("streetLamp", { depth: [0.1, 0.35] })],
      [0.4, () => stage.stand("signboard", { depth: [0.15, 0.35] })],
      [0.3, () => stage.stand("hydrant", { depth: [0.2, 0.35] })],
    ]);
  },
  park(stage) {
    some(stage, 2, [
      [0.8, () => stage.stand("bench", { depth: [0.2, 0.6] })],
      [0.45, () => stage.stand("fountain", { depth: [0.1, 0.4] })],
      [0.7, () => stage.stand("flowers", { depth: [0.3, 0.9], size: 1.5 })],
      [0.5, () => stage.stand("duck", { depth: [0.4, 0.9], size: 1.3 })],
      [0.4, () => stage.stand("streetLamp", { depth: [0.1, 0.35] })],
      [0.3, () => stage.hang("kite", { height: [0.1, 0.5] })],
    ]);
    if (stage.backdrop.kind === "shore" && happens(stage.random, 0.7)) boatOnWater(stage, "lake");
  },
  beach(stage) {
    some(stage, 2, [
      [
        0.75,
        () => {
          const parasol = stage.stand("parasol", { depth: [0.1, 0.6] });
          if (parasol && happens(stage.random, 0.6)) stage.standBeside(parasol, "deckChair", { say: true });
        },
      ],
      [0.4, () => stage.stand("deckChair", { depth: [0.2, 0.8] })],
      [0.5, () => stage.stand("sandcastle", { depth: [0.3, 0.9] })],
      [0.3, () => stage.stand("ball", { depth: [0.3, 0.9], size: 1.2 })],
    ]);
    if (happens(stage.random, 0.7)) boatOnWater(stage, "sea");
  },
  playground(stage) {
    some(stage, 2, [
      [0.65, () => stage.stand("swing", { depth: [0.15, 0.5] })],
      [0.65, () => stage.stand("slide", { depth: [0.15, 0.6] })],
      [0.5, () => stage.stand("seesaw", { depth: [0.3, 0.8] })],
      [0.5, () => stage.stand("sandbox", { depth: [0.4, 0.9], size: 1.3 })],
      [0.4, () => stage.stand("fence", { depth: [0.02, 0.1] })],
    ]);
    if (happens(stage.random, 0.6)) stage.stand("person", { depth: [0.2, 0.8], size: 0.72, name: "person" });
  },
};

/** A boat between the horizon and the shore. */
export function boatOnWater(stage: Stage, water: string): Placed {
  const { random, backdrop } = stage;
  const y = between(random, backdrop.horizon + 8, stage.groundRow - 4);
  const boat = stage.add({
    kind: "boat",
    name: "boat",
    x: between(random, 0.12, 0.88) * 224,
    y,
    scale: between(random, 0.3, 0.62),
    flip: happens(random, 0.5),
    shadow: true,
    seed: anySeed(random),
  });
  stage.say(`boat on the ${water}`, boat);
  return boat;
}
