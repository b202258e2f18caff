import { isFieldSet } from "@bufbuild/protobuf";
import { CamlabError, invalid } from "../../support/errors.js";
import { TensorProto_DataType as DataType, TensorProtoSchema, type TensorProto } from "./onnx_pb.js";
import { halfToNumber } from "../../support/half-float.js";

const TYPE_NAMES: Readonly<Record<number, string>> = {
  [DataType.FLOAT]: "float32",
  [DataType.DOUBLE]: "float64",
  ...Object.fromEntries(
    Object.entries(DataType)
      .filter(([key, value]) => typeof value === "number" && key !== "FLOAT" && key !== "DOUBLE")
      .map(([key, value]) => [value, key.toLowerCase()]),
  ),
};

/** `"float32"`, `"int64"`, `"float16"`, … for the number that ONNX files hold. */
export function typeName(dataType: number): string {
  return TYPE_NAMES[dataType] ?? `type ${dataType}`;
}

/** The number that ONNX files hold for `"float32"`, `"int64"`, … */
export function dataTypeOf(name: string): number {
  const found = Object.entries(TYPE_NAMES).find(([, text]) => text === name);
  if (!found) throw invalid("element type", name, "float32, float16, int64, …");
  return Number(found[0]);
}

/** Whether a type holds real numbers that a network computes with. */
export function isFloat(dataType: number): boolean {
  return [DataType.FLOAT, DataType.DOUBLE, DataType.FLOAT16, DataType.BFLOAT16].includes(dataType);
}

/** How many bits a number of a type takes in a file; undefined for types without a fixed size, such as texts. */
export function bitsOf(dataType: number): number | undefined {
  const bits = /(\d+)/.exec(typeName(dataType))?.[1];
  if (dataType === (DataType.BOOL as number)) return 8;
  return TYPE_NAMES[dataType] === undefined || bits === undefined ? undefined : Number(bits);
}

/** A tensor's sizes as plain numbers. */
export function tensorDims(tensor: TensorProto): number[] {
  return tensor.dims.map(Number);
}

/** Product of the sizes: 1 for a scalar. */
export function elementCount(dims: readonly number[]): number {
  return dims.reduce((product, dim) => product * dim, 1);
}

/** Any typed array of numbers. */
export type Numbers = Float32Array | Float64Array | Int8Array | Uint8Array | Int16Array | Uint16Array | Int32Array;

/**
 * A stored tensor's values. Float32 weights are a view of the file's bytes where alignment allows; half precision is
 * widened to float32 and 64-bit integers become float64.
 *
 * @throws CamlabError for types without plain numbers (strings, 4-bit and 8-bit floats, complex) and for a tensor
 *   whose bytes do not fill its shape
 * @example
 * const weights = tensorNumbers(net.initializer("fc.weight")!); // Float32Array, row-major
 */
export function tensorNumbers(tensor: TensorProto): Numbers {
  const count = tensorDims(tensor).every((dim) => dim >= 0) ? elementCount(tensorDims(tensor)) : NaN;
  const numbers = isFieldSet(tensor, TensorProtoSchema.field.rawData) ? fromBytes(tensor) : fromFields(tensor);
  if (numbers.length !== count) {
    throw new CamlabError(
      `the ONNX file is damaged: tensor "${tensor.name}" (${typeName(tensor.dataType)} ` +
        `${tensorDims(tensor).join("×")}) holds ${numbers.length} of ${count} values`,
    );
  }
  return numbers;
}

/** As `tensorNumbers`, as float32. */
export function tensorFloats(tensor: TensorProto): Float32Array {
  return toFloat32(tensorNumbers(tensor));
}

/** The same numbers as float32: the array itself when it is one already. */
export function toFloat32(numbers: Numbers): Float32Array {
  return numbers instanceof Float32Array ? numbers : Float32Array.from(numbers);
}

