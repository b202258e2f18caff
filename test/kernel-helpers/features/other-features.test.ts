import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { featuresFromArrow, featuresToArrow } from "../../../src/kernel-helpers/features/feature-arrow.js";
import { type FeatureOrigin, FeatureTable } from "../../../src/kernel-helpers/features/feature-table.js";
import { hasWeightsOf, otherFeatures, sizeText } from "../../../src/kernel-helpers/features/other-features.js";
import { savedOrigin } from "../../../src/kernel-helpers/features/saved-origin.js";
import { inOrder, mergeFeatures, rangesText } from "../../../src/kernel-helpers/features/shards/merge-features.js";
import type { TableShard } from "../../../src/kernel-helpers/features/shards/table-shard.js";
import type { Network } from "../../../src/kernel-helpers/networks/network.js";
import { SavedObject } from "../../../src/kernel-helpers/support/files/saved-object.js";

const origin: FeatureOrigin = {
  ...{ software: "camlab 1", network: "birds", layer: "relu5", pooling: "average", preprocessing: "as it is" },
  ...{ fingerprint: "f", weights: "w", size: { width: 8, height: 6 } },
};
const network = {
  ...{ name: "crows", fingerprint: "f", weights: "w", preprocessing: { width: 8, height: 6 } },
  head: { featureMaps: { name: "relu5", channels: 3 } },
} as unknown as Network;

describe("how features differ from a network's", () => {
  test("in words, or not at all", () => {
    const differ = (about: Partial<FeatureOrigin> | undefined, channels = 3, anySize?: boolean) =>
      otherFeatures(about && { ...origin, ...about }, channels, network, anySize === undefined ? {} : { anySize });
    assert.equal(differ({}), undefined);
    assert.equal(differ(undefined), undefined);
    assert.equal(differ({}, 4), "4 channels, crows has 3");
    assert.equal(differ(undefined, 2), "2 channels, crows has 3");
    assert.equal(differ({ layer: "relu4" }), "the layer relu4, maps are drawn of relu5 only");
    assert.equal(differ({ fingerprint: undefined, weights: "other" }), undefined);
    assert.equal(differ({ fingerprint: "g", weights: "v" }), "another network or other weights (birds)");
    const larger = { fingerprint: "g", size: { width: 16, height: 6 } };
    assert.equal(differ(larger), "birds opened with another size or other maps (16 × 6 pixels, these are 8 × 6)");
    assert.equal(differ({ fingerprint: "g" }), "birds opened with another size or other maps");
    assert.equal(differ(larger, 3, false), differ(larger));
    assert.equal(differ(larger, 3, true), undefined);
    assert.equal(differ({ ...larger, weights: "v" }, 3, true), "another network or other weights (birds)");
  });

  test("weights are compared where both are known, else the whole", () => {
    const has = (about: Partial<FeatureOrigin>, of: Partial<Network>) =>
      hasWeightsOf({ ...origin, ...about }, { fingerprint: "f", weights: "w", ...of });
    assert.deepEqual([has({}, {}), has({ weights: "v" }, {}), has({}, { weights: "v" })], [true, false, false]);
    assert.equal(has({ weights: undefined }, { weights: undefined }), true);
    assert.equal(has({ weights: undefined, fingerprint: "w" }, {}), true);
    assert.equal(
      has({ weights: undefined, fingerprint: undefined }, { weights: undefined, fingerprint: undefined }),
      false,
    );
  });

  test("sizes are said where they are known and differ in either side", () => {
    const text = (width: number, height: number) => sizeText({ ...origin, size: { width, height } }, network);
    assert.equal(text(8, 6), "");
    assert.equal(text(9, 6), " (9 × 6 pixels, these are 8 × 6)");
    assert.equal(text(8, 7), " (8 × 7 pixels, these are 8 × 6)");
    assert.equal(sizeText({ ...origin, size: undefined }, network), "");
  });
});

