// Notebooks as other programs, or nobody in particular, wrote them.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { CamlabError } from "../../../src/kernel-helpers/support/errors.js";
import { seededRandom } from "../../../src/kernel-helpers/support/random.js";
import { formatNotebook } from "../../../src/kernel/notebooks/notebook-file.js";
import { notebookToHtml } from "../../../src/kernel/notebooks/page/notebook-to-html.js";
import { parseNotebook } from "../../../src/kernel/notebooks/parse-notebook.js";

const parse = (cells: unknown, more: object = {}) => parseNotebook(JSON.stringify({ nbformat: 4, cells, ...more }));

describe("parseNotebook", () => {
  test("brings every field into its type", () => {
    const { cells, ...notebook } = parse(
      [
        { cell_type: "code", source: ["a\n", "b"], execution_count: "7", metadata: { tags: "x" }, id: 5 },
        {
          cell_type: "code",
          execution_count: 2,
          outputs: [
            { output_type: "stream", name: "log", text: ["x", "y"] },
            { output_type: "error", traceback: "one" },
            { output_type: "execute_result", execution_count: -1, data: { "text/plain": ["a", "b"], "a/x+json": ["1"] } },
          ],
        },
        { cell_type: "chapter", source: "text", attachments: { a: { "image/png": ["AQ", "I="] } } },
      ],
      { metadata: [], nbformat_minor: "2" },
    );
    assert.deepEqual(notebook, { metadata: {}, nbformat: 4, nbformat_minor: 5 });
    const [first, second, third] = cells;
    assert.match(first.id, /^[\da-f-]{8}$/);
    assert.equal(first.source, "a\nb");
    assert.ok(first.cell_type === "code" && second.cell_type === "code" && third.cell_type === "raw");
    assert.equal(first.execution_count, null);
    assert.equal(second.execution_count, 2);
    assert.deepEqual(second.outputs, [
      { output_type: "stream", name: "stdout", text: "xy" },
      { output_type: "error", ename: "", evalue: "", traceback: ["one"] },
      {
        output_type: "execute_result",
        execution_count: null,
        metadata: {},
        data: { "text/plain": "ab", "a/x+json": ["1"] },
      },
    ]);
    assert.deepEqual(third.attachments, { a: { "image/png": "AQI=" } });
  });

  test("refuses what cannot be one, and says where", () => {
    const code = (outputs: unknown) => [{ cell_type: "markdown" }, { cell_type: "code", outputs }];
    assert.throws(() => parseNotebook("{"), /not JSON, so not a notebook/);
    assert.throws(() => parseNotebook("null"), /not a notebook of format 4/);
    assert.throws(() => parse({}), /not a notebook of format 4/);
    assert.throws(() => parse([null]), /^CamlabError: cell 1 is null \(expected an object\)/);
    assert.throws(() => parse([{ cell_type: "code", source: 5 }]), /cell 1: source is 5 \(expected a text or a list/);
    assert.throws(() => parse(code({})), /cell 2: outputs is an object \(expected a list\)/);
    assert.throws(() => parse(code([[]])), /cell 2, output 1 is a list/);
    assert.throws(() => parse(code([{ output_type: "pyout" }])), /cell 2, output 1: output_type is "pyout"/);
    assert.throws(() => parse(code([{ output_type: "stream", text: {} }])), /cell 2, output 1: text is an object/);
  });

  test("reads a file that begins with a byte order mark", () => {
    assert.equal(parseNotebook('\ufeff{"nbformat":4,"cells":[]}').cells.length, 0);
  });
});

test("any mutation of a notebook is a notebook, or refused by name, and its page is made", async () => {
  const seeded = seededRandom(20);
  const valid = {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: { kernelspec: { name: "camlab" } },
    cells: [
      { cell_type: "markdown", id: "a", metadata: {}, source: ["# $x$\n"], attachments: { "a.png": { "image/png": "AQI=" } } },
      {
        cell_type: "code",
        id: "b",
        metadata: { tags: ["raises-exception"] },
        source: "x",
        execution_count: 1,
        outputs: [
          { output_type: "stream", name: "stdout", text: "x" },
          { output_type: "error", ename: "E", evalue: "v", traceback: ["x"] },
          { output_type: "display_data", metadata: {}, data: { "text/html": "<b>x</b>", "image/png": "AQI=" } },
        ],
      },
    ],
  };
  const values = [null, 5, "", "x", [], {}, [5], { a: 1 }, true, -1, "<script>"];
  let refused = 0;
  for (let round = 0; round < 400; round++) {
    const copy = JSON.parse(JSON.stringify(valid)) as Record<string, unknown>;
    mutate(copy, seeded, values);
    try {
      const notebook = parseNotebook(JSON.stringify(copy));
      const page = await notebookToHtml(notebook);
      assert.doesNotMatch(page.split("<main>")[1], /<script>/);
      parseNotebook(formatNotebook(notebook));
    } catch (error) {
      assert.ok(error instanceof CamlabError, `${JSON.stringify(copy)}: ${(error as Error).stack}`);
      refused++;
    }
  }
  assert.ok(refused > 20 && refused < 350, `${refused} refused`);
});

/** Replaces or removes one value somewhere. */
function mutate(root: object, random: () => number, values: readonly unknown[]): void {
  let place = root as Record<string, unknown>;
  for (;;) {
    const keys = Object.keys(place);
    const key = keys[Math.floor(random() * keys.length)];
    if (key === undefined) return;
    const inner = place[key];
    if (inner !== null && typeof inner === "object" && random() < 0.8) {
      place = inner as Record<string, unknown>;
      continue;
    }
    if (random() < 0.2) Reflect.deleteProperty(place, key);
    else place[key] = values[Math.floor(random() * values.length)];
    return;
  }
}
