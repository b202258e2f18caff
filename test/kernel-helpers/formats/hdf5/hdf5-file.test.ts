import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { Hdf5File } from "../../../../src/kernel-helpers/formats/hdf5/hdf5-file.js";

const read = (name: string) => readFileSync(join("test", "fixtures", "formats", "hdf5", name));
const usual = new Hdf5File(read("usual.h5"));
const newer = new Hdf5File(read("newer.h5"));

describe("HDF5 files as h5py writes them", () => {
  test("numbers of every usual type become float32, with their shape", () => {
    for (const kind of ["f2", "f4", "f8", "upper"]) {
      const { shape, data } = usual.numbers(`a/b/${kind}`)!;
      assert.deepEqual(shape, [2, 3], kind);
      assert.deepEqual([...data], [0.5, -1.5, 2, 3, 4, -5], kind);
    }
    for (const kind of ["i1", "i2", "i4", "i8"])
      assert.deepEqual([...usual.numbers(`a/b/${kind}`)!.data], [0, -1, 2, 3, 4, -5], kind);
    assert.deepEqual([...usual.numbers("a/b/truth")!.data], [1, 0, 1, 1, 1, 0]);
    assert.deepEqual(usual.numbers("a/b/one"), { shape: [], data: Float32Array.of(7) });
  });

  test("names, texts of any length, and what is not there, in both forms of groups", () => {
    for (const file of [usual, newer]) {
      assert.deepEqual(file.names("").sort(), ["a", "few"]);
      assert.deepEqual(file.names("few"), ["x"]);
      assert.deepEqual([...file.numbers("few/x")!.data], [0.5, -1.5, 2, 3, 4, -5]);
      assert.deepEqual(file.texts("few", "text"), ["grüße"]);
      assert.deepEqual(file.texts("few", "fixed"), ["one", "three"]);
      assert.deepEqual(file.texts("few", "many"), ["first", "", "third"]);
      assert.deepEqual(file.texts("few", "number"), []);
      assert.equal(file.texts("few", "missing"), undefined);
      assert.equal(file.numbers("few/y"), undefined);
      assert.deepEqual(file.names("nowhere"), []);
    }
  });

  test("what is not read is refused by name: packed, large end first, never written, many names in the newer form", () => {
    assert.throws(() => usual.numbers("a/b/packed"), /"a\/b\/packed": it is packed in pieces/);
    assert.throws(() => usual.numbers("a/b/big-f4"), /"a\/b\/big-f4": it holds numbers of a type/);
    assert.throws(() => usual.numbers("a/b/unwritten"), /it was never written/);
    assert.throws(() => usual.numbers("a/b"), /"a\/b": it is no data set/);
    assert.throws(() => newer.names("a/b"), /the form of newer files/);
    assert.throws(() => new Hdf5File(Buffer.from("no such file")), /no HDF5 file/);
  });

  test("a file that leads in circles comes to an end", () => {
    const bytes = Buffer.from(read("usual.h5"));
    // Every list of a group names its own node as what lies below it.
    for (let at = bytes.indexOf("TREE"); at >= 0; at = bytes.indexOf("TREE", at + 4))
      for (let i = 0; i < 8; i++) bytes.writeBigUInt64LE(BigInt(at), at + 32 + 16 * i);
    const file = new Hdf5File(bytes);
    assert.deepEqual(file.names(""), []);
  });
});
