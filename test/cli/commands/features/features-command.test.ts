import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { FeatureTable } from "../../../../src/kernel-helpers/features/feature-table.js";
import { loadFeatures, saveFeatures } from "../../../../src/kernel-helpers/features/feature-files.js";
import { encodePng } from "../../../../src/kernel-helpers/images/files/encode.js";
import { readNpy } from "../../../../src/kernel-helpers/support/files/npy.js";
import { temporaryFolder } from "../../../kernel-helpers/features/photos.js";
import { draw } from "../../../kernel-helpers/images/pictures.js";
import { camlab } from "../../camlab.js";

const folder = temporaryFolder();
const photos = join(folder, "photos");
const cache = join(folder, "cache");
const at = (name: string) => join(folder, name);

/** Photos with a bright square: red ones at the left, blue ones at the right. */
async function drawClasses(): Promise<void> {
  for (const split of ["train", "test"]) {
    for (const [label, colour, left] of [
      ["red", [230, 30, 30], 4],
      ["blue", [30, 30, 230], 40],
    ] as const) {
      mkdirSync(join(photos, split, label), { recursive: true });
      for (let i = 0; i < 5; i++) {
        const [top, side] = split === "train" ? [20, 18] : [24, 15];
        const inside = (x: number, y: number) => x >= left + i && x < left + i + side && y >= top && y < top + side;
        const picture = draw(64, 64, (x, y) => (inside(x, y) ? colour : [120, 120, 120]));
        writeFileSync(join(photos, split, label, `${i}.png`), await encodePng(picture));
      }
    }
  }
}

async function json<T>(...args: string[]): Promise<T> {
  const { code, stdout, stderr } = await camlab(...args, "--json");
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout) as T;
}

