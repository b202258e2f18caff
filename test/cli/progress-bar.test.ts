import assert from "node:assert/strict";
import { test } from "node:test";
import { ProgressBar, progressLine } from "../../src/cli/progress-bar.js";

test("progressLine is label, bar, count, pace and time, as far as they are known", () => {
  const bar = (filled: number) => "━".repeat(filled) + "─".repeat(24 - filled);
  assert.equal(
    progressLine({ label: "looking", done: 5, total: 20, elapsed: 1000 }),
    `looking ${bar(6)} 5/20  5.0/s  3 s left`,
  );
  assert.equal(progressLine({ label: "looking", done: 7, elapsed: 500 }), "looking 7  14/s");
  assert.equal(progressLine({ label: "looking", done: 0, total: 9, elapsed: 0 }), `looking ${bar(0)} 0/9`);
  assert.equal(progressLine({ label: "looking", done: 0, total: 0, elapsed: 0 }), `looking ${bar(24)} 0/0`);
});

test("a terminal sees one line as wide as it is, and none once it is cleared; what is no terminal sees nothing", () => {
  for (const isTTY of [true, false]) {
    const written: string[] = [];
    const stream = { isTTY, columns: 30, write: (text: string) => written.push(text) };
    const bar = new ProgressBar(stream as unknown as NodeJS.WriteStream);
    bar.clear();
    bar.update({ label: "looking", done: 1, total: 20, elapsed: 1000 });
    bar.clear();
    bar.clear();
    if (isTTY) {
      assert.deepEqual(
        written.map((text) => text.length),
        [5 + 29, 5],
      );
      assert.ok(written.every((text) => text.startsWith("\r\u001b[2K")));
    } else assert.deepEqual(written, []);
  }
});
