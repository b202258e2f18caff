import { open, realpath } from "node:fs/promises";
import { dirname, isAbsolute, relative, resolve, sep } from "node:path";
import { elementCount } from "../../graph/onnx/tensor.js";
import { wholeFileSize } from "../../graph/onnx/whole-file.js";
import { CamlabError, messageOf } from "../../support/errors.js";
import { halfToNumber } from "../../support/half-float.js";
import type { Constant } from "../channels-last/value.js";
import { fieldsOf, isFields, listOf, numberIn, textIn, type Fields } from "../keras/fields.js";

/** No engine takes larger networks. */
const LARGEST = 2 ** 31 - 1;

/**
 * The weights of a `model.json` by name, read from the files that its manifest names and brought back from 8 or 16 bits.
 *
 * @param path of the `model.json`, below whose folder the files have to lie
 * @throws CamlabError when a file is missing, shorter or longer than the weights that it should hold, or lies elsewhere
 */
export async function readWeights(path: string, manifest: unknown): Promise<ReadonlyMap<string, Constant>> {
  const weights = new Map<string, Constant>();
  let total = 0;
  for (const group of listOf(manifest).map(fieldsOf)) {
    const entries = listOf(group.weights).map((each) => entryOf(fieldsOf(each)));
    const expected = entries.reduce((sum, { bytes }) => sum + bytes, 0);
    total += entries.reduce((sum, { shape }) => sum + 4 * elementCount(shape), 0);
    if (total > LARGEST)
      throw new CamlabError(`its weights take ${(total / 2 ** 30).toFixed(1)} GiB, networks take at most 2`);
    const bytes = await readFiles(path, listOf(group.paths), expected);
    let at = 0;
    for (const entry of entries) {
      weights.set(entry.name, { shape: entry.shape, data: numbersOf(bytes.subarray(at, at + entry.bytes), entry) });
      at += entry.bytes;
    }
  }
  return weights;
}

interface Entry {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly bytes: number;
  readonly quantization?: Fields;
}

const BYTES: Readonly<Record<string, number>> = { float32: 4, int32: 4, float16: 2, uint16: 2, uint8: 1, bool: 1 };

function entryOf(fields: Fields): Entry {
  const name = textIn(fields, "name", "");
  const shape = listOf(fields.shape).map(Number);
  const quantization = isFields(fields.quantization) ? fields.quantization : undefined;
  const dtype = textIn(fields, "dtype", "float32");
  const stored = quantization ? textIn(quantization, "dtype", "") : dtype;
  const each = Object.hasOwn(BYTES, stored) ? BYTES[stored] : undefined;
  if (each === undefined)
    throw new CamlabError(
      `the weights "${name}" are of the type ${JSON.stringify(stored)}, which camlab does not read`,
    );
  if (
    !shape.every((size) => Number.isSafeInteger(size) && size >= 0) ||
    !Number.isSafeInteger(elementCount(shape) * 4)
  ) {
    throw new CamlabError(`the weights "${name}" have the shape ${shape.join("×")}`);
  }
  return { name, shape, dtype, bytes: elementCount(shape) * each, quantization };
}

function numbersOf(bytes: Uint8Array, { dtype, quantization, shape, name }: Entry): Float32Array | Int32Array {
  const count = elementCount(shape);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (quantization) {
    const stored = textIn(quantization, "dtype", "");
    if (stored === "float16")
      return Float32Array.from({ length: count }, (_, i) => halfToNumber(view.getUint16(2 * i, true)));
    const [scale, least] = [numberIn(quantization, "scale", 1), numberIn(quantization, "min", 0)];
    const at = stored === "uint8" ? (i: number) => bytes[i] : (i: number) => view.getUint16(2 * i, true);
    const floats = new Float32Array(count);
    for (let i = 0; i < count; i++) floats[i] = Math.fround(at(i) * scale + least);
    return dtype === "int32" ? Int32Array.from(floats, Math.round) : floats;
  }
  if (dtype === "float32") return new Float32Array(bytes.slice().buffer);
  if (dtype === "int32") return new Int32Array(bytes.slice().buffer);
  if (dtype === "uint8" || dtype === "bool") return Int32Array.from(bytes);
  throw new CamlabError(`the weights "${name}" are of the type ${dtype}, which camlab does not read`);
}

async function readFiles(path: string, names: readonly unknown[], expected: number): Promise<Uint8Array> {
  const files: { file: string; size: number }[] = [];
  for (const name of names) {
    const file = await fileBeside(path, name);
    files.push({ file, size: await wholeFileSize(file, `the weights ${file}`) });
  }
  const found = files.reduce((sum, { size }) => sum + size, 0);
  if (found !== expected) {
    throw new CamlabError(
      `its weights in ${names.map(String).join(", ")} should take ${expected} bytes, and ${found} are there; download them again`,
    );
  }
  const bytes = new Uint8Array(expected);
  let at = 0;
  for (const { file, size } of files) {
    await using handle = await open(file, "r");
    for (const end = at + size; at < end;) {
      const { bytesRead } = await handle.read(bytes, at, Math.min(end - at, 2 ** 28));
      if (bytesRead === 0) throw new CamlabError(`the file ${file} ended while it was being read`);
      at += bytesRead;
    }
  }
  return bytes;
}

/** A network from elsewhere must not make camlab read other files of this computer. */
async function fileBeside(path: string, name: unknown): Promise<string> {
  const folder = dirname(path);
  const file = resolve(folder, String(name));
  const refused = new CamlabError(
    `it keeps weights in ${JSON.stringify(name)}, which does not lie in the model's own folder`,
  );
  if (typeof name !== "string" || name === "" || isAbsolute(name) || !isInside(resolve(folder), file)) throw refused;
  try {
    const found = await realpath(file);
    if (!isInside(await realpath(folder), found) && !isInside(dirname(await realpath(path)), found)) throw refused;
    return found;
  } catch (error) {
    if (error instanceof CamlabError) throw error;
    throw new CamlabError(`its weights in ${JSON.stringify(name)} must lie beside it (${messageOf(error)})`);
  }
}

function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== "" && way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