describe("camlab features, probe, cache", () => {
  before(async () => {
    process.env.CAMLAB_CACHE = cache;
    await drawClasses();
  });
  after(() => {
    delete process.env.CAMLAB_CACHE;
    rmSync(folder, { recursive: true, force: true });
  });

  test("features: a folder of classes becomes a file with labels and splits; bad images are named", async () => {
    writeFileSync(join(photos, "test/red/broken.png"), "no picture");
    writeFileSync(join(photos, "test/red/0.xmp"), "beside it");
    mkdirSync(join(photos, ".ipynb_checkpoints"));
    type Report = { rows: number; columns: number; skipped: { file: string }[]; network: string; notes: string[] };
    const report = await json<Report>(
      ...["features", photos, "--folders", "--network", "teaching", "--out", at("features.arrow")],
    );
    assert.deepEqual([report.rows, report.network], [20, "teaching"]);
    assert.match(report.skipped[0].file, /broken\.png$/);
    assert.match(
      report.notes.join("\n"),
      /21 of 22 files of .*; 1 left out: test\/red\/0\.xmp \(no image by its name\)/,
    );
    const table = await loadFeatures(at("features.arrow"));
    assert.deepEqual([table.rows, table.columns], [20, report.columns]);
    assert.equal(table.ofSplit("train").labels.filter((label) => label === "red").length, 5);

    const nowhere = await camlab("features", photos, "-o", at("no/such/folder.arrow"));
    assert.deepEqual([nowhere.code, nowhere.stdout], [1, ""]);
    assert.match(nowhere.stderr, /cannot write .*folder\.arrow: ENOENT/);

    const text = await camlab("features", join(photos, "train"), "-n", "teaching", "-o", at("train.npy"), "--no-cache");
    assert.equal(text.code, 0);
    assert.match(text.stdout, /^10 images( \(10 train\))? × \d+ features of teaching in .*train\.npy \(\d+\.\d s\)\n$/);
    assert.deepEqual((await readNpy(at("train.npy"))).shape, [10, report.columns]);
  });

  test("features --split: dealt in each class alike, kept in every kind of file, used by probes", async () => {
    const plain = join(photos, "train");
    const split = ["--split", "train=0.6", "val=0.2", "test=0.2", "--seed", "1"];
    type Report = { splits: Record<string, number> };
    const seen: string[][] = [];
    for (const ending of ["arrow", "csv", "npy"]) {
      const out = at(`dealt.${ending}`);
      const { splits } = await json<Report>("features", plain, "--folders", "-n", "teaching", "-o", out, ...split);
      assert.deepEqual(splits, { train: 6, val: 2, test: 2 });
      const table = await loadFeatures(out);
      for (const name of ["train", "val", "test"]) {
        assert.deepEqual([...new Set(table.ofSplit(name).labels)].sort(), ["blue", "red"]);
      }
      seen.push(table.pictures.map((picture) => `${picture.id} ${picture.split}`));
    }
    assert.deepEqual(seen[1], seen[0]);
    const probe = at("dealt.json");
    await json("probe", "train", "--features", at("dealt.csv"), "--out", probe);
    const tested = await json<{ rows: number }>("probe", "test", "--model", probe, "--features", at("dealt.npy"));
    assert.equal(tested.rows, 2);
    const own = await camlab(...["probe", "test", "--model", probe, "--features", at("dealt.csv"), "--split", "train"]);
    assert.match(own.stdout, /^All images have the very features of ones that the probe was trained on/);

    for (const [args, message] of [
      [["--split", "train=0.6", "--seed", "1"], /have a split already \(.* is (train|test)\).*--redeal/],
      [["--seed", "1"], /belong to --split/],
      [["--split", "train"], /--split: train is no share of a split/],
      [["--split", "train=2", "--redeal"], /invalid train/],
    ] as const) {
      const { code, stderr } = await camlab("features", photos, "--folders", "-o", at("x.csv"), ...args);
      assert.notEqual(code, 0);
      assert.match(stderr, message);
    }
    const again = ["features", photos, "--folders", "-n", "teaching", "-o", at("again.csv"), "--split", "train=0.5"];
    assert.match((await camlab(...again, "--redeal")).stderr, /note: .*was dealt anew/);
  });

  test("probe: labels that are numbers, as another program's Arrow file has them", async () => {
    const table = await loadFeatures(at("features.arrow"));
    const { rows, columns, data, pictures } = table;
    const numbered = pictures.map((picture) => ({ ...picture, label: (picture.label === "red" ? 3 : 4) as never }));
    await saveFeatures(new FeatureTable({ rows, columns, data, pictures: numbered }), at("numbers.arrow"));
    await json("probe", "train", "-f", at("numbers.arrow"), "-o", at("numbers.json"));
    const tested = await json<{ accuracy: { value: number }; confusion: { classes: string[] } }>(
      ...["probe", "test", "-m", at("numbers.json"), "-f", at("numbers.arrow")],
    );
    assert.deepEqual([tested.accuracy.value, tested.confusion.classes], [1, ["3", "4"]]);
  });

  test("probe: trained on one part, tested on the other, and it says where", async () => {
    const trained = await json<{ unfinished: number; C: number }>(
      ...["probe", "train", "-f", at("features.arrow"), "-o", at("probe.json")],
    );
    assert.deepEqual([trained.unfinished, trained.C], [0, 0.003]);
    const tested = await json<{
      rows: number;
      seenInTraining: number;
      accuracy: { value: number; low: number; high: number };
      confusion: { counts: number[][] };
    }>(...["probe", "test", "-m", at("probe.json"), "-f", at("features.arrow"), "-o", at("confusion.html")]);
    const page = readFileSync(at("confusion.html"), "utf8");
    assert.ok(page.includes("pictures of the chosen cell") && page.includes("data:image/jpeg"));
    assert.deepEqual([tested.rows, tested.accuracy.value, tested.seenInTraining], [10, 1, 0]);
    // Ten of ten: Wilson's interval, not 100 to 100.
    assert.ok(Math.abs(tested.accuracy.low - 0.7225) < 1e-4 && tested.accuracy.high === 1);
    const asText = async (split: string) =>
      (await camlab("probe", "test", "-m", at("probe.json"), "-f", at("features.arrow"), "--split", split)).stdout;
    assert.match(await asText("test"), /^10 images\n/);
    assert.match(
      await asText("test"),
      /a row is a true class, a column what its images were taken for:\n +blue +red\n/,
    );
    assert.match(
      await asText("train"),
      /^All images have the very features of ones that the probe was trained on: .*not how well it recognises/,
    );
    const { images } = await json<{ images: { classes: { name: string; box: { x: number } | null }[] }[] }>(
      ...["probe", "cam", join(photos, "test/red/0.png"), "-m", at("probe.json"), "-o", at("pictures")],
    );
    assert.equal(images[0].classes[0].name, "red");
    assert.ok(readdirSync(at("pictures")).includes("0.png"));
    assert.match(readFileSync(at("pictures/index.html"), "utf8"), /0\.png/);
  });

  test("probe cam: the probe of one map size is shown on larger pictures, and by a finer network", async () => {
    type Maps = { images: { classes: { name: string; map: { width: number; height: number } }[] }[] };
    const cam = ["probe", "cam", join(photos, "test/red/0.png"), "-m", at("probe.json")];
    const mapsWith = async (...flags: string[]) => {
      const [{ name, map }] = (await json<Maps>(...cam, ...flags)).images[0].classes;
      return [name, map.width, map.height];
    };
    const [name, width, height] = await mapsWith();
    assert.equal(name, "red");
    assert.deepEqual(await mapsWith("--size", "448"), ["red", 2 * Number(width), 2 * Number(height)]);
    assert.deepEqual(await mapsWith("--maps", "finer"), ["red", 4 * Number(width), 4 * Number(height)]);
    assert.equal((await camlab(...cam, "--maps", "coarser")).code, 2);
    const other = await camlab(...cam, "--network", "objects-gap", "--size", "224");
    assert.equal(other.code, 1);
    assert.match(other.stderr, /trained on features of 8 channels, objects-gap has 192: .*--maps and --size/);
  });

  test("probe: labels from a list, several a photo too; C by cross-validation", async () => {
    const train = readdirSync(join(photos, "train/red")).map((name) => `photos/train/red/${name},red|warm`);
    const blue = readdirSync(join(photos, "train/blue")).map((name) => `photos/train/blue/${name},blue`);
    writeFileSync(at("labels.csv"), ["image,label", ...train, ...blue, "photos/gone.png,blue"].join("\n"));
    const report = await json<{ kind: string; classes: string[]; unlisted: number; missing: number; C: number }>(
      ...["probe", "train", "-f", at("features.arrow"), "-l", at("labels.csv"), "-o", at("multi.json")],
      ...["--cost", "choose", "--steps", "none"],
    );
    const { kind, classes, unlisted, missing } = report;
    assert.deepEqual([kind, classes, unlisted, missing], ["multilabel", ["blue", "red", "warm"], 10, 1]);
    const text = await camlab(
      "probe",
      "test",
      "-m",
      at("multi.json"),
      "-f",
      at("features.arrow"),
      "-l",
      at("labels.csv"),
    );
    assert.match(text.stdout, /mean average precision 100\.0 %/);
    assert.match(text.stdout, /10 images of the features are not in the list/);
  });

  test("cache: says what it holds, is emptied", async () => {
    const info = await json<{ rows: number; folder: string }>("cache", "info");
    assert.deepEqual([info.rows, info.folder], [20, join(cache, "features")]);
    assert.match((await camlab("cache", "info")).stdout, /20 rows of features.*\n {2}teaching .*: 20 rows/);
    assert.match((await camlab("cache", "clear")).stdout, /^removed 20 rows/);
    assert.equal((await json<{ rows: number }>("cache", "info")).rows, 0);
  });

  test("failure is 1, wrong usage is 2, each with a reason and nothing written", async () => {
    const cases: [number, RegExp, string[]][] = [
      [2, /say where to write the features: --out/, ["features", photos]],
      [1, /invalid file name: .*\.arrow, \.npy or \.csv/, ["features", photos, "-o", at("features.txt")]],
      [1, /there is no file or folder/, ["features", at("nowhere"), "-o", at("none.arrow")]],
      [2, /expected C > 0, or choose/, ["probe", "train", "-f", "x", "-o", "y", "--cost", "0"]],
      [1, /no labels: give a list/, ["probe", "train", "-f", at("train.npy"), "-o", at("none.json")]],
      [
        1,
        /is not a saved linear SVM|cannot read an SVM/,
        ["probe", "test", "-m", at("labels.csv"), "-f", at("train.npy")],
      ],
    ];
    for (const [expected, message, args] of cases) {
      const { code, stdout, stderr } = await camlab(...args);
      assert.deepEqual([code, stdout], [expected, ""], args.join(" "));
      assert.match(stderr, message);
    }
    assert.ok(!existsSync(at("none.arrow")) && !existsSync(at("none.json")));
  });
});