function fromBytes(tensor: TensorProto): Numbers {
  const bytes = tensor.rawData;
  switch (tensor.dataType as DataType) {
    case DataType.FLOAT:
      return viewAs(Float32Array, bytes);
    case DataType.DOUBLE:
      return viewAs(Float64Array, bytes);
    case DataType.FLOAT16:
      return halvesToFloats(viewAs(Uint16Array, bytes));
    case DataType.BFLOAT16:
      return brainToFloats(viewAs(Uint16Array, bytes));
    case DataType.INT8:
      return viewAs(Int8Array, bytes);
    case DataType.UINT8:
    case DataType.BOOL:
      return bytes;
    case DataType.INT16:
      return viewAs(Int16Array, bytes);
    case DataType.UINT16:
      return viewAs(Uint16Array, bytes);
    case DataType.INT32:
      return viewAs(Int32Array, bytes);
    case DataType.UINT32:
      return Float64Array.from(viewAs(Uint32Array, bytes));
    case DataType.INT64:
      return Float64Array.from(viewAs(BigInt64Array, bytes), Number);
    case DataType.UINT64:
      return Float64Array.from(viewAs(BigUint64Array, bytes), Number);
    default:
      throw unreadable(tensor);
  }
}

function fromFields(tensor: TensorProto): Numbers {
  switch (tensor.dataType as DataType) {
    case DataType.FLOAT:
      return Float32Array.from(tensor.floatData);
    case DataType.DOUBLE:
      return Float64Array.from(tensor.doubleData);
    case DataType.INT64:
      return Float64Array.from(tensor.int64Data, Number);
    case DataType.UINT32:
    case DataType.UINT64:
      return Float64Array.from(tensor.uint64Data, Number);
    case DataType.FLOAT16:
      return Float32Array.from(tensor.int32Data, halfToNumber);
    case DataType.BFLOAT16:
      return brainToFloats(tensor.int32Data);
    case DataType.INT8:
    case DataType.UINT8:
    case DataType.BOOL:
    case DataType.INT16:
    case DataType.UINT16:
    case DataType.INT32:
      return Int32Array.from(tensor.int32Data);
    default:
      throw unreadable(tensor);
  }
}

interface ViewType<T> {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): T;
}

function viewAs<T>(type: ViewType<T>, bytes: Uint8Array): T {
  const size = type.BYTES_PER_ELEMENT;
  const aligned = bytes.byteOffset % size === 0 ? bytes : Uint8Array.from(bytes);
  return new type(aligned.buffer, aligned.byteOffset, Math.floor(aligned.byteLength / size));
}

let halves: Float32Array | undefined;

/** Weights of half precision come by the million: every number that 16 bits can hold is computed once. */
function halvesToFloats(bits: Uint16Array): Float32Array {
  halves ??= Float32Array.from({ length: 65_536 }, (_, i) => halfToNumber(i));
  const floats = new Float32Array(bits.length);
  for (let i = 0; i < bits.length; i++) floats[i] = halves[bits[i]];
  return floats;
}

/** The nearest number that binary16 can hold. */
export function roundToHalf(value: number): number {
  const step = 2 ** (Math.max(Math.floor(Math.log2(Math.abs(value) || 1)), -14) - 10);
  const low = Math.floor(value / step);
  const rest = value / step - low;
  const rounded = (rest > 0.5 || (rest === 0.5 && low % 2 !== 0) ? low + 1 : low) * step;
  return Math.abs(rounded) > 65504 ? Math.sign(value) * Infinity : rounded;
}

function brainToFloats(bits: ArrayLike<number>): Float32Array {
  const words = Uint32Array.from(bits, (value) => (value & 0xffff) << 16);
  return new Float32Array(words.buffer);
}

function unreadable(tensor: TensorProto): CamlabError {
  return new CamlabError(
    `tensor "${tensor.name}" is ${typeName(tensor.dataType)}, which camlab cannot compute with: ` +
      "export the model in float32 or float16",
  );
}
