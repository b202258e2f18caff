import assert from "node:assert/strict";
import { test } from "node:test";
import { inTurns } from "../../../../src/cli/commands/figures/in-turns.js";

const items = Array.from({ length: 22 }, (_, i) => ({
  id: i,
  // Two of seven in the small group are of the large one, too.
  groups: [...(i < 7 ? ["small"] : []), ...(i >= 5 && i < 17 ? ["large"] : [])],
}));

test("every item is held out once, groups are spread over the turns", () => {
  const turns = inTurns(items, ({ groups }) => groups, { turns: 4, seed: 1 });
  assert.equal(turns.length, 4);
  const held = turns.map((turn) => turn.filter(({ split }) => split === "test"));
  assert.deepEqual(
    held.flatMap((some) => some.map(({ id }) => id)).sort((a, b) => a - b),
    items.map(({ id }) => id),
  );
  const counts = (group: string) => held.map((some) => some.filter(({ groups }) => groups.includes(group)).length);
  assert.deepEqual(counts("small").sort(), [1, 2, 2, 2]);
  assert.deepEqual(counts("large"), [3, 3, 3, 3]);
  assert.ok(held.every(({ length }) => length === 5 || length === 6));
});

test("the same seed deals alike, another does not", () => {
  const dealt = (seed: number) => JSON.stringify(inTurns(items, ({ groups }) => groups, { turns: 3, seed }));
  assert.equal(dealt(1), dealt(1));
  assert.notEqual(dealt(1), dealt(2));
});
