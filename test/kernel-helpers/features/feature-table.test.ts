import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { tableFromIPC } from "apache-arrow";
import { featuresFromArrow, featuresToArrow } from "../../../src/kernel-helpers/features/feature-arrow.js";
import { loadFeatures, saveFeatures } from "../../../src/kernel-helpers/features/feature-files.js";
import { FeatureTable, l2Normalised } from "../../../src/kernel-helpers/features/feature-table.js";
import type { Picture } from "../../../src/kernel-helpers/images/picture.js";
import { readNpy } from "../../../src/kernel-helpers/support/files/npy.js";
import { temporaryFolder } from "./photos.js";

const table = new FeatureTable<Picture>({
  rows: 3,
  columns: 2,
  data: Float32Array.of(3, 4, 0, 0, -1, 0.1),
  pictures: [
    { file: "a.jpg", label: "cat", split: "train", id: "1", region: { x: 1, y: 2.5, width: 3, height: 4 }, flip: true },
    { file: 'b, "2".jpg', label: "dog", split: "test" },
    { file: "ü.jpg", labels: ["cat", "dog"], split: "train" },
  ],
  crops: [undefined, "ten", undefined],
  skipped: [{ picture: { file: "bad.jpg", label: "cat" }, error: "cannot read bad.jpg" }],
  origin: { software: "camlab", network: "n", fingerprint: "f", layer: "l", pooling: "average", preprocessing: "p" },
  notes: ["a note"],
});

describe("FeatureTable", () => {
  test("filters, selects, splits and relabels, keeping rows and images together", () => {
    const train = table.ofSplit("train");
    assert.deepEqual([train.rows, train.files], [2, ["a.jpg", "ü.jpg"]]);
    assert.deepEqual(Array.from(train.data), Array.from(Float32Array.of(3, 4, -1, 0.1)));
    assert.deepEqual(table.select([2, 0]).files, ["ü.jpg", "a.jpg"]);
    assert.deepEqual(table.filter(({ label }) => label === "dog").labels, ["dog"]);
    assert.throws(() => table.labels, /the picture ü.jpg has no label/);
    assert.deepEqual(table.with(() => ({ label: "x" })).labels, ["x", "x", "x"]);
    assert.throws(() => table.ofSplit("val"), /no picture is of the split "val": there are train, test/);
    assert.throws(() => table.select([3]), /there is no row 3/);
    assert.throws(() => new FeatureTable({ ...table, rows: 2 }), /2 rows of 2 features need 4 values/);
  });

  test("parts that do not fit together are refused, each", () => {
    const { rows, columns, data, pictures } = table;
    const parts = { rows, columns, data, pictures };
    assert.equal(new FeatureTable(parts).crops, undefined);
    assert.equal(new FeatureTable({ ...parts, crops: [undefined, undefined, undefined] }).crops, undefined);
    for (const wrong of [
      { data: data.subarray(1) },
      { pictures: pictures.slice(1) },
      { crops: ["ten", "ten"] },
      { rows: 2 },
      { columns: 3 },
    ]) {
      assert.throws(() => new FeatureTable({ ...parts, ...wrong }), /rows of \d features need/);
    }
    for (const row of [-1, 3, 0.5, NaN])
      assert.throws(() => table.select([0, row]), new RegExp(`there is no row ${row}: `));
    assert.deepEqual(table.select([1]).crops, ["ten"]);
    assert.equal(table.select([0]).crops, undefined);
    assert.deepEqual(table.select([1, 1]).origin, table.origin);
  });

  test("a split that there is not: the message has those that there are, and what could not be read", () => {
    const of = (pictures: Picture[], skipped: { picture: Picture; error: string }[] = []) => {
      const made = new FeatureTable({
        rows: pictures.length,
        columns: 0,
        data: new Float32Array(0),
        pictures,
        skipped,
      });
      return () => made.ofSplit("val");
    };
    const bad = { picture: { file: "bad.jpg" }, error: "empty" };
    assert.throws(of([]), /no picture is of the split "val": there are no pictures at all$/);
    assert.throws(of([{ file: "a" }, { file: "b", split: "x" }, { file: "c" }]), /there are \(none\), x$/);
    assert.throws(of([{ file: "a" }], [bad, bad]), /\(none\); 2 could not be read, first bad\.jpg: empty$/);
  });

  test("rows know which picture and which row they are when they are filtered or changed", () => {
    assert.deepEqual(table.filter((_, row) => row !== 1).files, ["a.jpg", "ü.jpg"]);
    const changed = table.with(({ file }, row) => ({ id: `${file as string} ${row}` }));
    assert.deepEqual(
      changed.pictures.map(({ id }) => id),
      ["a.jpg 0", 'b, "2".jpg 1', "ü.jpg 2"],
    );
    assert.equal(changed.pictures[0].label, "cat");
    assert.deepEqual(changed.skipped, table.skipped);
  });

  test("l2Normalised is a view by name: rows of length 1, zeros stay, the table is untouched", () => {
    const { data } = l2Normalised(table);
    assert.deepEqual(Array.from(data.subarray(0, 4)), Array.from(Float32Array.of(0.6, 0.8, 0, 0)));
    assert.ok(Math.abs(Math.hypot(data[4], data[5]) - 1) < 1e-6);
    assert.equal(table.data[0], 3);
  });

  test("in Arquero: bad images come last, without features, with the reason", async () => {
    const rows = (await table.toArquero()).objects() as Record<string, unknown>[];
    assert.deepEqual(
      rows.map(({ file, error }) => [file, error]),
      [...table.files.map((file) => [file, null]), ["bad.jpg", "cannot read bad.jpg"]],
    );
    const empty = {
      label: null,
      labels: null,
      split: null,
      id: null,
      region: null,
      flip: false,
      crop: null,
      error: null,
    };
    const { region } = table.pictures[0];
    assert.deepEqual(rows, [
      {
        ...{ ...empty, file: "a.jpg", label: "cat", split: "train", id: "1", region, flip: true },
        features: Float32Array.of(3, 4),
      },
      { ...empty, file: 'b, "2".jpg', label: "dog", split: "test", crop: "ten", features: Float32Array.of(0, 0) },
      { ...empty, file: "ü.jpg", labels: ["cat", "dog"], split: "train", features: Float32Array.of(-1, 0.1) },
      { ...empty, file: "bad.jpg", label: "cat", features: null, error: "cannot read bad.jpg" },
    ]);
  });
});

