import assert from "node:assert/strict";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { readAde20k } from "../../../../src/kernel-helpers/datasets/objects/ade20k/ade20k.js";
import type { AnnotatedPicture } from "../../../../src/kernel-helpers/images/picture.js";
import { readYolo } from "../../../../src/kernel-helpers/datasets/objects/yolo/yolo.js";
import { drawWorld } from "../../../../src/world/draw-world.js";
import { discoverUnits } from "../../../../src/kernel-helpers/discovery/units/discover-units.js";
import { encodePng } from "../../../../src/kernel-helpers/images/files/encode.js";
import { openNetwork } from "../../../../src/kernel-helpers/networks/open-network.js";
import { temporaryFolder } from "../../features/photos.js";
import { draw } from "../../images/pictures.js";
import { fakeNetwork } from "../../networks/fake-network.js";
import { stopsWhenAsked } from "../stops-when-asked.js";

interface Oracle {
  readonly quantile: number;
  readonly grid: number;
  readonly boxes: Readonly<Record<string, readonly [number, number, number, number]>>;
  readonly images: readonly { readonly pixels: readonly number[]; readonly objects: readonly string[] }[];
  readonly units: readonly {
    readonly threshold: number;
    readonly active: number;
    readonly concepts: Readonly<Record<string, { iou: number; precision: number; recall: number }>>;
  }[];
}

/** Written by test/fixtures/discovery/make_dissection.py. */
const oracle = JSON.parse(
  readFileSync(new URL("../../../fixtures/discovery/dissection.json", import.meta.url), "utf8"),
) as Oracle;
const folder = temporaryFolder();

/** Pictures of 4 × 4: the fake network's two units are their red and green. */
async function drawImages(): Promise<AnnotatedPicture[]> {
  const images: AnnotatedPicture[] = [];
  for (const [i, { pixels, objects }] of oracle.images.entries()) {
    const file = join(folder, `${i}.png`);
    const colour = (x: number, y: number) => pixels.slice((y * 4 + x) * 3, (y * 4 + x) * 3 + 3);
    writeFileSync(file, await encodePng(draw(4, 4, (x, y) => colour(x, y) as unknown as [number, number, number])));
    images.push({
      file,
      id: String(i),
      width: 4,
      height: 4,
      objects: objects.map((name) => {
        const [x, y, width, height] = oracle.boxes[name];
        return { name, box: { x, y, width, height } };
      }),
    });
  }
  return images;
}

const near = (actual: number, expected: number) =>
  assert.ok(Math.abs(actual - expected) < 1e-9, `${actual} is not ${expected}`);

