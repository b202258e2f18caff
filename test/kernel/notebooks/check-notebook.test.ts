// The look-over before a commit.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { checkNotebook } from "../../../src/kernel/notebooks/check-notebook.js";
import type { CellOutput } from "../../../src/kernel/notebooks/notebook.js";
import { notebookOf, type Cell } from "./notebook-of.js";

describe("checkNotebook", () => {
  const messages = (cells: readonly Cell[], options = {}, kernel = "camlab") =>
    checkNotebook(notebookOf(cells, kernel), options).map(({ cell, message }) => `${cell ?? "-"}: ${message}`);

  test("finds nothing in a good notebook", () => {
    const source =
      "// await (x) in a comment\nconst s = 'export for await (';\nconst { a } = await import('./helper');";
    assert.deepEqual(
      messages([
        { source: "# T", markdown: true },
        { source, count: 1 },
        { source: "a", count: 2 },
      ]),
      [],
    );
  });

  test("names what works in this kernel only", () => {
    const sources = [
      "await (f())",
      "for await (const x of y) {}",
      "export const a = 1",
      "import '../lib/x'",
      "import b from './b.ts'",
      "using n = open()",
    ];
    const found = messages(sources.map((source, i) => ({ source, count: i + 1 })));
    assert.deepEqual(
      found.map((line) => line.split(" ").slice(0, 2).join(" ").replace(/:$/, "")),
      ["1: `await", "2: `for", "3: `export`", "4: import", "5: import", "6: `using`"],
    );
  });

  test("finds cells out of order, failures, warnings, scripts, charts without a picture, and weight", () => {
    const outputs: CellOutput[] = [
      { output_type: "error", ename: "E", evalue: "v", traceback: [] },
      { output_type: "stream", name: "stderr", text: "(node:1) Warning\nmore" },
      {
        output_type: "display_data",
        metadata: {},
        data: { "text/html": "<SCRIPT>", "application/vnd.vegalite.v5+json": {} },
      },
    ];
    const found = messages([{ source: "a", count: 3, outputs }], { maxCellBytes: 50, maxBytes: 60 }, "tslab");
    assert.deepEqual(
      found.map((line) => line.replace(/\d+\.\d+/g, "N")),
      [
        "-: its kernel is tslab (expected camlab)",
        "1: was not run in order from a fresh kernel: run the notebook again",
        "1: failed: E: v",
        "1: wrote to stderr: (node:1) Warning",
        "1: an output holds a script: write it with `camlab run`",
        "1: a chart has no picture, so readers on a web page see nothing",
        "1: its outputs have N MB (at most N MB)",
        "-: its outputs have N MB in all (at most N MB)",
      ],
    );
  });
});
