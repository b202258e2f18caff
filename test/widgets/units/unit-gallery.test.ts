import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import sharp from "sharp";
import type { UnitFindings, UnitFinding } from "../../../src/kernel-helpers/discovery/units/unit-findings.js";
import { encodePng } from "../../../src/kernel-helpers/images/files/encode.js";
import { placementOf } from "../../../src/kernel-helpers/images/input/placement.js";
import { regionVeil } from "../../../src/widgets/kit/photo/region-veil.js";
import { unitGallery } from "../../../src/widgets/units/unit-gallery.js";
import type { UnitGalleryOptions } from "../../../src/widgets/units/unit-gallery.js";
import { draw, preprocessing } from "../../kernel-helpers/images/pictures.js";
import { textsOf } from "../rows-of.js";
import { HOSTILE } from "../sample-grid.js";
import { warningsOf } from "../warnings-of.js";

const folder = mkdtempSync(join(tmpdir(), "camlab-units-"));
const file = join(folder, "photo.png");
before(async () => writeFileSync(file, await encodePng(draw(40, 20, (x) => [x * 6, 0, 90]))));
after(() => rmSync(folder, { recursive: true }));

const placement = placementOf(preprocessing({ width: 8, height: 4, fit: "squash" }), 40, 20);
/** High at the left, low at the right. */
const map = { width: 4, height: 1, values: [4, 3, 0, 0], placement };

function unitOf(unit: number, iou: number, name = "dog"): UnitFinding {
  const concept = { name, iou, precision: 0.5, recall: 0.5 };
  const image = { file, id: `photo of ${unit}`, width: 40, height: 20, peak: 4, cell: { column: 0, row: 0 }, map };
  return {
    unit,
    threshold: 2,
    active: 0.5,
    images: [{ ...image, field: { x: 0, y: 0, width: 20, height: 20 } }],
    concepts: [concept],
    ...(iou >= 0.04 && { match: concept }),
    control: [0.01, 0.03],
  };
}

const axis = { step: 2, first: 0, size: 4 };
const findings: UnitFindings = {
  layer: "maps",
  settings: {
    top: 1,
    quantile: 0.005,
    minIou: 0.04,
    minImages: 1,
    grid: { width: 8, height: 4 },
    permutations: 2,
    seed: 0,
  },
  field: { x: axis, y: axis },
  units: [unitOf(0, 0.02), unitOf(1, 0.3, HOSTILE), unitOf(2, 0.1)],
  concepts: [],
  matched: 2,
  control: [0, 0],
  images: 1,
  annotated: 1,
};
const found = { findings };

describe("a gallery of units", () => {
  test("the best matches first; a class's units with their weights, in their order", async () => {
    const best = await unitGallery(found, { units: 2 }).spec();
    assert.deepEqual(
      textsOf(best).filter((words) => words.startsWith("unit ")),
      ["unit 1", "unit 2"],
    );
    const ranked = await unitGallery(found, {
      units: [
        { unit: 2, weight: 1.5 },
        { unit: 0, weight: -3 },
      ],
    }).spec();
    const words = textsOf(ranked);
    assert.deepEqual(
      words.filter((each) => /^(unit|weight|IoU)/.test(each)),
      [
        ...["weight +1.5", "IoU 0.10, by chance 0.02", "weight −3.0", "IoU 0.02, by chance 0.02"],
        ...["unit 2", "unit 0"],
      ],
    );
    assert.ok(words.includes("dog") && words.includes("(dog)"), "what is no match stands in brackets");
    assert.match(ranked.description!, /unit 2, weight \+1.5, dog with IoU 0.10: photo of 2/);
    assert.deepEqual(warningsOf(ranked), []);
  });

  test("names are only ever text; the picture has one photo and one veil a tile", async () => {
    const svg = await unitGallery(found, { units: [1], fields: true }).toSvg();
    assert.ok(!svg.includes("<script"));
    assert.equal(svg.match(/<image /g)?.length, 2);
    const cut = await unitGallery(found, { units: [1], show: "field" }).toSvg();
    assert.equal(cut.match(/<image /g)?.length, 1);
  });

  test("patches: cut around what excites the unit, with a veil; no word on concepts where none were looked for", async () => {
    const spec = await unitGallery(found, { units: [1], show: "patch" }).spec();
    assert.deepEqual(warningsOf(spec), []);
    const svg = await unitGallery(found, { units: [1], show: "patch", size: 100 }).toSvg();
    const sizes = [...svg.matchAll(/<image [^>]*width="(\d+)" height="(\d+)"/g)].map(([, w, h]) => [w, h]);
    assert.deepEqual(sizes, [
      ["100", "100"],
      ["100", "100"],
    ]);
    const bare = { findings: { ...findings, units: [{ ...unitOf(0, 0), concepts: [], match: undefined }] } };
    assert.ok(!textsOf(await unitGallery(bare, { units: [0], show: "patch" }).spec()).includes("no concept"));
  });

  test("the veil is open where the unit is above its threshold, with a light line around", async () => {
    const uri = regionVeil({ ...map, data: Float32Array.from(map.values) }, 2, { width: 40, height: 20 });
    const { data } = await sharp(Buffer.from(uri.split(",")[1], "base64"))
      .ensureAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    const alpha = (x: number) => data[(10 * 40 + x) * 4 + 3];
    // Cells of 10 pixels, centres at 5, 15, 25: between 3 and 0 the map passes 2 at 15 + 10/3.
    assert.deepEqual([alpha(0), alpha(17), alpha(18), alpha(19), alpha(39)], [0, 0, 230, 104, 104]);
  });

  test("the veil closes before the photo's border where the unit is but little above its threshold", async () => {
    const uri = regionVeil({ ...map, data: Float32Array.of(3, 0, 0, 0) }, 2, { width: 40, height: 20 });
    const { data } = await sharp(Buffer.from(uri.split(",")[1], "base64"))
      .ensureAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    const alpha = (x: number, y: number) => data[(y * 40 + x) * 4 + 3];
    assert.deepEqual([alpha(0, 10), alpha(4, 10), alpha(4, 0), alpha(4, 19)], [104, 0, 104, 104]);
  });

  test("odd options: a word on each", () => {
    const refuses = (options: UnitGalleryOptions, message: RegExp, result = found) =>
      assert.throws(() => unitGallery(result, options), message);
    refuses({ units: [7] }, /invalid unit: 7 \(expected a whole number from 0 to 2\)/);
    refuses({ units: [] }, /invalid units/);
    refuses({ images: 0 }, /invalid images: 0/);
    refuses({ size: 10 }, /invalid size: 10/);
    refuses({ show: "field" }, /invalid show: "field" \(expected a result with its field\)/, {
      findings: { ...findings, field: undefined },
    });
  });
});
