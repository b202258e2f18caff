import assert from "node:assert/strict";
import { test } from "node:test";
import { findGapHead } from "../../../../src/kernel-helpers/graph/head/find-gap-head.js";
import { withOutputs } from "../../../../src/kernel-helpers/graph/surgery/cut-graph.js";
import { unclipped } from "../../../../src/kernel-helpers/graph/surgery/unclipped.js";
import type { Builder } from "../build-graph.js";
import { images, run, smallNetwork } from "../build-graph.js";

function network(limit: (builder: Builder, maps: string) => string) {
  const graph = smallNetwork((builder, maps) => {
    const features = builder.node("Flatten", [builder.node("GlobalAveragePool", [limit(builder, maps)])]);
    return builder.node("Gemm", [features, builder.floats([6, 5])], { transB: 1 });
  });
  return { graph, maps: findGapHead(graph).featureMaps.name };
}

test("values before a limit agree with those at it, but where it holds them", async () => {
  const { graph, maps } = network((builder, value) =>
    builder.node("Clip", [value, builder.floats([], [0]), builder.floats([], [0.05])]),
  );
  const found = unclipped(graph, maps)!;
  assert.equal(found.by, "Clip at 0.05");
  const [free] = Object.values(await run(found.graph, images(1), [1, 3, 8, 10]));
  const [held] = Object.values(await run(withOutputs(graph, [maps]), images(1), [1, 3, 8, 10]));
  const values = Array.from(free.data);
  assert.ok(values.some((value) => value > 0.05));
  assert.deepEqual(
    values.map((value) => Math.min(value, Math.fround(0.05))),
    Array.from(held.data),
  );
});

test("nothing holds the values of a ReLU below a limit", () => {
  const { graph, maps } = network((builder, value) => builder.node("Relu", [value]));
  assert.equal(unclipped(graph, maps), undefined);
});
