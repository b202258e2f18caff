import assert from "node:assert/strict";
import { test } from "node:test";
import { GraphBuilder } from "../../../src/kernel-helpers/formats/graph-builder.js";

test("sides, strides and axes that are no whole numbers are refused by name, as damaged files have them", () => {
  const builder = new GraphBuilder();
  const image = builder.input("image", ["N", 3, 8, 8]);
  for (const wrong of [1.5, NaN, Infinity, 1e-45]) {
    const message = new RegExp(`should be whole numbers, not 1, ${wrong}$`);
    assert.throws(() => builder.wholeNumbers("pads", [1, wrong]), { name: "CamlabError", message });
    const pooled = () => builder.node("AveragePool", [image], "pool", { kernel_shape: [1, wrong] });
    assert.throws(pooled, { name: "CamlabError", message: /^"pool, kernel_shape" should be/ });
  }
  assert.equal(builder.node("AveragePool", [image], "pool", { kernel_shape: [2, 2] }), "pool");
  assert.deepEqual(builder.shapeOf("pool"), ["N", 3, 7, 7]);
});
