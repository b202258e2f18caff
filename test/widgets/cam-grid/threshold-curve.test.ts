import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, test } from "node:test";
import { look } from "../../../src/kernel-helpers/networks/look.js";
import { openNetwork } from "../../../src/kernel-helpers/networks/open-network.js";
import { packageRoot } from "../../../src/kernel-helpers/support/package-root.js";
import { camGrid } from "../../../src/widgets/cam-grid/cam-grid.js";
import { camGridSpec } from "../../../src/widgets/cam-grid/cam-grid-spec.js";
import { Widget } from "../../../src/widgets/kit/widget.js";
import { browserWithFolder, noChromium, openPage } from "../chromium.js";
import { rowsOf } from "../rows-of.js";
import { sampleGrid } from "../sample-grid.js";
import { warningsOf } from "../warnings-of.js";

const curve = { x: [0, 0.22, 1], y: [0, 0.66, 0], title: "boxes that are right" };
const grid = () => camGridSpec({ ...sampleGrid(), curve });

test("the curve is there with what it says at each threshold that the slider has, between its points too", () => {
  assert.deepEqual(warningsOf(grid()), []);
  const said = rowsOf(grid()).filter((row) => "said" in row);
  assert.equal(said.length, 19);
  const [at20] = said.filter(({ x }) => x === 0.2);
  assert.ok(Math.abs((at20.y as number) - 0.6) < 1e-9);
  assert.equal(at20.said, "60 % at a threshold of 20 %");
});

test("a curve wants boxes with a threshold, and as many shares as thresholds", async () => {
  using network = await openNetwork(join(packageRoot(), "models/teaching"));
  const seen = await look(network, join(packageRoot(), "models/teaching/beach.png"));
  assert.throws(() => camGrid(seen, { curve, boxes: false }), /wants boxes of the paper's rule/);
  assert.throws(() => camGrid(seen, { curve, rule: "authors" }), /wants boxes of the paper's rule/);
  assert.throws(() => camGrid(seen, { curve: { x: [0, 1], y: [1] } }), /invalid curve/);
});

describe("in a browser", { skip: noChromium }, () => {
  const own = browserWithFolder();

  test("the slider moves the point along the curve, and the boxes", async () => {
    const { page, complaints } = await openPage(own, await new Widget(grid()).toHtml());
    await page.waitForSelector("figure svg.marks");
    const texts = page.locator("figure svg.marks text");
    await texts.filter({ hasText: "60 % at a threshold of 20 %" }).waitFor();
    await page.locator("input[name=threshold]").fill("0.25");
    await texts.filter({ hasText: "63 % at a threshold of 25 %" }).waitFor();
    await texts.filter({ hasText: "largest area above 25 % of the maximum" }).waitFor();
    assert.deepEqual(complaints, []);
    await page.close();
  });
});
