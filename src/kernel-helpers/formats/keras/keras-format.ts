import { CamlabError, messageOf } from "../../support/errors.js";
import { readZip } from "../../support/files/zip.js";
import { isZip } from "../../support/files/zip-directory.js";
import type { Graph } from "../../graph/onnx/graph.js";
import type { Format } from "../format.js";
import { Hdf5File, isHdf5 } from "../hdf5/hdf5-file.js";
import { modelBytes, openedFrom } from "../model-file.js";
import { usualPixels } from "../usual-pixels.js";
import { isFields, type Fields } from "./fields.js";
import { kerasGraph } from "./keras-graph.js";
import { weightsByName, weightsByPlace } from "./keras-weights.js";

/** Files that Keras' archives begin with. */
const INSIDE = /^(metadata\.json|config\.json|model\.weights\.h5)$/;

/** Keras: `.keras` (an archive of a description and weights) and `.h5` (both in one HDF5 file). */
export const kerasFormat: Format = {
  name: "Keras",
  endings: [".keras", ".h5", ".hdf5"],
  recognises: ({ head }) => isHdf5(head) || (isZip(head) && INSIDE.test(firstName(head))),
  read: async (path) => {
    const bytes = await modelBytes(path);
    const graph = await openedFrom(path, () => (isHdf5(bytes) ? ofHdf5(bytes) : ofArchive(bytes)));
    return { graph, preprocessing: [usualPixels("Keras")], notes: [] };
  },
};

function ofHdf5(bytes: Uint8Array): Graph {
  const file = new Hdf5File(bytes);
  const [text] = file.texts("", "model_config") ?? [];
  if (text === undefined) {
    throw new CamlabError(
      "it holds weights and no description of the network: save the whole model (model.save), not its weights",
    );
  }
  const model = described(text);
  return kerasGraph(model, weightsByName(file, model));
}

function ofArchive(bytes: Uint8Array): Graph {
  const files = readZip(bytes, "the archive");
  const [config, weights] = ["config.json", "model.weights.h5"].map((name) => {
    const found = files.find((file) => file.name === name);
    if (found) return found.bytes();
    throw new CamlabError(`it holds no ${name}: it is no model that Keras saved in one file`);
  });
  const model = described(new TextDecoder().decode(config));
  return kerasGraph(model, weightsByPlace(new Hdf5File(weights), model));
}

function described(text: string): Fields {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new CamlabError(`its description of the network is damaged (${messageOf(error)})`);
  }
  if (isFields(value)) return value;
  throw new CamlabError("its description of the network is none");
}

function firstName(head: Uint8Array): string {
  const length = head[26] + 256 * head[27];
  return String.fromCharCode(...head.subarray(30, 30 + length));
}
