// A notebook that wants to run scripts, as a page in a real browser.
import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { writePage } from "../../../../src/kernel/notebooks/page/notebook-to-html.js";
import type { NotebookPageOptions } from "../../../../src/kernel/notebooks/page/page-parts.js";
import { parseNotebook } from "../../../../src/kernel/notebooks/parse-notebook.js";
import { browserWithFolder, noChromium } from "../../../widgets/chromium.js";
import { barChart } from "../../bar-chart.js";

const PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
const spec = barChart("y", "quantitative");

/** Text that runs a script wherever it is not escaped; the number says where it was. */
let number = 0;
const evil = () => {
  const call = `alert(${++number})`;
  return `"'></pre></script><script>${call}</script><img src=x onerror=${call}><svg onload=${call}>\x1b[31m</span>`;
};

const bundle = (data: Record<string, unknown>) => ({ output_type: "display_data", metadata: {}, data });

/** A notebook with such a text in every field that holds one. */
function hostileNotebook() {
  const outputs = [
    { output_type: "stream", name: evil(), text: evil() },
    { output_type: "error", ename: evil(), evalue: evil(), traceback: [evil()] },
    { output_type: "error", ename: evil(), evalue: evil(), traceback: [] },
    ...["image/png", "image/jpeg", "image/gif", "image/webp", "image/svg+xml"].map((type) =>
      bundle({ [type]: evil(), "text/plain": evil() }),
    ),
    ...["text/html", "text/markdown", "text/latex", "text/plain", "application/javascript", "text/javascript"].map(
      (type) => bundle({ [type]: evil() }),
    ),
    bundle({ "text/html": `<table><tr><td style="text-align:left" onclick="alert(0)">${evil()}</td></tr></table>` }),
    bundle({ "application/javascript": `alert(${++number})`, "text/plain": evil() }),
    bundle({ "application/json": { [evil()]: evil() } }),
    bundle({ [`image/png${evil()}`]: PIXEL }),
    bundle({
      "application/vnd.vegalite.v5+json": {
        ...spec,
        title: evil(),
        mark: { type: "bar", href: `javascript:alert(${++number})`, tooltip: { expr: JSON.stringify(evil()) } },
        usermeta: { embedOptions: { actions: { source: true }, sourceHeader: evil(), loader: {}, ast: false } },
      },
      "image/png": evil(),
    }),
    { ...bundle({ "text/plain": evil() }), metadata: evil() },
  ];
  const tex = `$\\href{javascript:alert(1)}{x}$ $\\class{${evil()}}{x}$ $\\htmlData{${evil()}}{x}$ $\\includegraphics{x}$`;
  const links = `[a](javascript:alert(2)) <javascript:alert(3)> ![b](javascript:alert(4)) [c](data:text/html,${evil()})`;
  const source = `# ${evil()}\n${tex}\n\n${links}\n\n![p](attachment:e.png) ![q](attachment:f.png)\n\n~~~${evil()}\nx\n~~~\n\n\\begin{${evil()}}`;
  const attachments = { "e.png": { [`image/png${evil()}`]: PIXEL }, "f.png": { "image/png": evil() } };
  return {
    nbformat: 4,
    nbformat_minor: evil(),
    metadata: { title: evil(), kernelspec: evil(), language_info: { name: evil() } },
    cells: [
      { cell_type: "markdown", id: evil(), metadata: {}, source, attachments },
      { cell_type: "code", id: evil(), metadata: evil(), execution_count: evil(), source: evil(), outputs },
      { cell_type: evil(), id: "c", metadata: {}, source: evil() },
    ],
  };
}

describe("a notebook's page in a browser", { skip: noChromium, timeout: 120_000 }, () => {
  const own = browserWithFolder();

  async function open(notebook: object, options: NotebookPageOptions = {}) {
    const file = join(own.folder, `${++number}.html`);
    await writePage(file, parseNotebook(JSON.stringify(notebook)), options);
    const page = await own.browser.newPage();
    const alerts: string[] = [];
    const errors: string[] = [];
    const requests: string[] = [];
    page.on("dialog", (dialog) => {
      alerts.push(dialog.message());
      void dialog.dismiss();
    });
    page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
    page.on("request", (request) => /^https?:/.test(request.url()) && requests.push(request.url()));
    await page.goto(pathToFileURL(file).href);
    await page.waitForTimeout(1500);
    return { page, alerts, errors, requests };
  }

  test("runs nothing of it, whatever field it stands in", async () => {
    const { page, alerts, errors, requests } = await open(hostileNotebook());
    // The escaping alone holds: the content security policy had nothing to refuse but addresses of no picture.
    const refused = errors.filter((text) => !/^Loading the image 'attachment:[ef]\.png' violates/.test(text));
    assert.deepEqual({ alerts, refused, requests }, { alerts: [], refused: [], requests: [] });
    const stray = await page.evaluate(
      "document.querySelectorAll('main script:not([type]), main [onerror], main [onload], main [onclick], main a[href^=javascript]').length",
    );
    assert.equal(stray, 0);
    await page.waitForSelector(".role-mark path", { timeout: 30_000 });
    for (const bar of await page.locator(".role-mark path").all()) {
      await bar.hover({ force: true });
      await bar.click({ force: true });
    }
    assert.deepEqual(alerts, []);
  });

  test("draws a live chart under a policy that refuses every other script", async () => {
    const output = bundle({ "application/vnd.vegalite.v5+json": spec, "image/png": PIXEL });
    const cell = { cell_type: "code", id: "a", metadata: {}, execution_count: 1, source: "x", outputs: [output] };
    const { page, errors } = await open({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells: [cell] });
    await page.waitForSelector("svg.marks path", { timeout: 30_000 });
    assert.deepEqual(errors, []);
    await page.evaluate("document.body.append(Object.assign(document.createElement('script'), { text: 'window.ran = 1' }))");
    assert.equal(await page.evaluate("window.ran"), undefined);
  });

  test("shows HTML and runs scripts where the caller trusts the notebook", async () => {
    const outputs = [
      bundle({ "text/html": "<b id=bold>hi</b><script>window.ran = 1</script>" }),
      bundle({ "application/javascript": "element.append('</script>'); window.js = 1" }),
    ];
    const cells = [
      { cell_type: "markdown", id: "a", metadata: {}, source: "a <i id=slanted>b</i>" },
      { cell_type: "code", id: "b", metadata: {}, execution_count: 1, source: "x", outputs },
    ];
    const notebook = { nbformat: 4, nbformat_minor: 5, metadata: {}, cells };
    const { page } = await open(notebook, { trust: true });
    assert.deepEqual(await page.evaluate("[window.ran, window.js, bold.innerText, slanted.innerText]"), [1, 1, "hi", "b"]);
    const careful = await open(notebook);
    assert.deepEqual(careful.errors, []);
    assert.match(await careful.page.innerText("main"), /HTML of this output is left out.*JavaScript of this output is left out/s);
    assert.equal(await careful.page.locator("#bold, #slanted").count(), 0);
  });
});
