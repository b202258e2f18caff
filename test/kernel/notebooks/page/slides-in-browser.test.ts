// Slides of a notebook in a real browser: nothing is cut off, keys move, charts are live, nothing foreign runs.
import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { readNotebook } from "../../../../src/kernel/notebooks/notebook-file.js";
import { notebookToHtml } from "../../../../src/kernel/notebooks/page/notebook-to-html.js";
import { notebookToSlides, writeSlides } from "../../../../src/kernel/notebooks/page/notebook-to-slides.js";
import { packageRoot } from "../../../../src/kernel-helpers/support/package-root.js";
import { browserWithFolder, noChromium, openPage, seriousViolations } from "../../../widgets/chromium.js";
import { notebookOf } from "../notebook-of.js";

describe("slides in a browser", { skip: noChromium, timeout: 180_000 }, () => {
  const own = browserWithFolder();

  async function open(notebook: Parameters<typeof writeSlides>[1], size = { width: 1280, height: 720 }) {
    const file = join(own.folder, `${Math.random()}.html`);
    await writeSlides(file, notebook, { folder: join(packageRoot(), "notebooks") });
    const page = await own.browser.newPage({ viewport: size });
    const problems: string[] = [];
    page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
    page.on("pageerror", (error) => problems.push(error.message));
    page.on("dialog", (dialog) => {
      problems.push(dialog.message());
      void dialog.dismiss();
    });
    page.on("request", (request) => /^https?:/.test(request.url()) && problems.push(`asks for ${request.url()}`));
    await page.goto(pathToFileURL(file).href);
    await page.waitForFunction("globalThis.Reveal?.isReady()");
    return { page, problems };
  }

  test("a lecture's page and its slides have nothing that axe finds serious, in the light and in the dark", async () => {
    const notebook = await readNotebook(join(packageRoot(), "notebooks/01-where-does-it-look.ipynb"));
    const pages = { page: await notebookToHtml(notebook), slides: await notebookToSlides(notebook) };
    for (const [name, html] of Object.entries(pages)) {
      for (const colorScheme of ["light", "dark"] as const) {
        const { page } = await openPage(own, html, { colorScheme });
        await page.waitForTimeout(500);
        assert.deepEqual(await seriousViolations(page), [], `${name}, ${colorScheme}`);
        await page.close();
      }
    }
  });

  test("of a lecture: every slide is within the window at two sizes, and charts are live", async () => {
    const notebook = await readNotebook(join(packageRoot(), "notebooks/01-where-does-it-look.ipynb"));
    const spec = { $schema: "https://vega.github.io/schema/vega-lite/v5.json", mark: "bar", data: { values: [{ a: 1 }] } };
    const chart = { output_type: "display_data" as const, metadata: {}, data: { "application/vnd.vegalite.v5+json": spec } };
    notebook.cells.splice(3, 0, ...notebookOf([{ source: "chart", outputs: [chart] }]).cells);
    for (const size of [
      { width: 1280, height: 720 },
      { width: 800, height: 600 },
    ]) {
      const { page, problems } = await open(notebook, size);
      await page.waitForFunction("document.querySelector('svg.marks, canvas.marks')", undefined, { timeout: 60_000 });
      const slides = Number(await page.evaluate("Reveal.getTotalSlides()"));
      assert.ok(slides > 15, `${slides} slides`);
      for (let i = 1; ; i++) {
        // What is drawn late may be outside for a moment.
        const inside = `[...document.querySelectorAll("section.present:not(.stack) > .fit")]
          .map((each) => each.getBoundingClientRect())
          .every(({ left, top, right, bottom }) => left >= -1 && top >= -1 && right <= innerWidth + 1 && bottom <= innerHeight + 1)`;
        await page.waitForFunction(inside, undefined, { timeout: 20_000 }).catch(() => {
          assert.fail(`slide ${i} of ${slides} at ${size.width} does not fit`);
        });
        if (i === slides) break;
        await page.keyboard.press("Space");
      }
      assert.equal(await page.evaluate("Reveal.isLastSlide()"), true);
      assert.deepEqual(problems, []);
      await page.close();
    }
  });

  test("runs nothing of a notebook, and keeps notes to the lecturer", async () => {
    const evil = `<script>alert(1)</script><img src=x onerror=alert(2)>`;
    const notebook = notebookOf([
      { source: `# ${evil}`, markdown: true },
      { source: evil, outputs: [{ output_type: "display_data", metadata: {}, data: { "text/html": evil } }] },
      { source: "say this", markdown: true },
    ]);
    ["slide", "fragment", "notes"].forEach((type, i) => (notebook.cells[i].metadata.slideshow = { slide_type: type }));
    const { page, problems } = await open(notebook);
    await page.keyboard.press("Space");
    await page.waitForTimeout(300);
    assert.deepEqual(problems, []);
    assert.equal(await page.locator("aside.notes").count(), 1);
    assert.equal(await page.locator("aside.notes").isVisible(), false);
    assert.equal(await page.locator(".fragment.visible").count(), 1);
    await page.close();
  });
});
