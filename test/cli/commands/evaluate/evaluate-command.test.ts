import assert from "node:assert/strict";
import { copyFileSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { tableFromIPC } from "@uwdata/flechette";
import sharp from "sharp";
import { decodeMask } from "../../../../src/kernel-helpers/images/masks/masks.js";
import { readWorld } from "../../../../src/world/read-world.js";
import { makeDataset } from "../../../../src/world/make-dataset.js";
import { temporaryFolder } from "../../../kernel-helpers/features/photos.js";
import { camlab } from "../../camlab.js";

const folder = temporaryFolder();
const at = (name: string) => join(folder, name);

interface Document {
  protocol: string;
  way: string;
  boxRule: unknown;
  pictures: number;
  knownClass: { value: number; low: number; high: number };
  localization: { value: number }[];
  maxBoxAcc: { threshold: number; accuracy: { value: number }; bestOnReported: { accuracy: number } };
  chosenOn: number;
  overThresholds: { x: number[]; y: number[] };
  skipped: { file: string; error: string }[];
  notes: string[];
}

async function json(...args: string[]): Promise<Document> {
  const { code, stdout, stderr } = await camlab("evaluate", "--data", at("objects"), ...args, "--json");
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout) as Document;
}

describe("camlab evaluate", () => {
  before(async () => {
    process.env.CAMLAB_CACHE = at("cache");
    await makeDataset("objects", at("objects"), { seed: 3, train: 0, val: 4, test: 8 });
  });

  test("cvpr2016 as a document and as text, with the same figures, and what became of each picture", async () => {
    const document = await json("--out", at("boxes.arrow"));
    assert.equal(document.protocol, "cvpr2016");
    assert.equal(document.pictures, 12);
    assert.equal(document.localization.length, 5);
    const { value, low, high } = document.knownClass;
    assert.ok(value > 0.2 && low < value && value < high);
    assert.equal(document.overThresholds.y[20], value, "the 20 % rule on the curve");
    const table = tableFromIPC(await readFile(at("boxes.arrow")));
    const overlaps = [...(table.getChild("overlap") as Iterable<number>)];
    assert.equal(overlaps.filter((one) => one >= 0.5).length / overlaps.length, value);
    const { stdout, code } = await camlab("evaluate", "--data", at("objects"));
    assert.equal(code, 0);
    assert.match(stdout, new RegExp(`box of the true class right\\s+${(100 * value).toFixed(1)}`));
    assert.match(stdout, /localization error, top-5/);
  });

  test("wsol2020 chooses its threshold on the validation part; rules and splits can be asked for", async () => {
    const chosen = await json("--protocol", "wsol2020");
    assert.ok(chosen.chosenOn > 0);
    assert.equal(chosen.pictures, 8);
    assert.ok(chosen.maxBoxAcc.bestOnReported.accuracy >= chosen.maxBoxAcc.accuracy.value);
    const flattered = await json("--protocol", "wsol2020", "--split", "test");
    assert.equal(flattered.chosenOn, 0);
    assert.ok(flattered.notes.some((note) => note.includes("flatters")));
    const strict = await json("--threshold", "0.6");
    assert.equal(strict.knownClass.value, strict.overThresholds.y[60]);
    const heuristic = await json("--box-rule", "heuristic");
    assert.equal(heuristic.localization.length, 5);
    const backprop = await json("--way", "saliency", "--split", "val", "--box-rule", "graph-cut");
    assert.deepEqual([backprop.way, backprop.boxRule], ["saliency", { rule: "graph-cut" }]);
  });

  test("masks by a folder give PxAP; a picture without one is named, and cvpr2016 has no use for them", async () => {
    const photos = join(folder, "photos");
    mkdirSync(join(folder, "masks"), { recursive: true });
    mkdirSync(photos, { recursive: true });
    const seen = (await readWorld(at("objects"))).pictures.slice(0, 4);
    const rows = ["image,label,x0,y0,x1,y1"];
    for (const [i, { file, labels = [], objects }] of seen.entries()) {
      const { name, box, mask } = objects.find((object) => labels.includes(object.name))!;
      copyFileSync(file, join(photos, `${i}.png`));
      rows.push([`${i}.png`, name, box.x, box.y, box.x + box.width, box.y + box.height].join());
      const { width, height } = mask;
      const pixels = decodeMask(mask).map((inside) => 255 * inside);
      const image = sharp(pixels, { raw: { width, height, channels: 1 } });
      if (i < 3) await image.toFile(join(folder, "masks", `${i}.png`));
    }
    writeFileSync(join(photos, "boxes.csv"), rows.join("\n"));
    const evaluate = (...args: string[]) =>
      camlab("evaluate", "--data", join(photos, "boxes.csv"), "--masks", join(folder, "masks"), ...args, "--json");
    const { stdout, stderr, code } = await evaluate("--protocol", "wsol2020");
    assert.equal(code, 0, stderr);
    const { pxAP, notes } = JSON.parse(stdout) as Document & { pxAP: { value: number } };
    assert.ok(pxAP.value > 0.2 && pxAP.value < 1, `PxAP ${pxAP.value}`);
    assert.ok(notes.some((note) => note.includes("3 of 4 pictures have masks")));
    const refused = await evaluate();
    assert.equal(refused.code, 2);
    assert.match(refused.stderr, /--masks belongs to --protocol wsol2020/);
  });

  test("labels by a list of the network's outputs", async () => {
    writeFileSync(at("labels.txt"), "only one\n");
    const { code, stderr } = await camlab("evaluate", "--data", at("objects"), "--labels", at("labels.txt"));
    assert.equal(code, 1);
    assert.match(stderr, /classes lists 1 labels, and the network has 30 classes/);
  });

  test("what does not go together is refused before anything is opened", async () => {
    const refused = async (code: number, wanted: RegExp, ...args: string[]) => {
      const found = await camlab("evaluate", ...args);
      assert.equal(found.code, code, found.stderr);
      assert.match(found.stderr, wanted);
    };
    const data = ["--data", at("objects")];
    await refused(2, /required option '--data/);
    await refused(2, /belong to --protocol cvpr2016/, ...data, "--protocol", "wsol2020", "--threshold", "0.2");
    await refused(2, /belongs to --protocol wsol2020/, ...data, "--choose-on", "val");
    await refused(2, /belongs to --box-rule paper/, ...data, "--box-rule", "authors", "--threshold", "0.2");
    await refused(2, /Allowed choices are .*grad-cam/, ...data, "--way", "gradcam");
    await refused(2, /no picture of .* split train \(there are val, test\)/, ...data, "--split", "train");
    await refused(1, /there is no .*gone.*part of the drawn world/, "--data", at("gone"));
    await refused(1, /layout of .* is not recognised.*--layout/, "--data", at("cache"));
    await refused(1, /written as \.arrow/, ...data, "--out", at("boxes.csv"));
    assert.ok(!existsSync(at("boxes.csv")));
  });
});
