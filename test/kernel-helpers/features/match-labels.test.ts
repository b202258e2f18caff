import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { readCsvList } from "../../../src/kernel-helpers/datasets/classes/csv-list.js";
import { FeatureTable } from "../../../src/kernel-helpers/features/feature-table.js";
import { matchLabels } from "../../../src/kernel-helpers/features/match-labels.js";

const files = ["photos/a.jpg", resolve("photos/sub/b.jpg"), "elsewhere/c.jpg", "x/twin.jpg"];
const table = new FeatureTable({
  rows: 4,
  columns: 1,
  data: Float32Array.of(0, 1, 2, 3),
  pictures: files.map((file) => ({ file, label: "old" })),
});
const entry = (path: string, label: string) => ({ file: resolve("photos", path), id: path, label });

test("labels meet features by path, by the list's own path, by a bare name that is the only one", () => {
  const list = [entry("a.jpg", "A"), entry("sub/b.jpg", "B"), entry("c.jpg", "C"), entry("p/twin.jpg", "T")];
  const twins = [...list, entry("q/twin.jpg", "T"), entry("gone.jpg", "G")];
  const matched = matchLabels(table, { pictures: twins });
  assert.deepEqual(matched.labels, ["A", "B", "C"]);
  assert.deepEqual(matched.features.labels, ["A", "B", "C"]);
  assert.deepEqual(Array.from(matched.features.data), [0, 1, 2]);
  assert.deepEqual(matched.unlisted, ["x/twin.jpg"]);
  assert.deepEqual(matched.missing, ["p/twin.jpg", "q/twin.jpg", "gone.jpg"]);
  assert.deepEqual(matchLabels(table, { pictures: list }).labels, ["A", "B", "C", "T"]);
});

test("a bare name that two features share says nothing of either", () => {
  const pictures = ["one/twin.jpg", "x/twin.jpg", "a.jpg"].map((file) => ({ file }));
  const shared = new FeatureTable({ rows: 3, columns: 1, data: new Float32Array(3), pictures });
  const matched = matchLabels(shared, { pictures: [entry("twin.jpg", "T"), entry("a.jpg", "A")] });
  assert.deepEqual([matched.labels, matched.unlisted], [["A"], ["one/twin.jpg", "x/twin.jpg"]]);
});

test("an image listed twice is one image; two labels or splits for it are refused", () => {
  const twice = [entry("a.jpg", "A"), entry("./a.jpg", "A")];
  const matched = matchLabels(table, { pictures: twice });
  assert.deepEqual([matched.labels, matched.missing], [["A"], []]);
  assert.throws(() => matchLabels(table, { pictures: [...twice, entry("a.jpg", "B")] }), /says of a\.jpg both .*A.*B/);
});

test("a line without a label labels nothing", async () => {
  const folder = mkdtempSync(join(tmpdir(), "camlab-labels-"));
  writeFileSync(join(folder, "list.csv"), "image,label\na.jpg,\nc.jpg,C\n");
  const matched = matchLabels(table, await readCsvList(join(folder, "list.csv")));
  assert.deepEqual([matched.labels, matched.unlisted.length], [["C"], 3]);
  rmSync(folder, { recursive: true });
});

test("several labels stay several; a list of other images is refused with both names", () => {
  const several = [{ file: resolve("photos/a.jpg"), id: "a.jpg", labels: ["A", "B"] }];
  assert.deepEqual(matchLabels(table, { pictures: several }).labels, [["A", "B"]]);
  assert.throws(
    () => matchLabels(table, { pictures: [entry("other.jpg", "O")] }),
    /names none of the 4 images .* other\.jpg, the features are of photos\/a\.jpg/,
  );
});

test("where one picture of the list has several labels, all rows have lists of them", () => {
  const list = [entry("a.jpg", "A"), { file: resolve("photos/sub/b.jpg"), id: "sub/b.jpg", labels: ["B", "C"] }];
  const matched = matchLabels(table, { pictures: list });
  assert.deepEqual(matched.labels, [["A"], ["B", "C"]]);
  assert.deepEqual(
    matched.features.pictures.map(({ label, labels }) => [label, labels]),
    [
      ["A", undefined],
      [undefined, ["B", "C"]],
    ],
  );
});

test("a feature's name is found by the list's own path, before a bare name is; splits come with it", () => {
  const pictures = ["sub/b.jpg", "one/b.jpg"].map((file) => ({ file }));
  const features = new FeatureTable({ rows: 2, columns: 1, data: Float32Array.of(5, 6), pictures });
  const list = [
    { ...entry("sub/b.jpg", "S"), split: "test" },
    { file: resolve("photos/none.jpg"), id: "none.jpg" },
  ];
  const matched = matchLabels(features, { pictures: list });
  assert.deepEqual([matched.labels, matched.unlisted], [["S"], ["one/b.jpg"]]);
  assert.equal(matched.features.pictures[0].split, "test");
  assert.deepEqual([...matched.features.data], [5]);
  assert.deepEqual(matched.missing, ["none.jpg"]);
  const splits = [entry("sub/b.jpg", "S"), { ...entry("sub/b.jpg", "S"), split: "val" }];
  assert.throws(() => matchLabels(features, { pictures: splits }), /both \[\["S"\],"no split"\] and \[\["S"\],"val"\]/);
  assert.throws(() => matchLabels(features, { pictures: [] }), /it has no image, the features are of sub\/b\.jpg/);
  assert.throws(() => matchLabels(features.select([]), { pictures: list }), /the features are of no image/);
});
