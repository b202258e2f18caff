import assert from "node:assert/strict";
import { test } from "node:test";
import type { Engine } from "../../../src/kernel-helpers/engines/engine.js";
import { engineVectors } from "../../../src/kernel-helpers/features/engine-vectors.js";

/** Gives of each image two maps of two places: its first values as they are, and ten times as much. */
function engine(images: number | string, ran: number[], places = 2): Engine {
  return {
    inputs: [{ name: "in", dims: [images, 3, 1, 2], type: "float32" }],
    outputs: [{ name: "out", dims: [images, 2, 1, places], type: "float32" }],
    run({ in: { dims, data } }: Record<string, { dims: readonly number[]; data: Float32Array }>) {
      assert.deepEqual([...dims.slice(1), data.length], [3, 1, 2, dims[0] * 6]);
      ran.push(dims[0]);
      const own = Array.from({ length: dims[0] }, (_, i) => [...data.subarray(6 * i, 6 * i + places)]);
      const values = own.flatMap((first) => [...first, ...first.map((value) => 10 * value)]);
      return Promise.resolve({ out: { dims: [dims[0], 2, 1, places], data: Float32Array.from(values) } });
    },
  } as unknown as Engine;
}

const how = { output: "out", width: 2, height: 1, channels: 2, pooling: "max" } as const;
/** Image i begins with i and i + 0.5. */
const batch = Float32Array.from({ length: 7 * 6 }, (_, i) => Math.floor(i / 6) + (i % 6) / 2);
const wanted = (count: number) => Array.from({ length: count }, (_, i) => [i + 0.5, 10 * (i + 0.5)]).flat();

test("any number of images is one run, of as many as are asked for", async () => {
  const ran: number[] = [];
  const run = engineVectors(engine("batch", ran), how);
  assert.deepEqual([...(await run(batch, 5))], wanted(5));
  assert.deepEqual(ran, [5]);
});

test("a graph of a fixed number of images runs as often as need be, and what is beyond the last is nobody's", async () => {
  const ran: number[] = [];
  const run = engineVectors(engine(3, ran), how);
  assert.deepEqual([...(await run(batch, 7))], wanted(7));
  assert.deepEqual(ran, [3, 3, 3]);
  assert.deepEqual([...(await run(batch, 3))], wanted(3));
  assert.deepEqual([...(await run(batch, 1))], wanted(1));
  assert.deepEqual(ran, [3, 3, 3, 3, 3]);
});

test("what is pooled already is taken as it is, other maps are pooled as asked", async () => {
  const first = await engineVectors(engine("n", [], 1), how)(batch, 2);
  assert.deepEqual([...first], [0, 0, 1, 10]);
  const mean = await engineVectors(engine("n", []), { ...how, pooling: "average" })(batch, 2);
  assert.deepEqual([...mean], [0.25, 2.5, 1.25, 12.5]);
});
