import assert from "node:assert/strict";
import { test } from "node:test";
import type { Notebook } from "../../../../src/kernel/notebooks/notebook.js";
import { slidesOf } from "../../../../src/kernel/notebooks/page/notebook-slides.js";
import { notebookOf } from "../notebook-of.js";

const figure = (type: string) => ({ output_type: "display_data" as const, metadata: {}, data: { [type]: "x" } });
const printed = { output_type: "stream" as const, name: "stdout" as const, text: "x" };

const shape = (notebook: Notebook) =>
  slidesOf(notebook).map((column) =>
    column.map(({ pieces, notes }) =>
      [
        ...pieces.map(({ cell, part, fragment }) => {
          const what =
            typeof part === "object" ? `${cell.source}#${part.output}${part.code ? " code" : ""}` : `${cell.source} ${part}`;
          return fragment ? `(${what})` : what;
        }),
        ...notes.map(({ source }) => `note ${source}`),
      ].join(" + "),
    ),
  );

test("without slide types: a heading begins a column, every figure has a slide", () => {
  const notebook = notebookOf([
    { source: "a", outputs: [printed] },
    { source: "# One", markdown: true },
    { source: "text", markdown: true },
    { source: "b", outputs: [printed, figure("image/png"), figure("text/html"), figure("application/vnd.vega.v5+json")] },
    { source: "d", outputs: [figure("image/png"), figure("image/jpeg")] },
    { source: "  ", outputs: [] },
    { source: "## Two", markdown: true },
    { source: "c", outputs: [figure("text/plain")] },
  ]);
  assert.deepEqual(shape(notebook), [
    ["a all"],
    ["# One all", "text all", "b code", "b#1", "b#3", "d#0 code", "d#1"],
    ["## Two all", "c all"],
  ]);
  const under = slidesOf(notebook).map((column) => column.map((slide) => slide.under));
  assert.deepEqual(under, [[undefined], [undefined, ...Array<string>(6).fill("One")], [undefined, "Two"]]);
});

test("a fold stays on the slide before it; parameters and exercises are no slides", () => {
  const fold = "<details><summary>s</summary>\n\nx\n\n</details>";
  const notebook = notebookOf([
    { source: "p" },
    { source: "### One", markdown: true },
    { source: "e" },
    { source: fold, markdown: true },
    { source: "a" },
  ]);
  notebook.cells[0].metadata.tags = ["parameters"];
  notebook.cells[2].metadata.tags = ["exercise"];
  assert.deepEqual(shape(notebook), [[`### One all + ${fold} all`, "a all"]]);
});

test("Jupyter's slide types decide where there are any", () => {
  const types = ["slide", "-", "fragment", "subslide", "notes", "skip", "slide", undefined, "notes"];
  const notebook = notebookOf(types.map((_, i) => ({ source: `c${i}`, outputs: [figure("image/png")] })));
  notebook.cells.forEach((cell, i) => types[i] && (cell.metadata.slideshow = { slide_type: types[i] }));
  assert.deepEqual(shape(notebook), [
    ["c0 all + c1 all + (c2 all)", "c3 all + note c4"],
    ["c6 all + c7 all + note c8"],
  ]);
});

test("what stands before the first slide is no slide lost, and an empty notebook has none", () => {
  const notebook = notebookOf([{ source: "a" }, { source: "b" }]);
  notebook.cells[1].metadata.slideshow = { slide_type: "fragment" };
  assert.deepEqual(shape(notebook), [["a all + (b all)"]]);
  assert.deepEqual(shape(notebookOf([])), []);
});
