import type { Random } from "../../kernel-helpers/support/random.js";
import type { Backdrop, Description, Placed } from "../description.js";
import { between, happens, pick, whole } from "../pen/chance.js";
import type { KindName } from "../things/kinds.js";
import { anySeed, dealt, type Draft } from "./draft.js";
import { boatOnWater, fittings } from "./scenes.js";
import { list, Stage } from "./stage.js";

/** A phrase that captions use, and how to draw it: true, or with the same things in another relation. */
interface Concept {
  readonly inside: boolean;
  readonly lake?: boolean;
  /** What a caption says when the phrase is not true although its things are there. */
  readonly things: readonly [string, string];
  draw(stage: Stage, holds: boolean): readonly (Placed | undefined)[];
}

/** The phrases of the phrases part. */
const CONCEPTS: Readonly<Record<string, Concept>> = {
  "lamp beside the bed": {
    inside: true,
    things: ["lamp", "bed"],
    draw(stage, holds) {
      const left = happens(stage.random, 0.5);
      const bed = stage.stand("bed", { across: left ? [0.3, 0.36] : [0.64, 0.7], depth: [0.1, 0.4], size: 1.1 });
      if (!bed) return [];
      if (!holds)
        return [bed, stage.stand("lamp", { across: left ? [0.82, 0.95] : [0.05, 0.18], depth: [0.4, 0.9], size: 1.5 })];
      const stand = stage.standBeside(bed, "nightstand", { side: left ? 1 : -1, say: false });
      return [stage.putOn(stand, "lamp", { at: 0, size: 1, say: false }), bed];
    },
  },
  "cat on the sofa": onSomething("cat", "sofa", 1.4),
  "book on the table": onSomething("book", "table", 1.4),
  "plant on the chair": onSomething("plant", "chair", 0.8),
  "dog under the table": {
    inside: true,
    things: ["dog", "table"],
    draw(stage, holds) {
      const table = stage.stand("table", { across: [0.3, 0.7], depth: [0.3, 0.6], size: 1.5 });
      if (!table) return [];
      if (!holds) return [table, stage.stand("dog", { depth: [0.2, 0.95], size: 1.3 })];
      const scale = table.scale * 0.5;
      const dog = stage.add({
        kind: "dog",
        name: "dog",
        x: table.x - 4 * table.scale,
        y: table.y - 2,
        scale,
        shadow: true,
        seed: anySeed(stage.random),
        flip: happens(stage.random, 0.5),
      });
      stage.attach(dog, table);
      return [dog, table];
    },
  },
  "clock above the door": {
    inside: true,
    things: ["clock", "door"],
    draw(stage, holds) {
      const door = stage.stand("door", { depth: [0, 0], across: [0.2, 0.8], shadow: false, size: 0.8 });
      if (!door) return [];
      const away: readonly [number, number] = door.x > 112 ? [0.08, 0.3] : [0.7, 0.92];
      const at = door.x / 224;
      const clock = stage.hang(
        "clock",
        holds ? { across: [at, at], height: [0.09, 0.11], size: 1.2 } : { across: away, height: [0.1, 0.5], size: 1.2 },
      );
      return [clock, door];
    },
  },
  "boat on the lake": {
    inside: false,
    lake: true,
    things: ["boat", "lake"],
    draw: (stage, holds) => [
      holds
        ? withoutSaying(stage, () => boatOnWater(stage, "lake"))
        : stage.stand("boat", { depth: [0.2, 0.8], size: 0.8 }),
    ],
  },
  "kite in the sky": {
    inside: false,
    things: ["kite", "sky"],
    draw: (stage, holds) => [
      holds
        ? stage.hang("kite", { height: [0.15, 0.6], size: 0.8 })
        : stage.stand("kite", { depth: [0.3, 0.9], size: 1.1, lean: 60 }),
    ],
  },
  "person on the bench": {
    inside: false,
    things: ["person", "bench"],
    draw(stage, holds) {
      const bench = stage.stand("bench", { across: [0.25, 0.75], depth: [0.3, 0.7], size: 1.2 });
      if (!bench) return [];
      if (!holds) return [bench, stage.stand("person", { depth: [0.2, 0.8] })];
      const scale = stage.scaleAt("person", bench.y) * 1.15;
      const person = stage.add({
        kind: "person",
        name: "person",
        pose: "sitting",
        x: bench.x + between(stage.random, -20, 14),
        y: bench.y + 2,
        scale,
        shadow: false,
        seed: anySeed(stage.random),
        flip: happens(stage.random, 0.5),
      });
      stage.attach(person, bench);
      return [person, bench];
    },
  },
  "bicycle beside the tree": {
    inside: false,
    things: ["bicycle", "tree"],
    draw(stage, holds) {
      const left = happens(stage.random, 0.5);
      const tree = stage.stand("tree", { across: left ? [0.2, 0.35] : [0.65, 0.8], depth: [0.25, 0.5] });
      if (!tree) return [];
      if (holds) return [stage.standBeside(tree, "bicycle", { side: left ? 1 : -1, say: false, size: 1.2 }), tree];
      return [
        tree,
        stage.stand("bicycle", { across: left ? [0.75, 0.95] : [0.05, 0.25], depth: [0.4, 0.95], size: 1.2 }),
      ];
    },
  },
};

