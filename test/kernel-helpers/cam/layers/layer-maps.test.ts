import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { LayerMaps } from "../../../../src/kernel-helpers/cam/layers/layer-maps.js";
import { lookWays } from "../../../../src/kernel-helpers/cam/ways/look-ways.js";
import { openNetwork } from "../../../../src/kernel-helpers/networks/open-network.js";
import { packageRoot } from "../../../../src/kernel-helpers/support/package-root.js";

const PHOTO = join(packageRoot(), "models/teaching/beach.png");

test("just before the last ReLU the map is LayerCAM's of the last maps; earlier layers are finer; unknown ones are named", async () => {
  using network = await openNetwork(join(packageRoot(), "models/teaching"));
  using layers = await LayerMaps.of(network);
  const { seen, maps } = await lookWays(network, PHOTO, { ways: ["layer-cam"], classes: [0, 4] });
  for (const { index, map } of maps) {
    // ∂S/∂f is 0 where the ReLU cuts, so that both are max(0, Σ max(0, ∂S/∂f) f).
    const before = await layers.map(seen, index, "found");
    assert.deepEqual([before.width, before.height, before.label], [map.width, map.height, network.classes[index]]);
    before.data.forEach((value, i) => assert.ok(Math.abs(value - map.data[i]) <= 1e-5 * (1 + Math.abs(map.data[i]))));
  }
  assert.deepEqual(
    layers.list().map(({ name, label }) => [name, label]),
    [["seen_relu", "112 × 112: Relu"]],
  );
  const fine = await layers.map(seen, 0, "seen_relu");
  assert.deepEqual([fine.width, fine.placement], [112, seen.placement]);
  assert.ok(fine.data.some((value) => value > 0) && fine.data.every((value) => value >= 0));
  await assert.rejects(layers.map(seen, 0, "nowhere"), /nowhere/);
});
