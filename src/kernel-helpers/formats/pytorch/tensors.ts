import { TensorProto_DataType as DataType } from "../../graph/onnx/onnx.js";
import { bitsOf, elementCount } from "../../graph/onnx/tensor.js";
import { CamlabError } from "../../support/errors.js";
import { storedTensor, type StoredTensor } from "../weights/state-dict.js";
import { Callable, PASSED_OVER } from "./unpickle.js";

/** The numbers that tensors are views of. */
export interface Storage {
  readonly key: string;
  readonly type: DataType;
  /** How many numbers. */
  readonly count: number;
  /** Absent while it was not read. */
  bytes?: Uint8Array;
}

/** A part of a storage, from a number on. */
export interface StorageView {
  readonly storage: Storage;
  readonly first: number;
}

/** A tensor of a pickle: which numbers of which storage. */
export class PickledTensor {
  constructor(
    readonly view: StorageView,
    readonly offset: number,
    readonly dims: readonly number[],
    readonly strides: readonly number[],
  ) {}
}

const STORAGES: Readonly<Record<string, DataType>> = {
  FloatStorage: DataType.FLOAT,
  HalfStorage: DataType.FLOAT16,
  BFloat16Storage: DataType.BFLOAT16,
  DoubleStorage: DataType.DOUBLE,
  LongStorage: DataType.INT64,
  IntStorage: DataType.INT32,
  ShortStorage: DataType.INT16,
  CharStorage: DataType.INT8,
  ByteStorage: DataType.UINT8,
  BoolStorage: DataType.BOOL,
};

/** The kind of numbers of a storage, by PyTorch's name. */
export class StorageType {
  constructor(readonly type: DataType) {}
}

const ordered = new Callable("collections.OrderedDict", (entries = []) => new Map(entries as [unknown, unknown][]));
const rebuilt = (view: unknown, offset: unknown, dims: unknown, strides: unknown) => {
  const isView = typeof view === "object" && view !== null && "storage" in view;
  if (!isView || !isWhole(offset) || !areWhole(dims) || !areWhole(strides) || dims.length !== strides.length) {
    throw new CamlabError("the pickle is damaged: a tensor is not described");
  }
  return new PickledTensor(view as StorageView, offset, dims, strides);
};

const emptied = (name: string) => new Callable(name, () => new Map());
const counted = new Callable("collections.Counter", (counts) => (counts instanceof Map ? counts : new Map()));
/** Numbers, and facts about numbers, that checkpoints hold beside weights. */
const FACTS = [
  "_codecs.encode",
  "torch.device",
  "numpy.dtype",
  ...["core", "_core"].map((core) => `numpy.${core}.multiarray.scalar`),
  ...["builtins", "__builtin__"].flatMap((module) =>
    ["bool", "int", "float", "complex", "str", "list", "tuple"].map((name) => `${module}.${name}`),
  ),
];
const KINDS = [
  ...["float64", "float32", "float16", "bfloat16", "int64", "int32", "int16", "int8", "uint8", "bool"],
  ...["double", "float", "half", "long", "int", "short"],
].map((name) => `torch.${name}`);

/** Everything that a file of weights may name. */
const NAMES: Readonly<Record<string, unknown>> = {
  "collections.OrderedDict": ordered,
  "torch._utils._rebuild_tensor": new Callable("_rebuild_tensor", rebuilt),
  "torch._utils._rebuild_tensor_v2": new Callable("_rebuild_tensor_v2", rebuilt),
  "torch._utils._rebuild_parameter": new Callable("_rebuild_parameter", (tensor) => tensor),
  "torch._utils._rebuild_parameter_with_state": new Callable("_rebuild_parameter_with_state", (tensor) => tensor),
  "torch.Size": new Callable("torch.Size", (dims = []) => dims),
  "collections.defaultdict": emptied("collections.defaultdict"),
  "collections.Counter": counted,
  "builtins.dict": emptied("dict"),
  "__builtin__.dict": emptied("dict"),
  ...Object.fromEntries(FACTS.map((name) => [name, new Callable(name, () => PASSED_OVER)])),
  ...Object.fromEntries(KINDS.map((name) => [name, PASSED_OVER])),
  "builtins.set": new Callable("set", (items = []) => new Set(items as unknown[])),
  "__builtin__.set": new Callable("set", (items = []) => new Set(items as unknown[])),
  ...Object.fromEntries(Object.entries(STORAGES).map(([name, type]) => [`torch.${name}`, new StorageType(type)])),
};

/** What stands for a Python name that a file of weights may use; undefined for every other. */
export function namedInWeights(name: string): unknown {
  return Object.hasOwn(NAMES, name) ? NAMES[name] : undefined;
}

/** How many bytes a number of a storage takes. */
export function bytesEach({ type }: Pick<Storage, "type">): number {
  return bitsOf(type)! / 8;
}

/**
 * A tensor with its numbers in a row, whatever its strides.
 *
 * @throws CamlabError when it reaches beyond its storage, or is larger than that
 */
export function gathered(name: string, tensor: PickledTensor): StoredTensor {
  const { dims, strides } = tensor;
  const { storage, first } = tensor.view;
  const start = first + tensor.offset;
  const count = elementCount(dims);
  const last = start + dims.reduce((sum, dim, axis) => sum + (dim - 1) * strides[axis], 0);
  // A number that is there once may stand for many (`expand`): not for more than any network has.
  if ((count > storage.count && count > MOST_REPEATED) || (count > 0 && last >= storage.count) || !storage.bytes) {
    throw new CamlabError(`the tensor "${name}" (${dims.join("×")}) reaches beyond the numbers that the file holds`);
  }
  const size = bytesEach(storage);
  const usual = usualStrides(dims);
  const isRow = dims.every((dim, axis) => dim === 1 || strides[axis] === usual[axis]);
  const { bytes } = storage;
  return storedTensor(name, storage.type, dims, () =>
    isRow ? bytes.subarray(start * size, (start + count) * size) : inARow(bytes, start, dims, strides, size),
  );
}

const MOST_REPEATED = 2 ** 26;

function usualStrides(dims: readonly number[]): number[] {
  const strides = dims.map(() => 1);
  for (let axis = dims.length - 2; axis >= 0; axis--) strides[axis] = strides[axis + 1] * dims[axis + 1];
  return strides;
}

function inARow(
  bytes: Uint8Array,
  start: number,
  dims: readonly number[],
  strides: readonly number[],
  size: number,
): Uint8Array {
  const count = elementCount(dims);
  const from = wordsOf(bytes, size);
  const row = new Uint8Array(count * size);
  const to = wordsOf(row, size);
  const place = dims.map(() => 0);
  let at = start;
  for (let i = 0; i < count; i++) {
    to[i] = from[at];
    for (let axis = dims.length - 1; axis >= 0; axis--) {
      at += strides[axis];
      if (++place[axis] < dims[axis]) break;
      at -= strides[axis] * dims[axis];
      place[axis] = 0;
    }
  }
  return row;
}

const WORDS = { 1: Uint8Array, 2: Uint16Array, 4: Uint32Array, 8: BigUint64Array };

/** The bytes as whole numbers of so many bytes each; a copy where they do not lie on such a border. */
function wordsOf(bytes: Uint8Array, size: number): Uint8Array | Uint16Array | Uint32Array {
  const { buffer, byteOffset, length } = bytes.byteOffset % size === 0 ? bytes : Uint8Array.from(bytes);
  const type = WORDS[size as keyof typeof WORDS] as Uint32ArrayConstructor;
  return new type(buffer as ArrayBuffer, byteOffset, Math.floor(length / size));
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function areWhole(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every(isWhole);
}
