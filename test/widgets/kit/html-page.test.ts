import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { camGridSpec } from "../../../src/widgets/cam-grid/cam-grid-spec.js";
import { loadFonts } from "../../../src/widgets/kit/draw/fonts.js";
import { htmlPage } from "../../../src/widgets/kit/html-page.js";
import { vegaRuntimeScript } from "../../../src/widgets/kit/vega-runtime.js";
import { Widget } from "../../../src/widgets/kit/widget.js";
import { noChromium, openChromium } from "../chromium.js";
import { HOSTILE, sampleGrid } from "../sample-grid.js";

if (noChromium) console.log(`${noChromium}: the pages are not opened in a browser`);

describe("in a browser", { skip: noChromium }, () => {
  let browser: Browser;
  let folder: string;
  before(async () => {
    browser = await openChromium();
    folder = await mkdtemp(join(tmpdir(), "camlab-"));
  });
  after(async () => {
    await browser?.close();
    if (folder) await rm(folder, { recursive: true });
  });

  /** Opens a page from the disk, without a network, and runs `look` on it; returns what the page complained about. */
  async function open(html: string, look: (page: Page) => Promise<void>, options: BrowserContextOptions = {}) {
    const file = join(folder, `page "${Math.abs(html.length)}".html`);
    await writeFile(file, html);
    const context = await browser.newContext({ offline: true, ...options });
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on("console", (message) => complaints.push(`${message.type()}: ${message.text()}`));
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("dialog", (dialog) => {
      complaints.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on("request", (request) => {
      if (!/^(file|data|blob):/.test(request.url())) complaints.push(`request: ${request.url()}`);
    });
    await page.goto(pathToFileURL(file).href);
    await look(page);
    await context.close();
    return complaints;
  }

  test("two hostile widgets on one page come alive with one runtime, in silence", async () => {
    const data = sampleGrid([HOSTILE, "2. blue square"]);
    const grid = new Widget(camGridSpec({ ...data, photos: [{ ...data.photos[0], name: HOSTILE }] }));
    const html = await htmlPage({
      title: HOSTILE,
      sections: [{ heading: HOSTILE }, grid, { text: HOSTILE }, grid, { html: "<hr>" }],
    });
    assert.equal(html.split("DecompressionStream").length, 2);
    const complaints = await open(html, async (page) => {
      await page.waitForFunction('document.querySelectorAll("figure svg.marks").length === 2');
      assert.equal(await page.locator("figure > img:visible").count(), 0);
      const escaped = await page.evaluate('[document.querySelector("h1").textContent, typeof vega, typeof vegaEmbed]');
      assert.deepEqual(escaped, [HOSTILE.replace("\ud800", "\ufffd"), "undefined", "undefined"]);
      await page.locator("svg.marks .mark-text text", { hasText: "</script>" }).first().hover({ force: true });
      const tip = page.locator("#vg-tooltip-element.visible");
      await tip.waitFor();
      assert.match((await tip.textContent()) ?? "", /<\/script><script>alert\(1\)/);
      assert.equal(await tip.locator("script, b").count(), 0);
    });
    assert.deepEqual(complaints, []);
  });

  test("the threshold slider changes the box", async () => {
    const html = await new Widget(camGridSpec(sampleGrid())).toHtml();
    await open(html, async (page) => {
      const outlines = () =>
        page
          .locator("figure svg.marks .mark-rect path[stroke='#ffffff']")
          .evaluateAll((paths) =>
            paths.map((path) => (path as unknown as { getAttribute(name: string): string }).getAttribute("d")),
          );
      await page.waitForSelector("figure svg.marks");
      const first = await outlines();
      assert.equal(first.length, 3, "one a panel, and the legend's");
      await page.locator("input[name='threshold']").fill("0.25");
      await page.waitForTimeout(200);
      const second = await outlines();
      assert.equal(second.length, 3);
      assert.notDeepEqual(second, first);
      await page.locator("input[name='threshold']").fill("0.6");
      await page.waitForTimeout(200);
      assert.equal((await outlines()).length, 1);
    });
  });

  test("without JavaScript, and when a spec cannot be drawn, the picture is there", async () => {
    const widget = new Widget(camGridSpec(sampleGrid()));
    const html = await widget.toHtml();
    const picture = async (page: Page) => {
      await page.waitForTimeout(300);
      const image = page.locator("figure > img");
      assert.ok(await image.isVisible());
      assert.ok(((await image.boundingBox())?.width ?? 0) > 200);
      assert.match((await image.getAttribute("alt")) ?? "", /red disc 0.93/);
    };
    await open(html, picture, { javaScriptEnabled: false });
    const complaints = await open(html.replace('"layer":[{"data"', '"nothing":[{"data"'), picture);
    assert.match(complaints.join("\n"), /^warning: camlab: the widget stays a still picture/);
  });

  test("a widget that comes after the runtime comes alive too, and other Vegas are left alone", async () => {
    const fragment = JSON.stringify(await new Widget(camGridSpec(sampleGrid())).toHtmlFragment());
    const page = `<script>var vega = "mine";</script><div id="late"></div>${await vegaRuntimeScript()}`;
    await open(page, async (page) => {
      await page.waitForFunction("globalThis.camlabVega && camlabVega.vega");
      await page.evaluate(`document.getElementById("late").innerHTML = ${fragment}`);
      await page.waitForSelector("#late svg.marks");
      assert.equal(await page.evaluate("vega"), "mine");
    });
  });

  test("a phone scrolls the widget, not the page", async () => {
    const html = await new Widget(camGridSpec({ ...sampleGrid(), size: 400 })).toHtml();
    await open(
      html,
      async (page) => {
        await page.waitForSelector("figure svg.marks");
        assert.ok(Number(await page.evaluate("document.documentElement.scrollWidth")) <= 390);
      },
      { viewport: { width: 390, height: 800 } },
    );
  });

  test("text is as wide as the browser sets it", async () => {
    const { measure } = await loadFonts();
    const require = createRequire(import.meta.url);
    const face = async (file: string) =>
      (await readFile(require.resolve(`dejavu-fonts-ttf/ttf/${file}`))).toString("base64");
    const html = `<style>
      @font-face { font-family: Test; src: url(data:font/ttf;base64,${await face("DejaVuSans.ttf")}); }
      @font-face { font-family: Test; font-weight: 700; src: url(data:font/ttf;base64,${await face("DejaVuSans-Bold.ttf")}); }
    </style><canvas></canvas>`;
    const words = ["1. tench", "n01440764_tench.JPEG", "<0.001", "400 × 200", "Größe, façade, Ångström", "WWW iii …"];
    await open(html, async (page) => {
      for (const bold of [false, true]) {
        const browsers = await page.evaluate(`(async () => {
          const context = document.querySelector("canvas").getContext("2d");
          const font = "${bold ? "700 " : ""}13px Test";
          await document.fonts.load(font);
          context.font = font;
          context.fontKerning = "none";
          return ${JSON.stringify(words)}.map((text) => context.measureText(text).width);
        })()`);
        words.forEach((text, i) => {
          const width = measure(text, { size: 13, bold });
          assert.ok(
            Math.abs(width - (browsers as number[])[i]) < 0.5,
            `${text}: ${width}, ${(browsers as number[])[i]}`,
          );
        });
      }
    });
  });
});

test("the runtime is small enough to travel with a page", async () => {
  assert.ok((await vegaRuntimeScript()).length < 400_000);
});