describe("what units respond to", () => {
  const network = fakeNetwork((red) => [red, 0, 0]);
  const options = { quantile: oracle.quantile, grid: oracle.grid, minImages: 1, minIou: 0.2, top: 3 } as const;
  let images: AnnotatedPicture[];
  before(async () => {
    images = await drawImages();
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  test("thresholds, IoU, precision and recall are NumPy's and PyTorch's", async () => {
    const found = await discoverUnits(network, images, options);
    assert.equal(found.findings.units.length, 2);
    found.findings.units.forEach(({ threshold, active, concepts, match }, k) => {
      const expected = oracle.units[k];
      assert.equal(threshold, expected.threshold);
      near(active, expected.active);
      assert.deepEqual(
        concepts.map(({ name }) => name),
        Object.keys(expected.concepts).sort((a, b) => expected.concepts[b].iou - expected.concepts[a].iou),
      );
      for (const { name, ...measured } of concepts) {
        for (const key of ["iou", "precision", "recall"] as const) near(measured[key], expected.concepts[name][key]);
      }
      assert.equal(match?.name, concepts[0].iou >= 0.2 ? concepts[0].name : undefined);
    });
    assert.equal(found.findings.units[0].match?.name, "left");
    assert.equal(found.findings.concepts.find(({ name }) => name === "corner")?.images, countOf("corner"));
    near(found.findings.concepts.find(({ name }) => name === "corner")!.area, (countOf("corner") * 4) / (12 * 16));
    assert.deepEqual(JSON.parse(JSON.stringify(found)), found);
  });

  test("the images that excite a unit most, strongest first, with their maps", async () => {
    const { units } = (await discoverUnits(network, images, options)).findings;
    const peaks = oracle.images.map(({ pixels }) => Math.max(...pixels.filter((_, i) => i % 3 === 1)));
    assert.deepEqual(
      units[1].images.map(({ peak }) => peak),
      [...peaks].sort((a, b) => b - a).slice(0, 3),
    );
    for (const { id, peak, cell, map } of units[1].images) {
      assert.equal(peaks[Number(id)], peak);
      assert.equal(map.values[cell.row * 4 + cell.column], peak);
      assert.deepEqual(
        map.values,
        oracle.images[Number(id)].pixels.filter((_, i) => i % 3 === 1),
      );
    }
  });

  test("the control is a number for each permutation, never with an image's own masks; same seed, same result", async () => {
    const found = await discoverUnits(network, images, { ...options, permutations: 4, seed: 2 });
    assert.equal(found.findings.control.length, 4);
    assert.ok(found.findings.units.every(({ control }) => control.length === 4));
    assert.deepEqual(await discoverUnits(network, images, { ...options, permutations: 4, seed: 2 }), found);
    const other = await discoverUnits(network, images, { ...options, permutations: 4, seed: 3 });
    assert.notDeepEqual(other.findings.units[0].control, found.findings.units[0].control);
    assert.deepEqual(other.findings.units[0].concepts, found.findings.units[0].concepts);
  });

  test("few, bare, odd and unreadable images: a word on each", async () => {
    const bare = images.map((image) => ({ ...image, objects: [] }));
    const found = await discoverUnits(network, bare, options);
    assert.deepEqual([found.findings.matched, found.findings.control, found.findings.annotated], [0, [], 0]);
    assert.match(found.notes.join(), /no image has annotated objects/);
    assert.match(found.notes.join(), /open the network from a file/);
    const one = await discoverUnits(network, [images[0], bare[1]], { ...options, minImages: 2 });
    assert.match(one.notes.join(), /no concept is in at least 2 images.*only one image has annotated objects/);
    const odd = images.map((image, i) =>
      i === 0 ? { ...image, file: join(folder, "gone.png") } : i === 1 ? { ...image, width: 8 } : image,
    );
    const { skipped, findings } = await discoverUnits(network, odd, options);
    const { images: used } = findings;
    assert.equal(used, 10);
    assert.match(skipped[0].error, /gone\.png/);
    assert.match(skipped[1].error, /annotated on 8 × 4 pixels, but it has 4 × 4/);
    await assert.rejects(discoverUnits(network, []), /there are no images/);
    await assert.rejects(discoverUnits(network, [odd[0]]), /none of the 1 images can be used.*gone\.png/);
    await assert.rejects(discoverUnits(network, images, { quantile: 0 }), /invalid quantile: 0 /);
    await assert.rejects(discoverUnits(network, images, { top: 0 }), /invalid top: 0 /);
    await assert.rejects(discoverUnits(network, images, { minIou: 2 }), /invalid minIou: 2 /);
  });

  test("tells its progress, and stops when asked to", async () => {
    const labels = await stopsWhenAsked(
      (watch) => discoverUnits(network, images, { ...options, batchSize: 2, ...watch }),
      ({ label, done }) => label.startsWith("holding") && done === 3,
    );
    assert.equal(labels.size, 2);
  });

  test("the embedded network: the highest cell lies in its field, and units match what chance does not", async () => {
    using embedded = await openNetwork();
    const drawn = await drawWorld("objects", { seed: 7, train: 0, test: 40, folder });
    const found = await discoverUnits(embedded, drawn.pictures, { top: 2, permutations: 2, minImages: 3 });
    assert.ok(found.findings.field && found.findings.units.length === embedded.head.featureMaps.channels);
    for (const { images } of found.findings.units) {
      for (const { field, cell, map } of images) {
        const x = ((cell.column + 0.5) * 224) / map.width;
        const y = ((cell.row + 0.5) * 224) / map.height;
        assert.ok(field && field.x <= x && x <= field.x + field.width && field.y <= y && y <= field.y + field.height);
      }
    }
    assert.ok(
      found.findings.matched > 1.4 * Math.max(...found.findings.control),
      `${found.findings.matched} against ${found.findings.control.join()}`,
    );
  });
});

function countOf(name: string): number {
  return oracle.images.filter(({ objects }) => objects.includes(name)).length;
}

describe("real data: what units of MobileNet respond to", { skip: !process.env.CAMLAB_REAL }, () => {
  test("photographs of ADE20K's layout beside photographs with boxes", async () => {
    const real = process.env.CAMLAB_REAL!;
    const { pictures: images } = await readAde20k(join(real, "data/ade20k-format"));
    const others = (await readYolo(join(real, "data/coco-vqa"))).pictures.slice(0, 24);
    using network = await openNetwork(join(real, "models/mobilenet_v1_0.75_224"));
    const found = await discoverUnits(network, [...images, ...others], { minImages: 2, top: 2 });
    assert.deepEqual([found.findings.units.length, found.findings.images, found.skipped.length], [768, 25, 0]);
    assert.ok(found.findings.concepts.some(({ name }) => name === "person"));
    assert.ok(
      found.findings.units.every(
        ({ images, concepts }) => images.length === 2 && concepts.every(({ iou }) => iou <= 1),
      ),
    );
  });
});
