import type { Dim, Graph } from "../../graph/onnx/graph.js";
import { CamlabError, messageOf } from "../../support/errors.js";
import { asFile, inputValue, type Constant, type Value } from "../channels-last/value.js";
import { GraphBuilder } from "../graph-builder.js";
import { fieldsOf, isFields, listOf, textIn, type Fields } from "./fields.js";
import { KERAS_LAYERS } from "./layer-types.js";

/** Where weights are found by their layer's name and their own. */
export type WeightsOf = (layer: string, weight: string) => Constant | undefined;

/** Models in each other; Teachable Machine's lie two deep. */
const DEEPEST = 16;
/** More than any network has. */
const MOST_LAYERS = 20_000;

/**
 * A model of Keras' as an ONNX graph: a Sequential, or a Functional with any graph of layers, models in each other included.
 *
 * @param model its class name and configuration
 * @throws CamlabError naming a layer that is not known, lacks weights or contradicts them
 */
export function kerasGraph(model: unknown, weightsOf: WeightsOf): Graph {
  const builder = new GraphBuilder();
  const conversion = new Conversion(builder, weightsOf);
  const outputs = conversion.model(fieldsOf(model), undefined, 0);
  return builder.finish({
    outputs: outputs.map((value) => asFile(builder, value).name),
    name: textIn(fieldsOf(fieldsOf(model).config), "name", "keras"),
  });
}

class Conversion {
  #left = MOST_LAYERS;

  constructor(
    private readonly builder: GraphBuilder,
    private readonly weightsOf: WeightsOf,
  ) {}

  /** The outputs of a model; without inputs, its own are those of the graph. */
  model({ class_name: kind, config }: Fields, inputs: readonly Value[] | undefined, depth: number): Value[] {
    if (depth > DEEPEST) throw new CamlabError(`models lie more than ${DEEPEST} deep in each other`);
    const fields = fieldsOf(config);
    const layers = Array.isArray(config) ? (config as unknown[]) : listOf(fields.layers);
    if (layers.length === 0) throw new CamlabError("the model holds no layers");
    if (kind === "Sequential") return this.#sequential(layers.map(fieldsOf), inputs, depth);
    if (kind === "Model" || kind === "Functional") return this.#functional(fields, layers.map(fieldsOf), inputs, depth);
    throw new CamlabError(
      `the model is of the class ${JSON.stringify(kind)}, camlab knows Sequential, Model and Functional`,
    );
  }

  #sequential(layers: readonly Fields[], inputs: readonly Value[] | undefined, depth: number): Value[] {
    let values = inputs;
    for (const layer of layers) {
      if (layer.class_name === "InputLayer") values ??= [this.#input(layer)];
      else values = this.#layer(layer, values ?? [this.#firstInput(layer)], depth);
    }
    return [...(values ?? [])];
  }

