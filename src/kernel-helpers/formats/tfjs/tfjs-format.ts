import { readFile } from "node:fs/promises";
import { wholeFileSize } from "../../graph/onnx/whole-file.js";
import { CamlabError, messageOf } from "../../support/errors.js";
import type { Format, ImportedNetwork } from "../format.js";
import { fieldsOf, isFields, layerName, listOf, type Fields } from "../keras/fields.js";
import { kerasGraph, type WeightsOf } from "../keras/keras-graph.js";
import type { Constant } from "../channels-last/value.js";
import { openedFrom } from "../model-file.js";
import { usualPixels } from "../usual-pixels.js";
import { graphModelGraph } from "./graph/graph-model.js";
import { readWeights } from "./read-weights.js";

/** TensorFlow.js: a `model.json` and files of weights, as a LayersModel or a GraphModel; Teachable Machine's download, too. */
export const tfjsFormat: Format = {
  name: "TensorFlow.js",
  endings: ["model.json"],
  recognises: ({ head }) => {
    const text = new TextDecoder().decode(head);
    return /^\uFEFF?\s*\{/.test(text) && /"(modelTopology|weightsManifest)"\s*:/.test(text);
  },
  read: async (path) => {
    const model = await jsonOf(path);
    return openedFrom(path, () => imported(path, model));
  },
};

async function imported(path: string, model: Fields): Promise<ImportedNetwork> {
  const topology = fieldsOf(model.modelTopology);
  const isGraph = Array.isArray(topology.node);
  const weights = await readWeights(path, model.weightsManifest);
  const graph = isGraph
    ? graphModelGraph(topology, fieldsOf(model.signature ?? fieldsOf(model.userDefinedMetadata).signature), weights)
    : kerasGraph(kerasModel(topology), layerWeights(weights));
  return { graph, preprocessing: [usualPixels("TensorFlow.js")], notes: [] };
}

/** A model with its class, or one from Keras, wrapped once more. */
function kerasModel(topology: Fields): Fields {
  return isFields(topology.model_config) ? topology.model_config : topology;
}

/**
 * Weights are called LAYER/WEIGHT; nested models put theirs in front, and some versions of Keras the name of a cell between.
 *
 * @throws CamlabError when two could be meant
 */
function layerWeights(weights: ReadonlyMap<string, Constant>): WeightsOf {
  const byEnds = new Map<string, string[]>();
  for (const name of weights.keys()) {
    const parts = name.split("/");
    const last = parts[parts.length - 1];
    for (const layer of new Set(parts.slice(0, -1))) {
      const key = JSON.stringify([layer, last]);
      byEnds.set(key, [...(byEnds.get(key) ?? []), name]);
    }
  }
  return (described, weight) => {
    const layer = layerName(described);
    const own = weights.get(`${layer}/${weight}`);
    if (own) return own;
    const found =
      byEnds.get(JSON.stringify([layer, weight])) ??
      [...weights.keys()].filter((name) => name.endsWith(`/${layer}/${weight}`));
    if (found.length > 1)
      throw new CamlabError(`the file has several weights "${weight}" for it (${found.join(", ")})`);
    return found.length === 1 ? weights.get(found[0]) : undefined;
  };
}

/** More than any description takes. */
const LARGEST = 2 ** 26;

async function jsonOf(path: string): Promise<Fields> {
  const size = await wholeFileSize(path, path);
  if (size > LARGEST) throw new CamlabError(`cannot read ${path}: it has ${size} bytes, more than a model.json has`);
  let value: unknown;
  try {
    value = JSON.parse((await readFile(path, "utf8")).replace(/^\uFEFF/, ""));
  } catch (error) {
    throw new CamlabError(`cannot read ${path} as a network of TensorFlow.js: ${messageOf(error)}; download it again`);
  }
  if (isFields(value) && listOf(value.weightsManifest).length > 0) return value;
  throw new CamlabError(`cannot read ${path} as a network of TensorFlow.js: it names no weights (weightsManifest)`);
}
