import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { readIlsvrc } from "../../../../src/kernel-helpers/datasets/localization/ilsvrc.js";

const KIT = "n02119789 1 kit_fox\nn01440764 2 tench\nn01443537 3 goldfish\n";
const nameOf = (number: number) => `ILSVRC2012_val_${String(number).padStart(8, "0")}`;

function xmlOf(synset: string, ...boxes: (readonly [number, number, number, number])[]): string {
  const objects = boxes.map(
    ([left, top, right, bottom]) =>
      `<object><name>${synset}</name><bndbox><xmin>${left}</xmin><ymin>${top}</ymin><xmax>${right}</xmax><ymax>${bottom}</ymax></bndbox></object>`,
  );
  return `<annotation><folder>val</folder>${objects.join("")}</annotation>`;
}

/** A folder as the archives fill it: pictures of classes by number, each with one box. */
async function ilsvrc(t: TestContext, synsets: readonly string[], files: Readonly<Record<string, string>> = {}) {
  const folder = await mkdtemp(join(tmpdir(), "camlab-ilsvrc-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  await mkdir(join(folder, "ILSVRC2012_img_val"));
  await mkdir(join(folder, "bbox", "val"), { recursive: true });
  for (const [i, synset] of synsets.entries()) {
    await writeFile(join(folder, "ILSVRC2012_img_val", `${nameOf(i + 1)}.JPEG`), "");
    await writeFile(join(folder, "bbox", "val", `${nameOf(i + 1)}.xml`), xmlOf(synset, [1, 2, 11, 22]));
  }
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return folder;
}

test("photographs, boxes, classes, truth and blacklist of the development kit", async (t) => {
  const folder = await ilsvrc(t, ["n01440764", "n02119789", "n01443537"], {
    "map_clsloc.txt": KIT,
    "ILSVRC2014_clsloc_validation_ground_truth.txt": "2\n1\n3\n",
    "ILSVRC2014_clsloc_validation_blacklist.txt": "3\n",
  });
  const { classes, pictures, notes } = await readIlsvrc(folder);
  assert.deepEqual(classes, ["n01440764", "n01443537", "n02119789"], "by number, as networks have them");
  assert.deepEqual(
    pictures.map(({ id, label, split }) => [id, label, split]),
    [
      [nameOf(1), "n01440764", "val"],
      [nameOf(2), "n02119789", "val"],
      [nameOf(3), "n01443537", "val"],
    ],
  );
  assert.deepEqual(pictures[0].objects, [{ name: "n01440764", box: { x: 1, y: 2, width: 10, height: 20 } }]);
  assert.equal(pictures[2].objects, undefined, "a blacklisted picture counts for its class alone");
  assert.equal(notes, undefined);
});

test("lists of names with numbers from 0, and boxes that tell the class alone", async (t) => {
  const synsets = "n01440764 tench, Tinca tinca\nn01443537 goldfish\nn02119789 kit fox\n";
  const folder = await ilsvrc(t, ["n01443537", "n02119789"], {
    "LOC_synset_mapping.txt": synsets,
    "val.txt": `${nameOf(1)}.JPEG 1\n${nameOf(2)}.JPEG 2\n`,
  });
  const named = await readIlsvrc(folder);
  assert.deepEqual(
    named.pictures.map(({ label }) => label),
    ["n01443537", "n02119789"],
  );
  assert.match(named.notes![0], /no blacklist.*ILSVRC2014_devkit/);
  await rm(join(folder, "val.txt"));
  assert.deepEqual(
    (await readIlsvrc(folder)).pictures.map(({ label }) => label),
    ["n01443537", "n02119789"],
  );
});

test("a list in another order than the truth counts by is told, not judged by", async (t) => {
  const classes = Array.from({ length: 24 }, (_, i) => ["n01440764", "n02119789"][i % 2]);
  const folder = await ilsvrc(t, classes, {
    "synsets.txt": "n01440764\nn01443537\nn02119789\n",
    "ILSVRC2012_validation_ground_truth.txt": classes.map((one) => (one === "n01440764" ? 2 : 1)).join("\n"),
  });
  await assert.rejects(readIlsvrc(folder), /another order.*map_clsloc\.txt/);
});

test("what is missing is named with where it comes from, what is wrong is left out by name", async (t) => {
  const folder = await ilsvrc(t, ["n01440764", "n01443537"], { "synsets.txt": "n01440764\n" });
  const { pictures, notes } = await readIlsvrc(folder);
  assert.equal(pictures.length, 1);
  assert.match(notes!.join("\n"), /00000002 \(its class n01443537 is not in the list of classes\)/);
  await rm(join(folder, "synsets.txt"));
  await assert.rejects(readIlsvrc(folder), /lacks ILSVRC's synsets.*map_clsloc\.txt.*\{ synsets \}/);
  await assert.rejects(readIlsvrc(folder, { truth: "gone.txt" }), /lacks ILSVRC's synsets|no gone\.txt/);
  await writeFile(join(folder, "synsets.txt"), "tench\n");
  await assert.rejects(readIlsvrc(folder), /lists no classes/);
  await writeFile(join(folder, "synsets.txt"), "n01440764\n");
  await assert.rejects(
    readIlsvrc(folder, { truth: join(folder, "gone.txt") }),
    /there is no .*gone\.txt.*ILSVRC2014_devkit/,
  );
  await rm(join(folder, "bbox"), { recursive: true });
  await assert.rejects(readIlsvrc(folder), /lacks ILSVRC's boxes.*ILSVRC2012_bbox_val_v3\.tgz/);
  await rm(join(folder, "ILSVRC2012_img_val"), { recursive: true });
  await assert.rejects(readIlsvrc(folder), /lacks ILSVRC's images.*ILSVRC2012_img_val\.tar/);
  await assert.rejects(readIlsvrc(folder, { image: "x" } as object), /no option "image"/);
});
