import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { SceneDiscovery } from "../../../src/kernel-helpers/discovery/scenes/scene-findings.js";
import { encodePng } from "../../../src/kernel-helpers/images/files/encode.js";
import { shortShare } from "../../../src/widgets/kit/text/numbers.js";
import { objectLists } from "../../../src/widgets/scenes/object-lists.js";
import { clearLabels } from "../../../src/widgets/scenes/clear-labels.js";
import { sceneFigure } from "../../../src/widgets/scenes/scene-figure.js";
import { photoWith, sceneOf } from "../../kernel-helpers/discovery/scenes/findings.js";
import { draw } from "../../kernel-helpers/images/pictures.js";
import { rowsOf, textsOf } from "../rows-of.js";
import { HOSTILE } from "../sample-grid.js";

const folder = mkdtempSync(join(tmpdir(), "camlab-scenes-"));
const file = join(folder, "photo.png");
before(async () => writeFileSync(file, await encodePng(draw(20, 10, (x) => [x * 10, 0, 90]))));
after(() => rmSync(folder, { recursive: true }));

function found(scene: string, object: string): Pick<SceneDiscovery, "findings"> {
  const photos = [photoWith({ wall: 0.1, [object]: 1 }, file), photoWith({ wall: 0.9, [object]: 0.6 }, file)];
  const settings = { hot: 0.4, overlap: 0.5, minImages: 1, rivals: true, seed: 0 };
  return { findings: { settings, scenes: [sceneOf(scene, photos, 1)], train: 2, heldOut: 2 } };
}

