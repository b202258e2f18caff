import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { basename } from "node:path";
import { createEngine } from "../../../src/kernel-helpers/engines/create-engine.js";
import { importGraph } from "../../../src/kernel-helpers/formats/import-graph.js";
import { checkGraph } from "../../../src/kernel-helpers/graph/onnx/check-graph.js";
import type { Graph } from "../../../src/kernel-helpers/graph/onnx/graph.js";
import { writeGraph } from "../../../src/kernel-helpers/graph/onnx/write-graph.js";
import { CamlabError } from "../../../src/kernel-helpers/support/errors.js";
import { seededRandom } from "../../../src/kernel-helpers/support/random.js";

/** What a file's network gives for an input, after the graph was found sound. */
export async function runImported(path: string, dims: readonly number[], data: Float32Array): Promise<Float32Array> {
  return runGraph((await importGraph(path)).graph, dims, data);
}

/** Checks that a file cut anywhere is refused in words that name it; a whole one opens, whatever it is called. */
export async function checkCuts(whole: Uint8Array, path: string, first: number, cuts: number): Promise<void> {
  writeFileSync(path, whole);
  assert.ok((await importGraph(path)).graph.nodes.length > 3);
  const isNamed = (error: unknown) => error instanceof CamlabError && error.message.includes(basename(path));
  for (let length = first; length < whole.length; length += Math.ceil(whole.length / cuts)) {
    writeFileSync(path, whole.subarray(0, length));
    await assert.rejects(importGraph(path), isNamed, `${length}`);
  }
}

/** The first output of a graph. */
export async function runGraph(graph: Graph, dims: readonly number[], data: Float32Array): Promise<Float32Array> {
  const problems = checkGraph(graph);
  if (problems.length > 0) throw new Error(problems.join("; "));
  using engine = await createEngine(writeGraph(graph), { device: "cpu" });
  const outputs = await engine.run({ [graph.inputs[0].name]: { dims, data } });
  return outputs[graph.outputs[0].name].data;
}

/** Seeded numbers from −1 to 1. */
export function numbers(count: number, seed: string): Float32Array {
  const random = seededRandom(seed);
  return Float32Array.from({ length: count }, () => 2 * random() - 1);
}

/** Rows × columns × channels as channels × rows × columns, and back: of each picture of a batch. */
export function channelsFirst(data: Float32Array, [count, rows, columns, channels]: readonly number[]): Float32Array {
  const result = new Float32Array(data.length);
  for (let n = 0; n < count; n++) {
    for (let p = 0; p < rows * columns; p++) {
      for (let c = 0; c < channels; c++) {
        result[(n * channels + c) * rows * columns + p] = data[(n * rows * columns + p) * channels + c];
      }
    }
  }
  return result;
}

/** The largest difference over the largest value. */
export function relativeDifference(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (found.length !== expected.length) return Infinity;
  let [difference, size] = [0, 0];
  for (let i = 0; i < expected.length; i++) {
    difference = Math.max(difference, Math.abs(found[i] - expected[i]));
    size = Math.max(size, Math.abs(expected[i]));
  }
  return difference / (size || 1);
}
