import assert from "node:assert/strict";
import { test } from "node:test";
import type { SkippedPicture } from "../../../src/kernel-helpers/images/picture.js";
import { type LookAtAllOptions, isSkipped, lookAtAll } from "../../../src/kernel-helpers/networks/look-at-all.js";
import type { Seen } from "../../../src/kernel-helpers/networks/seen.js";
import type { ImageSource } from "../../../src/kernel-helpers/images/image.js";
import { fakeNetwork, plain } from "./fake-network.js";

async function all(
  sources: Iterable<ImageSource> | AsyncIterable<ImageSource>,
  options: LookAtAllOptions = {},
  network = fakeNetwork((red) => [red, 0, 0]),
): Promise<(Seen | SkippedPicture)[]> {
  const results = [];
  for await (const result of lookAtAll(network, sources, options)) results.push(result);
  return results;
}

const photos = (count: number) => Array.from({ length: count }, (_, i) => plain(i, 0, 0));

test("results come in order and in full whatever the batch, and own their memory", async () => {
  for (const batchSize of [1, 3, 8, 50]) {
    const counts: number[] = [];
    const network = fakeNetwork(
      (red) => [red, 0, 0],
      (count) => counts.push(count),
    );
    const seen = (await all(photos(20), { batchSize, top: 1 }, network)) as Seen[];
    assert.deepEqual(
      seen.map(({ logits }) => logits[0]),
      Array.from({ length: 20 }, (_, i) => i),
    );
    assert.ok(seen.every(({ featureMaps, features }, i) => featureMaps.data[0] === i && features[0] === i));
    assert.ok(seen.every(({ featureMaps }) => featureMaps.data.buffer.byteLength === 128));
    assert.equal(counts.length, Math.ceil(20 / batchSize));
  }
});

test("batches are filled again, at most three of them for a whole stream", async () => {
  const network = fakeNetwork((red) => [red, 0, 0]);
  const batches = new Set<ArrayBufferLike>();
  const run: typeof network.run = (batch, count) => {
    batches.add(batch.buffer);
    return network.run(batch, count);
  };
  const seen = (await all(photos(40), { batchSize: 4, top: 1 }, { ...network, run })) as Seen[];
  assert.deepEqual(
    seen.map(({ logits }) => logits[0]),
    Array.from({ length: 40 }, (_, i) => i),
  );
  assert.ok(batches.size <= 3, `${batches.size} batches`);
});

test("a photo that cannot be read, or whose scores are not numbers, is reported in its place", async () => {
  const network = fakeNetwork((red) => [red === 2 ? NaN : red, 0, 0]);
  const sources = [...photos(3), "missing.jpg", new Uint8Array(3), plain(9, 0, 0)];
  const progress: number[] = [];
  const results = await all(sources, { onProgress: ({ done, total }) => progress.push(done / total!) }, network);
  assert.deepEqual(results.map(isSkipped), [false, false, true, true, true, false]);
  const [nan, missing, broken] = results.filter(isSkipped);
  assert.match(nan.error, /not a number/);
  assert.equal(missing.picture.file, "missing.jpg");
  assert.match(missing.error, /missing\.jpg/);
  assert.equal(broken.picture.file, sources[4]);
  assert.deepEqual(
    progress.map((share) => Math.round(share * 6)),
    [1, 2, 3, 4, 5, 6],
  );
});

test("nothing but broken photos never runs the network", async () => {
  const network = fakeNetwork(() => assert.fail("ran"));
  assert.deepEqual((await all(["a.jpg", "b.jpg"], {}, network)).map(isSkipped), [true, true]);
  assert.deepEqual(await all([], {}, network), []);
});

test("only a bounded number of photos is taken ahead of the reader", async () => {
  let taken = 0;
  async function* endless() {
    for (;;) {
      taken++;
      yield await Promise.resolve(plain(1, 1, 1));
    }
  }
  for await (const result of lookAtAll(
    fakeNetwork(() => [0, 0, 0]),
    endless(),
    { batchSize: 4 },
  )) {
    assert.ok(!isSkipped(result));
    break;
  }
  assert.ok(taken <= 16, `${taken} photos were taken for the first`);
});

test("aborting stops with the signal's reason; a failing network stops with its error", async () => {
  const controller = new AbortController();
  const reading = async () => {
    for await (const result of lookAtAll(
      fakeNetwork(() => [0, 0, 0]),
      photos(50),
      { batchSize: 2, signal: controller.signal },
    )) {
      assert.ok(!isSkipped(result));
      controller.abort(new Error("enough"));
    }
  };
  await assert.rejects(reading(), /enough/);
  const failing = fakeNetwork(() => {
    throw new Error("out of memory");
  });
  await assert.rejects(all(photos(3), {}, failing), /out of memory/);
  await assert.rejects(all(photos(3), { batchSize: 0 }), /invalid batchSize: 0/);
});
