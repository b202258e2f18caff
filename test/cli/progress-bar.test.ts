import assert from "node:assert/strict";
import { test } from "node:test";
import { ProgressBar } from "../../src/cli/progress-bar.js";

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
