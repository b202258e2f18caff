import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { readCub } from "../../../src/kernel-helpers/datasets/classes/cub.js";
import { readFolderPerClass } from "../../../src/kernel-helpers/datasets/classes/folder-per-class.js";
import { splitPerClass } from "../../../src/kernel-helpers/datasets/sets/split-per-class.js";
import { discoverFineGrained } from "../../../src/kernel-helpers/discovery/fine-grained/discover-fine-grained.js";
import { learnTasks } from "../../../src/kernel-helpers/discovery/new-task/learn-tasks.js";
import { openNetwork } from "../../../src/kernel-helpers/networks/open-network.js";

const real = process.env.CAMLAB_REAL ?? "";
const data = join(real, "data");

describe("real data: networks with their own preprocessing learn new tasks", { skip: !process.env.CAMLAB_REAL }, () => {
  const cache = mkdtempSync(join(tmpdir(), "camlab-tasks-"));
  after(() => rmSync(cache, { recursive: true, force: true }));
  const opened = (name: string) => openNetwork(name, { models: join(real, "models") });

  test("30 Caltech classes and 6 scenes (95.3 % and 90.7 %)", async (t) => {
    using network = await opened("mobilenet_v1_0.75_224");
    const caltech = splitPerClass(await readFolderPerClass(join(data, "caltech30")), { train: 30, test: 20 });
    const scenes = await readFolderPerClass(join(data, "scenes6"));
    const { lines } = await learnTasks(
      network,
      [
        { name: "caltech30", ...caltech },
        { name: "scenes6", ...scenes },
      ],
      { cache },
    );
    t.diagnostic(JSON.stringify(lines));
    assert.deepEqual(
      lines.map(({ task, classes, train, test }) => [task, classes, train, test]),
      [
        ["caltech30", 30, 900, 600],
        ["scenes6", 6, 600, 300],
      ],
    );
    assert.ok(lines[0].accuracy.value >= 0.948);
    assert.ok(lines[1].accuracy.value >= 0.89);
    const [{ accuracy }] = lines;
    assert.ok(accuracy.low < accuracy.value && accuracy.value < accuracy.high);
  });

  for (const [name, least] of [
    ["mobilenet_v1_0.75_224", 0.82],
    ["efficientnet_lite0", 0.88],
    ["efficientnet_lite2", 0.88],
  ] as const) {
    test(`20 birds, ${name}: the full image < the crop that the SVM's own map finds < the true box`, async (t) => {
      using network = await opened(name);
      const birds = await readCub(join(data, "cub20"));
      const { findings } = await discoverFineGrained(network, birds, { cache });
      const { lines, localised } = findings;
      t.diagnostic(JSON.stringify({ localised, lines: lines.slice(0, 3) }));
      const [full, crop, truth] = lines.map(({ accuracy }) => accuracy.value);
      const published = lines.slice(3);
      assert.ok(full >= least);
      assert.ok(crop > full, "crop against full image");
      assert.ok(truth > crop, "true box against crop");
      // The box of what a whole photo shows of the bird: its fit cuts some of it off.
      assert.ok(localised!.value > 0.3 && localised!.value < 0.55);
      assert.ok(published.length > 0 && published.every((line) => line.published));
    });
  }
});
