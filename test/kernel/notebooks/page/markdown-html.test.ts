// Formulas in Markdown, well-formed or not.
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { markdownRenderer, type RenderMarkdown } from "../../../../src/kernel/notebooks/page/markdown-html.js";
import { texRenderer } from "../../../../src/kernel/notebooks/page/tex-html.js";

describe("formulas in Markdown", () => {
  let render: RenderMarkdown;
  before(async () => {
    render = await markdownRenderer({ tex: await texRenderer() });
  });
  const count = (html: string, what: RegExp) => html.match(what)?.length ?? 0;

  for (const name of ["align", "align*", "equation", "gather", "multline", "cases", "pmatrix", "aligned", "split"]) {
    test(`\\begin{${name}} without dollars, alone and within a line`, () => {
      const body = /equation|multline/.test(name) ? "a = b" : "a & b \\\\\n- c & d \\\\\n+ e & f";
      const tex = `\\begin{${name}}\n${body}\n\\end{${name}}`;
      for (const source of [tex, `as in ${tex} with more`, `- in a list\n  ${tex.replace(/\n/g, "\n  ")}`, `> ${tex.replace(/\n/g, "\n> ")}`]) {
        const html = render(source);
        assert.equal(count(html, /<math/g), 1, html);
        assert.doesNotMatch(html, /\\begin|\\end|temml-error/);
      }
      assert.match(render(`as in ${tex} with more`), /<p>as in<\/p>\n?<math[^]*<\/math>\s*<p>with more<\/p>/);
    });
  }

  test("environments of old LaTeX that MathML has no name for", () => {
    for (const name of ["eqnarray", "eqnarray*", "flalign"]) {
      const html = render(`\\begin{${name}}\na &=& b \\\\\nc &=& d\n\\end{${name}}`);
      assert.equal(count(html, /<math/g), 1, html);
      assert.doesNotMatch(html, /\\begin|temml-error/);
    }
  });

  test("keeps the rows of a matrix apart", () => {
    const html = render("\\begin{pmatrix}\n1 & 2 \\\\\n3 & 4\n\\end{pmatrix}");
    assert.equal(count(html, /<mtr>/g), 2);
    assert.equal(count(html, /<mtd/g), 4);
  });

  test("an environment within its own kind, and after blank lines", () => {
    const html = render("\\begin{matrix}\\begin{matrix}a\\end{matrix}\n\n& b\\end{matrix}\n\nafter");
    assert.equal(count(html, /<math/g), 1);
    assert.match(html, /<p>after<\/p>/);
  });

  test("\\(…\\) and \\[…\\], with one backslash or Jupyter's two", () => {
    for (const slash of ["\\", "\\\\"]) {
      assert.match(render(`so ${slash}(x_1 + 2${slash}) is`), /^<p>so <math>.*<\/math> is<\/p>/);
      assert.match(render(`${slash}[\n\\frac{1}{2}\n- y\n${slash}]`), /^<math display="block"/);
      assert.match(render(`so ${slash}[ S_c = 1 ${slash}] is`), /<math display="block"/);
    }
  });

  test("escaped brackets that hold no formula stay brackets", () => {
    assert.equal(render("see \\[1\\] and list\\[i\\] and \\(as said before\\)"), "<p>see [1] and list[i] and (as said before)</p>\n");
    assert.equal(render("`\\(x\\)` `\\begin{align}`"), "<p><code>\\(x\\)</code> <code>\\begin{align}</code></p>\n");
    assert.doesNotMatch(render("```\n\\begin{align}\na\n\\end{align}\n```"), /<math/);
  });

  test("two formulas in two lines are two, and text after one is text", () => {
    const html = render("$$a$$ and\n$$b$$\n\n$$c$$\n\n$$\nd\n$$\n");
    assert.equal(count(html, /<math/g), 4);
    assert.match(html, /<\/math>\s*and/);
  });

  test("definitions hold in what comes after, also a second time", async () => {
    const page = await markdownRenderer({ tex: await texRenderer() });
    page("$\\newcommand{\\maps}{f_k}$ $\\newcommand{\\R}{\\mathbb{R}}$");
    assert.match(page("$\\maps$"), /<msub>/);
    page("$\\newcommand{\\maps}[1]{g_{#1}}$");
    assert.match(page("$\\maps{3}$ $\\R$"), /<mi>g<\/mi><mn>3<\/mn>/);
  });

  test("what is no TeX is shown as it is, and the rest of the text is there", () => {
    const broken = ["$\\frac{1$", "$}{$", "$$\\begin{align} a$$", "$\\unknown{x}$", "$\\def\\a{\\a\\a}\\a$", "$\0$", "$\\href{javascript:x}{y}$"];
    for (const tex of [...broken, `$${"{".repeat(8000)}$`, `$$${"\\frac{".repeat(3000)}$$`, "\\begin{align} never closed"]) {
      const html = render(`before\n\n${tex}\n\nafter`);
      assert.match(html, /before[^]*after/, tex);
    }
    assert.match(render("\\begin{nosuch}x\\end{nosuch}"), /temml-error[^]*nosuch/);
  });

  test("delimiters without partners cost no time", () => {
    const began = Date.now();
    render("\\begin{align} ".repeat(3000));
    render("$$\n".repeat(5000));
    render("\\[ ".repeat(5000));
    assert.ok(Date.now() - began < 8000, `${Date.now() - began} ms`);
  });

  test("a rule is not larger than the page", () => {
    assert.doesNotMatch(render("$\\rule{99999em}{99999em}$"), /9999em/);
  });
});
