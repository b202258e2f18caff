import { makeGraph, makeNode } from "../graph/onnx/create-graph.js";
import { createEngine } from "./create-engine.js";

/** What multiplies matrices. It owns native memory: dispose it, or use `using`. */
export interface Multiplier extends Disposable {
  /**
   * A · B in float32.
   *
   * @param a `rows × inner` values, row by row
   * @param b `inner × columns` values
   * @returns `rows × columns`
   */
  multiply(a: Float32Array, b: Float32Array, inner: number): Promise<Float32Array>;
}

/**
 * Opens ONNX Runtime as what it is good at beside networks: products of large matrices, on all cores of the processor.
 *
 * @throws CamlabError when ONNX Runtime cannot be loaded
 * @example
 * using product = await openMultiplier();
 * await product.multiply(new Float32Array([1, 2]), new Float32Array([3, 4]), 2); // [11]
 */
export async function openMultiplier(threads?: number): Promise<Multiplier> {
  const graph = makeGraph({
    inputs: [
      { name: "a", dims: ["m", "k"], type: "float32" },
      { name: "b", dims: ["k", "n"], type: "float32" },
    ],
    outputs: [{ name: "c" }],
    nodes: [makeNode("MatMul", ["a", "b"], ["c"])],
    initializers: [],
  });
  const engine = await createEngine(graph, { device: "cpu", threads });
  return {
    async multiply(a, b, inner) {
      const { c } = await engine.run({
        a: { dims: [a.length / inner, inner], data: a },
        b: { dims: [inner, b.length / inner], data: b },
      });
      return c.data;
    },
    [Symbol.dispose]: () => engine.dispose(),
  };
}
