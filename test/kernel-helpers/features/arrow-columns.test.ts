import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  bool,
  columnFromArray,
  type DataType,
  dictionary,
  field,
  fixedSizeList,
  float32,
  float64,
  int32,
  largeUtf8,
  list,
  nullType,
  tableFromColumns,
  utf8,
} from "@uwdata/flechette";
import {
  type ColumnKind,
  columnOf,
  featureColumn,
  featuresOf,
} from "../../../src/kernel-helpers/features/arrow-columns.js";

const tableOf = (values: readonly unknown[], type: DataType, name = "c") =>
  tableFromColumns([[name, columnFromArray(values as never[], type as never)]]);
const corners = [[1, 2, 3, 4], null];

describe("a column of a table of features", () => {
  const TYPES: Readonly<Record<string, readonly [DataType, readonly unknown[]]>> = {
    text: [utf8(), ["a", null]],
    "large text": [largeUtf8(), ["a", null]],
    categories: [dictionary(utf8(), int32()), ["a", null]],
    whole: [int32(), [1, null]],
    "categories of numbers": [dictionary(int32(), int32()), [1, null]],
    double: [float64(), [1, null]],
    flag: [bool(), [true, null]],
    nothing: [nullType(), [null, null]],
    "list of texts": [list(utf8()), [["a"], null]],
    "list of numbers": [list(int32()), [[1], null]],
    "list of lists": [list(list(utf8())), [[["a"]], null]],
    box: [fixedSizeList(field("item", float64()), 4), corners],
    "three numbers": [fixedSizeList(field("item", float64()), 3), [[1, 2, 3], null]],
    "four whole numbers": [fixedSizeList(field("item", int32()), 4), corners],
  };
  const ALLOWED: Readonly<Record<ColumnKind, readonly string[]>> = {
    text: ["text", "large text", "categories", "nothing"],
    label: ["text", "large text", "categories", "whole", "categories of numbers", "double", "nothing"],
    labels: ["list of texts", "list of numbers", "nothing"],
    box: ["box", "nothing"],
    flag: ["flag", "nothing"],
  };
  const WORDS: Readonly<Record<ColumnKind, string>> = {
    text: "texts",
    label: "texts or numbers",
    labels: "lists of texts or numbers",
    box: "four float64 each",
    flag: "true or false",
  };

  for (const kind of Object.keys(ALLOWED) as ColumnKind[]) {
    test(`of ${WORDS[kind]} may hold those and no others`, () => {
      for (const [name, [type, values]] of Object.entries(TYPES)) {
        const table = tableOf(values, type);
        if (ALLOWED[kind].includes(name)) assert.equal(columnOf(table, "c", kind, 2)!.length, 2, name);
        else
          assert.throws(
            () => columnOf(table, "c", kind, 2),
            new RegExp(`column c does not hold ${WORDS[kind]}$`),
            name,
          );
      }
    });
  }

  test("has as many rows as there are, or is not there at all", () => {
    const table = tableOf(["a", "b"], utf8());
    assert.equal(columnOf(table, "other", "text", 2), undefined);
    assert.throws(() => columnOf(table, "c", "text", 3), /its column c has 2 rows, not 3/);
  });

  test("has offsets that rise and stay within what is there, of lists those of their texts, too", () => {
    const offsetsOf = (batch: unknown) => (batch as { offsets: Int32Array }).offsets;
    const spoilt = (at: number, value: number) => {
      const table = tableOf(["aa", "b", "cc"], utf8());
      offsetsOf(table.getChild("c").data[0])[at] = value;
      return () => columnOf(table, "c", "text", 3);
    };
    assert.ok(spoilt(0, 0)());
    assert.ok(spoilt(1, 3)(), "an empty text");
    for (const [at, value, row] of [
      [0, -1, 0],
      [1, 4, 2],
      [1, 99, 1],
      [2, 1, 2],
      [3, 99, 3],
      [3, 2, 3],
    ]) {
      assert.throws(spoilt(at, value), new RegExp(`its column c is damaged at row ${row}$`), `${at} ${value}`);
    }
    const lists = (change: (outer: Int32Array, inner: Int32Array) => void) => {
      const table = tableOf([["a", "b"], ["c"]], list(utf8()));
      const [batch] = table.getChild("c").data;
      change(offsetsOf(batch), offsetsOf((batch as { children: unknown[] }).children[0]));
      return () => columnOf(table, "c", "labels", 2);
    };
    assert.ok(lists(() => {})());
    assert.throws(
      lists((outer) => (outer[2] = 4)),
      /its column c is damaged at row 2/,
    );
    assert.throws(
      lists((outer) => (outer[1] = -1)),
      /its column c is damaged at row 1/,
    );
    assert.throws(
      lists((_, inner) => (inner[3] = 99)),
      /its column c is damaged at row 3/,
    );
    assert.throws(
      lists((_, inner) => (inner[1] = 3)),
      /its column c is damaged at row 2/,
    );
  });
});

describe("features in a table", () => {
  test("are written and read as one stretch of memory", () => {
    const data = Float32Array.of(1, 2, 3, 4, 5, 6);
    const read = featuresOf(tableFromColumns([["features", featureColumn(data, 3, 2)]]));
    assert.deepEqual(read, { columns: 2, data, empty: new Set() });
    const validity = { bits: Uint8Array.of(0b101, 0, 0, 0, 0, 0, 0, 0), nullCount: 1 };
    const gap = featuresOf(tableFromColumns([["features", featureColumn(data, 3, 2, validity)]]));
    assert.deepEqual([...gap.empty], [1]);
    const none = featuresOf(tableFromColumns([["features", featureColumn(new Float32Array(0), 0, 2)]]));
    assert.deepEqual(none, { columns: 2, data: new Float32Array(0), empty: new Set() });
  });

  test("are lists of one length of float32, under their name, as long as they say", () => {
    const lists = [[1, 2]];
    assert.deepEqual(featuresOf(tableOf(lists, fixedSizeList(field("item", float32()), 2), "features")).columns, 2);
    assert.equal(featuresOf(tableOf([[7]], fixedSizeList(field("item", float32()), 1), "features")).columns, 1);
    const missing = /there is no column "features" of fixed-size lists of float32/;
    assert.throws(() => featuresOf(tableOf(lists, fixedSizeList(field("item", float32()), 2), "vectors")), missing);
    assert.throws(() => featuresOf(tableOf([1], float32(), "features")), missing);
    assert.throws(() => featuresOf(tableOf(lists, list(float32()), "features")), missing);
    assert.throws(
      () => featuresOf(tableOf(lists, fixedSizeList(field("item", float64()), 2), "features")),
      /the column "features" holds no float32 numbers/,
    );
    const short = tableFromColumns([["features", featureColumn(Float32Array.of(1, 2, 3), 2, 2)]]);
    assert.throws(() => featuresOf(short), /its 2 rows of 2 features are cut short: 3 are there/);
    const longer = tableFromColumns([["features", featureColumn(Float32Array.of(1, 2, 3, 4, 5), 2, 2)]]);
    assert.deepEqual(featuresOf(longer).data, Float32Array.of(1, 2, 3, 4));
  });
});
