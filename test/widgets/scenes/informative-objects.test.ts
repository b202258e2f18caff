import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { SceneDiscovery } from "../../../src/kernel-helpers/discovery/scenes/scene-findings.js";
import { encodePng } from "../../../src/kernel-helpers/images/files/encode.js";
import { objectLists, sceneFigure } from "../../../src/widgets/scenes/informative-objects.js";
import { shortShare } from "../../../src/widgets/scenes/informative-objects-chart-spec.js";
import { placeLabels } from "../../../src/widgets/scenes/informative-objects-figure-spec.js";
import { photoWith, sceneOf } from "../../kernel-helpers/discovery/scenes/findings.js";
import { draw } from "../../kernel-helpers/images/pictures.js";
import { HOSTILE } from "../sample-grid.js";

const folder = mkdtempSync(join(tmpdir(), "camlab-scenes-"));
const file = join(folder, "photo.png");
before(async () => writeFileSync(file, await encodePng(draw(20, 10, (x) => [x * 10, 0, 90]))));
after(() => rmSync(folder, { recursive: true }));

function found(scene: string, object: string): Pick<SceneDiscovery, "findings"> {
  const photos = [photoWith({ wall: 0.1, [object]: 1 }, file), photoWith({ wall: 0.9, [object]: 0.6 }, file)];
  const settings = { hot: 0.4, overlap: 0.5, minImages: 1, seed: 0 };
  return { findings: { settings, scenes: [sceneOf(scene, photos, 1)], train: 2, heldOut: 2 } };
}

/** All values of a property anywhere in a spec. */
function valuesOf(spec: unknown, key: string): unknown[] {
  if (typeof spec !== "object" || spec === null) return [];
  return Object.entries(spec).flatMap(([name, value]) => [
    ...(name === key ? [value as unknown] : []),
    ...valuesOf(value, key),
  ]);
}

describe("the lists of scenes as a chart", () => {
  test("both lists in their order, with the shares as they are, coloured by what is known", async () => {
    const widget = objectLists(found("kitchen", "stove"), { inventory: { own: { kitchen: ["stove"] } } });
    const spec = await widget.spec();
    const rows = valuesOf(spec, "values").flat() as { name?: string; share?: number; kind?: string; value?: string }[];
    assert.deepEqual(
      rows.filter(({ share }) => share !== undefined).map(({ name, share, kind, value }) => [name, share, kind, value]),
      [
        ["stove", 1, "own", "1.0"],
        ["wall", 1, "common", "1.0"],
        ["stove", 0.8, "own", ".80"],
        ["wall", 0.5, "common", ".50"],
      ],
    );
    assert.match(spec.description!, /kitchen: frequent stove 1.0, wall 1.0; under the map stove .80, wall .50/);
    assert.ok((await widget.toSvg()).includes(`aria-label="words: kitchen"`));
  });

  test("shares as lists write them", () => {
    assert.deepEqual([1, 0.996, 0.98, 0.054, 0].map(shortShare), ["1.0", "1.0", ".98", ".05", ".00"]);
  });

  test("refuses scenes that are not there and sizes that mean nothing", () => {
    assert.throws(() => objectLists(found("kitchen", "x"), { scenes: ["moon"] }), /invalid scene: "moon" .*"kitchen"/);
    assert.throws(() => objectLists(found("kitchen", "x"), { top: 0 }), /invalid top: 0/);
    assert.throws(() => sceneFigure(found("kitchen", "x"), "kitchen", { photos: ["no"] }), /invalid photos: "no"/);
    assert.throws(() => sceneFigure(found("kitchen", "x"), "kitchen", { opacity: 2 }), /invalid opacity: 2/);
  });
});

describe("the figure of a scene", () => {
  test("names what lies under each map, and that alone", async () => {
    const spec = await sceneFigure(found("kitchen", "stove"), "kitchen").spec();
    const labels = valuesOf(spec, "values")
      .flat()
      .filter((value) => (value as { name?: string }).name !== undefined) as { name: string }[];
    assert.deepEqual(
      labels.map(({ name }) => name),
      ["stove", "stove", "wall"],
    );
    const lines = valuesOf(spec, "values").flat() as { text?: string }[];
    const texts = lines.flatMap(({ text }) => text ?? []);
    assert.ok(["Frequent", "Under the map", "wall .50", "stove 1.0"].every((text) => texts.includes(text)));
    const long = await sceneFigure(found("kitchen", "a very long name of a thing"), "kitchen").spec();
    assert.match(JSON.stringify(long), /"a very long name… 1\.0"/);
  });

  test("labels do not lie on each other, and stay within the photo", () => {
    const view = { width: 100, height: 60 };
    const labels = placeLabels(
      ["table", "chair", "lamp", "a very long name of a thing"].map((name) => ({ name, x: 80, y: 50 })),
      view,
    );
    labels.forEach(({ x, y }, i) => {
      assert.ok(x >= 2 && x <= 98 && y >= 2 && y <= 46, `${x}, ${y}`);
      for (const other of labels.slice(0, i)) assert.ok(Math.abs(other.y - y) >= 14);
    });
  });

  test("hostile names are text and nothing else, in chart, figure and page", async () => {
    const hostile = found(HOSTILE, HOSTILE);
    for (const widget of [objectLists(hostile), sceneFigure(hostile, HOSTILE)]) {
      const svg = await widget.toSvg();
      assert.ok(!svg.includes("<script") && !svg.includes("{{x}}<"));
      assert.ok(!(await widget.toHtmlFragment()).includes("</script><script>alert"));
    }
  });
});
