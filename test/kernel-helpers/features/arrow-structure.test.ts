import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import {
  type DataType,
  Field,
  FixedSizeList,
  Float32,
  List,
  Schema,
  SparseUnion,
  Table,
  tableToIPC,
  vectorFromArray,
} from "apache-arrow";
import { checkArrowStructure } from "../../../src/kernel-helpers/features/arrow-structure.js";
import { featuresFromArrow } from "../../../src/kernel-helpers/features/feature-arrow.js";

const refused = /a length or an offset in it leads nowhere/;

/** The parts of a message about a batch of rows: what a test changes of it. */
interface Parts {
  readonly nodes: number;
  readonly buffers: number;
  readonly variadic: number;
  readonly body: bigint;
  readonly header: number;
  readonly root: number;
  readonly type: number;
  readonly length: number;
}

/** A message of 140 bytes whose last list ends with it, by FlatBuffers' rules, then 24 bytes of body. */
function stream(parts: Partial<Parts> = {}, cut = 0): Uint8Array {
  const {
    nodes = 1,
    buffers = 2,
    variadic = 1,
    body = 24n,
    header = 56 - 28,
    root = 20,
    type = 4,
    length = 140,
  } = parts;
  const bytes = new Uint8Array(8 + 140 + 24);
  const whole = new DataView(bytes.buffer);
  whole.setInt32(0, -1, true);
  whole.setInt32(4, length, true);
  const head = new DataView(bytes.buffer, 8, 140);
  const shorts = (at: number, ...values: number[]) =>
    values.forEach((value, i) => head.setInt16(at + 2 * i, value, true));
  const ints = (at: number, ...values: number[]) =>
    values.forEach((value, i) => head.setInt32(at + 4 * i, value, true));
  ints(0, root);
  shorts(4, 12, 20, 0, type, 8, 12); // the message has a type, a header and a body
  ints(20, 16);
  head.setUint8(24, 3); // a batch of rows
  ints(28, header);
  head.setBigInt64(32, body, true);
  shorts(40, 14, 16, 0, 4, 8, 0, 12); // the header has three lists
  ints(56, 16, 72 - 60, 92 - 64, 128 - 68);
  ints(72, nodes);
  ints(92, buffers);
  ints(128, variadic);
  return bytes.subarray(0, bytes.length - cut);
}

describe("lengths and offsets of a message", () => {
  test("that fit to the last byte are let through", () => {
    checkArrowStructure(stream());
    checkArrowStructure(stream({ nodes: 0, buffers: 0, variadic: 0, body: 0n }, 24));
    checkArrowStructure(stream({ nodes: 4 }));
    checkArrowStructure(new Uint8Array(0));
    // A length of 0 ends a stream, whatever follows.
    checkArrowStructure(Uint8Array.of(255, 255, 255, 255, 0, 0, 0, 0, 9, 9, 9));
    checkArrowStructure(Uint8Array.of(0, 0, 0, 0, 1));
  });

  test("the older form without a mark in front is read as well", () => {
    const older = stream().subarray(4);
    checkArrowStructure(older);
    assert.throws(() => checkArrowStructure(older.subarray(0, -1)), refused);
  });

  test("two messages are two to look at", () => {
    checkArrowStructure(Buffer.concat([stream(), stream()]));
    assert.throws(() => checkArrowStructure(Buffer.concat([stream(), stream({ nodes: -1 })])), refused);
    assert.throws(() => checkArrowStructure(Buffer.concat([stream(), Uint8Array.of(1, 2)])), refused);
  });

  for (const [name, parts, cut] of [
    ["one buffer more than there is room for", { buffers: 3 }],
    ["one node more", { nodes: 5 }],
    ["two counts where one fits", { variadic: 2 }],
    ["fewer than none", { buffers: -1 }],
    ["a list of billions", { variadic: 0x7fffffff }],
    ["a body of one byte more than is left", { body: 25n }],
    ["a body of less than nothing", { body: -1n }],
    ["a header before the message", { header: -29 }],
    ["a header behind it", { header: 141 }],
    ["a root behind it", { root: 137 }],
    ["a type behind it", { type: 120 }],
    ["a message longer than the file", { length: 165 }],
    ["a message of less than nothing", { length: -2 }],
    ["a message that ends within its last list", { length: 139 }],
    ["a body cut short", {}, 1],
  ] as const) {
    test(`are refused: ${name}`, () => {
      assert.throws(() => checkArrowStructure(stream(parts, cut)), refused);
    });
  }
});