export const CONCEPT_NAMES = Object.keys(CONCEPTS);

/** Pictures whose captions say phrases; every second one holds a phrase's things without the phrase being true. */
export function phrases(draft: Draft): Description {
  const { random, index } = draft;
  const name = dealt(CONCEPT_NAMES, draft);
  const holds = (index + Math.floor(index / CONCEPT_NAMES.length)) % 2 === 0;
  const concept = CONCEPTS[name];
  const stage = new Stage(random, backdropOf(random, concept));
  const said: string[] = [];
  const seen: string[] = [];
  tell(stage, name, holds, said, seen);
  const others = CONCEPT_NAMES.filter(
    (other) =>
      other !== name &&
      CONCEPTS[other].inside === concept.inside &&
      !CONCEPTS[other].lake &&
      !CONCEPTS[other].things.some((thing) => concept.things.includes(thing)),
  );
  if (others.length && happens(random, 0.5)) tell(stage, pick(random, others), happens(random, 0.5), said, seen);
  if (stage.inside) fittings(stage);
  for (let i = whole(random, 1, 2); i > 0; i--)
    stage.stand(
      pick(
        random,
        stage.inside ? (["box", "rug", "bin", "backpack"] as const) : (["bush", "rock", "flowers", "bin"] as const),
      ),
    );
  return { ...stage.finish(said, stage.inside ? "A room" : "A view"), captions: captionsOf(random, said, seen) };
}

function tell(stage: Stage, name: string, holds: boolean, said: string[], seen: string[]): void {
  const drawn = CONCEPTS[name].draw(stage, holds);
  const things = drawn.filter((thing): thing is Placed => thing !== undefined);
  if (holds && things.length === drawn.length && things.length) {
    said.push(name);
    stage.say(name, ...things);
  } else seen.push(...CONCEPTS[name].things);
}

/** Five captions, as five people would write them; not all of them mention everything. */
function captionsOf(random: Random, said: readonly string[], seen: readonly string[]): string[] {
  const apart = [...new Set(seen)].map((name) => `a ${name}`);
  const together = said.map((phrase) => `a ${phrase}`);
  const everything = [...together, ...apart];
  const openings = ["There is", "A picture of", "One sees", "This shows", "I see"];
  return openings.map((opening, i) => `${opening} ${list(i < 3 ? everything : [pick(random, everything)])}.`);
}

function onSomething(upper: KindName, lower: KindName, size: number): Concept {
  return {
    inside: true,
    things: [upper, lower],
    draw(stage, holds) {
      const support = stage.stand(lower, { across: [0.25, 0.75], depth: [0.2, 0.6], size: 1.3 });
      if (!support) return [];
      if (holds)
        return [stage.putOn(support, upper, { at: between(stage.random, -0.5, 0.5), size, say: false }), support];
      return [support, stage.stand(upper, { depth: [0.3, 0.95], size: size * 1.2 })];
    },
  };
}

function backdropOf(random: Random, { inside, lake }: Concept): Backdrop {
  const seed = anySeed(random);
  if (inside) return { kind: "room", seed, horizon: Math.round(between(random, 116, 146)) };
  const horizon = Math.round(between(random, 76, 108));
  if (lake || happens(random, 0.3)) return { kind: "shore", seed, horizon, ground: "grass" };
  return { kind: "land", seed, horizon, ground: pick(random, ["grass", "sand", "paving"] as const) };
}

function withoutSaying<T>(stage: Stage, draw: () => T): T {
  const before = stage.phrases.length;
  const drawn = draw();
  stage.phrases.length = before;
  return drawn;
}
