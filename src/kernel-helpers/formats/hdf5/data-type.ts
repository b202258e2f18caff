import { CamlabError } from "../../support/errors.js";
import { halfToNumber } from "../../support/half-float.js";
import type { ByteReader } from "./byte-reader.js";

/** What one value of an HDF5 file is. */
export interface DataType {
  readonly kind: "float" | "int" | "uint" | "text" | "long text" | "other";
  /** Bytes that one takes. */
  readonly size: number;
}

/** Sizes of a data set or an attribute; none for a single value. */
export function shapeAt(reader: ByteReader): number[] {
  const [version, axes] = [reader.uint(1), reader.uint(1)];
  if (version !== 1 && version !== 2) throw new CamlabError(`it gives sizes in a form (${version}) that is not read`);
  reader.skip(version === 1 ? 6 : 2);
  if (axes > 32) throw new CamlabError(`it is damaged: it speaks of ${axes} axes`);
  return Array.from({ length: axes }, () => reader.uint(8));
}

/** What the values are; numbers with their large end first are "other". */
export function dataTypeAt(reader: ByteReader): DataType {
  const kind = reader.uint(1) & 0x0f;
  const bits = reader.uint(1);
  const size = reader.skip(2).uint(4);
  if (kind === 8) return dataTypeAt(reader); // numbers with names, as true and false are: the numbers' own type follows
  if (kind === 3) return { kind: "text", size };
  if (kind === 9 && (bits & 0x0f) === 1) return { kind: "long text", size };
  const isKnown = (kind === 0 || kind === 1) && (bits & 1) === 0;
  if (!isKnown) return { kind: "other", size };
  return { kind: kind === 1 ? "float" : bits & 0x08 ? "int" : "uint", size };
}

type ReadNumber = (view: DataView, at: number) => number;

const NUMBERS: Readonly<Record<string, ReadNumber>> = {
  float2: (view, at) => halfToNumber(view.getUint16(at, true)),
  float4: (view, at) => view.getFloat32(at, true),
  float8: (view, at) => view.getFloat64(at, true),
  int1: (view, at) => view.getInt8(at),
  int2: (view, at) => view.getInt16(at, true),
  int4: (view, at) => view.getInt32(at, true),
  int8: (view, at) => Number(view.getBigInt64(at, true)),
  uint1: (view, at) => view.getUint8(at),
  uint2: (view, at) => view.getUint16(at, true),
  uint4: (view, at) => view.getUint32(at, true),
  uint8: (view, at) => Number(view.getBigUint64(at, true)),
};

/**
 * Numbers as float32: a view of the bytes where they are that and lie evenly.
 *
 * @throws CamlabError when they are of a type that is not read
 */
export function floatsOf(bytes: Uint8Array, { kind, size }: DataType): Float32Array {
  const key = `${kind}${size}`;
  if (!Object.hasOwn(NUMBERS, key)) throw new CamlabError(`it holds numbers of a type (${key}) that is not read`);
  if (key === "float4" && bytes.byteOffset % 4 === 0)
    return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Float32Array.from({ length: bytes.length / size }, (_, i) => NUMBERS[key](view, i * size));
}