const rows = [1, 2, 3].map((value) => [value, -value]);
const list = new FixedSizeList(2, new Field("item", new Float32()));

describe("an Arrow file's end", () => {
  const file = readFileSync(new URL("../../fixtures/features/features.arrow", import.meta.url));
  const lengthAt = file.length - 10;

  test("says how long its directory is: no other length is believed", () => {
    checkArrowStructure(file);
    for (const length of [-1, -1000, file.length, lengthAt + 1, 0x7fffffff]) {
      const changed = Buffer.from(file);
      changed.writeInt32LE(length, lengthAt);
      assert.throws(() => checkArrowStructure(changed), refused, String(length));
    }
  });

  test("says where the batches are: a place outside of the file is refused", () => {
    const start = lengthAt - file.readInt32LE(lengthAt);
    // A place in the directory that leads to the mark that messages begin with, behind the schema's own.
    const leadsToMessage = (at: number) => {
      const offset = file.readBigInt64LE(at);
      return offset > 8n && offset < BigInt(start) && file.readInt32LE(Number(offset)) === -1;
    };
    const places = Array.from({ length: lengthAt - 7 - start }, (_, i) => start + i);
    const place = places.find(leadsToMessage) ?? 0;
    assert.ok(place > 0, "the directory names the batch");
    for (const offset of [-1n, BigInt(file.length), 2n ** 60n]) {
      const changed = Buffer.from(file);
      changed.writeBigInt64LE(offset, place);
      assert.throws(() => checkArrowStructure(changed), refused, String(offset));
    }
  });
});

test("fields within fields are looked at, too, as deep as 64 of them", () => {
  const nested = (depth: number): DataType =>
    depth === 0 ? new Float32() : new List(new Field("item", nested(depth - 1), true));
  const file = (depth: number) => {
    const schema = new Schema([new Field("c", nested(depth), true)]);
    return tableToIPC(new Table(schema), "stream");
  };
  for (const depth of [0, 1, 5, 40]) checkArrowStructure(file(depth));
  assert.throws(() => checkArrowStructure(file(100)), refused);
});

test("of a union the list of its kinds is looked at, too", () => {
  const kinds = [new Field("a", new Float32(), true), new Field("b", new Float32(), true)];
  const schema = new Schema([new Field("c", new SparseUnion([3, 77], kinds), true)]);
  const file = Buffer.from(tableToIPC(new Table(schema), "stream"));
  checkArrowStructure(file);
  // The list: two numbers of 4 bytes, 3 and 77.
  const list = file.indexOf(Buffer.from(Int32Array.of(2, 3, 77).buffer));
  assert.ok(list > 0);
  for (const count of [-1, 100_000]) {
    const changed = Buffer.from(file);
    changed.writeInt32LE(count, list);
    assert.throws(() => checkArrowStructure(changed), refused, String(count));
  }
});

test("a row without features that no error explains is named; so is one with an error that is not the last", () => {
  const gap = new Table({ features: vectorFromArray([rows[0], null, rows[2]], list) });
  assert.throws(() => featuresFromArrow(tableToIPC(gap, "file")), /row 1 has no features, and no error that says why/);
  const features = vectorFromArray([...rows.slice(0, 2), null], list);
  const late = new Table({ features, error: vectorFromArray([null, null, "broken"]) });
  const read = featuresFromArrow(tableToIPC(late, "file"));
  assert.deepEqual([read.rows, read.skipped], [2, [{ picture: { file: "row 2" }, error: "broken" }]]);
  const early = new Table({ features, error: vectorFromArray(["broken", null, "broken"]) });
  assert.throws(() => featuresFromArrow(tableToIPC(early, "file")), /expected to be its last rows/);
  const doubles = new Table({ features: vectorFromArray(rows.map(([value]) => value)) });
  assert.throws(() => featuresFromArrow(tableToIPC(doubles, "file")), /no column "features" of fixed-size lists/);
});