  /** Where a Sequential begins with a layer, or a model, that says itself what it takes. */
  #firstInput(layer: Fields): Value {
    const config = fieldsOf(layer.config);
    if (config.batch_input_shape !== undefined || config.batch_shape !== undefined) return this.#input(layer);
    const inner = fieldsOf((Array.isArray(layer.config) ? (layer.config as unknown[]) : listOf(config.layers))[0]);
    if (inner.class_name === undefined)
      throw new CamlabError("the model does not say what it takes: its first layer has no batch_input_shape");
    return this.#input(inner);
  }

  #functional(config: Fields, layers: readonly Fields[], inputs: readonly Value[] | undefined, depth: number): Value[] {
    const values = new Map<string, readonly Value[]>();
    const names = references(config.input_layers).map(({ layer }) => layer);
    if (inputs)
      names.forEach((name, i) => {
        if (inputs[i]) values.set(`${name}:0`, [inputs[i]]);
      });
    let waiting = layers.flatMap((layer) => callsOf(layer));
    while (waiting.length > 0) {
      const later = waiting.filter((call) => !this.#called(call, values, depth));
      if (later.length === waiting.length) {
        const { layer } = later[0];
        throw new CamlabError(`the layer "${nameOf(layer)}" reads what no layer gives`);
      }
      waiting = later;
    }
    return references(config.output_layers).map((reference) => valueAt(values, reference, "the model's output"));
  }

  /** Calls a layer when everything that it reads is there. */
  #called({ layer, index, reads }: Call, values: Map<string, readonly Value[]>, depth: number): boolean {
    const key = `${nameOf(layer)}:${index}`;
    if (values.has(key)) return true;
    if (layer.class_name === "InputLayer") {
      values.set(key, [this.#input(layer)]);
      return true;
    }
    if (reads.length === 0 || !reads.every(({ layer: from, node }) => values.has(`${from}:${node}`))) return false;
    const inputs = reads.map((reference) => valueAt(values, reference, `the layer "${nameOf(layer)}"`));
    values.set(key, this.#layer(layer, inputs, depth));
    return true;
  }

  #layer(layer: Fields, inputs: readonly Value[], depth: number): Value[] {
    if (--this.#left < 0) throw new CamlabError(`the model has more than ${MOST_LAYERS} layers`);
    const kind = textIn(layer, "class_name", "");
    if (kind === "Sequential" || kind === "Model" || kind === "Functional") return this.model(layer, inputs, depth + 1);
    const convert = KERAS_LAYERS.get(kind);
    const [name, config] = [nameOf(layer), fieldsOf(layer.config)];
    if (!convert) throw unknownLayer(name, kind);
    if (config.data_format === "channels_first")
      throw new CamlabError(`the layer "${name}" has its channels first; camlab reads models with channels last`);
    const weight = (wanted: string) => {
      const found = this.weightsOf(name, wanted);
      if (found) return found;
      throw new CamlabError(`the file has no weights "${wanted}" for it`);
    };
    try {
      return [convert({ builder: this.builder, name, config, inputs, weight })];
    } catch (error) {
      if (!(error instanceof CamlabError)) throw error;
      throw new CamlabError(`the layer "${name}" (${kind}): ${messageOf(error)}`);
    }
  }

  #input(layer: Fields): Value {
    const config = fieldsOf(layer.config);
    const shape = listOf(config.batch_input_shape ?? config.batch_shape ?? config.batchInputShape).map(sizeOf);
    if (shape.length < 2) throw new CamlabError(`the layer "${nameOf(layer)}" does not say what it takes`);
    const names = ["N", "rows", "columns"];
    return inputValue(
      this.builder,
      nameOf(layer),
      shape.map((dim, i) => dim ?? (shape.length === 4 ? (names[i] ?? null) : null)),
    );
  }
}

function sizeOf(value: unknown): Dim {
  if (value === null) return null;
  if (Number.isSafeInteger(value) && (value as number) > 0 && (value as number) < 2 ** 31) return value as number;
  throw new CamlabError(`an input has the size ${JSON.stringify(value)}`);
}

interface Reference {
  readonly layer: string;
  readonly node: number;
  readonly tensor: number;
}

/** One use of a layer, of which a model may make several. */
interface Call {
  readonly layer: Fields;
  readonly index: number;
  readonly reads: readonly Reference[];
}

function callsOf(layer: Fields): Call[] {
  const nodes = listOf(layer.inbound_nodes);
  if (nodes.length === 0) return [{ layer, index: 0, reads: [] }];
  return nodes.map((node, index) => ({
    layer,
    index,
    reads: isFields(node) ? keptTensors(node.args, 0) : references(node),
  }));
}

/** Keras 3 writes what a layer is called with as it is, tensors marked as such. */
function keptTensors(value: unknown, depth: number): Reference[] {
  if (depth > DEEPEST) return [];
  if (Array.isArray(value)) return value.flatMap((each) => keptTensors(each, depth + 1));
  if (!isFields(value)) return [];
  if (value.class_name !== "__keras_tensor__") return [];
  return references([fieldsOf(value.config).keras_history]);
}

/** `[name, node, tensor, …]`, or a list of such. */
function references(value: unknown): Reference[] {
  const list = listOf(value);
  if (typeof list[0] === "string") {
    const [layer, node = 0, tensor = 0] = list;
    return [{ layer: layer, node: Number(node), tensor: Number(tensor) }];
  }
  return list.flatMap((each) => (Array.isArray(each) ? references(each) : []));
}

function valueAt(
  values: ReadonlyMap<string, readonly Value[]>,
  { layer, node, tensor }: Reference,
  what: string,
): Value {
  const value = values.get(`${layer}:${node}`)?.[tensor];
  if (value) return value;
  throw new CamlabError(`${what} reads the layer "${layer}", which gives nothing there`);
}

function nameOf(layer: Fields): string {
  return (
    textIn(fieldsOf(layer.config), "name", "") || textIn(layer, "name", "") || textIn(layer, "class_name", "layer")
  );
}

function unknownLayer(name: string, kind: string): CamlabError {
  return new CamlabError(
    `the layer "${name}" is of the class ${JSON.stringify(kind)}, which camlab does not know (it knows ${[...KERAS_LAYERS.keys()].join(", ")})`,
  );
}
