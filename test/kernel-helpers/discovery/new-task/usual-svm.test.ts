import assert from "node:assert/strict";
import { test } from "node:test";
import { learnTask } from "../../../../src/kernel-helpers/discovery/new-task/learn-task.js";
import { usualSvm } from "../../../../src/kernel-helpers/discovery/new-task/usual-svm.js";
import { drawWorld } from "../../../../src/world/draw-world.js";
import { openNetwork } from "../../../../src/kernel-helpers/networks/open-network.js";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

test("C follows the steps that a caller chooses: short rows want a large one", () => {
  assert.deepEqual(usualSvm(192), { steps: ["standardise"], C: 0.003 });
  assert.deepEqual(usualSvm(768), { steps: ["l2Normalise"], C: 1 });
  assert.deepEqual(usualSvm(192, ["l2Normalise"]), { steps: ["l2Normalise"], C: 1 });
  assert.deepEqual(usualSvm(768, ["l2Normalise", "standardise"]).C, 0.003);
});

test("a probe of few channels is standardised by itself; what the caller says goes first", async () => {
  const cache = mkdtempSync(join(tmpdir(), "camlab-usual-"));
  process.env.CAMLAB_CACHE = cache;
  try {
    using network = await openNetwork();
    const { pictures } = await drawWorld("scenes", { train: 40, test: 20, seed: 3 });
    const plain = await learnTask(network, { name: "scenes", pictures });
    assert.deepEqual(plain.model.steps, ["standardise"]);
    const own = await learnTask(network, { name: "scenes", pictures }, { svm: { steps: ["l2Normalise"], C: 1 } });
    assert.deepEqual(own.model.steps, ["l2Normalise"]);
    const steps = await learnTask(network, { name: "scenes", pictures }, { svm: { steps: ["l2Normalise"] } });
    assert.deepEqual(steps.model.weights.data, own.model.weights.data);
    assert.ok(
      plain.findings.accuracy.value > own.findings.accuracy.value,
      `${plain.findings.accuracy.value} > ${own.findings.accuracy.value}`,
    );
  } finally {
    rmSync(cache, { recursive: true, force: true });
  }
});
