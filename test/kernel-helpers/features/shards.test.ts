import assert from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import fc from "fast-check";
import { extractFeatures } from "../../../src/kernel-helpers/features/extract-features.js";
import { featuresFromArrow, featuresToArrow } from "../../../src/kernel-helpers/features/feature-arrow.js";
import { loadFeatures, saveFeatures } from "../../../src/kernel-helpers/features/feature-files.js";
import { mergeFeatures, rangesText } from "../../../src/kernel-helpers/features/shards/merge-features.js";
import { openNetwork } from "../../../src/kernel-helpers/networks/open-network.js";
import type { Network } from "../../../src/kernel-helpers/networks/network.js";
import { shardOf } from "../../../src/kernel-helpers/support/shard.js";
import { drawPhotos, temporaryFolder } from "./photos.js";

test("shards of a list are disjoint, in order, together the list, and differ by one item at the most", () => {
  fc.assert(
    fc.property(fc.nat(200), fc.integer({ min: 1, max: 40 }), (length, of) => {
      const list = Array.from({ length }, (_, i) => i);
      const parts = Array.from({ length: of }, (_, i) => shardOf(list, { index: i + 1, of }));
      assert.deepEqual(parts.flat(), list);
      const sizes = parts.map((part) => part.length);
      assert.ok(Math.max(...sizes) - Math.min(...sizes) <= 1);
    }),
  );
  for (const shard of [
    { index: 0, of: 2 },
    { index: 3, of: 2 },
    { index: 1.5, of: 2 },
  ]) {
    assert.throws(() => shardOf([1], shard), /expected index\/of/);
  }
});

describe("features in shards", () => {
  const folder = temporaryFolder();
  let network: Network;
  let pictures: { file: string; label: string }[];
  before(async () => {
    network = await openNetwork();
    const files = await drawPhotos(folder, 17);
    for (const broken of [0, 1, 11]) writeFileSync(files[broken], "no picture");
    pictures = files.map((file, i) => ({ file, label: i % 2 ? "odd" : "even" }));
  });
  after(() => {
    network.dispose();
    rmSync(folder, { recursive: true, force: true });
  });

  test("merged in any order they are the whole, byte for byte, broken pictures and empty shards included", async () => {
    const whole = await extractFeatures(network, pictures, { cache: false });
    for (const of of [1, 2, 5, 9]) {
      const parts = [];
      for (let index = 1; index <= of; index++) {
        const path = join(folder, `${index}-of-${of}.arrow`);
        await saveFeatures(await extractFeatures(network, pictures, { cache: false, shard: { index, of } }), path);
        parts.unshift(await loadFeatures(path));
      }
      assert.equal(
        parts.reduce((sum, { rows }) => sum + rows, 0),
        14,
      );
      assert.deepEqual(featuresToArrow(mergeFeatures(parts)), featuresToArrow(whole));
    }
  });

  test("what is missing, there twice, of another list or another making is named", async () => {
    const made = async (index: number, of = 4, list = pictures, pooling?: "max") =>
      featuresFromArrow(
        featuresToArrow(await extractFeatures(network, list, { cache: false, shard: { index, of }, pooling })),
      );
    const [one, two, three] = [await made(1), await made(2), await made(3)];
    assert.throws(() => mergeFeatures([three]), /3 of 4 shards are missing: 1–2, 4/);
    assert.throws(() => mergeFeatures([one, two, two]), /shard 2\/4 is there twice/);
    const other = await made(2, 4, pictures.slice(1));
    assert.throws(() => mergeFeatures([one, other]), /shard 2\/4 \(of 16 pictures\) is a part of another list/);
    const parts = [one, two, three, await made(4, 4, pictures, "max")];
    assert.throws(() => mergeFeatures(parts), /shard 4\/4 was made otherwise than shard 1\/4/);
    const whole = await extractFeatures(network, pictures.slice(2, 4), { cache: false });
    assert.throws(() => mergeFeatures([one, whole]), /table 2 of 2 is no part of another/);
    await assert.rejects(saveFeatures(one, join(folder, "one.csv")), /one in .arrow, for a shard/);
    assert.equal(two.filter(() => true).shard, undefined);
  });

  test("runs of numbers are shortened", () => assert.equal(rangesText([1, 3, 4, 5, 9]), "1, 3–5, 9"));
});
