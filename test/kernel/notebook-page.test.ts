// Notebooks as pages, and the look-over before a commit.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { checkNotebook } from "../../src/kernel/notebooks/check-notebook.js";
import { highlight } from "../../src/kernel/notebooks/highlight.js";
import { parseNotebook } from "../../src/kernel/notebooks/notebook.js";
import type { CellOutput, Notebook } from "../../src/kernel/notebooks/notebook.js";
import { notebookToHtml } from "../../src/kernel/notebooks/notebook-to-html.js";

interface Cell {
  readonly source: string;
  readonly outputs?: CellOutput[];
  readonly count?: number;
  readonly markdown?: boolean;
}

function notebookOf(cells: readonly Cell[], kernel = "camlab"): Notebook {
  const raw = cells.map(({ source, outputs = [], count = 1, markdown }, i) =>
    markdown
      ? { cell_type: "markdown", id: `c${i}`, metadata: {}, source }
      : { cell_type: "code", id: `c${i}`, metadata: {}, source, outputs, execution_count: count },
  );
  return parseNotebook(
    JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: { kernelspec: { name: kernel } }, cells: raw }),
  );
}

const bodyOf = async (cells: readonly Cell[]) =>
  (await notebookToHtml(notebookOf(cells))).split("<main>")[1].split("</main>")[0];

describe("a page", () => {
  test("shows Markdown with its HTML as text, and no link that runs code", async () => {
    const source = "# Head <script>alert(1)</script>\n\n[x](javascript:alert(1)) ![y](javascript:alert(1)) **bold**";
    const html = await bodyOf([{ source, markdown: true }]);
    assert.ok(!/<script|href="javascript|src="javascript/.test(html));
    assert.match(html, /&lt;script&gt;/);
    assert.match(html, /<strong>bold<\/strong>/);
  });

  test("shows formulas as MathML, and money as money", async () => {
    const html = await bodyOf([
      { source: "cost $5 or $6, sum $\\sum_k w_k$:\n\n$$M_c(x)\n= 1$$\n\ntail `$a$`", markdown: true },
    ]);
    assert.equal(html.match(/<math/g)?.length, 2);
    assert.match(html, /cost \$5 or \$6/);
    assert.match(html, /<math[^>]*display="block"/);
    assert.match(html, /<code>\$a\$<\/code>/);
  });

  test("shows what a cell put out in its richest form; streams and errors as text", async () => {
    const data = (bundle: Record<string, unknown>): CellOutput => ({
      output_type: "display_data",
      data: bundle,
      metadata: {},
    });
    const html = await bodyOf([
      {
        source: "x",
        outputs: [
          { output_type: "stream", name: "stdout", text: "\x1b[32m<green>\x1b[0m" },
          { output_type: "error", ename: "E", evalue: "v", traceback: ["\x1b[31mE\x1b[39m: <v>"] },
          data({ "text/plain": "text", "image/png": "AQI=\n" }),
          data({ "text/plain": "text", "text/html": "<table></table>" }),
          data({ "text/plain": "text", "image/svg+xml": "<svg onload='alert(1)'></svg>" }),
          data({ "text/markdown": "**m**" }),
          data({ "text/latex": "$\\alpha$" }),
          data({ "text/plain": "<plain>" }),
        ],
      },
    ]);
    assert.match(html, /<pre class="stdout">&#60;green&#62;<\/pre>/);
    assert.match(html, /<pre class="error"><span class="red">E<\/span>: &#60;v&#62;<\/pre>/);
    assert.match(html, /src="data:image\/png;base64,AQI="/);
    assert.match(html, /<table><\/table>/);
    assert.ok(!html.includes("onload"));
    assert.match(html, /<strong>m<\/strong>/);
    assert.match(html, /α/);
    assert.match(html, /&#60;plain&#62;/);
  });

  test("takes its title from the first heading, and no runtime without a chart", async () => {
    const page = await notebookToHtml(notebookOf([{ source: "intro\n\n## The <title>", markdown: true }]));
    assert.match(page, /<title>The &#60;title&#62;<\/title>/);
    assert.ok(page.length < 10_000);
  });
});

describe("highlighting", () => {
  const kinds = (code: string) =>
    [...highlight(code).matchAll(/<span class="(\w+)">(.*?)<\/span>/gs)].map(([, kind, text]) => `${kind} ${text}`);

  test("tells comments, strings, numbers, keywords and calls apart, and escapes", () => {
    assert.deepEqual(kinds('const a = f(0x1F, 1.5e3); // if "x" < y'), [
      "keyword const",
      "call f",
      "number 0x1F",
      "number 1.5e3",
      "comment // if &#34;x&#34; &#60; y",
    ]);
    assert.deepEqual(kinds("`a ${b} // no` + 'it\\'s'"), ["string `a ${b} // no`", "string &#39;it\\&#39;s&#39;"]);
    assert.deepEqual(kinds("table.from({ of: 1 })"), ["call from", "number 1"]);
  });

  test("loses no character of any code", () => {
    for (const code of ['"open', "`open ${", "/* open", "a<b>c&d", "'\\", "1__0n 0x", "x /= 2 / 3"]) {
      const text = highlight(code)
        .replace(/<\/?span[^>]*>/g, "")
        .replace(/&#(\d+);/g, (_, number: string) => String.fromCharCode(Number(number)));
      assert.equal(text, code);
    }
  });
});

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
        "1: a chart has no PNG, so readers on a web page see nothing",
        "1: its outputs have N MB (at most N MB)",
        "-: its outputs have N MB in all (at most N MB)",
      ],
    );
  });
});
