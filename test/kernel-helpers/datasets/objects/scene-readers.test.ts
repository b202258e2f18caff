import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { readAde20k } from "../../../../src/kernel-helpers/datasets/objects/ade20k/ade20k.js";
import { labelByObjects } from "../../../../src/kernel-helpers/datasets/sets/label-by-objects.js";
import { maskOfObject } from "../../../../src/kernel-helpers/datasets/objects/picture-objects.js";
import { splitByChance } from "../../../../src/kernel-helpers/datasets/sets/split-by-chance.js";
import { readLabelMe } from "../../../../src/kernel-helpers/datasets/objects/labelme/labelme.js";
import { decodeMask } from "../../../../src/kernel-helpers/images/masks/masks.js";
import { readYolo } from "../../../../src/kernel-helpers/datasets/objects/yolo/yolo.js";
import { encodePng } from "../../../../src/kernel-helpers/images/files/encode.js";
import { draw } from "../../images/pictures.js";

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "camlab-scene-readers-"));
});
after(() => rm(folder, { recursive: true }));

async function write(files: Readonly<Record<string, string | Uint8Array>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
}

const picture = (width: number, height: number) => encodePng(draw(width, height, () => [9, 9, 9]));

describe("ADE20K of 2021", () => {
  const square = (x: number, y: number, size: number) => ({
    x: [x, x + size, x + size, x],
    y: [y, y, y + size, y + size],
  });
  /** Two chairs (class 300) on an 8 × 4 picture, the left one half hidden; instances numbered against their order. */
  const seg = draw(8, 4, (x, y) => {
    if (x >= 4 && y < 4) return [10, 300 - 256, 7];
    if (x < 2) return [10, 300 - 256, 200];
    return [0, 0, 0];
  });
  const description = (folderName: string, scene: unknown = ["outdoor", "urban", "dining_room"]) =>
    JSON.stringify({
      annotation: {
        filename: "a.jpg",
        folder: folderName,
        imsize: [4, 8, 3],
        scene,
        object: [
          { id: 0, name: "chair, seat", name_ndx: 300, polygon: square(0, 0, 4), parts: { part_level: 0 } },
          { id: 3, name: "chair, seat", name_ndx: 300, polygon: square(4, 0, 4), parts: { part_level: 0 } },
          { id: 4, name: "lamp", name_ndx: 77, polygon: square(1, 1, 2), parts: { part_level: 0 } },
          { id: 5, name: "leg", name_ndx: 78, polygon: square(1, 1, 1), parts: { part_level: 1 } },
        ],
      },
    });

  test("objects get the region of their class that fits their outline; hidden ones keep the outline", async () => {
    await write({
      "ade/training/dining_room/a.json": description("ADE/training/dining_room"),
      "ade/training/dining_room/a_seg.png": await encodePng(seg),
      "ade/validation/park/b.json": description("ADE/validation/park", ["park"]),
      "ade/validation/park/b_seg.png": await encodePng(seg),
      "ade/other.json": "{}",
    });
    const { classes, pictures } = await readAde20k(join(folder, "ade"));
    assert.deepEqual(classes, ["dining room", "park"]);
    assert.deepEqual(
      pictures.map(({ label, split, width, height }) => [label, split, width, height]),
      [
        ["dining room", "train", 8, 4],
        ["park", "test", 8, 4],
      ],
    );
    const [left, right, lamp] = pictures[0].objects;
    assert.equal(pictures[0].objects.length, 3);
    assert.equal(left.name, "chair");
    assert.deepEqual(left.box, { x: 0, y: 0, width: 2, height: 4 });
    assert.deepEqual(right.box, { x: 4, y: 0, width: 4, height: 4 });
    assert.equal(decodeMask(right.mask!).filter(Boolean).length, 16);
    assert.equal(lamp.mask, undefined);
    assert.deepEqual(lamp.box, { x: 1, y: 1, width: 2, height: 2 });
  });

  test("scenes, parts and outlines on demand; what is no ADE20K is refused", async () => {
    const ade = join(folder, "ade");
    const { pictures } = await readAde20k(ade, { scenes: ["park"], parts: true, masks: false });
    assert.equal(pictures.length, 1);
    assert.deepEqual(
      pictures[0].objects.map(({ name, mask }) => [name, mask]),
      [
        ["chair", undefined],
        ["chair", undefined],
        ["lamp", undefined],
        ["leg", undefined],
      ],
    );
    await assert.rejects(readAde20k(ade, { scenes: ["moon"] }), /no image of the scenes \["moon"\]/);
    await assert.rejects(readAde20k(folder + "/nowhere"), /cannot read the folder/);
    await write({ "broken/c.json": description("x"), "broken/c_seg.png": await picture(3, 3) });
    await assert.rejects(readAde20k(join(folder, "broken")), /c_seg.png is 3 × 3, its image 8 × 4/);
  });
});

