import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, test } from "node:test";
import { cam } from "../../../src/kernel-helpers/cam/cam.js";
import { look } from "../../../src/kernel-helpers/networks/look.js";
import { openNetwork } from "../../../src/kernel-helpers/networks/open-network.js";
import { packageRoot } from "../../../src/kernel-helpers/support/package-root.js";
import { BLANK } from "../../../src/widgets/kit/photo/shown-photo.js";
import { confusionChart } from "../../../src/widgets/probes/confusion-chart.js";
import { browserWithFolder, noChromium, openPage } from "../chromium.js";
import { warningsOf } from "../warnings-of.js";

const confusion = { classes: ["beach", "city", "</script>"], counts: [[5, 2, 0], [1, 4, 1], [0, 0, 6]] }; // prettier-ignore
const file = join(packageRoot(), "models/teaching/beach.png");

async function chart() {
  using network = await openNetwork(join(packageRoot(), "models/teaching"));
  const seen = await look(network, file);
  const map = (at: number) => ({ map: cam(seen, seen.top[at].index) });
  return confusionChart(confusion, {
    pictures: [
      { file, truth: "beach", predicted: "beach" },
      ...Array.from({ length: 8 }, () => ({ file, truth: "beach", predicted: "beach" })),
      { file, truth: "beach", predicted: "city", ...map(0) },
      { file, truth: "beach", predicted: "city", ...map(1) },
      { file, truth: "city", predicted: "</script>" },
    ],
  });
}

test("without pictures there is nothing to choose; pictures of unknown classes are refused; the spec compiles", async () => {
  assert.doesNotMatch(JSON.stringify(await confusionChart(confusion).spec()), /"cell"|vconcat/);
  assert.throws(
    () => confusionChart(confusion, { pictures: [{ file, truth: "beach", predicted: "moon" }] }),
    /invalid pictures: "moon"/,
  );
  assert.deepEqual(warningsOf(await (await chart()).spec()), []);
});

test("a picture that is gone is a blank, the others are shown, and a warning names it", async () => {
  const warned: string[] = [];
  const listen = ({ message }: Error) => warned.push(message);
  process.on("warning", listen);
  const at = { truth: "beach", predicted: "city" };
  const made = confusionChart(confusion, {
    pictures: [
      { file: "gone.jpg", ...at },
      { file, ...at },
    ],
  });
  const spec = JSON.stringify(await made.spec());
  await new Promise((resolve) => setImmediate(resolve));
  process.off("warning", listen);
  assert.match(spec, /data:image\/jpeg/);
  assert.ok(spec.includes(BLANK));
  assert.match(warned.join(), /a blank is shown for gone\.jpg/);
});

describe("the pictures of a cell, in a browser", { skip: noChromium, timeout: 60_000 }, () => {
  const own = browserWithFolder();

  test("the wrong cell with most pictures is open; a click, or the keyboard, opens another", async () => {
    const { page, complaints } = await openPage(own, await (await chart()).toHtml(), {
      viewport: { width: 800, height: 700 },
    });
    await page.waitForSelector("figure svg.marks image");
    const shown = async () => {
      await page.waitForTimeout(150);
      return page.locator("svg.marks .mark-image image").count();
    };
    assert.equal(await shown(), 4, "two pictures, each under its map");
    await page.locator("svg.marks .mark-symbol").last().locator("path").nth(0).click();
    assert.equal(await shown(), 6, "six of nine");
    await page.locator("select[name=cell_i]").focus();
    await page.keyboard.press("ArrowDown");
    await page.locator("select[name=cell_j]").focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    assert.equal(await shown(), 1);
    assert.deepEqual(complaints, []);
    await page.close();
  });
});
