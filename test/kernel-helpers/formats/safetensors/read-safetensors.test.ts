import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { readSafetensors } from "../../../../src/kernel-helpers/formats/safetensors/read-safetensors.js";
import { CamlabError } from "../../../../src/kernel-helpers/support/errors.js";
import { seededRandom } from "../../../../src/kernel-helpers/support/random.js";

const bytes = readFileSync(join(import.meta.dirname, "fixtures/small.safetensors"));

/** A file with this header and some numbers behind it. */
function fileOf(header: unknown, numbers = 16): Uint8Array {
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text, Buffer.alloc(numbers)]);
}

describe("reading safetensors", () => {
  it("gives the tensors that the format's own library wrote", () => {
    const { tensors } = readSafetensors(bytes, "small");
    const counted = Array.from({ length: 24 }, (_, i) => i + 0.5);
    assert.deepEqual([...tensors.get("plain")!.floats()], counted);
    assert.deepEqual(tensors.get("turned")!.dims, [4, 2, 3]);
    assert.deepEqual([...tensors.get("brain")!.floats()], [0.5, -2, 1024]);
    assert.deepEqual([...tensors.get("half")!.floats()], [0.5, -2, 1024]);
    assert.deepEqual([...tensors.get("count")!.floats()], [7]);
    assert.equal(tensors.size, 10);
  });

  it("refuses tensors outside the file, of other sizes, of unknown types", () => {
    const tensor = { dtype: "F32", shape: [4], data_offsets: [0, 16] };
    assert.equal(readSafetensors(fileOf({ a: tensor }), "x").tensors.size, 1);
    const refused: [unknown, RegExp][] = [
      [{ ...tensor, data_offsets: [0, 32] }, /outside the file/],
      [{ ...tensor, data_offsets: [8, 0] }, /outside the file/],
      [{ ...tensor, shape: [5] }, /should hold 5 numbers/],
      [{ ...tensor, shape: [-4] }, /should hold/],
      [{ ...tensor, shape: [2 ** 40, 2 ** 40] }, /should hold/],
      [{ ...tensor, dtype: "F7" }, /unknown type F7/],
      [{ ...tensor, dtype: "constructor" }, /unknown type constructor/],
      [null, /unknown type undefined/],
    ];
    for (const [entry, wording] of refused) assert.throws(() => readSafetensors(fileOf({ a: entry }), "x"), wording);
    assert.throws(() => readSafetensors(fileOf({}), "x"), /holds no tensors/);
    assert.throws(() => readSafetensors(fileOf([1]), "x"), /no header/);
    const many = Object.fromEntries(Array.from({ length: 50_001 }, (_, i) => [`t${i}`, tensor]));
    assert.throws(() => readSafetensors(fileOf(many), "x"), /50001 tensors, and files of at most 50000/);
    const long = { a: tensor, __metadata__: { about: "x".repeat(17_000_000) } };
    assert.throws(() => readSafetensors(fileOf(long), "x"), /list of tensors takes 17\d+ bytes/);
  });

  it("refuses numbers that belong to two tensors or to none", () => {
    const at = (from: number, to: number) => ({ dtype: "F32", shape: [(to - from) / 4], data_offsets: [from, to] });
    assert.equal(readSafetensors(fileOf({ b: at(8, 16), a: at(0, 8), none: at(8, 8) }), "x").tensors.size, 3);
    assert.throws(
      () => readSafetensors(fileOf({ a: at(0, 8), b: at(4, 16) }), "x"),
      /"b" begins at byte 4.*should at 8/,
    );
    assert.throws(
      () => readSafetensors(fileOf({ a: at(0, 4), b: at(8, 16) }), "x"),
      /"b" begins at byte 8.*should at 4/,
    );
    assert.throws(() => readSafetensors(fileOf({ a: at(0, 8) }), "x"), /8 bytes behind its last tensor belong to none/);
  });

  it("gives tensors or an error for people, whatever is damaged", () => {
    const random = seededRandom("damaged tensors");
    for (let round = 0; round < 500; round++) {
      const damaged = Uint8Array.from(bytes);
      for (let n = 0; n < 1 + (round % 4); n++) damaged[Math.floor(random() * 1200)] = Math.floor(random() * 256);
      try {
        const cut = round % 5 === 0 ? damaged.subarray(0, Math.floor(random() * damaged.length)) : damaged;
        for (const tensor of readSafetensors(cut, "x").tensors.values()) tensor.floats();
      } catch (error) {
        assert.ok(error instanceof CamlabError, `round ${round}: ${String(error)}`);
      }
    }
  });
});
