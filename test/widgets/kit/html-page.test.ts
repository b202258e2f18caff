import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import type { CamGridPanel } from "../../../src/widgets/cam-grid/cam-grid-data.js";
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

  test("nothing is cut or scrolls at 800 and 1,600 pixels, nor in print; text is not wider than it reads well", async () => {
    const data = sampleGrid();
    const photo = { ...data.photos[0], panels: Array<CamGridPanel>(5).fill(data.photos[0].panels[0]) };
    const wide = new Widget(camGridSpec({ ...data, photos: [photo, photo], size: 300 }));
    const html = await htmlPage({ title: "wide", sections: [{ text: "word ".repeat(200) }, wide] });
    const cut = `(() => {
      const card = document.querySelector(".card");
      const picture = card.querySelector("svg.marks") ?? card.querySelector("img");
      const [outer, inner] = [card, picture].map((each) => each.getBoundingClientRect());
      return {
        scrolls: card.scrollWidth > card.clientWidth || document.documentElement.scrollWidth > innerWidth,
        within: inner.left >= outer.left && inner.right <= outer.right + 0.5,
        width: inner.width,
        text: document.querySelector("p").getBoundingClientRect().width,
      };
    })()`;
    type Shown = { scrolls: boolean; within: boolean; width: number; text: number };
    const widths: number[] = [];
    for (const width of [800, 1600]) {
      for (const javaScriptEnabled of [true, false]) {
        await open(
          html,
          async (page) => {
            if (javaScriptEnabled) await page.waitForSelector("figure svg.marks");
            for (const media of ["screen", "print"] as const) {
              await page.emulateMedia({ media });
              const shown = javaScriptEnabled ? await page.evaluate<Shown>(cut) : undefined;
              if (!shown) continue;
              assert.deepEqual([shown.scrolls, shown.within], [false, true], `${width} ${media}`);
              assert.ok(shown.text < 900, `text of ${shown.text} pixels`);
              if (media === "screen") widths.push(shown.width);
            }
            if (!javaScriptEnabled) {
              const [image, card] = await Promise.all([page.locator(".card img").boundingBox(), page.locator(".card").boundingBox()]); // prettier-ignore
              assert.ok(image!.x + image!.width <= card!.x + card!.width + 0.5);
            }
          },
          { viewport: { width, height: 900 }, javaScriptEnabled },
        );
      }
    }
    assert.ok(widths[1] > widths[0], "a wide window is used");
  });

  test("in the dark, what is alive is dark as darkSpec has it, and light again in the light", async () => {
    const spec = camGridSpec(sampleGrid());
    const html = await htmlPage({ title: "dark", sections: [new Widget(spec)] });
    await open(
      html,
      async (page) => {
        const ground = async () => page.evaluate(`getComputedStyle(document.querySelector(".card")).backgroundColor`);
        const fills = async () =>
          page.evaluate(
            `[...document.querySelectorAll("svg.marks .mark-text text")].map((text) => text.getAttribute("fill"))`,
          );
        await page.waitForSelector("figure[data-shown=dark] svg.marks");
        assert.equal(await ground(), "rgb(23, 28, 34)");
        assert.deepEqual([...new Set((await fills()) as string[])].sort(), ["#a9b4c0", "#e8ecf1"]);
        await page.emulateMedia({ colorScheme: "light" });
        await page.waitForSelector("figure:not([data-shown]) svg.marks");
        assert.equal(await ground(), "rgb(255, 255, 255)");
        assert.deepEqual([...new Set((await fills()) as string[])].sort(), ["#1f2933", "#5b6875"]);
      },
      { colorScheme: "dark" },
    );
  });

  test("a widget that is dark by its theme has a dark card, alive and as a still picture", async () => {
    const html = await new Widget(camGridSpec(sampleGrid()), { theme: "dark" }).toHtml();
    for (const javaScriptEnabled of [true, false]) {
      await open(
        html,
        async (page) => {
          if (javaScriptEnabled) await page.waitForSelector("figure svg.marks");
          const card = page.locator(".card");
          assert.equal(await card.evaluate((element) => getComputedStyle(element).backgroundColor), "rgb(23, 28, 34)");
        },
        { colorScheme: "light", javaScriptEnabled },
      );
    }
  });

  test("a page that is filled stretches every widget to its width, however wide that is, and scrolls nowhere", async () => {
    const grid = new Widget(camGridSpec(sampleGrid()));
    const html = await htmlPage({ title: "full", fill: true, sections: [grid] });
    for (const javaScriptEnabled of [true, false]) {
      for (const width of [800, 1600]) {
        await open(
          html,
          async (page) => {
            if (javaScriptEnabled) await page.waitForSelector("figure svg.marks");
            const picture = page.locator(javaScriptEnabled ? "svg.marks" : ".card img");
            const [drawn, card] = await Promise.all([picture.boundingBox(), page.locator(".card").boundingBox()]);
            assert.ok(card!.width > width - 60 && card!.width < width, `a card of ${card!.width} in ${width}`);
            assert.ok(Math.abs(card!.width - 18 - drawn!.width) < 2, `${drawn!.width} in ${card!.width}`);
            if (!javaScriptEnabled) return;
            assert.ok(Number(await page.evaluate("document.documentElement.scrollWidth")) <= width);
          },
          { viewport: { width, height: 900 }, javaScriptEnabled },
        );
      }
    }
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
