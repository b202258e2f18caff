import assert from "node:assert/strict";
import { test } from "node:test";
import { fuzzModels } from "./fuzz-models.js";

test("300 damaged models are refused by name or open rightly: no crash, no hang, no gigabyte", async () => {
  const { tried, opened, refused, faults } = await fuzzModels(300, "models");
  assert.deepEqual(faults, []);
  assert.equal(tried, 300);
  // Both happen, or the mutators do too little or too much.
  assert.ok(opened >= 15 && refused >= 100, `${opened} opened, ${refused} refused`);
});
