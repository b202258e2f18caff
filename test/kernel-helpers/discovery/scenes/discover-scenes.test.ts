import assert from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { readAde20k } from "../../../../src/kernel-helpers/datasets/objects/ade20k/ade20k.js";
import type { AnnotatedPicture } from "../../../../src/kernel-helpers/images/picture.js";
import { labelByObjects } from "../../../../src/kernel-helpers/datasets/sets/label-by-objects.js";
import { readYolo } from "../../../../src/kernel-helpers/datasets/objects/yolo/yolo.js";
import { discoverScenes } from "../../../../src/kernel-helpers/discovery/scenes/discover-scenes.js";
import { boxOf } from "../../../../src/kernel-helpers/boxes/box-of.js";
import { judgeObjectLists, type ListJudgement } from "../../../../src/kernel-helpers/discovery/scenes/judge-lists.js";
import { heatMapOf } from "../../../../src/kernel-helpers/discovery/scenes/scene-findings.js";
import { encodePng } from "../../../../src/kernel-helpers/images/files/encode.js";
import { openNetwork } from "../../../../src/kernel-helpers/networks/open-network.js";
import { seededRandom } from "../../../../src/kernel-helpers/support/random.js";
import { temporaryFolder } from "../../features/photos.js";
import { draw } from "../../images/pictures.js";
import { fakeNetwork } from "../../networks/fake-network.js";
import { stopsWhenAsked } from "../stops-when-asked.js";

const folder = temporaryFolder();

/**
 * Black rooms of 48 × 48: kitchens have a red stove in one quarter, gardens a green bush. Every photo has a wall (all of
 * it) and every second one a cat in the quarter that is opposite.
 */
async function drawRooms(count: number): Promise<AnnotatedPicture[]> {
  const random = seededRandom("rooms");
  const images: AnnotatedPicture[] = [];
  for (let i = 0; i < count; i++) {
    const [left, top] = [24 * Math.floor(2 * random()), 24 * Math.floor(2 * random())];
    const kitchen = i % 2 === 0;
    const inside = (x: number, y: number) => x >= left && x < left + 24 && y >= top && y < top + 24;
    const colour = kitchen ? ([240, 0, 0] as const) : ([0, 240, 0] as const);
    const file = join(folder, `${i}.png`);
    writeFileSync(file, await encodePng(draw(48, 48, (x, y) => (inside(x, y) ? colour : [0, 0, 0]))));
    images.push({
      file,
      id: String(i),
      label: kitchen ? "kitchen" : "garden",
      split: i < count / 2 ? "train" : "test",
      width: 48,
      height: 48,
      objects: [
        { name: "wall", box: { x: 0, y: 0, width: 48, height: 48 } },
        { name: kitchen ? "stove" : "bush", box: { x: left, y: top, width: 24, height: 24 } },
        ...(i % 4 < 2 ? [{ name: "cat", box: { x: 24 - left, y: 24 - top, width: 24, height: 24 } }] : []),
      ],
    });
  }
  return images;
}

