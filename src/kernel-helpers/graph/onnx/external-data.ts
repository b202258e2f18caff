import { open, realpath, type FileHandle } from "node:fs/promises";
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { CamlabError, messageOf } from "../../support/errors.js";
import { changed } from "./messages.js";
import { TensorProto_DataLocation as Location, type ModelProto, type NodeProto, type TensorProto } from "./onnx_pb.js";

/**
 * Brings weights that an ONNX file keeps in other files into the model. Those files must lie in the model's own
 * folder or below it: a model from elsewhere must not make camlab read other files of this computer.
 *
 * @param model as parsed; returned unchanged when it holds no external data
 * @param path where the model came from, or undefined when it came as bytes
 * @throws CamlabError when a file is missing or too short, or lies outside the model's folder
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
  const files = new Map<string, FileHandle>();
  try {
    const loaded = new Map<TensorProto, TensorProto>();
    for (const tensor of tensors) loaded.set(tensor, await load(tensor, dirname(path), files));
    const pick = (tensor: TensorProto) => loaded.get(tensor) ?? tensor;
    return changed(model, {
      graph: changed(graph, {
        initializer: graph.initializer.map(pick),
        node: graph.node.map((node) => withTensors(node, pick)),
      }),
    });
  } finally {
    await Promise.all([...files.values()].map((file) => file.close()));
  }
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

async function load(tensor: TensorProto, folder: string, files: Map<string, FileHandle>): Promise<TensorProto> {
  const location = locationOf(tensor);
  let file = files.get(location);
  if (!file) files.set(location, (file = await openBeside(folder, location, tensor.name)));
  const offset = Number(entry(tensor, "offset") ?? 0);
  const { size } = await file.stat();
  const length = Number(entry(tensor, "length") ?? size - offset);
  if (!(offset >= 0 && length >= 0 && offset + length <= size)) {
    throw new CamlabError(
      `cannot read the weights "${tensor.name}" from ${join(folder, location)}: the file ends at byte ${size}, ` +
        `they would end at byte ${offset + length}; copy or download it again`,
    );
  }
  const rawData = new Uint8Array(length);
  for (let done = 0; done < length;) {
    const { bytesRead } = await file.read(rawData, done, length - done, offset + done);
    if (bytesRead === 0) throw new CamlabError(`${join(folder, location)} ended while it was being read`);
    done += bytesRead;
  }
  return changed(tensor, { rawData, externalData: [], dataLocation: Location.DEFAULT });
}

async function openBeside(folder: string, location: string, name: string): Promise<FileHandle> {
  const path = resolve(folder, location);
  if (location === "" || isAbsolute(location) || !inside(resolve(folder), path)) throw refused(name, location);
  try {
    if (!inside(await realpath(folder), await realpath(path))) throw refused(name, location);
    return await open(path, "r");
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
