// Notebooks as pages.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { CellOutput } from "../../../../src/kernel/notebooks/notebook.js";
import { notebookToHtml } from "../../../../src/kernel/notebooks/page/notebook-to-html.js";
import { notebookOf, type Cell } from "../notebook-of.js";

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
    assert.match(html, /<pre tabindex="0" class="stdout">&#60;green&#62;<\/pre>/);
    assert.match(html, /<pre tabindex="0" class="error"><span class="red">E<\/span>: &#60;v&#62;<\/pre>/);
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
