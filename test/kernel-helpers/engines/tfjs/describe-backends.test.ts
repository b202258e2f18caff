import assert from "node:assert/strict";
import { test } from "node:test";
import { describeTfjsBackends } from "../../../../src/kernel-helpers/engines/tfjs/describe-backends.js";
import { loadBackend } from "../../../../src/kernel-helpers/engines/tfjs/backends.js";

test("every backend is described: those of npm with their speed, the native ones with it or with how to get them", async () => {
  const reports = await describeTfjsBackends();
  assert.deepEqual(
    reports.map(({ device }) => device),
    ["tfjs-node-gpu", "tfjs-node", "wasm", "cpu"],
  );
  for (const { device, usable, reason, gflops } of reports) {
    if (["wasm", "cpu"].includes(device)) assert.ok(usable);
    if (usable) assert.ok(gflops !== undefined && gflops > 0 && reason.length > 3);
    else assert.match(reason, /npm install|installed but/);
  }
  const { tf } = await loadBackend("cpu");
  assert.equal(tf.memory().numTensors, 0);
});
