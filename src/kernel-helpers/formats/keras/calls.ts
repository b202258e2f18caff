import { CamlabError } from "../../support/errors.js";
import type { Constant } from "../channels-last/value.js";
import { fieldsOf, isFields, layerName, listOf, textIn, type Fields } from "./fields.js";

/** What a layer gave: which layer, at which of its calls, and which of its outputs. */
export interface Reference {
  readonly layer: string;
  readonly node: number;
  readonly tensor: number;
}

/** One use of a layer, of which a model may make several. */
export interface Call {
  readonly layer: Fields;
  readonly index: number;
  /** What it is called with; numbers only where the layer is an operation. */
  readonly reads: readonly (Reference | Constant)[];
}

/** Models, and lists in lists. */
export const DEEPEST = 16;

/**
 * Whether what a layer of the list is called is an operation: arithmetic that was written down without a layer. Some are
 * called as layers are (Add, Multiply), and nothing can be trained or left untrained of them.
 */
export function isOperation(layer: Fields): boolean {
  if (layer.class_name === "TFOpLambda" || /\.ops\./.test(textIn(layer, "module", ""))) return true;
  // Some layers (SpatialDropout2D) do not say whether they can be trained.
  if (textIn(layer, "module", "") === "keras.layers") return false;
  const isCalledAsIn3 = isFields(listOf(layer.inbound_nodes)[0]);
  return isCalledAsIn3 && layer.class_name !== "InputLayer" && fieldsOf(layer.config).trainable === undefined;
}

/** The uses of layers in a model, and its outputs. */
export function callsOf(layers: readonly Fields[], outputs: unknown): { calls: Call[]; outputs: Reference[] } {
  const calls = layers.flatMap(callsOfLayer);
  const results = references(outputs);
  const shifted = shifting(calls, results);
  return {
    calls: calls.map((call) => ({
      ...call,
      reads: call.reads.map((each) => (isReference(each) ? shifted(each) : each)),
    })),
    outputs: results.map(shifted),
  };
}

/** Whether something read is what a layer gave. */
export function isReference(read: Reference | Constant): read is Reference {
  return "layer" in read;
}

/**
 * Keras 2 counts the calls of a model within another from its own making, which is not among those that are listed:
 * where more is read than there are calls, so much is taken off.
 */
function shifting(calls: readonly Call[], outputs: readonly Reference[]): (reference: Reference) => Reference {
  const [count, last] = [new Map<string, number>(), new Map<string, number>()];
  for (const { layer } of calls) count.set(layerName(layer), (count.get(layerName(layer)) ?? 0) + 1);
  for (const read of [...calls.flatMap(({ reads }) => reads), ...outputs])
    if (isReference(read)) last.set(read.layer, Math.max(read.node, last.get(read.layer) ?? 0));
  return (reference) => {
    const { layer, node } = reference;
    const over = (last.get(layer) ?? 0) - ((count.get(layer) ?? 1) - 1);
    return over === 1 ? { ...reference, node: Math.max(0, node - over) } : reference;
  };
}

function callsOfLayer(layer: Fields): Call[] {
  const nodes = listOf(layer.inbound_nodes);
  if (nodes.length === 0) return [{ layer, index: 0, reads: [] }];
  return nodes.map((node, index) => ({ layer, index, reads: readsOf(layer, node) }));
}

function readsOf(layer: Fields, node: unknown): (Reference | Constant)[] {
  if (!isOperation(layer)) {
    const reads = isFields(node) ? keptValues(node.args, 0) : references(node);
    if (reads.every(isReference)) return reads;
    throw new CamlabError(`the layer "${layerName(layer)}" is called with a number`);
  }
  if (isFields(node)) return keptValues([node.args, ...Object.values(fieldsOf(node.kwargs))], 0);
  return operands(node);
}

/** Keras 3 writes what a layer is called with as it is, tensors marked as such. */
function keptValues(value: unknown, depth: number): (Reference | Constant)[] {
  if (depth > DEEPEST) return [];
  if (Array.isArray(value)) return value.flatMap((each) => keptValues(each, depth + 1));
  if (typeof value === "number") return [constant(value)];
  if (!isFields(value)) return [];
  if (value.class_name !== "__keras_tensor__") return [];
  return references([fieldsOf(value.config).keras_history]);
}

/** Keras 2: what an operation is called with, and behind it what else it reads, by name. */
function operands(node: unknown): (Reference | Constant)[] {
  const [first, index, tensor, others] = typeof listOf(node)[0] === "string" ? listOf(node) : listOf(listOf(node)[0]);
  if (typeof first !== "string") return [];
  const own = first === "_CONSTANT_VALUE" ? constant(Number(tensor)) : references([first, index, tensor])[0];
  const { y } = fieldsOf(others);
  return [own, ...(typeof y === "number" ? [constant(y)] : references(y))];
}

function constant(value: number): Constant {
  if (Number.isFinite(value)) return { shape: [], data: Float32Array.of(value) };
  throw new CamlabError(`it computes with ${value}`);
}

/** `[name, node, tensor, …]`, or a list of such. */
export function references(value: unknown): Reference[] {
  const list = listOf(value);
  if (typeof list[0] === "string") {
    const [layer, node = 0, tensor = 0] = list;
    return [{ layer: layer, node: Number(node), tensor: Number(tensor) }];
  }
  return list.flatMap((each) => (Array.isArray(each) ? references(each) : []));
}
