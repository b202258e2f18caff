import assert from "node:assert/strict";
import { test } from "node:test";
import { closerIfBetter, closerText } from "../../../../src/cli/commands/figures/closer.js";
import { openNetwork } from "../../../../src/index.js";
import type { Network } from "../../../../src/kernel-helpers/networks/network.js";

const widthOf = ({ preprocessing: { width } }: Network) => Promise.resolve(width);

test("closerIfBetter: what is made of larger inputs is kept where it is better, and said", async () => {
  using network = await openNetwork();
  const own = network.preprocessing.width;
  const larger = await closerIfBetter(network, widthOf, (width) => width);
  assert.ok(larger.made > 1.5 * own && larger.side === larger.made && larger.side % 32 === 0, `${larger.made}`);
  assert.deepEqual(await closerIfBetter(network, widthOf, (width) => -width), { made: own });
  assert.equal(closerText(network, undefined), "");
  assert.match(closerText(network, larger.side), new RegExp(`at ${larger.side} pixels.* own ${own}`));
});

test("closerIfBetter: a network whose size was chosen keeps it", async () => {
  using network = await openNetwork(undefined, { size: 96 });
  assert.deepEqual(await closerIfBetter(network, widthOf, (width) => width), { made: 96 });
});
