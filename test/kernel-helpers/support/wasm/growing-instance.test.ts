import assert from "node:assert/strict";
import { test } from "node:test";
import { GrowingInstance } from "../../../../src/kernel-helpers/support/wasm/growing-instance.js";

const file = new URL("../../../../src/kernel-helpers/cam/wasm/map-values.wasm", import.meta.url);

test("memory grows as is asked for, stays for less, and is given up once it was very large", () => {
  const instance = new GrowingInstance<object>(file);
  const sizeFor = (bytes: number) => instance.withRoom(bytes).memory.buffer.byteLength;
  assert.equal(sizeFor(1), 65536);
  assert.equal(sizeFor(65537), 2 * 65536);
  const { memory } = instance.withRoom(1);
  assert.equal(memory.buffer.byteLength, 2 * 65536);
  const part = new Uint8Array(memory.buffer, 8, 8);
  assert.ok(instance.holds(part));
  assert.ok(!instance.holds(new Uint8Array(8)));
  const large = sizeFor(100e6);
  assert.ok(large >= 100e6);
  assert.ok(!instance.holds(part));
  assert.equal(sizeFor(0), large, "nothing asked for is as it is");
  assert.equal(sizeFor(5), 65536);
});