describe("what features were made with, in a file", () => {
  const read = (given: object) => savedOrigin(new SavedObject(given, "x.arrow"));

  test("comes back, what is not known left out", () => {
    assert.deepEqual(read({ ...origin, view: "whole" }), { ...origin, view: "whole" });
    const { fingerprint: _f, weights: _w, size: _s, ...least } = origin;
    assert.deepEqual(read(least), least);
    assert.deepEqual(read({ ...least, pooling: "max" }), { ...least, pooling: "max" });
  });

  test("is refused field by field", () => {
    for (const name of ["software", "network", "layer", "pooling", "preprocessing"]) {
      assert.throws(() => read({ ...origin, [name]: undefined }), new RegExp(name), name);
    }
    for (const [name, value] of [
      ["pooling", "mean"],
      ["view", "half"],
      ["fingerprint", 3],
      ["weights", 3],
      ["size", { width: 0, height: 1 }],
      ["size", { width: 1, height: 0.5 }],
    ] as const) {
      assert.throws(() => read({ ...origin, [name]: value }), /x\.arrow/, name);
    }
  });
});

describe("parts of a table", () => {
  const shard = (index: number, of = 3): TableShard => ({ index, of, pictures: 6, list: "l" });
  const part = (index: number, more: object = {}) => ({ columns: 2, origin, shard: shard(index), ...more });

  test("are put in order, whatever order they come in", () => {
    const [a, b, c] = [part(1), part(2), part(3)];
    assert.deepEqual(inOrder([c, a, b]), [a, b, c]);
    assert.deepEqual(inOrder([{ ...part(1), shard: shard(1, 1) }]).length, 1);
  });

  test("are refused in words that name the one that is wrong", () => {
    const refused = (parts: readonly ReturnType<typeof part>[], message: string) =>
      assert.throws(() => inOrder(parts), { name: "CamlabError", message });
    assert.throws(() => inOrder([]), /invalid tables: \[\] \(expected the parts of a table, at least one\)/);
    refused(
      [part(1), part(2, { shard: undefined })],
      "table 2 of 2 is no part of another: it was not made with a shard",
    );
    const list = "shard 2/3 (of 6 pictures) is a part of another list of pictures than shard 1/3 (of 6)";
    refused([part(1), part(2, { shard: { ...shard(2), list: "other" } })], list);
    refused(
      [part(1), part(2, { shard: { ...shard(2), pictures: 7 } })],
      list.replace("(of 6 pictures)", "(of 7 pictures)"),
    );
    refused([part(1), part(2, { shard: shard(2, 4) })], list.replace("2/3", "2/4"));
    refused([part(1), part(3), part(3)], "shard 3/3 is there twice");
    refused([part(2)], "2 of 3 shards are missing: 1, 3");
    const made = `2 features of ${JSON.stringify(origin)}`;
    refused(
      [part(1), part(3, { columns: 4 }), part(2)],
      `shard 3/3 was made otherwise than shard 1/3: 4 features of ${JSON.stringify(origin)}, not ${made}`,
    );
    refused(
      [part(1), part(2, { origin: undefined }), part(3)],
      `shard 2/3 was made otherwise than shard 1/3: 2 features of "nobody knows what", not ${made}`,
    );
  });

  test("become one table: rows, crops where any has them, what was skipped, each note once", () => {
    const table = (index: number, files: readonly string[], more: object = {}) =>
      new FeatureTable({
        ...{ rows: files.length, columns: 1, data: Float32Array.from(files, (_, i) => 10 * index + i) },
        ...{ pictures: files.map((file) => ({ file })), origin, shard: shard(index, 2), notes: ["a", `n${index}`] },
        ...more,
      });
    const bad = { picture: { file: "bad" }, error: "broken" };
    const [one, two] = [table(1, ["p", "q"]), table(2, ["r"], { crops: ["ten"], skipped: [bad] })];
    const merged = mergeFeatures([two, one]);
    assert.deepEqual(merged.files, ["p", "q", "r"]);
    assert.deepEqual([...merged.data], [10, 11, 20]);
    assert.deepEqual(merged.crops, [undefined, undefined, "ten"]);
    assert.deepEqual(merged.skipped, [bad]);
    assert.deepEqual(merged.notes, ["a", "n1", "n2"]);
    assert.deepEqual([merged.origin, merged.shard], [origin, undefined]);
    assert.equal(mergeFeatures([table(1, ["p"]), table(2, [])]).crops, undefined);
    assert.deepEqual(featuresFromArrow(featuresToArrow(one)), one);
  });

  test("runs of numbers are shortened, each by itself", () => {
    assert.equal(rangesText([2]), "2");
    assert.equal(rangesText([1, 2, 4, 6, 7, 8]), "1–2, 4, 6–8");
  });
});
