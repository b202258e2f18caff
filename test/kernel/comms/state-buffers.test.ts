import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { joinBuffers, splitBuffers } from "../../../src/kernel/comms/state-buffers.js";

describe("the bytes of a widget's state", () => {
  test("go beside it, wherever they lie, and come back as they were", () => {
    const state = {
      plain: 1,
      bytes: new Uint8Array([1, 2]),
      list: [0, new Float32Array([1.5]), { deep: new ArrayBuffer(3) }],
      date: null,
    };
    const split = splitBuffers(state);
    assert.deepEqual(split.bufferPaths, [["bytes"], ["list", 1], ["list", 2, "deep"]]);
    assert.deepEqual(
      split.buffers.map(({ length }) => length),
      [2, 4, 3],
    );
    const json = JSON.parse(JSON.stringify(split.state)) as Record<string, unknown>;
    assert.deepEqual(json, { plain: 1, list: [0, null, {}], date: null });
    const joined = joinBuffers(json, split.bufferPaths, split.buffers) as unknown as {
      bytes: Uint8Array;
      list: [number, Uint8Array, { deep: Uint8Array }];
    };
    assert.deepEqual([...joined.bytes], [1, 2]);
    assert.equal(new DataView(joined.list[1].buffer).getFloat32(joined.list[1].byteOffset, true), 1.5);
    assert.equal(joined.list[2].deep.length, 3);
  });

  test("of a view are those of the view alone", () => {
    const whole = new Uint8Array([1, 2, 3, 4]);
    assert.deepEqual([...splitBuffers({ part: whole.subarray(1, 3) }).buffers[0]], [2, 3]);
  });

  test("with paths that lead nowhere, or into what all objects share, are left out", () => {
    const bytes = [new Uint8Array([1])];
    for (const paths of [
      [["a", "b"]],
      [["__proto__", "x"]],
      [["__proto__"]],
      [[]],
      [3],
      "x",
      undefined,
      [["constructor", "prototype", "x"]],
    ]) {
      assert.deepEqual(joinBuffers({ a: 1 }, paths, bytes), { a: 1 });
    }
    assert.equal(({} as { x?: unknown }).x, undefined);
  });
});
