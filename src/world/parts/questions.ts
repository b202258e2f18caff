import type { Random } from "../../kernel-helpers/support/random.js";
import type { Backdrop, Description, Placed } from "../description.js";
import { between, happens, pick, pickSome, whole } from "../pen/chance.js";
import { COAT_NAMES, type ColourName } from "../pen/colour.js";
import type { Kind } from "../things/kind.js";
import { type KindName, kindOf } from "../things/kinds.js";
import { ACTIVITIES, type Activity, activityStage, SPORTS } from "./activities.js";
import { anySeed, dealt, displayName, type Draft } from "./draft.js";
import {
  backdropOf,
  fittings,
  INDOOR_SCENES,
  INFORMATIVE_OBJECTS,
  SCENES,
  type SceneName,
  sceneStage,
} from "./scenes.js";
import { Stage } from "./stage.js";

/** Colours that a question may ask for: far enough apart to be told even in bad light. */
const ASKED_COLOURS = ["red", "yellow", "green", "blue", "white", "black"] as const satisfies readonly ColourName[];

const OUTDOOR_SCENES = SCENES.filter((scene) => !(INDOOR_SCENES as readonly string[]).includes(scene));
const TABLE_THINGS = [
  "laptop",
  "bottle",
  "cup",
  "book",
  "vase",
  "bowl",
  "kettle",
  "lamp",
] as const satisfies readonly KindName[];
const COLOURED = [
  "car",
  "sofa",
  "umbrella",
  "ball",
  "chair",
  "horse",
  "dog",
  "bicycle",
] as const satisfies readonly KindName[];
const ASKED_THINGS = [
  "dog",
  "cat",
  "clock",
  "plant",
  "bicycle",
  "ball",
  "lamp",
  "chair",
  "person",
  "table",
] as const satisfies readonly KindName[];
const ANIMALS = ["horse", "cow", "dog", "cat", "duck"] as const satisfies readonly KindName[];
const DOINGS = ACTIVITIES.filter((activity) => activity !== "standing about");
const SPORTING = Object.keys(SPORTS) as Activity[];
const FIELDS: Readonly<Record<string, Partial<Backdrop> & Pick<Backdrop, "kind">>> = {
  "in the field": { kind: "land", ground: "grass" },
  "on the beach": { kind: "shore", ground: "sand" },
  "on the road": { kind: "street" },
  "by the lake": { kind: "shore", ground: "grass" },
};

/** Each plan draws a picture that answers one question, the answer chosen evenly beforehand. */
const PLANS: Readonly<Record<string, (random: Random) => Stage>> = {
  "what room": (random) => placeQuestion(random, pick(random, INDOOR_SCENES), "what room is this?", INDOOR_SCENES),
  "what place": (random) => placeQuestion(random, pick(random, OUTDOOR_SCENES), "what place is this?", OUTDOOR_SCENES),
  "what is on": onTheTable,
  "what colour": colourQuestion,
  "what are they doing": (random) =>
    doing(
      random,
      pick(random, DOINGS),
      pick(random, ["what are they doing?", "what is the person doing?"]),
      (activity) => activity,
      DOINGS,
    ),
  "what sport": (random) =>
    doing(random, pick(random, SPORTING), "what is the sport?", (activity) => SPORTS[activity]!, Object.values(SPORTS)),
  "where is": whereIsTheCat,
  "where are": whereAreTheCows,
  "what animal": whatAnimal,
};

/** Pictures with one or two questions each, in the manner of VQA v2. */
export function questions(draft: Draft): Description {
  const plan = dealt(Object.keys(PLANS), draft);
  const stage = PLANS[plan](draft.random);
  if (happens(draft.random, 0.45)) isThere(stage);
  const description = stage.finish([], stage.inside ? "A room" : "A view");
  // Nobody can name a colour in a grey picture.
  const film = { ...description.film, saturation: Math.max(0.75, description.film.saturation) };
  return { ...description, film };
}

function ask(
  stage: Stage,
  text: string,
  type: string,
  answer: string,
  others: readonly string[],
  things: readonly Placed[],
): void {
  const { random } = stage;
  const wrong = others.filter((other) => other !== answer);
  const dissent = whole(random, 0, 2);
  // Ten people answer; up to two of them otherwise.
  const answers = Array.from({ length: 10 }, (_, i) =>
    i < 10 - dissent || !wrong.length ? answer : pick(random, wrong),
  );
  stage.questions.push({ text, type, answer, answers, keys: things.map(({ key }) => key!) });
}

function placeQuestion(random: Random, scene: SceneName, text: string, others: readonly SceneName[]): Stage {
  const stage = sceneStage(random, scene);
  const telling = stage.things.filter(({ name }) => INFORMATIVE_OBJECTS[scene].includes(name)).slice(0, 3);
  if (telling.length)
    ask(stage, text, text.startsWith("what room") ? "what room" : "what place", scene, others, telling);
  return stage;
}