describe("LabelMe as SUN has it", () => {
  const point = (x: number, y: number) => `<pt><x>${x}</x><y>\n${y}\n</y></pt>`;
  const object = (name: string, deleted = 0) =>
    `<object><name>${name}</name><deleted>${deleted}</deleted><polygon><username>x</username>` +
    `${point(1, 1)}${point(4, 1)}${point(4, 3)}${point(1, 3)}</polygon></object>`;

  test("outlines, labels from folders, names without the annotators' remarks", async () => {
    await write({
      "sun/Images/k/kitchen/one.png": await picture(6, 5),
      "sun/Images/a/apse/indoor/two.png": await picture(6, 5),
      "sun/Annotations/k/kitchen/one.xml":
        `<annotation><filename>one.png</filename>${object("Wall occluded crop")}${object("pots & pans")}` +
        `${object("gone", 1)}<object><name>note</name></object></annotation>`,
      "sun/Annotations/a/apse/indoor/two.xml": `<annotation><filename>two.png</filename><imagesize><nrows>5</nrows><ncols>6</ncols></imagesize></annotation>`,
      "sun/Annotations/k/kitchen/lost.xml": "<annotation><filename>lost.png</filename></annotation>",
    });
    const { classes, pictures } = await readLabelMe(join(folder, "sun/Annotations"));
    assert.deepEqual(classes, ["apse indoor", "kitchen"]);
    const [apse, kitchen] = pictures;
    assert.deepEqual([apse.id, apse.width, apse.height, apse.objects], ["a/apse/indoor/two", 6, 5, []]);
    assert.deepEqual(
      kitchen.objects.map(({ name, box }) => [name, box]),
      ["wall", "pots & pans"].map((name) => [name, { x: 1, y: 1, width: 3, height: 2 }]),
    );
    const covered = decodeMask(maskOfObject(kitchen.objects[0], kitchen.width, kitchen.height));
    assert.equal(covered.filter(Boolean).length, 6);
    await assert.rejects(
      readLabelMe(join(folder, "sun/Annotations"), { scenes: ["moon"] }),
      /no annotations NAME.xml of the scenes \["moon"\]/,
    );
  });
});

describe("YOLO labels", () => {
  test("boxes and outlines in pixels, an image without labels, and lines that are neither", async () => {
    await write({
      "yolo/classes.txt": "cup\ndog\n",
      "yolo/images/a.png": await picture(200, 100),
      "yolo/images/sub/b.png": await picture(200, 100),
      "yolo/labels/a.txt": "1 0.5 0.5 0.25 0.5\n0 0 0 0.5 0 0.5 0.5\n",
    });
    const { classes, pictures } = await readYolo(join(folder, "yolo"));
    assert.deepEqual(classes, ["cup", "dog"]);
    assert.deepEqual(pictures[0].objects, [
      { name: "dog", box: { x: 75, y: 25, width: 50, height: 50 } },
      { name: "cup", box: { x: 0, y: 0, width: 100, height: 50 }, polygons: [[0, 0, 100, 0, 100, 50]] },
    ]);
    assert.deepEqual(pictures[0].labels, ["cup", "dog"]);
    assert.deepEqual([pictures[1].id, pictures[1].objects, pictures[1].labels], ["sub/b", [], []]);
    const fewer = await readYolo(join(folder, "yolo"), { classes: ["cup"] });
    assert.match(
      fewer.notes![0],
      /1 of 2 lines of labels .*labels\/a\.txt, line 1 \(class 1 has no name: there are names for 0 to 0\)/,
    );
    await assert.rejects(readYolo(join(folder, "sun")), /has no classes.json, classes.txt or obj.names/);
  });

  test("an image that cannot be read is left out by name, and the others are read", async () => {
    await write({
      "broken/classes.txt": "cup\n",
      "broken/images/a.png": await picture(200, 100),
      "broken/images/b.png": "no image",
      "broken/labels/b.txt": "0 0.5 0.5 0.25 0.5\n",
    });
    const { pictures, notes } = await readYolo(join(folder, "broken"));
    assert.deepEqual(
      pictures.map(({ id }) => id),
      ["a"],
    );
    assert.match(notes!.join("\n"), /^1 of 2 images of .*; 1 left out: images\/b\.png/);
  });

  test("objects become labels of probes, and splits are dealt by seed", async () => {
    const set = await readYolo(join(folder, "yolo"));
    const labelled = labelByObjects(set, { kitchen: ["cup", "oven"], animal: ["cat"] });
    assert.deepEqual(labelled.classes, ["kitchen", "animal"]);
    assert.deepEqual(
      labelled.pictures.map(({ labels }) => labels),
      [["kitchen"], []],
    );
    const pictures = Array.from({ length: 10 }, (_, i) => ({ ...set.pictures[0], id: String(i) }));
    const splitsOf = () =>
      splitByChance({ ...set, pictures }, { train: 0.3, seed: 4 }).pictures.map(({ split }) => split);
    assert.equal(splitsOf().filter((name) => name === "train").length, 3);
    assert.deepEqual(splitsOf(), splitsOf());
  });
});

describe("real data: scenes", { skip: !process.env.CAMLAB_REAL }, () => {
  const real = process.env.CAMLAB_REAL!;

  test("ADE20K: every object finds its own region, inside its outline", async () => {
    const ade = join(real, "data/ade20k-format");
    const [[image], [outlines]] = [
      (await readAde20k(ade)).pictures,
      (await readAde20k(ade, { masks: false })).pictures,
    ] as const;
    assert.deepEqual([image.label, image.split, image.objects.length], ["street", "train", 34]);
    image.objects.forEach(({ name, mask }, i) => {
      const within = decodeMask(maskOfObject(outlines.objects[i], image.width, image.height));
      const pixels = decodeMask(mask!);
      let [area, inside] = [0, 0];
      pixels.forEach((one, p) => {
        area += one;
        inside += one & within[p];
      });
      assert.ok(inside / area > 0.97, `${name}: ${inside} of ${area}`);
    });
  });

  test("COCO images with YOLO boxes: all within their images", async () => {
    const { classes, pictures } = await readYolo(join(real, "data/coco-vqa"));
    assert.deepEqual([classes.length, pictures.length], [80, 128]);
    for (const { width, height, objects } of pictures) {
      for (const { box } of objects) {
        assert.ok(box.x > -1 && box.y > -1 && box.x + box.width < width + 1 && box.y + box.height < height + 1);
      }
    }
  });
});
