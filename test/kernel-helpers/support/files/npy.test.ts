import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { npyBytes, readNpy, writeNpy } from "../../../../src/kernel-helpers/support/files/npy.js";

interface Fixture {
  arrays: { shape: number[]; type: string; numbers: string[]; bytes: string }[];
  booleans: string;
  refused: Record<string, string>;
}

const fixture = JSON.parse(
  readFileSync(new URL("../../../fixtures/support/npy.json", import.meta.url), "utf8"),
) as Fixture;
const decoded = (base64: string) => new Uint8Array(Buffer.from(base64, "base64"));

for (const { shape, type, numbers, bytes } of fixture.arrays) {
  test(`${type} of shape (${shape.join(", ")}) reads as NumPy wrote it, and writes to the same bytes`, async () => {
    const array = await readNpy(decoded(bytes));
    assert.deepEqual(array.shape, shape);
    assert.equal(array.data.constructor.name.replace(/Array|Big/g, "").toLowerCase(), type);
    const expected = numbers.map((text) => (type.endsWith("64") && type !== "float64" ? BigInt(text) : Number(text)));
    assert.deepEqual([...array.data], expected);
    assert.deepEqual(npyBytes(array), decoded(bytes));
  });
}

test("booleans are 0 and 1", async () => {
  assert.deepEqual(await readNpy(decoded(fixture.booleans)), { shape: [2], data: Uint8Array.of(1, 0) });
});

test("what is not plain row-major numbers is refused with the remedy", async () => {
  const refused = async (name: string, message: RegExp) =>
    assert.rejects(readNpy(decoded(fixture.refused[name])), { name: "CamlabError", message });
  await refused("column order", /save it with np\.ascontiguousarray/);
  await refused("half", /holds "<f2", not plain numbers: save array\.astype\(np\.float32\)/);
  await refused("big-endian", /holds ">f4"/);
  await refused("text", /holds "<U1"/);
  await refused("records", /holds records/);
});

test("other bytes, cut files and wrong shapes are refused", async () => {
  const whole = decoded(fixture.arrays[0].bytes);
  await assert.rejects(readNpy(Buffer.from("not an array at all")), /not a NumPy array file/);
  await assert.rejects(readNpy(whole.subarray(0, 40)), /header that cannot be read/);
  await assert.rejects(readNpy(whole.subarray(0, whole.length - 1)), /cut short: 151 bytes of the 152 that 2×3 needs/);
  await assert.rejects(readNpy("/nowhere/a.npy"), /cannot read \/nowhere\/a\.npy: ENOENT/);
  assert.throws(() => npyBytes({ shape: [2, 2], data: new Float32Array(3) }), /2×2 holds 4 numbers, not 3/);
});

test("a file and a view into a larger array survive the round trip", async () => {
  const folder = await mkdtemp(join(tmpdir(), "npy-"));
  try {
    const data = Float32Array.of(9, 1, 2, 3, 9).subarray(1, 4);
    await writeNpy(join(folder, "a.npy"), { shape: [3, 1], data });
    assert.deepEqual(await readNpy(join(folder, "a.npy")), { shape: [3, 1], data: Float32Array.of(1, 2, 3) });
    await assert.rejects(writeNpy(join(folder, "none", "a.npy"), { shape: [3], data }), /cannot write/);
  } finally {
    await rm(folder, { recursive: true });
  }
});
