import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { exportGraph } from "../../../../src/kernel-helpers/cam/export/export-graph.js";
import { images, run, smallNetwork, SMALL } from "../../graph/build-graph.js";
import { CLASSIFIED_TAILS, TAILS, type Tail } from "../../graph/head/tails.js";
import { openGraph } from "../../networks/open-small.js";
import { assertClose, expectedOf } from "./compare.js";

const { classes: C, height: H, width: W } = SMALL;
const COUNT = 3;
const DIMS = [COUNT, ...SMALL.image];
const ALL = Array.from({ length: C }, (_, row) => row);
const names = ALL.map((row) => `thing ${row}`);

describe("an exported graph draws the map of every form of head", () => {
  const tails: readonly [string, Tail, number?][] = [
    ...TAILS.map(({ name, tail, opset }) => [name, tail, opset] as const),
    ...CLASSIFIED_TAILS,
  ].map((one) => [...one]);
  for (const [name, tail, opset] of tails) {
    test(name, async () => {
      using network = await openGraph(smallNetwork(tail, { opset }), { classes: names });
      const graph = await exportGraph(network, { heat: true });
      assert.deepEqual(
        graph.outputs.map((output) => [output.name, output.dims]),
        [
          ["scores", ["N", C]],
          ["maps", ["N", C, H, W]],
          ["heat", ["N", C, 8, 10]],
          ["logits", ["N", C]],
        ],
      );
      const found = await run(graph, images(COUNT), DIMS);
      assert.deepEqual(found.maps.dims, [COUNT, C, H, W]);
      assertClose(found, await expectedOf(network, images(COUNT), COUNT, ALL), COUNT * C);
    });
  }
});
