import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { openWays } from "../../../../src/kernel-helpers/cam/ways/open-ways.js";
import { lookWays, type SeenWays } from "../../../../src/kernel-helpers/cam/ways/look-ways.js";
import type { Picture, SkippedPicture } from "../../../../src/kernel-helpers/images/picture.js";
import { isSkipped } from "../../../../src/kernel-helpers/networks/look-at-all.js";
import type { Network } from "../../../../src/kernel-helpers/networks/network.js";
import { openNetwork } from "../../../../src/kernel-helpers/networks/open-network.js";
import type { Progress } from "../../../../src/kernel-helpers/support/progress.js";
import { drawWorld } from "../../../../src/world/draw-world.js";
import { assertNear } from "../assert-near.js";
import { countingRuns } from "../../networks/counting-runs.js";

describe("ways that are kept open", () => {
  let network: Network;
  let pictures: readonly Picture[];
  before(async () => {
    network = await openNetwork(undefined, { device: "cpu" });
    pictures = (await drawWorld("objects", { seed: 3, train: 0, test: 5 })).pictures;
  });
  after(() => network.dispose());

  const allOf = async <P extends Picture>(found: AsyncIterable<SeenWays<P> | SkippedPicture<P>>) => {
    const all: (SeenWays<P> | SkippedPicture<P>)[] = [];
    for await (const one of found) all.push(one);
    return all;
  };

  test("many pictures have the maps of each alone, in their order; what cannot be read is reported in its place", async () => {
    const given = [...pictures.slice(0, 2), { file: "missing.jpg" }, ...pictures.slice(2)];
    const options = { ways: ["cam", "grad-cam++", "saliency", "smooth-grad"], top: 2 };
    const heard: Progress[] = [];
    using ways = await openWays(network);
    const onProgress = (progress: Progress) => void heard.push(progress);
    const found = await allOf(ways.lookAtAll(given, { ...options, batchSize: 3, onProgress }));
    assert.equal(found.length, given.length);
    assert.deepEqual(
      heard.map(({ done, total }) => [done, total]),
      given.map((_, i) => [i + 1, given.length]),
    );
    for (const [i, one] of found.entries()) {
      if (isSkipped(one)) {
        assert.deepEqual([i, one.picture], [2, given[2]]);
        assert.match(one.error, /missing\.jpg.*no such file/);
        continue;
      }
      const alone = await lookWays(network, given[i], options);
      assert.equal(one.seen.picture, given[i]);
      assert.equal(one.seen.top.length, 2);
      assert.deepEqual(
        one.maps.map(({ way, index, passes }) => [way, index, passes]),
        alone.maps.map(({ way, index, passes }) => [way, index, passes]),
      );
      one.maps.forEach(({ map }, m) => {
        assertNear(map.data, alone.maps[m].map.data, 1e-4);
        assert.deepEqual(map.placement, alone.maps[m].map.placement);
      });
    }
  });

  test("pictures are run together; the inputs of each stay its own", async () => {
    const counted = countingRuns(network);
    using ways = await openWays(counted.network);
    const found = await allOf(ways.lookAtAll(pictures.slice(0, 4), { ways: ["occlusion"] }));
    assert.equal(counted.runs() - (4 * 256) / 8, 1);
    assert.deepEqual(found.filter(isSkipped), []);
    assert.deepEqual(await allOf(ways.lookAtAll([])), []);
  });

  test("what cannot be is refused; a class that there is not is said of each picture; it can be stopped", async () => {
    using ways = await openWays(network);
    await assert.rejects(allOf(ways.lookAtAll(pictures, { ways: ["cma"] })), /did you mean cam/);
    await assert.rejects(allOf(ways.lookAtAll(pictures, { batchSize: 0 })), /invalid batchSize/);
    assert.throws(() => ways.lookAtAll(pictures, { view: "whole" } as never), /no option "view"/);
    const found = await allOf(ways.lookAtAll(pictures.slice(0, 2), { classes: ["unicorn"] }));
    assert.deepEqual(
      found.map((one) => isSkipped(one) && /no class is named "unicorn"/.test(one.error)),
      [true, true],
    );
    const stop = new AbortController();
    const stopped = async () => {
      for await (const one of ways.lookAtAll(pictures, { ways: ["cam"], signal: stop.signal })) {
        assert.ok(!isSkipped(one));
        stop.abort();
      }
    };
    await assert.rejects(stopped(), { name: "AbortError" });
  });
});
