import assert from "node:assert/strict";
import { test } from "node:test";
import { tableBundle } from "../../../../src/kernel/display/table-html.js";
import { isInertHtml } from "../../../../src/kernel/notebooks/page/inert-html.js";
import { table } from "arquero";

test("camlab's own tables and progress bars are inert", () => {
  const rows = table({ "a<b": [1, 2], b: ['"x" <script>', null] });
  assert.ok(isInertHtml(tableBundle(rows)["text/html"]));
  assert.ok(isInertHtml('<div><progress value="3" max="10"></progress> looking: 3/10 &amp; more</div>'));
  assert.ok(isInertHtml("plain &lt;text&gt;<br>"));
});

test("anything else is not", () => {
  const others = [
    "<b>x</b>",
    "<table><tr><td onclick=x>1</td></tr></table>",
    '<td style="text-align:right;position:fixed">1</td>',
    '<td style="text-align:right"onclick="x">1</td>',
    '<p class="a">x</p>',
    "<p>x</div>",
    "<p>x",
    "</div><p>x</p>",
    "<script>x</script>",
    "<p<script>x</script>",
    "<TABLE></TABLE>",
    "<!-- x -->",
    "<p/>",
    "a < b",
    "<",
    "<p>".repeat(100) + "</p>".repeat(100),
    "<style>p{}</style>",
  ];
  for (const html of others) assert.equal(isInertHtml(html), false, html);
});
