import type { Dim, Graph } from "../../graph/onnx/graph.js";
import { CamlabError, messageOf } from "../../support/errors.js";
import { asFile, inputValue, isConstant, type Constant, type Operand, type Value } from "../channels-last/value.js";
import { GraphBuilder } from "../graph-builder.js";
import { callsOf, DEEPEST, isOperation, isReference, references, type Call, type Reference } from "./calls.js";
import { fieldsOf, layerName, listOf, textIn, type Fields } from "./fields.js";
import { KERAS_LAYERS } from "./layer-types.js";
import { operation } from "./operations.js";

/** Where weights are found by their layer, as the model describes it, and their own name. */
export type WeightsOf = (layer: Fields, weight: string) => Constant | undefined;

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
  const conversion = new Conversion(builder, weightsOf, isOfKeras3(fieldsOf(model), 0) ? 3 : 2);
  const outputs = conversion.model(fieldsOf(model), undefined, 0);
  return builder.finish({
    outputs: outputs.map((value) => asFile(builder, value).name),
    name: textIn(fieldsOf(fieldsOf(model).config), "name", "keras"),
  });
}

/** The layers that a model describes; none where it is no model. */
export function layersOf({ config }: Fields): Fields[] {
  return (Array.isArray(config) ? (config as unknown[]) : listOf(fieldsOf(config).layers)).map(fieldsOf);
}

class Conversion {
  #left = MOST_LAYERS;

  constructor(
    private readonly builder: GraphBuilder,
    private readonly weightsOf: WeightsOf,
    private readonly keras: 2 | 3,
  ) {}

  /** The outputs of a model; without inputs, its own are those of the graph. */
  model({ class_name: kind, config }: Fields, inputs: readonly Value[] | undefined, depth: number): Value[] {
    if (depth > DEEPEST) throw new CamlabError(`models lie more than ${DEEPEST} deep in each other`);
    const layers = layersOf({ config });
    if (layers.length === 0) throw new CamlabError("the model holds no layers");
    if (kind === "Sequential") return this.#sequential(layers, inputs, depth);
    if (kind === "Model" || kind === "Functional") return this.#functional(fieldsOf(config), layers, inputs, depth);
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
    const [inner = {}] = layersOf(layer);
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
    const { calls, outputs } = callsOf(layers, config.output_layers);
    let waiting: readonly Call[] = calls;
    while (waiting.length > 0) {
      const later = waiting.filter((call) => !this.#called(call, values, depth));
      if (later.length === waiting.length) {
        const { layer } = later[0];
        throw new CamlabError(`the layer "${layerName(layer)}" reads what no layer gives`);
      }
      waiting = later;
    }
    return outputs.map((reference) => valueAt(values, reference, "the model's output"));
  }

  /** Calls a layer when everything that it reads is there. */
  #called({ layer, index, reads }: Call, values: Map<string, readonly Value[]>, depth: number): boolean {
    const key = `${layerName(layer)}:${index}`;
    if (values.has(key)) return true;
    if (layer.class_name === "InputLayer") {
      values.set(key, [this.#input(layer)]);
      return true;
    }
    const waits = reads.some((read) => isReference(read) && !values.has(`${read.layer}:${read.node}`));
    if (reads.length === 0 || waits) return false;
    const what = `the layer "${layerName(layer)}"`;
    const inputs = reads.map((read) => (isReference(read) ? valueAt(values, read, what) : read));
    values.set(key, this.#layer(layer, inputs, depth));
    return true;
  }

  #layer(layer: Fields, operands: readonly Operand[], depth: number): Value[] {
    if (--this.#left < 0) throw new CamlabError(`the model has more than ${MOST_LAYERS} layers`);
    if (isOperation(layer)) return [operation(this.builder, layer, operands, layerName(layer))];
    const inputs = operands.filter((operand): operand is Value => !isConstant(operand));
    const kind = textIn(layer, "class_name", "");
    if (kind === "Sequential" || kind === "Model" || kind === "Functional") return this.model(layer, inputs, depth + 1);
    const convert = KERAS_LAYERS.get(kind);
    const [name, config] = [layerName(layer), fieldsOf(layer.config)];
    if (!convert) throw unknownLayer(name, kind);
    if (config.data_format === "channels_first")
      throw new CamlabError(`the layer "${name}" has its channels first; camlab reads models with channels last`);
    const weight = (wanted: string) => {
      const found = this.weightsOf(layer, wanted) ?? this.weightsOf(layer, newName(kind, wanted));
      if (found) return found;
      throw new CamlabError(`the file has no weights "${wanted}" for it`);
    };
    try {
      return [convert({ builder: this.builder, name, config, inputs, weight, keras: this.keras })];
    } catch (error) {
      if (!(error instanceof CamlabError)) throw error;
      throw new CamlabError(`the layer "${name}" (${kind}): ${messageOf(error)}`);
    }
  }

  #input(layer: Fields): Value {
    const config = fieldsOf(layer.config);
    const shape = listOf(config.batch_input_shape ?? config.batch_shape ?? config.batchInputShape).map(sizeOf);
    if (shape.length < 2) throw new CamlabError(`the layer "${layerName(layer)}" does not say what it takes`);
    const names = ["N", "rows", "columns"];
    return inputValue(
      this.builder,
      layerName(layer),
      shape.map((dim, i) => dim ?? (shape.length === 4 ? (names[i] ?? null) : null)),
    );
  }
}

/** Keras 3 calls the sizes of an input otherwise. */
function isOfKeras3(model: Fields, depth: number): boolean {
  if (depth > DEEPEST) return false;
  return layersOf(model).some((layer) =>
    layer.class_name === "InputLayer" ? fieldsOf(layer.config).batch_shape !== undefined : isOfKeras3(layer, depth + 1),
  );
}

function sizeOf(value: unknown): Dim {
  if (value === null) return null;
  if (Number.isSafeInteger(value) && (value as number) > 0 && (value as number) < 2 ** 31) return value as number;
  throw new CamlabError(`an input has the size ${JSON.stringify(value)}`);
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

/** Keras 3 calls the kernels of each channel like any others. */
function newName(kind: string, weight: string): string {
  return kind === "DepthwiseConv2D" && weight === "depthwise_kernel" ? "kernel" : weight;
}

function unknownLayer(name: string, kind: string): CamlabError {
  return new CamlabError(
    `the layer "${name}" is of the class ${JSON.stringify(kind)}, which camlab does not know (it knows ${[...KERAS_LAYERS.keys()].join(", ")})`,
  );
}
