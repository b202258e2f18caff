import assert from "node:assert/strict";
import { test } from "node:test";
import { notebookDifferences } from "../../scripts/notebook-differences.js";

const printing = (...texts: string[]) => ({
  cells: [
    { cell_type: "markdown" },
    ...texts.map((text) => ({ cell_type: "code", outputs: [{ output_type: "stream", text: text.split(/(?<=\n)/) }] })),
  ],
});
const differ = (a: string, b: string) => notebookDifferences(printing(a), printing(b)).length > 0;

test("fractions and percentages may differ by noise, whole numbers and words may not", () => {
  assert.ok(!differ("right: 95.0 %", "right: 95.1 %"));
  assert.ok(!differ("score 14.2337 a", "score  14.2341 a"));
  assert.ok(!differ("92 %", "93 %"));
  assert.ok(!differ("-0.5 at 1e-7", "−0.5 at 1.4e-7".replace("1.4e-7", "1e-7")));
  assert.ok(differ("right: 95.0 %", "right: 97.0 %"));
  assert.ok(differ("92 %", "94 %"));
  assert.ok(differ("phrases-test-0-000364", "phrases-test-0-000365"));
  assert.ok(differ("175 of 192 units", "174 of 192 units"));
  assert.ok(differ("1. dog 0.97", "1. cat 0.97"));
  assert.ok(differ("0.5", "-0.5"));
});

test("how long something took is not compared; a line more or less, and its cell, is told", () => {
  assert.ok(
    !differ("training: 210/210 (100 %), 2.2/s, 95.9 s in all", "training: 210/210 (100 %), 3.1/s, 70.2 s in all"),
  );
  assert.deepEqual(notebookDifferences(printing("a", "b\nc"), printing("a", "b")), ['cell 2: was "c", is ""']);
  assert.deepEqual(notebookDifferences(printing("a"), printing("a", "b")), ['cell 2: was "", is "b"']);
  const result = { cells: [{ cell_type: "code", outputs: [{ output_type: "x", data: { "text/plain": "1.0 m" } }] }] };
  assert.deepEqual(notebookDifferences(result, result), []);
});