describe("features as files", () => {
  test("through Arrow and back: everything, to the bit", () => {
    assert.deepEqual(featuresFromArrow(featuresToArrow(table)), table);
    const plain = new FeatureTable({ ...table, skipped: [] });
    assert.deepEqual(featuresFromArrow(featuresToArrow(plain)), plain);
    const none = new FeatureTable({ ...table, rows: 0, data: new Float32Array(0), pictures: [], crops: [] });
    assert.deepEqual(featuresFromArrow(featuresToArrow(none)), none);
    const empty = new FeatureTable({ ...none, skipped: [] });
    assert.deepEqual(featuresFromArrow(featuresToArrow(empty)), empty);
  });

  test("another reader of Arrow finds the same", () => {
    const read = tableFromIPC(featuresToArrow(table));
    assert.deepEqual(read.getChild("file")!.toArray(), [...table.files, "bad.jpg"]);
    assert.deepEqual(Array.from(read.get(2)!.features as Iterable<number>), Array.from(Float32Array.of(-1, 0.1)));
    assert.equal(read.get(3)!.features, null);
    assert.deepEqual(Array.from(read.get(0)!.region as Iterable<number>), [1, 2.5, 3, 4]);
    assert.equal(read.get(1)!.region, null);
    assert.match(read.schema.metadata.get("camlab")!, /"network":"n"/);
  });

  test("reads what pyarrow wrote, in two record batches", () => {
    const path = new URL("../../fixtures/features/features.arrow", import.meta.url);
    const read = featuresFromArrow(readFileSync(path));
    assert.deepEqual([read.rows, read.columns], [4, 3]);
    assert.deepEqual(
      read.data,
      Float32Array.from({ length: 12 }, (_, i) => Math.fround(i) / Math.fround(7)),
    );
    assert.deepEqual(
      read.pictures.map(({ file, label }) => [file, label]),
      [
        ["a.jpg", "cat"],
        ["b.jpg", undefined],
        ["ü.jpg", "dog"],
        ["d.jpg", "cat"],
      ],
    );
  });

  test("rows of a matrix that cannot be written do not stay behind, and older ones do", async () => {
    const folder = temporaryFolder();
    const [matrix, rows] = [join(folder, "taken.npy"), join(folder, "taken.rows.csv")];
    mkdirSync(matrix);
    await assert.rejects(saveFeatures(table, matrix), /cannot write .*taken\.npy/);
    assert.ok(!existsSync(rows));
    writeFileSync(rows, "older");
    await assert.rejects(saveFeatures(table, matrix), /cannot write/);
    assert.equal(readFileSync(rows, "utf8"), "older");
    rmSync(folder, { recursive: true });
  });

  test("saves and loads .arrow, .npy and .csv; refuses others and damaged ones", async () => {
    const folder = temporaryFolder();
    for (const ending of [".arrow", ".npy", ".csv"]) {
      const path = join(folder, `features${ending}`);
      await saveFeatures(table, path);
      const read = await loadFeatures(path);
      assert.deepEqual(read.data, table.data);
      assert.deepEqual(read.pictures, table.pictures);
      assert.deepEqual(read.crops, table.crops);
    }
    assert.deepEqual((await readNpy(join(folder, "features.npy"))).shape, [3, 2]);
    await assert.rejects(
      saveFeatures(table, join(folder, "features.txt")),
      /invalid file name: .*\.arrow, \.npy or \.csv/,
    );
    for (const path of [undefined, 7] as unknown[]) {
      await assert.rejects(saveFeatures(table, path as string), /invalid path: .* a file name in \.arrow/);
      await assert.rejects(loadFeatures(path as string), /invalid path: /);
    }
    await assert.rejects(saveFeatures({ ...table } as FeatureTable, join(folder, "x.csv")), /invalid features: /);
    await saveFeatures(table, join(folder, "lost.npy"));
    rmSync(join(folder, "lost.rows.csv"));
    mkdirSync(join(folder, "lost.rows.csv"));
    await assert.rejects(loadFeatures(join(folder, "lost.npy")), /cannot read .*lost\.rows\.csv: /);
    await assert.rejects(loadFeatures(join(folder, "gone.arrow")), /cannot read .*gone\.arrow/);
    const cut = readFileSync(join(folder, "features.arrow")).subarray(0, 300);
    writeFileSync(join(folder, "cut.arrow"), cut);
    await assert.rejects(
      loadFeatures(join(folder, "cut.arrow")),
      /cut\.arrow: it is not as it was saved: its checksum differs/,
    );
    rmSync(folder, { recursive: true });
  });
});
