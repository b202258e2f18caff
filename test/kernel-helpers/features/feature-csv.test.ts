import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { featuresFromCsv, featuresToCsv, featuresWithRows } from "../../../src/kernel-helpers/features/feature-csv.js";
import { FeatureTable } from "../../../src/kernel-helpers/features/feature-table.js";
import type { Picture } from "../../../src/kernel-helpers/images/picture.js";

const data = Float32Array.of(1, -2.5, 0.1, 4);
const full: Picture = {
  ...{ file: "a.jpg", label: "cat", split: "train", labels: ["x, y", "z"], id: "7", flip: true },
  region: { x: 1, y: 2.5, width: 3, height: 4 },
};
const table = (pictures: readonly Picture[], crops?: readonly (string | undefined)[]) =>
  new FeatureTable<Picture>({ rows: 2, columns: 2, data, pictures, crops });

/** The first 16 digits of the SHA-256 of names, texts, rows and row as JSON, then the numbers' bytes. */
function check(names: readonly string[], texts: readonly string[], rows: number, row: number, numbers: Float32Array) {
  const hash = createHash("sha256").update(JSON.stringify([names, texts, rows, row]));
  return hash
    .update(Buffer.from(numbers.buffer, numbers.byteOffset, numbers.byteLength))
    .digest("hex")
    .slice(0, 16);
}

test("columns about the picture are there where a row has something to say; each row has its check", () => {
  const names = ["file", "label", "split"];
  const plain = featuresToCsv(
    table([
      { file: "a.jpg", label: "cat" },
      { file: "b.jpg", split: "test" },
    ]),
    true,
  );
  const [a, b] = [
    check(names, ["a.jpg", "cat", ""], 2, 0, data.subarray(0, 2)),
    check(names, ["b.jpg", "", "test"], 2, 1, data.subarray(2)),
  ];
  assert.deepEqual(plain.trim().split(/\r?\n/), [
    "file,label,split,check,f0,f1",
    `a.jpg,cat,,${a},1,-2.5`,
    `b.jpg,,test,${b},${Math.fround(0.1)},4`,
  ]);
  const rows = featuresToCsv(table([full, { file: "b.jpg" }], [undefined, "ten"]), false);
  assert.match(rows, /^file,label,split,labels,id,region_x,region_y,region_width,region_height,flip,crop,check\r?\n/);
  assert.match(rows, /\na.jpg,cat,train,"\[""x, y"",""z""\]",7,1,2.5,3,4,true,,[0-9a-f]{16}\r?\n/);
  assert.match(rows, /\nb.jpg,,,,,,,,,,ten,[0-9a-f]{16}\r?\n$/);
  const numbers = featuresToCsv(
    table([
      { file: "a", label: 0 as never },
      { file: "b", label: 12 as never },
    ]),
    false,
  );
  assert.match(numbers, /\na,0,,.*\r?\nb,12,,/);
});

test("comes back as it was, with its features and beside them", () => {
  const written = table([full, { file: "b.jpg" }], [undefined, "ten"]);
  assert.deepEqual(featuresFromCsv(featuresToCsv(written, true), "x.csv"), written);
  assert.deepEqual(featuresWithRows({ rows: 2, columns: 2, data }, featuresToCsv(written, false), "x.csv"), written);
  const other = data.slice();
  other[3] = 5;
  assert.throws(
    () => featuresWithRows({ rows: 2, columns: 2, data: other }, featuresToCsv(written, false), "x.csv"),
    /x\.csv is not as it was saved: the check of row 3 differs/,
  );
  assert.throws(
    () => featuresWithRows({ rows: 1, columns: 2, data: data.slice(2) }, featuresToCsv(written, false), "x.csv"),
    /there are 1 rows of features, but x\.csv names 2/,
  );
  const none = new FeatureTable({ rows: 0, columns: 2, data: new Float32Array(0), pictures: [] });
  assert.deepEqual(featuresFromCsv(featuresToCsv(none, true), "x.csv"), none);
});

test("of other programs: what a field says, and what is refused, by its row", () => {
  const read = (header: string, ...rows: string[]) => featuresFromCsv([header, ...rows].join("\n"), "x.csv");
  assert.deepEqual(read("f0,label", "1,", "2,b").pictures, [{ file: "row 0" }, { file: "row 1", label: "b" }]);
  assert.deepEqual(read("file,f0,flip", "a,1,true", "b,1,false", "c,1,").pictures, [
    { file: "a", flip: true },
    { file: "b" },
    { file: "c" },
  ]);
  assert.deepEqual(
    read("f0,labels", "1,x | y", "1,one", '1,"[""p"",""q|r""]"', "1,[]").pictures.map(({ labels }) => labels),
    [["x", "y"], ["one"], ["p", "q|r"], []],
  );
  assert.deepEqual(read("f0,label,label", "1,a,b").pictures, [{ file: "row 0", label: "a" }]);
  assert.deepEqual(read("f0,crop", "1,centre", "2,").crops, ["centre", undefined]);
  assert.deepEqual(read("f0,split,id", "1,train,5").pictures[0], { file: "row 0", split: "train", id: "5" });
  const corners = "f0,region_x,region_y,region_width,region_height";
  assert.deepEqual(read(corners, "1,0,0.5,3,4", "1,,,,").pictures, [
    { file: "row 0", region: { x: 0, y: 0.5, width: 3, height: 4 } },
    { file: "row 1" },
  ]);
  for (const row of ["1,,0,3,4", "1,0,,3,4", "1,0,0,,4", "1,0,0,3,", "1,a,0,3,4", "1,0,0,3,inf"]) {
    assert.throws(() => read(corners, "1,0,0,1,1", row), /x\.csv, row 3: a region needs region_x/, row);
  }
  for (const labels of ["[1]", "[", '[""a"",2]']) {
    assert.throws(() => read("f0,labels", `1,"${labels}"`), /x\.csv, row 2: labels should be a list/, labels);
  }
  assert.throws(() => read("file,f0", "a,1", "b, "), /x\.csv, row 3: f0 is no number/);
  assert.throws(() => read("file,f0,f1", "a,1,Infinity"), /x\.csv, row 2: f1 is no number/);
  assert.throws(() => read("f0,f00", "1,2"), /it has two columns f00/);
  assert.throws(() => read("f1,f2,f4", "1,2,3"), /it has 3 columns f0, f1, …, but no f0/);
  assert.throws(() => read("f0,f1,f3", "1,2,3"), /it has 3 columns f0, f1, …, but no f2/);
  assert.throws(() => read("xf0,f0x", "1,2"), /it has no columns f0, f1, …/);
  assert.throws(() => featuresFromCsv("", "x.csv"), /it has no columns f0, f1, …/);
  const many = Array.from({ length: 12 }, (_, k) => `f${k}`);
  assert.deepEqual([...read(many.join(), many.map((_, k) => k).join()).data], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
});
