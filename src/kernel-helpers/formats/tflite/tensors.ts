import { elementCount } from "../../graph/onnx/tensor.js";
import { CamlabError } from "../../support/errors.js";
import { halfToNumber } from "../../support/half-float.js";
import type { Constant } from "../channels-last/value.js";
import type { Table } from "./table.js";

/** How whole numbers stand for real ones: scale · (q − zero). */
export interface Quantisation {
  readonly scales: readonly number[];
  readonly zeros: readonly number[];
  /** The axis along which each place has a scale of its own. */
  readonly axis: number;
}

/** A tensor of a TFLite file. */
export interface LiteTensor {
  readonly name: string;
  readonly shape: readonly number[];
  /** Axes of any size, which `shape` gives as 1. */
  readonly open: readonly number[];
  readonly type: number;
  readonly quantisation?: Quantisation;
  /** Its numbers, where they are stored. */
  readonly bytes?: Uint8Array;
}

/** Types by number: how many bytes each takes, and how one is read. */
const TYPES: ReadonlyMap<number, readonly [bytes: number, read: (view: DataView, at: number) => number]> = new Map([
  [0, [4, (view: DataView, at: number) => view.getFloat32(at, true)]],
  [1, [2, (view: DataView, at: number) => halfToNumber(view.getUint16(at, true))]],
  [2, [4, (view: DataView, at: number) => view.getInt32(at, true)]],
  [3, [1, (view: DataView, at: number) => view.getUint8(at)]],
  [4, [8, (view: DataView, at: number) => Number(view.getBigInt64(at, true))]],
  [6, [1, (view: DataView, at: number) => view.getUint8(at)]],
  [7, [2, (view: DataView, at: number) => view.getInt16(at, true)]],
  [9, [1, (view: DataView, at: number) => view.getInt8(at)]],
  [10, [8, (view: DataView, at: number) => view.getFloat64(at, true)]],
]);

const [FLOAT, INT32, UINT8, INT64, INT8] = [0, 2, 3, 4, 9];

/** Whether a tensor holds pictures in 8 bits, and which kind. */
export function eightBits({ type }: LiteTensor): "uint8" | "int8" | undefined {
  return type === UINT8 ? "uint8" : type === INT8 ? "int8" : undefined;
}

/** The tensors of a graph. */
export function tensorsOf(model: Table, graph: Table): LiteTensor[] {
  const buffers = model.tables(4);
  return graph.tables(0).map((table) => {
    const quantisation = quantisationOf(table.table(4));
    const bytes = bytesOf(model, buffers[table.int(2)]);
    return {
      name: table.text(3),
      shape: table.ints(0),
      open: openAxes(table.ints(7)),
      type: table.byte(1),
      ...(quantisation && { quantisation }),
      ...(bytes && { bytes }),
    };
  });
}

/** A file says which of its sizes are open in a second list, where any is. */
function openAxes(signature: readonly number[]): number[] {
  return signature.flatMap((size, axis) => (size < 0 ? [axis] : []));
}

/** Large files keep a buffer behind the tables. */
function bytesOf(model: Table, buffer: Table | undefined): Uint8Array | undefined {
  if (!buffer) return undefined;
  const [offset, size] = [buffer.long(1), buffer.long(2)];
  const bytes = offset > 1 ? model.slice(offset, size) : buffer.bytes(0);
  return bytes && bytes.length > 0 ? bytes : undefined;
}

function quantisationOf(table: Table | undefined): Quantisation | undefined {
  const scales = table?.floats(2) ?? [];
  if (!table || scales.length === 0) return undefined;
  const zeros = table.longs(3);
  if (zeros.length > 1 && zeros.length !== scales.length)
    throw new CamlabError("it has unlike numbers of scales and zero points");
  return { scales, zeros, axis: table.int(6) };
}

/**
 * The real numbers that a tensor stands for; whole ones stay whole where they are not quantised.
 *
 * @throws CamlabError when its bytes do not fill its shape, or it is of another type
 */
export function constantOf({ name, shape, type, quantisation, bytes }: LiteTensor): Constant {
  const known = TYPES.get(type);
  if (!known) throw new CamlabError(`the tensor "${name}" is of a type (${type}) that camlab does not read`);
  const [size, read] = known;
  const count = elementCount(shape);
  if (!bytes || bytes.length !== count * size || shape.some((side) => side < 0)) {
    throw new CamlabError(
      `the tensor "${name}" (${shape.join("×")}) has ${bytes?.length ?? 0} bytes, ${count * size} are needed`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (type === FLOAT && bytes.byteOffset % 4 === 0) {
    return { shape, data: new Float32Array(bytes.buffer, bytes.byteOffset, count) };
  }
  if (!quantisation) {
    const data = type === INT32 || type === INT64 ? new Int32Array(count) : new Float32Array(count);
    for (let i = 0; i < count; i++) data[i] = read(view, i * size);
    return { shape, data };
  }
  const { scales, zeros, axis } = quantisation;
  if (scales.length > 1 && scales.length !== shape[axis]) {
    throw new CamlabError(`the tensor "${name}" (${shape.join("×")}) has ${scales.length} scales along axis ${axis}`);
  }
  const data = new Float32Array(count);
  const inner = scales.length > 1 ? shape.slice(axis + 1).reduce((product, side) => product * side, 1) : count || 1;
  for (let i = 0; i < count; i++) {
    const place = Math.floor(i / inner) % scales.length;
    data[i] = scales[place] * (read(view, i * size) - (zeros[zeros.length > 1 ? place : 0] ?? 0));
  }
  return { shape, data };
}
