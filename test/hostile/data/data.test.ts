import assert from "node:assert/strict";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import fc from "fast-check";
import { fuzzData } from "./fuzz-data.js";
import { type SoundData, soundData, tryData } from "./judge-data.js";
import { removeSeeds, seedData } from "./seeds.js";

test("300 damaged files of data are refused by name or read: no crash, no hang, no gigabyte, nothing silent", async () => {
  const { tried, outcomes, faults } = await fuzzData(300, "data");
  assert.deepEqual(faults, []);
  assert.equal(tried, 300);
  // Both happen, or the mutators do too little or too much.
  assert.ok(outcomes.refused >= 50 && outcomes.read >= 100, JSON.stringify(outcomes));
});

/** How many mutants of each kind of data. */
const RUNS = 40;

describe("any change to a sound file gives records or an error for people, and loses nothing in silence", () => {
  let root: string;
  let all: readonly SoundData[];
  before(async () => {
    root = await mkdtemp(join(tmpdir(), "camlab-properties-"));
    all = await Promise.all((await seedData(root)).map(soundData));
  });
  after(() => removeSeeds(root));

  test("each reader, features, SVMs, cards and notebooks", { timeout: 300_000 }, async () => {
    for (const data of all) {
      // What is drawn is where: fast-check shrinks a failing list of choices to the smallest.
      await fc.assert(
        fc.asyncProperty(fc.array(fc.nat(1_000_000), { minLength: 1, maxLength: 8 }), async (choices) => {
          let used = 0;
          const draw = (limit: number) => (limit > 0 ? (choices[used++] ?? 0) % limit : 0);
          const { what, outcome } = await tryData(data, draw);
          assert.ok(outcome === "read" || outcome === "refused", `${what}: ${outcome}`);
        }),
        { numRuns: RUNS, seed: 7 },
      );
    }
  });

  test("sound files are read without a note", () => {
    assert.ok(all.length >= 20);
    for (const { name, sound } of all) {
      const { notes = [] } = sound as { notes?: readonly string[] };
      assert.deepEqual(notes, [], name);
    }
  });
});
