// The explorer on a page of its own, in a real browser: it draws, says nothing on the console, and answers to a pointer and to
// the keyboard.
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import type { Page } from "playwright-core";
import { look } from "../../../src/kernel-helpers/networks/look.js";
import { openNetwork } from "../../../src/kernel-helpers/networks/open-network.js";
import { packageRoot } from "../../../src/kernel-helpers/support/package-root.js";
import { exploreView } from "../../../src/widgets/explore/explore.js";
import { browserWithFolder, noChromium } from "../chromium.js";

describe("the explorer in a browser", { skip: noChromium, timeout: 120_000 }, () => {
  const own = browserWithFolder();

  test("draws in silence and offline; class, contrast, threshold, place and contours change what they should", async () => {
    using network = await openNetwork(join(packageRoot(), "models/teaching"));
    const seen = await look(network, join(packageRoot(), "models/teaching/beach.png"));
    const file = join(own.folder, "explore.html");
    await writeFile(file, await exploreView(seen, { classes: 4 }).toHtml({ title: "explore" }));
    const context = await own.browser.newContext({ offline: true, viewport: { width: 800, height: 900 } });
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(error.message));
    await page.goto(pathToFileURL(file).href);
    await page.waitForSelector("figure svg.marks");
    assert.equal(await page.evaluate("document.documentElement.scrollWidth"), 800);

    const first = await shown(page);
    await page.locator("svg.marks text", { hasText: `2. ${seen.top[1].name}` }).waitFor();
    await page.locator(`svg.marks [aria-label="${seen.top[1].name}"]`).click();
    const picked = await shown(page);
    assert.notEqual(picked.heat, first.heat);
    assert.notDeepEqual(picked.boxes, first.boxes);
    assert.ok(picked.texts.includes(seen.top[1].name));

    // By the keyboard alone: the class back, then the threshold, then a place.
    await page.locator("[name=pick]").focus();
    await page.keyboard.press("ArrowUp");
    await settle(page);
    assert.deepEqual(await shown(page), first);
    await page.locator("[name=threshold]").focus();
    for (let i = 0; i < 30; i++) await page.keyboard.press("ArrowRight");
    await settle(page);
    const moved = await shown(page);
    assert.notDeepEqual(moved.boxes, first.boxes);
    assert.ok(moved.texts.some((text) => text.includes("above 50 % of the maximum")));
    const readings = (texts: readonly string[]) => texts.filter((text) => /^[+−]\d/.test(text));
    assert.equal(readings(moved.texts).length, 4);
    await page.locator("[name=across]").focus();
    await page.keyboard.press("Home");
    await settle(page);
    assert.notDeepEqual(readings((await shown(page)).texts), readings(moved.texts));

    // By the pointer: what stands beside the sliders follows.
    const picture = (await page.locator("svg.marks .mark-image image").nth(0).boundingBox())!;
    await page.mouse.move(picture.x + 0.75 * picture.width, picture.y + 0.25 * picture.height);
    await settle(page);
    const at = async (name: string) => Number(await page.locator(`[name=${name}]`).inputValue());
    assert.ok(Math.abs((await at("across")) - 75) < 1 && Math.abs((await at("down")) - 25) < 1);

    await page.locator("[name=show]").selectOption("contours");
    await page.locator("[name=against]").selectOption({ label: seen.top[2].name });
    await settle(page);
    const contrast = await shown(page);
    assert.equal(contrast.boxes.length, 0);
    assert.ok(contrast.texts.includes(`${seen.top[0].name} − ${seen.top[2].name}`));
    assert.deepEqual(complaints, []);
    await context.close();
  });
});

async function settle(page: Page): Promise<void> {
  await page.waitForTimeout(120);
}

/** The address of the map's picture, the boxes' outlines, and all texts. */
async function shown(page: Page) {
  return page.evaluate<{ heat: string; boxes: string[]; texts: string[] }>(`(() => {
    const all = (selector) => [...document.querySelectorAll("figure svg.marks " + selector)];
    return {
      heat: all("image").map((image) => image.getAttribute("href") ?? image.getAttribute("xlink:href")).find((uri) => uri.startsWith("data:image/png")),
      boxes: all(".mark-rect path[stroke='#ffffff'][stroke-width='2']").map((path) => path.getAttribute("d") + path.getAttribute("transform")),
      texts: all("text").map((text) => text.textContent),
    };
  })()`);
}
