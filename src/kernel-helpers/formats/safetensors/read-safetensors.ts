import { TensorProto_DataType as DataType } from "../../graph/onnx/onnx.js";
import { bitsOf } from "../../graph/onnx/tensor.js";
import { CamlabError, messageOf } from "../../support/errors.js";
import {
  byteLength,
  checkTensorCount,
  storedTensor,
  type StateDict,
  type StoredTensor,
} from "../weights/state-dict.js";

const TYPES: ReadonlyMap<unknown, DataType> = new Map(
  Object.entries({
    F32: DataType.FLOAT,
    F16: DataType.FLOAT16,
    BF16: DataType.BFLOAT16,
    F64: DataType.DOUBLE,
    I64: DataType.INT64,
    I32: DataType.INT32,
    I16: DataType.INT16,
    I8: DataType.INT8,
    U64: DataType.UINT64,
    U32: DataType.UINT32,
    U16: DataType.UINT16,
    U8: DataType.UINT8,
    BOOL: DataType.BOOL,
    F8_E4M3: DataType.FLOAT8E4M3FN,
    F8_E5M2: DataType.FLOAT8E5M2,
  }),
);

/** Longer headers are refused, as the format's own library does. */
const LONGEST_HEADER = 100_000_000;

/** No network's list is as long, and to take a longer one apart takes more than a gigabyte. */
const LARGEST_READ = 16_000_000;

/** Whether a file begins as a safetensors file does: a header's length, then the header, which is a JSON object. */
export function isSafetensors(head: Uint8Array, size: number): boolean {
  if (head.length < 10) return false;
  const length = headerLength(head);
  return length >= 2 && length <= Math.min(LONGEST_HEADER, size - 8) && head[8] === 0x7b;
}

/**
 * The tensors of a safetensors file: eight bytes that say how long the header is, the header (JSON: type, sizes and
 * place of each tensor), then the numbers.
 *
 * @param path what the file is called, for messages
 * @throws CamlabError when the header is damaged, or a tensor lies outside the file or does not fill its sizes
 * @example
 * readSafetensors(bytes, "model.safetensors").tensors.get("fc.weight");
 */
export function readSafetensors(bytes: Uint8Array, path: string): StateDict {
  const damaged = (why: string) =>
    new CamlabError(`cannot read ${path}: ${why}; it may be cut off or damaged: get it again`);
  if (!isSafetensors(bytes, bytes.length)) throw damaged("it has no header as safetensors files have one");
  const start = 8 + headerLength(bytes);
  if (start > LARGEST_READ) throw new CamlabError(`cannot read ${path}: its list of tensors takes ${start} bytes`);
  const header = headerOf(bytes.subarray(8, start), damaged);
  checkTensorCount(Object.keys(header).length);
  const tensors = new Map<string, StoredTensor>();
  const places: (readonly [from: number, to: number, name: string])[] = [];
  for (const [name, entry] of Object.entries(header)) {
    if (name === "__metadata__") continue;
    const { dtype, shape, data_offsets: offsets } = (entry ?? {}) as Record<string, unknown>;
    const type = TYPES.get(dtype);
    if (type === undefined)
      throw new CamlabError(`cannot read ${path}: "${name}" is of the unknown type ${String(dtype)}`);
    if (!isNumbers(shape) || !isNumbers(offsets) || offsets.length !== 2) throw damaged(`"${name}" is not described`);
    const [from, to] = offsets;
    const within = from >= 0 && from <= to && start + to <= bytes.length;
    if (!within) throw damaged(`"${name}" lies outside the file`);
    if (byteLength(shape, bitsOf(type)! / 8) !== to - from) {
      throw damaged(`"${name}" should hold ${shape.join("×")} numbers of type ${String(dtype)}, and does not`);
    }
    places.push([from, to, name]);
    tensors.set(
      name,
      storedTensor(name, type, shape, () => bytes.subarray(start + from, start + to)),
    );
  }
  if (tensors.size === 0) throw new CamlabError(`cannot read ${path}: it holds no tensors`);
  checkFilled(places, bytes.length - start, damaged);
  return { tensors, notes: [] };
}

/** The format has neither gaps nor numbers that belong to two tensors: what has is not what was written. */
function checkFilled(
  places: readonly (readonly [from: number, to: number, name: string])[],
  size: number,
  damaged: (why: string) => CamlabError,
): void {
  let end = 0;
  for (const [from, to, name] of [...places].sort((a, b) => a[0] - b[0] || a[1] - b[1])) {
    if (from !== end) throw damaged(`"${name}" begins at byte ${from} of the numbers, and should at ${end}`);
    end = to;
  }
  if (end !== size) throw damaged(`${size - end} bytes behind its last tensor belong to none`);
}

function headerLength(bytes: Uint8Array): number {
  return Number(new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true));
}

function headerOf(bytes: Uint8Array, damaged: (why: string) => CamlabError): Record<string, unknown> {
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (error) {
    throw damaged(`its header cannot be read (${messageOf(error)})`);
  }
  if (typeof header === "object" && header !== null && !Array.isArray(header)) return header as Record<string, unknown>;
  throw damaged("its header is no list of tensors");
}

function isNumbers(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((each) => Number.isSafeInteger(each));
}
