import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { lookAtAll, isSkipped } from "../../../src/kernel-helpers/networks/look-at-all.js";
import { openNetwork } from "../../../src/kernel-helpers/networks/open-network.js";
import type { Seen } from "../../../src/kernel-helpers/networks/seen.js";
import { camGrid } from "../../../src/widgets/cam-grid/cam-grid.js";

const real = process.env.CAMLAB_REAL ?? "";

describe("real data: the size of a grid of photographs", { skip: !real }, () => {
  test("20 photographs × 5 classes are at most 1.5 MB where they are alive", async () => {
    using network = await openNetwork(join(real, "models/mobilenet_v2_coral"));
    const folder = join(real, "data/imagenet-photos");
    const files = readdirSync(folder)
      .filter((file) => /\.jpe?g$/i.test(file))
      .slice(0, 20)
      .map((file) => join(folder, file));
    const seen: Seen[] = [];
    for await (const each of lookAtAll(network, files)) if (!isSkipped(each)) seen.push(each);
    assert.equal(seen.length, 20);
    const { length } = JSON.stringify(await camGrid(seen, { classes: 5 }).spec());
    assert.ok(length <= 1.5e6, `${length} characters`);
  });
});
