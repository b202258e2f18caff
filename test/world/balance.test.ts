import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Description } from "../../src/world/description.js";
import { labelClasses } from "../../src/world/classes.js";
import { describePicture } from "../../src/world/drawings.js";
import { FREQUENT_OBJECTS, INFORMATIVE_OBJECTS } from "../../src/world/parts/scenes.js";
import type { WorldPart, WorldSplit } from "../../src/world/drawing.js";

describe("labels are balanced", () => {
  for (const part of ["scenes", "activities", "birds", "text", "text-trap"] as const) {
    test(`${part}: each label equally often in whole decks`, async () => {
      const classes = labelClasses(part);
      const counts = countsOf((await describeMany(part, classes.length * 12)).flatMap(({ labels }) => labels));
      assert.deepEqual(
        [...counts.values()],
        classes.map(() => 12),
      );
    });
  }

  test("objects: each class in 4 to 11 % of the pictures, one to four classes in each", async () => {
    const classes = labelClasses("objects");
    const pictures = await describeMany("objects", 600);
    for (const [label, count] of countsOf(pictures.flatMap(({ labels }) => labels))) {
      assert.ok(count / 600 > 0.04 && count / 600 < 0.11, `${label}: ${count}`);
    }
    assert.ok(classes.length >= 24);
    assert.ok(pictures.every(({ labels }) => labels.length >= 1 && labels.length <= 4));
  });

  test("phrases: half of the pictures hold the concept that they were dealt", async () => {
    const pictures = await describeMany("phrases", 400);
    const holding = pictures.filter(({ labels }) => labels.length > 0).length / 400;
    assert.ok(holding > 0.45 && holding < 0.75, String(holding));
  });
});

test("questions: who hears only the question is right in less than 45 %", async () => {
  const ask = async (split: WorldSplit) =>
    (await describeMany("questions", 1800, split)).flatMap(({ questions }) => questions);
  const [train, asked] = [await ask("train"), await ask("test")];
  const answers = new Map<string, Map<string, number>>();
  for (const { text, answer } of train) {
    const counts = answers.get(text) ?? new Map<string, number>();
    answers.set(text, counts.set(answer, (counts.get(answer) ?? 0) + 1));
  }
  const best = (text: string) => [...(answers.get(text) ?? [])].sort((a, b) => b[1] - a[1])[0]?.[0];
  const right = asked.filter(({ text, answer }) => best(text) === answer).length / asked.length;
  assert.ok(right < 0.45, `question only: ${right.toFixed(3)}`);
  assert.ok(new Set(asked.map(({ type }) => type)).size >= 9);
});

test("the inventory of scenes holds at least forty names, none both informative and frequent", () => {
  const informative = Object.values(INFORMATIVE_OBJECTS).flat();
  assert.ok(new Set([...informative, ...FREQUENT_OBJECTS]).size >= 40);
  assert.deepEqual(
    informative.filter((name) => (FREQUENT_OBJECTS as readonly string[]).includes(name)),
    [],
  );
});

test("informative objects keep to their scene, frequent ones do not", async () => {
  const scenesWith = new Map<string, string[]>();
  for (const { things, labels } of await describeMany("scenes", 400)) {
    for (const name of new Set(things.map((thing) => thing.name)))
      scenesWith.set(name, [...(scenesWith.get(name) ?? []), labels[0]]);
  }
  const share = (name: string, scene: string) => {
    const scenes = scenesWith.get(name) ?? [];
    return scenes.filter((other) => other === scene).length / scenes.length;
  };
  for (const [scene, names] of Object.entries(INFORMATIVE_OBJECTS)) {
    for (const name of names.filter((known) => scenesWith.has(known)))
      assert.ok(share(name, scene) > 0.5, `${name} in ${scene}`);
  }
  for (const name of FREQUENT_OBJECTS.filter((known) => scenesWith.has(known))) {
    for (const scene of labelClasses("scenes")) assert.ok(share(name, scene) < 0.6, `${name} in ${scene}`);
  }
});

async function describeMany(part: WorldPart, count: number, split: WorldSplit = "train"): Promise<Description[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => describePicture(part, split, 5, index)));
}

function countsOf(labels: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  return counts;
}
