import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { evaluateLocalization } from "../../../../src/kernel-helpers/boxes/evaluation/evaluate-localization.js";
import { openWay } from "../../../../src/kernel-helpers/boxes/evaluation/open-way.js";
import { lookWays } from "../../../../src/kernel-helpers/cam/ways/look-ways.js";
import type { Picture } from "../../../../src/kernel-helpers/images/picture.js";
import { look } from "../../../../src/kernel-helpers/networks/look.js";
import type { Network } from "../../../../src/kernel-helpers/networks/network.js";
import { openNetwork } from "../../../../src/kernel-helpers/networks/open-network.js";
import { countingRuns } from "../../networks/counting-runs.js";
import { drawWorld } from "../../../../src/world/draw-world.js";

describe("ways by name", () => {
  let network: Network;
  let pictures: readonly Picture[];

  before(async () => {
    network = await openNetwork();
    pictures = (await drawWorld("objects", { seed: 5, train: 0, test: 6 })).pictures;
  });
  after(() => network.dispose());

  const knownOf = async (way: string, options = {}) => {
    const report = await evaluateLocalization(network, pictures, { way, cache: false, ...options });
    assert.deepEqual(report.skipped, []);
    assert.equal(report.way, way);
    return report;
  };

  test("Grad-CAM behind a GAP head has the boxes of CAM: its map is CAM's positive part", async () => {
    const [cam, gradCam] = [await knownOf("cam"), await knownOf("grad-cam")];
    assert.ok(cam.judged.length > 6);
    cam.judged.forEach(({ box, label }, i) => {
      const other = gradCam.judged[i].box;
      for (const edge of ["x", "y", "width", "height"] as const) {
        assert.ok(Math.abs(box![edge] - other![edge]) <= 1.5, `${label}: ${edge}`);
      }
    });
  });

  test("a map of single pixels is the mean over blocks of 8, or as it is where that is asked for", async () => {
    const seen = await look(network, pictures[0]);
    const { index } = seen.top[0];
    using blocks = openWay(network, "saliency");
    using single = openWay(network, "saliency", { block: 1 });
    const [coarse, fine] = [await blocks.map(seen, index), await single.map(seen, index)];
    const { maps } = await lookWays(network, pictures[0], { ways: ["saliency"], classes: [index] });
    assert.deepEqual([fine.width, fine.data], [maps[0].map.width, maps[0].map.data], "the way's own map");
    assert.equal(coarse.width, fine.width / 8);
    let sum = 0;
    for (let y = 8; y < 16; y++) for (let x = 16; x < 24; x++) sum += fine.data[y * fine.width + x];
    assert.ok(Math.abs(coarse.data[coarse.width + 2] / (sum / 64) - 1) < 1e-5);
    assert.deepEqual(coarse.placement, fine.placement);
  });

  test("masked photos are run once for all classes of a picture", async () => {
    const counted = countingRuns(network);
    const [seen, other] = [await look(network, pictures[0]), await look(network, pictures[1])];
    using way = openWay(counted.network, "score-cam");
    const [first, second] = [await way.map(seen, 0), await way.map(seen, 1)];
    const once = counted.photos();
    assert.ok(once > 50 && once <= seen.featureMaps.channels);
    assert.notDeepEqual(first.data, second.data);
    assert.deepEqual(await way.map(seen, 0), first);
    assert.equal(counted.photos(), once);
    await way.map(other, 0);
    assert.ok(counted.photos() > once);
  });

  test("pictures are read within the bounds that are given", async () => {
    const seen = await look(network, pictures[0]);
    using way = openWay(network, "saliency", { maxPixels: 1000 });
    await assert.rejects(async () => way.map(seen, 0), /1000|1,000/);
  });

  test("maps of backprop are kept, too; GraphCut makes other boxes of them than the 20 % rule", async () => {
    const cache = await mkdtemp(join(tmpdir(), "camlab-way-"));
    const boxes = (await knownOf("saliency", { cache })).judged.map(({ box }) => box);
    const closed = { ...network, run: () => Promise.reject(new Error("the network is not asked again")) };
    const report = await evaluateLocalization(closed, pictures, { way: "saliency", cache });
    assert.deepEqual(
      report.judged.map(({ box }) => box),
      boxes,
    );
    const cut = await evaluateLocalization(closed, pictures, {
      way: "saliency",
      cache,
      boxRule: { rule: "graph-cut" },
    });
    assert.deepEqual(cut.skipped, []);
    assert.notDeepEqual(
      cut.judged.map(({ box }) => box),
      boxes,
    );
    await rm(cache, { recursive: true });
  });

  test("a way of a transformer's tokens is refused before any picture is looked at", async () => {
    for (const way of ["attention-rollout", "legrad"]) {
      const unasked = { ...network, run: () => assert.fail("it was looked at") };
      await assert.rejects(evaluateLocalization(unasked, pictures, { way }), /the way .* needs a transformer/);
    }
  });

  test("a way that there is not is refused, and the nearest named", async () => {
    await assert.rejects(knownOf("gradcam"), /grad-cam/);
    assert.throws(() => openWay(network, "saliency", { block: 0 }), /invalid block: 0/);
  });
});
