import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, test } from "node:test";
import { cam } from "../../../src/kernel-helpers/cam/cam.js";
import { FeatureTable } from "../../../src/kernel-helpers/features/feature-table.js";
import { look } from "../../../src/kernel-helpers/networks/look.js";
import { openNetwork } from "../../../src/kernel-helpers/networks/open-network.js";
import { packageRoot } from "../../../src/kernel-helpers/support/package-root.js";
import { featureExplorer, type FeatureExplorerOptions } from "../../../src/widgets/features/feature-explorer.js";
import { featureExplorerSpec } from "../../../src/widgets/features/feature-explorer-spec.js";
import { browserWithFolder, noChromium, openPage } from "../chromium.js";
import { testGoldenSpec } from "../golden-spec.js";
import { rowsOf } from "../rows-of.js";
import { HOSTILE, PIXEL } from "../sample-grid.js";
import { warningsOf } from "../warnings-of.js";

const file = join(packageRoot(), "models/teaching/beach.png");
const features = new FeatureTable({
  ...{ rows: 6, columns: 2, data: Float32Array.of(0, 0, 1, 0, 2, 1, 9, 0, 10, 0, 11, -1) },
  pictures: [0, 1, 2, 3, 4, 5].map((i) => ({ file, id: `${i}`, label: i < 4 ? "near" : HOSTILE })),
});

async function explorer(options: FeatureExplorerOptions = {}) {
  using network = await openNetwork(join(packageRoot(), "models/teaching"));
  const seen = await look(network, file);
  const map = (_: unknown, row: number) => (row === 0 ? undefined : cam(seen, seen.top[row % 2].index));
  return featureExplorer(features, { map, ...options });
}

describe("the spec of a feature explorer", () => {
  const map = { mutedUri: PIXEL, heatUri: PIXEL, of: "a", unseen: [{ x: 0, y: 0, width: 0.1, height: 1 }] };
  const point = (x: number, label: number) => ({ x, y: -x / 2, label, name: `${x}.jpg`, uri: PIXEL, aspect: 1.5 });
  testGoldenSpec("feature-explorer", () => ({
    spec: async () =>
      Promise.resolve(
        featureExplorerSpec({
          ...{ title: "Pictures", subtitle: "two", axes: ["first", "second"], labels: ["a", "b"] },
          ...{ points: [{ ...point(0, 0), map }, point(3, 1)], opacity: 0.65, dimming: 0.3, size: 190 },
          ramp: { colours: ["#000000", "#ffffff"], labels: ["none", "most"] },
        }),
      ),
  }));

  test("holds as many pictures of each label as were asked for, by label and along the first axis", async () => {
    const shown = (await (await explorer({ count: 4 })).spec()).datasets as {
      points: { n: number; x: number; label: string }[];
    };
    const labels = shown.points.map(({ label }) => label);
    assert.deepEqual(
      labels,
      [...labels].sort((a, b) => a.localeCompare(b, "en", { numeric: true })),
    );
    assert.equal(labels.filter((label) => label === "near").length, 2);
    assert.deepEqual(shown.points.map(({ n }) => n), [0, 1, 2, 3]); // prettier-ignore
    assert.deepEqual(warningsOf(await (await explorer()).spec()), []);
  });

  test("without maps there is no legend of their colours; too few pictures and unlabelled ones are refused", async () => {
    const spec = await featureExplorer(features).spec();
    assert.doesNotMatch(JSON.stringify(rowsOf(spec)), /evidence/);
    assert.throws(() => featureExplorer(features.select([0, 1])), /needs three pictures or more, not 2/);
    assert.throws(() => featureExplorer(features.with(() => ({ label: undefined }))), /has no label/);
    assert.doesNotThrow(() =>
      featureExplorer(
        features.with(() => ({ label: undefined })),
        { label: () => "all" },
      ),
    );
  });
});

describe("the feature explorer in a browser", { skip: noChromium, timeout: 60_000 }, () => {
  const own = browserWithFolder();

  test("a picture that is pointed at, or chosen by the keyboard, is shown with its map; a label stands out", async () => {
    const html = await (await explorer()).toHtml();
    const { page, complaints } = await openPage(own, html, { viewport: { width: 1100, height: 800 } });
    await page.waitForSelector("figure svg.marks image");
    const maps = async () => {
      await page.waitForTimeout(150);
      return page
        .locator("svg.marks [aria-label^='map of']")
        .evaluateAll((all) =>
          all.map((each) => (each as unknown as { getAttribute(name: string): string }).getAttribute("aria-label")),
        );
    };
    const first = await maps();
    assert.equal(first.length, 1);
    const points = page.locator("svg.marks .mark-symbol path[aria-roledescription='point']");
    assert.equal(await points.count(), 6);
    const seen = new Set<string>();
    for (let i = 0; i < 6; i++) {
      const box = (await points.nth(i).boundingBox())!;
      await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
      const shown = await maps();
      seen.add(shown.join());
      assert.ok(shown.length <= 1);
    }
    assert.equal(seen.size, 3, "two classes, and one picture without a map");
    await page.locator("input[name=picture_n]").focus();
    await page.keyboard.press("Home");
    assert.deepEqual(await maps(), first);
    await page.locator("select[name=label_label]").selectOption({ index: 1 });
    await page.waitForTimeout(150);
    const faint = await points.evaluateAll(
      (all) =>
        all.filter(
          (each) => Number((each as unknown as { getAttribute(name: string): string }).getAttribute("opacity")) < 0.5,
        ).length,
    );
    assert.equal(faint, 4);
    assert.deepEqual(complaints, []);
    await page.close();
  });
});
