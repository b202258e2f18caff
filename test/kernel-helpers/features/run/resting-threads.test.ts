import assert from "node:assert/strict";
import { test } from "node:test";
import type { NetworkThreads } from "../../../../src/kernel-helpers/features/run/network-threads.js";
import { rest, takeResting } from "../../../../src/kernel-helpers/features/run/resting-threads.js";
import { fakeNetwork } from "../../networks/fake-network.js";

/** Threads that only note what is asked of them. */
function noted() {
  const asked: string[] = [];
  const note = (what: string) => () => void asked.push(what);
  const threads = { isIdle: true, hold: note("hold"), letGo: note("let go"), close: note("close") };
  return { asked, threads: threads as unknown as NetworkThreads & { isIdle: boolean } };
}

test("threads that wait are taken once, by work of their kind", async () => {
  const network = fakeNetwork(() => [0]);
  const { asked, threads } = noted();
  await rest(network, "maps", threads);
  assert.equal(takeResting(network, "others"), undefined);
  assert.equal(takeResting(network, "maps"), threads);
  assert.equal(takeResting(network, "maps"), undefined);
  assert.deepEqual(asked, ["let go", "hold"]);
});

test("of threads of which one has ended while they waited none is taken, and the others end", async () => {
  const network = fakeNetwork(() => [0]);
  const { asked, threads } = noted();
  await rest(network, "maps", threads);
  threads.isIdle = false;
  assert.equal(takeResting(network, "maps"), undefined);
  assert.deepEqual(asked, ["let go", "close"]);
});
