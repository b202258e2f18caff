import assert from "node:assert/strict";
import { resolve } from "node:path";
import { test } from "node:test";
import { FeatureTable } from "../../../src/kernel-helpers/features/feature-table.js";
import { matchLabels } from "../../../src/kernel-helpers/features/match-labels.js";

const files = ["photos/a.jpg", resolve("photos/sub/b.jpg"), "elsewhere/c.jpg", "x/twin.jpg"];
const table = new FeatureTable({
  rows: 4,
  columns: 1,
  data: Float32Array.of(0, 1, 2, 3),
  images: files.map((file) => ({ file, label: "old" })),
});
const entry = (path: string, label: string) => ({ file: resolve("photos", path), id: path, label });

test("labels meet features by path, by the list's own path, by a bare name that is the only one", () => {
  const list = [entry("a.jpg", "A"), entry("sub/b.jpg", "B"), entry("c.jpg", "C"), entry("p/twin.jpg", "T")];
  const twins = [...list, entry("q/twin.jpg", "T"), entry("gone.jpg", "G")];
  const matched = matchLabels(table, { images: twins });
  assert.deepEqual(matched.labels, ["A", "B", "C"]);
  assert.deepEqual(matched.features.labels, ["A", "B", "C"]);
  assert.deepEqual(Array.from(matched.features.data), [0, 1, 2]);
  assert.deepEqual(matched.unlisted, ["x/twin.jpg"]);
  assert.deepEqual(matched.missing, ["p/twin.jpg", "q/twin.jpg", "gone.jpg"]);
  assert.deepEqual(matchLabels(table, { images: list }).labels, ["A", "B", "C", "T"]);
});

test("several labels stay several; a list of other images is refused with both names", () => {
  const several = [{ file: resolve("photos/a.jpg"), id: "a.jpg", labels: ["A", "B"] }];
  assert.deepEqual(matchLabels(table, { images: several }).labels, [["A", "B"]]);
  assert.throws(
    () => matchLabels(table, { images: [entry("other.jpg", "O")] }),
    /names none of the 4 images .* other\.jpg, the features are of photos\/a\.jpg/,
  );
});
