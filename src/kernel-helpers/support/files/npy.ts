import { readRegular } from "./read-regular.js";
import { CamlabError, messageOf } from "../errors.js";
import { writeWhole } from "../write-file.js";

/** The number arrays that a .npy file can hold. Booleans come as 0 and 1. */
export type NpyNumbers =
  | Float32Array
  | Float64Array
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array;

/** An array with a shape, row-major: the last axis runs fastest. `[]` is the shape of a single number. */
export interface NpyArray<Data extends NpyNumbers = NpyNumbers> {
  readonly shape: readonly number[];
  readonly data: Data;
}

/** NumPy's name of each type, little-endian, and the array that holds it. */
const TYPES = [
  ["<f4", Float32Array],
  ["<f8", Float64Array],
  ["|i1", Int8Array],
  ["|u1", Uint8Array],
  ["<i2", Int16Array],
  ["<u2", Uint16Array],
  ["<i4", Int32Array],
  ["<u4", Uint32Array],
  ["<i8", BigInt64Array],
  ["<u8", BigUint64Array],
] as const;

const MAGIC = "\x93NUMPY";

/**
 * Reads a NumPy array file.
 *
 * @param source a path, or the file's bytes
 * @throws CamlabError when it is not a .npy file, is cut short, or holds something but little-endian, row-major
 *   numbers; the message says what to do in NumPy
 * @example
 * const { shape, data } = await tables.readNpy("features.npy"); // [100, 768], Float32Array
 */
export async function readNpy(source: string | Uint8Array): Promise<NpyArray> {
  const name = typeof source === "string" ? source : "the .npy bytes";
  const bytes = typeof source === "string" ? await bytesOf(source) : source;
  const { type, fortran, shape, start } = parseHeader(bytes, name);
  if (fortran) throw new CamlabError(`${name} is in column order: save it with np.ascontiguousarray(array)`);
  const known = TYPES.find(([code]) => code === (type === "|b1" ? "|u1" : type));
  if (!known) {
    throw new CamlabError(`${name} holds ${JSON.stringify(type)}, not plain numbers: save array.astype(np.float32)`);
  }
  const [, ArrayType] = known;
  const count = shape.reduce((product, size) => product * size, 1);
  const end = start + count * ArrayType.BYTES_PER_ELEMENT;
  if (bytes.length < end) {
    throw new CamlabError(`${name} is cut short: ${bytes.length} bytes of the ${end} that ${shape.join("×")} needs`);
  }
  if (bytes.length > end) {
    throw new CamlabError(`${name} holds ${bytes.length - end} bytes more than its shape ${shape.join("×")} needs`);
  }
  return { shape, data: new ArrayType(new Uint8Array(bytes.subarray(start, end)).buffer) };
}

/**
 * An array as the bytes of a NumPy array file, version 1.0: the same bytes that `np.save` writes.
 *
 * @throws CamlabError when the shape does not hold as many numbers as there are
 * @example
 * await writeFile("map.npy", tables.npyBytes({ shape: [7, 7], data: map.data }));
 */
export function npyBytes({ shape, data }: NpyArray): Uint8Array {
  const count = shape.reduce((product, size) => product * size, 1);
  if (count !== data.length) {
    throw new CamlabError(`an array of shape ${shape.join("×") || "()"} holds ${count} numbers, not ${data.length}`);
  }
  const type = TYPES.find(([, ArrayType]) => data instanceof ArrayType)![0];
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
  const text = `{'descr': '${type}', 'fortran_order': False, 'shape': ${tuple}, }`;
  // NumPy leaves room for the first size to grow to 21 digits, then fills up to a multiple of 64 with spaces.
  const room = shape.length ? 21 - String(shape[0]).length : 0;
  const padded = text + " ".repeat(room);
  const length = Math.ceil((10 + padded.length + 1) / 64) * 64;
  const bytes = new Uint8Array(length + data.byteLength);
  bytes.set(Buffer.from(`${MAGIC}\x01\x00`, "latin1"));
  new DataView(bytes.buffer).setUint16(8, length - 10, true);
  bytes.set(Buffer.from(`${padded.padEnd(length - 11)}\n`, "latin1"), 10);
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), length);
  return bytes;
}

/**
 * Writes an array as a NumPy array file.
 *
 * @throws CamlabError when the shape does not fit, or the file cannot be written
 * @example
 * await tables.writeNpy("features.npy", { shape: [100, 768], data });
 */
export async function writeNpy(path: string, array: NpyArray): Promise<void> {
  await writeWhole(path, npyBytes(array));
}

async function bytesOf(path: string): Promise<Uint8Array> {
  return readRegular(path).catch((error: unknown) => {
    throw new CamlabError(`cannot read ${path}: ${messageOf(error)}`);
  });
}

interface Header {
  readonly type: string;
  readonly fortran: boolean;
  readonly shape: number[];
  /** Where the numbers begin. */
  readonly start: number;
}

function parseHeader(bytes: Uint8Array, name: string): Header {
  const latin1 = (from: number, to: number) => Buffer.from(bytes.subarray(from, to)).toString("latin1");
  if (bytes.length < 12 || latin1(0, 6) !== MAGIC) throw new CamlabError(`${name} is not a NumPy array file (.npy)`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const wide = bytes[6] >= 2;
  const begin = wide ? 12 : 10;
  const start = begin + (wide ? view.getUint32(8, true) : view.getUint16(8, true));
  const text = latin1(begin, Math.min(start, bytes.length));
  const type = /'descr': '([^']*)'/.exec(text)?.[1];
  const order = /'fortran_order': (True|False)/.exec(text)?.[1];
  const sizes = /'shape': \(([\d, ]*)\)/.exec(text)?.[1];
  if (/'descr': \[/.test(text)) throw new CamlabError(`${name} holds records, not plain numbers: save one field of it`);
  if (type === undefined || order === undefined || sizes === undefined) {
    throw new CamlabError(`${name} has a header that cannot be read: ${JSON.stringify(text.slice(0, 80))}`);
  }
  const shape = sizes
    .split(",")
    .filter((size) => size.trim() !== "")
    .map(Number);
  // One row or one column: both orders are the same.
  return { type, fortran: order === "True" && shape.filter((size) => size > 1).length > 1, shape, start };
}
