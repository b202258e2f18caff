import type { Dim, Graph } from "../../graph/onnx/graph.js";
import { CamlabError } from "../../support/errors.js";
import { GraphBuilder } from "../graph-builder.js";
import { layersInUse, layersOf, type Layer } from "./layers-of.js";
import { DATA_TYPES, LAYER_TYPES, TRAINING_TYPES } from "./layers/layer-types.js";
import type { Message } from "./message.js";

/** A network of Caffe's as an ONNX graph. */
export interface CaffeGraph {
  readonly graph: Graph;
  readonly notes: readonly string[];
}

/**
 * Puts a network's description and its weights together.
 *
 * @param net what the `.prototxt` says; the `.caffemodel` itself where there is none
 * @param trained what the `.caffemodel` holds
 * @param label what the network is called in messages
 * @throws CamlabError naming a layer that is of an unknown type, contradicts its weights or has none
 */
export function caffeGraph(net: Message, trained: Message, label: string): CaffeGraph {
  try {
    return converted(net, trained);
  } catch (error) {
    if (error instanceof CamlabError) throw new CamlabError(`cannot open ${label}: ${error.message}`);
    throw error;
  }
}

function converted(net: Message, trained: Message): CaffeGraph {
  const notes: string[] = [];
  const layers = net === trained ? layersOf(net) : withWeights(layersInUse(layersOf(net)), layersOf(trained), notes);
  const builder = new GraphBuilder();
  const values = inputsOf(net, builder);
  const ends = new Map<string, Layer>();
  for (const layer of layers) {
    if (DATA_TYPES.has(layer.type)) {
      const [pictures] = layer.tops;
      if (pictures !== undefined) values.set(pictures, builder.input(pictures, picturesOf(layer)));
      continue;
    }
    if (TRAINING_TYPES.has(layer.type)) continue;
    const convert = LAYER_TYPES.get(layer.type);
    if (!convert) throw unknownType(layer);
    const read = layer.type === "SoftmaxWithLoss" ? layer.bottoms.slice(0, 1) : layer.bottoms;
    const inputs = read.map((name) => {
      const value = values.get(name);
      if (value === undefined) throw new CamlabError(`the layer "${layer.name}" reads "${name}", which nothing gives`);
      return value;
    });
    const outputs = convert({ builder, layer, inputs });
    for (const name of read) ends.delete(name);
    outputs.forEach((value, i) => {
      const top = layer.tops.at(i);
      if (top === undefined) return;
      values.set(top, value);
      ends.set(top, layer);
    });
  }
  const outputs = outputsOf(ends, values);
  if (outputs.length === 0) throw new CamlabError("it holds no layer that computes something");
  return { graph: builder.finish({ outputs, name: net.text("name", "caffe") }), notes };
}

/** The last of several losses is the network's; the others help it to learn. */
function outputsOf(ends: ReadonlyMap<string, Layer>, values: ReadonlyMap<string, string>): string[] {
  const losses = [...ends].filter(([, { type }]) => type === "SoftmaxWithLoss");
  const last = losses.at(-1);
  const kept = [...ends].filter(([top, { type }]) => type !== "SoftmaxWithLoss" || top === last?.[0]);
  return [...new Set(kept.map(([top]) => values.get(top) as string))];
}

/** Inputs that the description itself names, in both of its forms. */
function inputsOf(net: Message, builder: GraphBuilder): Map<string, string> {
  const shapes = net.messages("input_shape").map((shape) => shape.numbers("dim"));
  const flat = net.numbers("input_dim");
  const values = new Map<string, string>();
  net.texts("input").forEach((name, i) => {
    const dims = shapes.at(i) ?? flat.slice(4 * i, 4 * i + 4);
    values.set(name, builder.input(name, openBatch(dims.length > 0 ? dims : [1, 3, 0, 0])));
  });
  return values;
}

function picturesOf({ fields }: Layer): Dim[] {
  const shape = fields.message("input_param").messages("shape").at(0)?.numbers("dim");
  if (shape && shape.length > 0) return openBatch(shape);
  const memory = fields.message("memory_data_param");
  if (memory.has("height")) {
    return openBatch([1, memory.number("channels", 3), memory.number("height", 0), memory.number("width", 0)]);
  }
  const images = fields.message("image_data_param");
  const crop = ["transform_param", "data_param", "image_data_param"]
    .map((name) => fields.message(name).number("crop_size", 0))
    .find((side) => side > 0);
  return openBatch([1, 3, crop ?? images.number("new_height", 0), crop ?? images.number("new_width", 0)]);
}

/** However many pictures at once; a size of 0 stands for any. */
function openBatch(dims: readonly number[]): Dim[] {
  const names = ["N", "channels", "rows", "columns"];
  return dims.map((dim, i) => (i > 0 && dim > 0 && dim < 2 ** 31 ? dim : (names.at(i) ?? null)));
}

/** The layers of a description with the weights of a file, by name. */
function withWeights(layers: readonly Layer[], trained: readonly Layer[], notes: string[]): Layer[] {
  const byName = new Map(trained.filter(({ blobs }) => blobs.length > 0).map((layer) => [layer.name, layer]));
  const joined = layers.map((layer) => ({ ...layer, blobs: byName.get(layer.name)?.blobs ?? layer.blobs }));
  const missing = joined.filter(({ type, blobs }) => LEARNED.has(type) && blobs.length === 0).map(({ name }) => name);
  if (missing.length > 0) {
    throw new CamlabError(
      `the .caffemodel has no weights for ${missing.length} of the .prototxt's layers (${few(missing)}): do the two belong together?`,
    );
  }
  const known = new Set(layers.map(({ name }) => name));
  const spare = [...byName.keys()].filter((name) => !known.has(name));
  if (spare.length > 0)
    notes.push(`Caffe: weights of layers that the .prototxt does not use were left out (${few(spare)})`);
  return joined;
}

const LEARNED = new Set([
  "Convolution",
  "ConvolutionDepthwise",
  "Deconvolution",
  "DepthwiseConvolution",
  "InnerProduct",
  "BatchNorm",
  "PReLU",
]);

function few(names: readonly string[]): string {
  return names.slice(0, 5).join(", ") + (names.length > 5 ? `, and ${names.length - 5} more` : "");
}

function unknownType({ name, type }: Layer): CamlabError {
  const known = [...LAYER_TYPES.keys()].sort().join(", ");
  return new CamlabError(
    `the layer "${name}" is of the type ${JSON.stringify(type)}, which camlab does not know (it knows ${known})`,
  );
}