describe("the lists of scenes as a chart", () => {
  test("both lists in their order, with the shares as they are, coloured by what is known", async () => {
    const widget = objectLists(found("kitchen", "stove"), { inventory: { own: { kitchen: ["stove"] } } });
    const spec = await widget.spec();
    const named = rowsOf(spec).filter(({ tip }) => tip !== undefined);
    assert.deepEqual(
      named.filter(({ text }) => /[a-z]/.test(text as string)).map(({ text }) => text),
      ["stove", "wall", "stove", "wall"],
    );
    assert.deepEqual(
      named.filter(({ text }) => /^[.\d]+$/.test(text as string)).map(({ text }) => text),
      ["1.0", "1.0", ".80", ".50"],
    );
    type Layer = { mark: { type: string; fill: string }; data: { values: { x: number; x2: number }[] } };
    const bars = (spec.layer as Layer[]).filter(({ mark }) => mark?.type === "rect");
    // Two bars of a kind, and one square in the legend.
    assert.deepEqual(
      bars.map(({ mark, data }) => [mark.fill, data.values.length]).sort(),
      [["#0072b2", 1], ["#0072b2", 2], ["#e69f00", 1], ["#e69f00", 2]], // prettier-ignore
    );
    // Their lengths, in thousandths of the longest.
    const pairs = bars.filter(({ data }) => data.values.length === 2);
    const longest = Math.max(...pairs.flatMap(({ data }) => data.values.map(({ x, x2 }) => x2 - x)));
    assert.deepEqual(
      pairs.map(({ mark, data }) => [mark.fill, ...data.values.map(({ x, x2 }) => Math.round((1000 * (x2 - x)) / longest))]), // prettier-ignore
      [["#0072b2", 1000, 800], ["#e69f00", 1000, 500]], // prettier-ignore
    );
    assert.match(spec.description!, /kitchen: frequent stove 1.0, wall 1.0; under the map stove .80, wall .50/);
    assert.ok((await widget.toSvg()).includes(`aria-label="kitchen"`));
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
    type Layer = { layer?: { mark: { type: string } }[]; data: { values: { text: string }[] } };
    const haloed = (spec.layer as Layer[]).filter(({ layer }) => layer?.[0].mark.type === "text");
    assert.deepEqual(
      haloed.flatMap(({ data }) => data.values).map(({ text }) => text),
      ["stove", "stove", "wall"],
    );
    const texts = textsOf(spec);
    assert.deepEqual(
      ["Frequent", "Under the map", "wall .50", "stove 1.0"].filter((text) => !texts.includes(text)),
      [],
    );
    const long = await sceneFigure(found("kitchen", "a very long name of a thing"), "kitchen").spec();
    assert.match(textsOf(long).join("\n"), /^a very lo…of a thing 1\.0$/m);
  });

  test("an object that is too rare for the lists is named; one that lies where the map is dim is not", async () => {
    const lamps = photoWith({ lamp: 1, sill: 1 }, file);
    const [lamp, sill] = lamps.objects;
    // The map falls from its maximum on the left to nothing on the right.
    const photo = { ...lamps, objects: [lamp, { ...sill, box: { x: 14, y: 0, width: 6, height: 10 } }] };
    const { findings } = found("kitchen", "stove");
    const scenes = [sceneOf("kitchen", [photo, photoWith({}, file)], 2)];
    const texts = textsOf(await sceneFigure({ findings: { ...findings, scenes } }, "kitchen").spec());
    assert.deepEqual([texts.includes("lamp"), texts.includes("sill")], [true, false]);
    assert.ok(texts.some((text) => text.includes("boxed: 50 % of it or more lies under the map")));
  });

  test("all objects count as frequent; under the map they stand by how much of them is hot where they are shown", async () => {
    const photos = [
      photoWith({ wall: 0.4, floor: 0.4, stove: 0.9, cat: 1 }, file),
      photoWith({ wall: 0.6, floor: 0, stove: 0.7 }, file),
      photoWith({ wall: 0.5, floor: 0.2 }, file),
    ];
    const { findings } = found("kitchen", "stove");
    const scenes = [sceneOf("kitchen", photos, 2)];
    const textsWith = async (over: "all" | "shown") =>
      textsOf(await sceneFigure({ findings: { ...findings, scenes } }, "kitchen", { over }).spec());
    const shown = await textsWith("shown");
    const lines = ["floor 1.0", "wall 1.0", "stove .67", "cat .33", "stove .80", "wall .50", "floor .20", "▲2"];
    assert.deepEqual(lines.filter((line) => !shown.includes(line)), []); // prettier-ignore
    assert.equal(shown.includes("cat 1.0"), false);
    assert.equal((await textsWith("all")).includes("stove .53"), true);
  });

  test("figures of one width are laid out for one size of letters, whatever the photos; boxed ones come first", async () => {
    const bare = { ...photoWith({ stove: 0 }, file), id: "bare", decisionValue: 2 };
    const boxed = { ...photoWith({ stove: 1 }, file), id: "boxed", decisionValue: 1 };
    const { findings } = found("kitchen", "stove");
    const scenes = [sceneOf("kitchen", [bare, boxed], 1)];
    for (const photos of [1, 2]) {
      const widget = sceneFigure({ findings: { ...findings, scenes } }, "kitchen", { photos, width: 500 });
      assert.equal((await widget.spec()).width, 500);
      const drawn = [...JSON.stringify(await widget.spec()).matchAll(/"alt":"photo (\w+)"/g)].map(([, name]) => name);
      assert.deepEqual([...new Set(drawn)], ["boxed", "bare"].slice(0, photos));
    }
    assert.throws(() => sceneFigure({ findings }, "kitchen", { width: 10 }), /invalid width: 10/);
    assert.throws(() => sceneFigure({ findings }, "kitchen", { over: "some" as "all" }), /invalid over: "some"/);
  });

  test("a name that would hide another or its box is left out with its box", () => {
    const photo = { width: 60, height: 30 };
    const label = (x: number) => ({ width: 50, height: 14, box: { x, y: 12, width: 6, height: 5 } });
    assert.equal(clearLabels([label(20), label(22), label(24)], photo).length, 1);
    assert.equal(clearLabels([label(20), label(220)], { width: 300, height: 30 }).length, 2);
  });

  test("labels do not lie on each other, and stay within the photo", () => {
    const photo = { width: 100, height: 80 };
    for (const corner of [0, 30, 80]) {
      const labels = [30, 34, 26, 90].map((width, i) => ({
        ...{ width, height: 14 },
        box: { x: (corner + 30 * i) % 80, y: corner / 2 + 10 * i, width: 20, height: 10 },
      }));
      const placed = clearLabels(labels, photo);
      assert.ok(placed.length >= 2, `${placed.length} at ${corner}`);
      placed.forEach(({ x, y, width, height }, i) => {
        assert.deepEqual([x >= 2, x + width <= 98, y >= 2, y + height <= 78], [true, true, true, true]);
        for (const other of placed.slice(0, i)) {
          const apart = Math.abs(other.y - y) >= 14 || other.x >= x + width || x >= other.x + other.width;
          assert.equal(apart, true, `${i} at ${x}, ${y}`);
        }
      });
    }
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