function onTheTable(random: Random): Stage {
  const stage = roomStage(random);
  const table = stage.stand("table", { across: [0.35, 0.65], depth: [0.3, 0.6], size: 1.45 });
  if (!table) return stage;
  const kind = pick(random, TABLE_THINGS);
  const thing = stage.putOn(table, kind, { at: between(random, -0.5, 0.5), size: kind === "laptop" ? 1 : 1.35 });
  ask(stage, "what is on the table?", "what is on", kind, TABLE_THINGS, [thing]);
  for (const other of pickSome(random, ["chair", "plant", "box", "dog"] as const, 2))
    stage.stand(other, { depth: [0.2, 0.9] });
  return stage;
}

function colourQuestion(random: Random): Stage {
  const kind = pick(random, COLOURED);
  const { coat }: Kind = kindOf(kind);
  const colours: readonly ColourName[] = coat ? COAT_NAMES : ASKED_COLOURS;
  const colour = pick(random, colours);
  const inside = kind === "sofa" || (kind === "chair" && happens(random, 0.7));
  const stage = inside ? roomStage(random) : outsideStage(random);
  const target = stage.stand(kind, {
    across: [0.25, 0.75],
    depth: [0.35, 0.8],
    size: kind === "ball" ? 2.4 : 1.3,
    colour,
  });
  const others = COLOURED.filter((other) => other !== kind && !(inside && (other === "car" || other === "horse")));
  for (const other of pickSome(random, others, whole(random, 0, 2))) stage.stand(other, { depth: [0.05, 0.5] });
  if (target) ask(stage, `what colour is the ${kind}?`, "what colour", colour, colours, [target]);
  return stage;
}

function doing(
  random: Random,
  activity: Activity,
  text: string,
  answerOf: (activity: Activity) => string,
  others: readonly string[],
): Stage {
  const stage = activityStage(random, activity);
  const { keys } = stage.phrases[stage.phrases.length - 1];
  const tools = stage.things.filter(({ key }) => keys.includes(key!));
  ask(stage, text, text.endsWith("sport?") ? "what sport" : "what are they doing", answerOf(activity), others, tools);
  return stage;
}

function whereIsTheCat(random: Random): Stage {
  const stage = roomStage(random);
  const answers = ["on the sofa", "on the chair", "on the table", "on the floor"];
  const places: readonly KindName[] = ["sofa", "chair", "table"];
  const answer = pick(random, answers);
  const furniture = new Map<string, Placed | undefined>(
    places.map((kind) => [`on the ${kind}`, stage.stand(kind, { depth: [0.15, 0.7], size: 1.15 })] as const),
  );
  const support = furniture.get(answer);
  if (support)
    ask(stage, "where is the cat?", "where is", answer, answers, [
      stage.putOn(support, "cat", { size: 1.3, say: true }),
    ]);
  else {
    const cat = stage.stand("cat", { depth: [0.3, 0.95], size: 1.4 });
    if (cat) ask(stage, "where is the cat?", "where is", "on the floor", answers, [cat]);
  }
  return stage;
}

function whereAreTheCows(random: Random): Stage {
  const answers = Object.keys(FIELDS);
  const answer = pick(random, answers);
  const stage = new Stage(random, {
    seed: anySeed(random),
    horizon: Math.round(between(random, 72, 110)),
    ...FIELDS[answer],
  });
  const cows: Placed[] = [];
  for (let i = whole(random, 2, 3); i > 0; i--) {
    const cow = stage.stand("cow", { depth: [0.25, 0.8] });
    if (cow) cows.push(cow);
  }
  if (cows.length) ask(stage, "where are the cows?", "where are", answer, answers, cows);
  return stage;
}

function whatAnimal(random: Random): Stage {
  const stage = outsideStage(random);
  const kind = pick(random, ANIMALS);
  const animal = stage.stand(kind, {
    across: [0.2, 0.8],
    depth: [0.3, 0.8],
    size: { horse: 1, cow: 1, dog: 1.7, cat: 1.9, duck: 2 }[kind],
  });
  if (animal) ask(stage, "what animal is this?", "what animal", kind, ANIMALS, [animal]);
  for (const other of pickSome(random, ["tree", "bush", "fence", "rock"] as const, 2))
    stage.stand(other, { depth: [0.05, 0.5] });
  return stage;
}

/** Yes or no, each half of the time. */
function isThere(stage: Stage): void {
  const { random } = stage;
  const wanted = pick(random, ASKED_THINGS);
  const present = stage.things.filter(({ kind }) => kind === wanted);
  if (!present.length && happens(random, 0.5)) {
    const added =
      wanted === "clock" && stage.inside
        ? stage.hang("clock", { size: 1.2 })
        : stage.stand(wanted, { depth: [0.2, 0.95], size: 1.2 });
    if (added) present.push(added);
  }
  const evidence = present.length ? present : stage.things.slice(0, 1);
  if (evidence.length)
    ask(
      stage,
      `is there a ${displayName(wanted)}?`,
      "is there",
      present.length ? "yes" : "no",
      ["yes", "no"],
      evidence,
    );
}

function roomStage(random: Random): Stage {
  const stage = new Stage(random, backdropOf(random, "office"));
  fittings(stage);
  return stage;
}

function outsideStage(random: Random): Stage {
  return new Stage(random, backdropOf(random, pick(random, OUTDOOR_SCENES)));
}
