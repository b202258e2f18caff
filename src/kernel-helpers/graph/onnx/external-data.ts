import { open, realpath, type FileHandle } from "node:fs/promises";
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { CamlabError, messageOf } from "../../support/errors.js";
import { changed } from "./messages.js";
import { bitsOf, elementCount, tensorDims, typeName } from "./tensor.js";
import { wholeFileSize } from "./whole-file.js";
import { TensorProto_DataLocation as Location, type ModelProto, type NodeProto, type TensorProto } from "./onnx_pb.js";

/**
 * Brings weights that an ONNX file keeps in other files into the model. Those files must lie in the model's own
 * folder or below it: a model from elsewhere must not make camlab read other files of this computer.
 *
 * @param model as parsed; returned unchanged when it holds no external data
 * @param path where the model came from, or undefined when it came as bytes
 * @throws CamlabError when a file is missing or too short, lies outside the model's folder, is a pipe or a device, or
 *   when the weights do not fill their shapes or take more than 2 GiB
 */
export async function loadExternalData(model: ModelProto, path: string | undefined): Promise<ModelProto> {
  const { graph } = model;
  if (!graph) return model;
  const tensors = [...graph.initializer, ...graph.node.flatMap(tensorsOf)].filter(isExternal);
  if (tensors.length === 0) return model;
  if (path === undefined) {
    throw new CamlabError(
      `this model keeps weights in another file ("${locationOf(tensors[0])}"): give camlab its path, not its bytes`,
    );
  }
  const wanted = tensors.map((tensor) => ({ tensor, bytes: bytesOf(tensor) }));
  const total = wanted.reduce((sum, { bytes }) => sum + bytes, 0);
  if (total > LARGEST) {
    throw new CamlabError(
      `cannot open ${path}: its weights take ${(total / 2 ** 30).toFixed(1)} GiB, and engines take networks of at most 2 GiB`,
    );
  }
  const files = new Map<string, OpenFile>();
  try {
    const loaded = new Map<TensorProto, TensorProto>();
    for (const { tensor, bytes } of wanted) loaded.set(tensor, await load(tensor, bytes, path, files));
    const pick = (tensor: TensorProto) => loaded.get(tensor) ?? tensor;
    return changed(model, {
      graph: changed(graph, {
        initializer: graph.initializer.map(pick),
        node: graph.node.map((node) => withTensors(node, pick)),
      }),
    });
  } finally {
    await Promise.all([...files.values()].map(({ file }) => file.close()));
  }
}

const LARGEST = 2 ** 31 - 1;

/** How many bytes a tensor's shape and type ask for. */
function bytesOf(tensor: TensorProto): number {
  const bits = bitsOf(tensor.dataType);
  const dims = tensorDims(tensor);
  const count = elementCount(dims);
  if (bits === undefined || dims.some((dim) => !(dim >= 0)) || !Number.isSafeInteger(count * 8)) {
    throw new CamlabError(
      `the ONNX file is damaged: tensor "${tensor.name}" (${typeName(tensor.dataType)} ${dims.join("×")}) cannot lie in another file`,
    );
  }
  return Math.ceil((count * bits) / 8);
}

function isExternal(tensor: TensorProto): boolean {
  return tensor.dataLocation === Location.EXTERNAL;
}

function tensorsOf(node: NodeProto): TensorProto[] {
  return node.attribute.flatMap(({ t }) => (t ? [t] : []));
}

function withTensors(node: NodeProto, pick: (tensor: TensorProto) => TensorProto): NodeProto {
  if (!tensorsOf(node).some(isExternal)) return node;
  return changed(node, { attribute: node.attribute.map((a) => (a.t ? changed(a, { t: pick(a.t) }) : a)) });
}

function entry(tensor: TensorProto, key: string): string | undefined {
  return tensor.externalData.find((pair) => pair.key === key)?.value;
}

function locationOf(tensor: TensorProto): string {
  return entry(tensor, "location") ?? "";
}

interface OpenFile {
  readonly file: FileHandle;
  readonly size: number;
}

async function load(
  tensor: TensorProto,
  expected: number,
  model: string,
  files: Map<string, OpenFile>,
): Promise<TensorProto> {
  const location = locationOf(tensor);
  const opened = files.get(location) ?? (await openBeside(model, location, tensor.name));
  files.set(location, opened);
  const { file, size } = opened;
  const label = `the weights "${tensor.name}" from ${join(dirname(model), location)}`;
  const offset = Number(entry(tensor, "offset") ?? 0);
  const length = Number(entry(tensor, "length") ?? expected);
  if (!(offset >= 0 && length >= 0 && offset + length <= size)) {
    throw new CamlabError(
      `cannot read ${label}: the file ends at byte ${size}, they would end at byte ${offset + length}; ` +
        "copy or download it again",
    );
  }
  if (length !== expected) {
    throw new CamlabError(
      `cannot read ${label}: the model says ${length} bytes, their shape ${tensorDims(tensor).join("×")} of ` +
        `${typeName(tensor.dataType)} takes ${expected}; export the model again`,
    );
  }
  const rawData = new Uint8Array(length);
  for (let done = 0; done < length;) {
    const { bytesRead } = await file.read(rawData, done, Math.min(length - done, LARGEST_READ), offset + done);
    if (bytesRead === 0) throw new CamlabError(`cannot read ${label}: the file ended while it was being read`);
    done += bytesRead;
  }
  return changed(tensor, { rawData, externalData: [], dataLocation: Location.DEFAULT });
}

/** Node reads at most 2 GiB at once. */
const LARGEST_READ = 2 ** 28;

async function openBeside(model: string, location: string, name: string): Promise<OpenFile> {
  const folder = dirname(model);
  const path = resolve(folder, location);
  if (location === "" || isAbsolute(location) || !inside(resolve(folder), path)) throw refused(name, location);
  try {
    const [found, own] = [await realpath(path), await realpath(model)];
    // Hubs' caches keep a model and its weights as links into one folder.
    if (!inside(await realpath(folder), found) && !inside(dirname(own), found)) throw refused(name, location);
    const size = await wholeFileSize(found, `the weights "${name}" from ${path}`);
    return { file: await open(found, "r"), size };
  } catch (error) {
    if (error instanceof CamlabError) throw error;
    throw new CamlabError(
      `cannot read the weights "${name}": the model keeps them in "${location}", which must lie beside it ` +
        `(${messageOf(error)})`,
    );
  }
}

function inside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== "" && way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

function refused(name: string, location: string): CamlabError {
  return new CamlabError(
    `refused to read the weights "${name}" from "${location}": external data must lie in the model's own folder`,
  );
}
