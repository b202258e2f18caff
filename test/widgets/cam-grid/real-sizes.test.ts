import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { plainBundle } from "../../../src/kernel/display/mime-bundle.js";
import { lookAtAll, isSkipped } from "../../../src/kernel-helpers/networks/look-at-all.js";
import { openNetwork } from "../../../src/kernel-helpers/networks/open-network.js";
import type { Seen } from "../../../src/kernel-helpers/networks/seen.js";
import { camGrid } from "../../../src/widgets/cam-grid/cam-grid.js";
import type { MimeBundle, Widget } from "../../../src/widgets/kit/widget.js";
import { lightNotebook } from "../../../scripts/light-notebook.js";
import { browserWithFolder, noChromium } from "../chromium.js";

const real = process.env.CAMLAB_REAL ?? "";

describe("real data: a grid of 20 photographs × 5 classes", { skip: !real }, () => {
  const own = noChromium ? undefined : browserWithFolder();
  let grid: Widget;
  before(async () => {
    using network = await openNetwork(join(real, "models/mobilenet_v2_coral"));
    const folder = join(real, "data/imagenet-photos");
    const files = readdirSync(folder)
      .filter((file) => /\.jpe?g$/i.test(file))
      .slice(0, 20)
      .map((file) => join(folder, file));
    const seen: Seen[] = [];
    for await (const each of lookAtAll(network, files)) if (!isSkipped(each)) seen.push(each);
    assert.equal(seen.length, 20);
    grid = camGrid(seen, { classes: 5 });
  });

  test("all that a notebook is given is at most 1.5 MB, and so is a page's part; 300 KB as committed", async () => {
    const shown = grid as unknown as Record<symbol, () => Promise<MimeBundle>>;
    const data = plainBundle(await shown[Symbol.for("Jupyter.display")]());
    const live = JSON.stringify(data).length;
    assert.ok(live <= 1.5e6, `${live} bytes in a notebook`);
    const page = (await grid.toHtmlFragment()).length;
    assert.ok(page <= 1.5e6, `${page} bytes on a page`);
    const cells = [{ cell_type: "code", outputs: [{ output_type: "display_data", data }] }];
    const committed = JSON.stringify((await lightNotebook({ cells })).cells[0].outputs).length;
    assert.ok(committed <= 300_000, `${committed} bytes as committed`);
  });

  test("its page is drawn by less than a second of the browser's work", { skip: noChromium }, async () => {
    const file = join(own!.folder, "grid.html");
    await writeFile(file, await grid.toHtml());
    const page = await own!.browser.newPage({ viewport: { width: 1200, height: 900 } });
    const metrics = await page.context().newCDPSession(page);
    // Processor time of the page's thread: other work on the machine does not count.
    await metrics.send("Performance.enable", { timeDomain: "threadTicks" });
    await page.goto(pathToFileURL(file).href);
    await page.waitForSelector("figure svg.marks");
    const wall = await page.evaluate<number>(DRAWN);
    assert.equal(await page.locator("svg.marks image").count(), 20 + 2 * 100);
    const all = (await metrics.send("Performance.getMetrics")).metrics;
    const seconds = all.find(({ name }) => name === "TaskDuration")!.value;
    console.log(`# drawn after ${Math.round(wall)} ms, by ${Math.round(1000 * seconds)} ms of work`);
    assert.ok(seconds > 0.05 && seconds < 1, `${seconds} s`);
    await page.close();
  });
});

/** Milliseconds from the page's start until what has been drawn is on the screen. */
const DRAWN = `new Promise((done) => requestAnimationFrame(() => setTimeout(() => done(performance.now()))))`;
