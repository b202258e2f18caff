import assert from "node:assert/strict";
import { before, test } from "node:test";
import { markdownRenderer, type RenderMarkdown } from "../../../../src/kernel/notebooks/page/markdown-html.js";
import { texRenderer } from "../../../../src/kernel/notebooks/page/tex-html.js";

let render: RenderMarkdown;
before(async () => {
  render = await markdownRenderer({ tex: await texRenderer() });
});

test("a fold holds Markdown, code and formulas; text before and after it stays outside", () => {
  const html = render(
    "before\n\n<details><summary>A *way*</summary>\n\nIt is $x$:\n\n```ts\nconst a = 1;\n```\n\n</details>\n\nafter",
  );
  const [, outside, summary, inside, rest] = /^([^]*)<details>\s*<summary>([^]*)<\/summary>([^]*)<\/details>([^]*)$/.exec(html)!;
  assert.match(outside, /<p>before<\/p>/);
  assert.equal(summary, "A <em>way</em>");
  assert.match(inside, /<math[^]*<pre><code[^]*const/);
  assert.match(rest, /<p>after<\/p>/);
});

test("folds within folds, and within lists", () => {
  const fold = (inner: string) => `<details><summary>s</summary>\n\n${inner}\n\n</details>`;
  const nested = render(fold(`a\n\n${fold("b")}\n\nc`));
  assert.equal(nested.match(/<details>/g)?.length, 2);
  assert.match(nested, /<p>b<\/p>\s*<\/details>\s*<p>c<\/p>\s*<\/details>/);
  assert.match(render(`- item\n\n  ${fold("a").replaceAll("\n", "\n  ")}`), /<li>[^]*<details>[^]*<\/details>\s*<\/li>/);
});

test("what is no plain fold stays text, and runs nothing", () => {
  for (const source of [
    "<details><summary>open</summary>\n\nnever closed",
    "</details>",
    '<details ontoggle="alert(1)" open><summary>s</summary>\n\nx\n\n</details>',
  ]) {
    assert.doesNotMatch(render(source), /<\/?details|<summary/, source);
  }
  const html = render("<details><summary><img src=x onerror=alert(1)></summary>\n\n<script>alert(2)</script>\n\n</details>");
  assert.doesNotMatch(html, /<img|<script/);
});

test("many that are never closed cost no more than their lines", () => {
  const began = performance.now();
  render("<details><summary>s</summary>\n\n".repeat(5_000));
  assert.ok(performance.now() - began < 3_000);
});