describe("informative objects in scenes", () => {
  // Its feature maps are red and green of a 4 × 4 picture: a quarter of the photo is exactly four places of the map.
  const network = fakeNetwork((red) => [red, 0, 0]);
  const plain = { cache: false, minImages: 2 } as const;
  let images: AnnotatedPicture[];
  before(async () => {
    images = await drawRooms(24);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  test("the stove lies under every kitchen's map, a quarter of the wall does, the cat under none", async () => {
    const found = await discoverScenes(network, images, plain);
    assert.deepEqual(
      found.findings.scenes.map(({ scene, averagePrecision, photos }) => [scene, averagePrecision, photos.length]),
      [
        ["garden", 1, 6],
        ["kitchen", 1, 6],
      ],
    );
    const [, kitchen] = found.findings.scenes;
    assert.deepEqual(kitchen.frequent, [
      { name: "stove", photos: 6, frequency: 1, under: 6, informativeness: 1 },
      { name: "wall", photos: 6, frequency: 1, under: 0, informativeness: 0.25 },
      { name: "cat", photos: 3, frequency: 0.5, under: 0, informativeness: 0 },
    ]);
    assert.deepEqual(
      kitchen.informative.map(({ name }) => name),
      ["stove", "wall", "cat"],
    );
    for (const photo of kitchen.photos) {
      const stove = photo.objects.find(({ name }) => name === "stove")!;
      assert.deepEqual([stove.seen, stove.hot, photo.hotShare], [576, 576, 0.25]);
      assert.ok(photo.decisionValue > 0);
      assert.deepEqual(boxOf(heatMapOf(photo.map), { threshold: 0.2 }).box, stove.box);
    }
    assert.deepEqual([found.findings.train, found.findings.heldOut, found.notes, found.skipped], [12, 12, [], []]);
    assert.deepEqual(JSON.parse(JSON.stringify(found.findings)), found.findings);
  });

  test("what speaks for other scenes as well is hot without rivals only", async () => {
    // Kitchens and garages are equally red, so nothing but chance tells them apart, and all of both is a little red.
    const random = seededRandom("garages");
    const shown = await Promise.all(
      Array.from({ length: 36 }, async (_, i) => {
        const label = (["kitchen", "garage", "garden"] as const)[i % 3];
        const left = 24 * Math.floor(2 * random());
        const colours = { kitchen: [200, 0, 0], garage: [200, 0, 240], garden: [0, 240, 0] } as const;
        const file = join(folder, `rival-${i}.png`);
        const inside = (x: number) => x >= left && x < left + 24;
        writeFileSync(file, await encodePng(draw(48, 48, (x) => (inside(x) ? colours[label] : [60, 0, 0]))));
        const objects = [
          { name: "wall", box: { x: 24 - left, y: 0, width: 24, height: 48 } },
          { name: "thing", box: { x: left, y: 0, width: 24, height: 48 } },
        ];
        const split = i < 18 ? ("train" as const) : ("test" as const);
        return { file, id: String(i), label, split, width: 48, height: 48, objects };
      }),
    );
    const colourful = fakeNetwork((red, green, blue) => [red, green, blue]);
    const wallIn = async (rivals: boolean) => {
      const { findings } = await discoverScenes(colourful, shown, { ...plain, hot: 0, rivals });
      assert.equal(findings.settings.rivals, rivals);
      const garage = findings.scenes.find(({ scene }) => scene === "garage")!;
      const of = (wanted: string) => garage.informative.find(({ name }) => name === wanted)!.informativeness;
      assert.equal(of("thing"), 1);
      return of("wall");
    };
    assert.equal(await wallIn(false), 1);
    assert.ok((await wallIn(true)) < 0.75);
  });

  test("without splits every photo is looked at by SVMs that did not see it; same seed, same result", async () => {
    const unsplit = images.map((image) => ({ ...image, split: undefined }));
    const found = await discoverScenes(network, unsplit, { ...plain, folds: 3, seed: 5 });
    assert.deepEqual([found.findings.settings.folds, found.findings.train, found.findings.heldOut], [3, 24, 24]);
    assert.deepEqual(
      found.findings.scenes.map(({ photos, informative }) => [photos.length, informative[0].name]),
      [
        [12, "bush"],
        [12, "stove"],
      ],
    );
    assert.deepEqual(await discoverScenes(network, unsplit, { ...plain, folds: 3, seed: 5 }), found);
  });

  test("probes that are there or not: one label is enough, and images may have none", async () => {
    const probes = images.map(({ label, ...image }) => ({ ...image, labels: label === "kitchen" ? ["kitchen"] : [] }));
    const found = await discoverScenes(network, probes, plain);
    assert.deepEqual(
      found.findings.scenes.map(({ scene, informative }) => [scene, informative[0].name]),
      [["kitchen", "stove"]],
    );
  });

  test("thin and odd data: a word on each", async () => {
    const few = images.filter(({ label, split }, i) => label !== "garden" || split === "train" || i === 13);
    const { findings, notes } = await discoverScenes(network, few, plain);
    const { scenes } = findings;
    assert.equal(scenes.length, 1);
    assert.deepEqual(notes, [
      'left out the scene "garden": it has 1 held-out photo with annotated objects, fewer than minImages = 2',
    ]);
    const rejects = (changed: readonly AnnotatedPicture[], message: RegExp, options: object = plain) =>
      assert.rejects(discoverScenes(network, changed, options), message);
    await rejects([], /there are no images/);
    await rejects(
      images.filter(({ label }) => label === "kitchen"),
      /all 6 training photos are of one scene, "kitchen": .* needs photos of other scenes too/,
    );
    await rejects(
      images.map((image) => ({ ...image, objects: [] })),
      /no scene can be listed: .*"garden": it has 0 held-out photos .* and 6 without annotated objects/,
    );
    await rejects(
      images.filter(({ split }) => split === "train"),
      /12 photos to train on and 0 to hold out/,
    );
    await rejects(
      images.map((image) => ({ ...image, label: undefined })),
      /0.png has no scene: give it a label/,
    );
    await rejects(images, /invalid scenes: "moon" \(expected scenes of the images: garden, kitchen\)/, {
      ...plain,
      scenes: ["moon"],
    });
    await rejects(images, /invalid scenes: \[\] \(expected scenes of the images/, { ...plain, scenes: [] });
    await rejects(
      images.map((image) => (image.split === "test" ? { ...image, file: "gone.png" } : image)),
      /12 photos were skipped, first gone.png: .*there is no such file/,
    );
    await rejects(images, /invalid hot: 1 /, { hot: 1 });
    await rejects(images, /invalid rivals: "no" \(expected true or false\)/, { rivals: "no" });
  });

  test("a photo that is gone or of another size is named and skipped", async () => {
    const odd = images.map((image, i) =>
      i === 14 ? { ...image, file: join(folder, "gone.png") } : i === 15 ? { ...image, width: 96 } : image,
    );
    const { skipped, findings } = await discoverScenes(network, odd, plain);
    const { scenes } = findings;
    assert.equal(skipped.length, 2);
    assert.match(skipped[0].error, /gone.png/);
    assert.match(skipped[1].error, /annotated on 96 × 48 pixels, but it has 48 × 48/);
    assert.deepEqual(
      scenes.map(({ photos }) => photos.length),
      [5, 5],
    );
  });

  test("tells its progress, and stops when asked to", async () => {
    const labels = await stopsWhenAsked(
      (watch) => discoverScenes(network, images, { ...plain, batchSize: 2, ...watch }),
      ({ label, done }) => label === "looking at photos" && done === 3,
    );
    assert.ok(labels.size === 2, [...labels].join());
  });
});

describe("real data: objects that define a probe", { skip: !process.env.CAMLAB_REAL }, () => {
  test("COCO photographs: they lie under its maps more often than other objects, and than their number says", async () => {
    const real = process.env.CAMLAB_REAL!;
    const probes = {
      kitchen: ["oven", "refrigerator", "sink", "microwave"],
      table: ["dining table", "fork", "knife", "spoon", "bowl", "cup", "wine glass"],
      street: ["car", "bus", "truck", "traffic light", "stop sign", "motorcycle"],
      sport: [
        "sports ball",
        "baseball bat",
        "baseball glove",
        "tennis racket",
        "frisbee",
        "skateboard",
        "skis",
        "snowboard",
      ],
      animal: ["dog", "cat", "horse", "elephant", "bear", "zebra", "giraffe", "bird"],
    };
    const { pictures: images } = labelByObjects(await readYolo(join(real, "data/coco-vqa")), probes);
    for (const name of ["mobilenet_v1_0.75_224", "efficientnet_lite0", "efficientnet_lite2"]) {
      using network = await openNetwork(join(real, "models", name));
      const cache = temporaryFolder();
      const judged: ListJudgement[] = [];
      for (const seed of [0, 1, 2]) {
        const found = await discoverScenes(network, images, { minImages: 3, seed, cache });
        assert.equal(found.findings.scenes.length, 5);
        judged.push(judgeObjectLists(found, { own: probes }, { resamples: 1 }));
      }
      rmSync(cache, { recursive: true });
      // One seed alone moves the former by 0.05; 128 photographs leave a wide interval.
      const mean = (kind: "informative" | "frequent") => judged.reduce((sum, one) => sum + one[kind].auc.value / 3, 0);
      assert.ok(mean("informative") > 0.6, `${name}: informative lists: ${mean("informative")}`);
      assert.ok(mean("informative") > mean("frequent") + 0.03, `${name}: frequency lists: ${mean("frequent")}`);
    }
  });

  test("ADE20K: the objects of its street, as a reader gives them, under a map", async () => {
    const real = process.env.CAMLAB_REAL!;
    const { pictures: images } = await readAde20k(join(real, "data/ade20k-format"));
    const others = (await readYolo(join(real, "data/coco-vqa"))).pictures.slice(0, 24);
    using network = await openNetwork(join(real, "models/mobilenet_v1_0.75_224"));
    const probes = [
      ...others.map((image, i) => ({ ...image, labels: i < 4 ? ["street"] : [], split: "train" as const })),
      ...images.map((image) => ({ ...image, labels: [image.label!], split: "test" as const })),
    ];
    const found = await discoverScenes(network, probes, { minImages: 1, cache: false });
    const [{ photos, frequent }] = found.findings.scenes;
    // 34 in the photograph; a few lie in what the square input cuts off.
    assert.ok(photos[0].objects.length > 25, `${photos[0].objects.length} objects`);
    assert.ok(["tree", "car", "person", "building"].every((name) => frequent.some((object) => object.name === name)));
    for (const { seen, hot } of photos[0].objects) assert.ok(hot >= 0 && hot <= seen);
  });
});
