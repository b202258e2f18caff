import assert from "node:assert/strict";
import { test } from "node:test";
import { fuzzImages } from "./fuzz-images.js";

test("400 damaged pictures are refused by name or shown as they are: no crash, no hang, no gigabyte, no half", async () => {
  const { tried, outcomes, faults } = await fuzzImages(400, "images");
  assert.deepEqual(faults, []);
  assert.equal(tried, 400);
  // All three happen, or the mutators do too little or too much.
  const { refused, whole, changed } = outcomes;
  assert.ok(refused >= 150 && whole >= 30 && changed >= 10, JSON.stringify(outcomes));
});
