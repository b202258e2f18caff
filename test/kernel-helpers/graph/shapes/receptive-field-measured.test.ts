import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, test } from "node:test";
import { measuredFields, someCells } from "../../../../bench/units/measured-field.js";
import { findGapHead } from "../../../../src/kernel-helpers/graph/head/find-gap-head.js";
import { readGraph } from "../../../../src/kernel-helpers/graph/onnx/read-graph.js";
import { fieldBox, receptiveField } from "../../../../src/kernel-helpers/graph/shapes/receptive-field.js";
import { packageRoot } from "../../../../src/kernel-helpers/support/package-root.js";

/** Cells in the corners, the middle and between: the boxes that gradients reach are those computed from the graph. */
async function assertMeasured(file: string, size: number, inputs: number): Promise<void> {
  const graph = await readGraph(file);
  const { name: value, channels, width, height } = findGapHead(graph).featureMaps;
  const field = receptiveField(graph, value);
  assert.ok(field && width && height);
  const cells = someCells({ width, height });
  const measured = await measuredFields(graph, { value, maps: { channels, width, height }, cells, inputs });
  assert.deepEqual(
    measured,
    cells.map(([column, row]) => fieldBox(field, column, row, { width: size, height: size })),
  );
}

test("the embedded network: cells see what is computed, to the pixel", async () => {
  await assertMeasured(join(packageRoot(), "models", "objects-gap", "model.onnx"), 168, 3);
});

describe("real data: what cells see is measured", { skip: !process.env.CAMLAB_REAL }, () => {
  const model = (name: string) => join(process.env.CAMLAB_REAL!, "models", name, "model.onnx");

  test("MobileNet v1 0.75", async () => {
    await assertMeasured(model("mobilenet_v1_0.75_224"), 224, 3);
  });

  test("SqueezeNet of Places", async () => {
    await assertMeasured(model("squeezenet_places365"), 224, 4);
  });
});
