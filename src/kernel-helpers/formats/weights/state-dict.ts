import { elementCount, tensorFloats, typeName } from "../../graph/onnx/tensor.js";
import { CamlabError } from "../../support/errors.js";
import { create } from "@bufbuild/protobuf";
import { type TensorProto_DataType as DataType, TensorProtoSchema } from "../../graph/onnx/onnx.js";

/** A tensor as it lies in a file of weights. */
export interface StoredTensor {
  readonly dims: readonly number[];
  /** `"float32"`, `"float16"`, `"int64"`, … */
  readonly type: string;
  /**
   * Its numbers, row-major: a view of the file's bytes for float32 where alignment allows, else converted.
   *
   * @throws CamlabError for types that float32 cannot hold (8-bit floats, complex numbers)
   */
  floats(): Float32Array;
}

/** Weights by name, without the graph that they belong to. */
export interface StateDict {
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  /** What was passed over or assumed, each in one sentence. */
  readonly notes: readonly string[];
}

/** A tensor of little-endian bytes, which are asked for when its numbers are. */
export function storedTensor(
  name: string,
  dataType: DataType,
  dims: readonly number[],
  bytes: () => Uint8Array,
): StoredTensor {
  const proto = () => create(TensorProtoSchema, { name, dims: dims.map(BigInt), dataType, rawData: bytes() });
  return { dims, type: typeName(dataType), floats: () => tensorFloats(proto()) };
}

/** Far more than any network has. */
const MOST_TENSORS = 50_000;

/** @throws CamlabError when a file speaks of more tensors than any network has */
export function checkTensorCount(count: number): void {
  if (count > MOST_TENSORS)
    throw new CamlabError(`it holds ${count} tensors, and files of at most ${MOST_TENSORS} are read`);
}

/** How many bytes a tensor of these sizes takes; NaN where the sizes are no sizes. */
export function byteLength(dims: readonly number[], bytesEach: number): number {
  return dims.every((dim) => Number.isSafeInteger(dim) && dim >= 0) ? elementCount(dims) * bytesEach : NaN;
}
