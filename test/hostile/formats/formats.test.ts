import assert from "node:assert/strict";
import { test } from "node:test";
import { fuzzFormats } from "./fuzz-formats.js";

test("400 damaged networks of other formats are refused by name or open: no crash, no hang, no gigabyte", async () => {
  const { tried, opened, refused, faults } = await fuzzFormats(400, "formats");
  assert.deepEqual(faults, []);
  assert.equal(tried, 400);
  // Both happen, or the mutators do too little or too much.
  assert.ok(opened >= 40 && refused >= 120, `${opened} opened, ${refused} refused`);
});
