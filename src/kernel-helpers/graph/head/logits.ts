import { attribute } from "../onnx/attributes.js";
import { constantOf } from "../onnx/constants.js";
import { isStandard, nodeLabel, type Graph } from "../onnx/graph.js";
import type { NodeProto } from "../onnx/onnx.js";

/** The class scores behind an output of a network, and what the network makes of them. */
export interface Logits {
  /** The value that holds them, before any softmax or sigmoid. */
  readonly name: string;
  /** How the graph turns them into probabilities; absent when it does not. */
  readonly probabilities?: "softmax" | "sigmoid";
  /** What else stands between them and the output, one sentence each. */
  readonly notes: readonly string[];
}

/**
 * Goes back from an output to the class scores: through softmax and sigmoid, as operators of their own or written out
 * in single ones, through a choice of the best classes (ArgMax, TopK) and through bounds (Clip). Steps that only change
 * the form of the scores are left for the head to read, unless one of those stands behind them.
 *
 * @example
 * logitsBehind(net, "probabilities"); // { name: "fc", probabilities: "softmax", notes: [] }
 */
export function logitsBehind(graph: Graph, output: string): Logits {
  let logits: Logits = { name: output, notes: [] };
  const seen = new Set<string>();
  for (let at = output; !seen.has(at);) {
    seen.add(at);
    const node = graph.producer(at);
    if (!node || !isStandard(node)) break;
    if (PASSING.has(node.opType)) {
      at = node.input[0];
      continue;
    }
    const probabilities = logits.probabilities ? undefined : probabilitiesAt(graph, node);
    if (probabilities) {
      at = probabilities.input;
      logits = { name: at, probabilities: probabilities.kind, notes: logits.notes };
      continue;
    }
    const note = noteAbout(node);
    if (note === undefined) break;
    at = node.input[0];
    logits = { ...logits, name: at, notes: [...logits.notes, note] };
  }
  return logits;
}

const PASSING = new Set(["Identity", "Dropout", "Cast", "Flatten", "Reshape", "Squeeze", "Unsqueeze"]);

interface Probabilities {
  readonly kind: "softmax" | "sigmoid";
  readonly input: string;
}

function probabilitiesAt(graph: Graph, node: NodeProto): Probabilities | undefined {
  const [input] = node.input;
  if (node.opType === "Softmax" || node.opType === "LogSoftmax") return { kind: "softmax", input };
  if (node.opType === "Sigmoid") return { kind: "sigmoid", input };
  if (node.opType === "Log" || node.opType === "Exp") {
    const inner = graph.producer(input);
    const undone = node.opType === "Log" ? ["Softmax", "Sigmoid"] : ["LogSoftmax"];
    return inner && undone.includes(inner.opType) ? probabilitiesAt(graph, inner) : undefined;
  }
  return writtenSigmoid(graph, node) ?? writtenSoftmax(graph, node);
}

/** 1 / (1 + e^−x). */
function writtenSigmoid(graph: Graph, node: NodeProto): Probabilities | undefined {
  const ones = node.opType === "Div" && isNumber(graph, node.input[0], 1);
  const below = node.opType === "Reciprocal" ? node.input[0] : ones ? node.input[1] : undefined;
  const sum = below === undefined ? undefined : graph.producer(below);
  if (sum?.opType !== "Add") return undefined;
  const power = sum.input.find((name) => !isNumber(graph, name, 1));
  if (power === undefined || !sum.input.some((name) => isNumber(graph, name, 1))) return undefined;
  const exp = graph.producer(power);
  const negative = exp?.opType === "Exp" ? graph.producer(exp.input[0]) : undefined;
  return negative?.opType === "Neg" ? { kind: "sigmoid", input: negative.input[0] } : undefined;
}

/** e^x / Σ e^x, perhaps with the largest x taken away first. */
function writtenSoftmax(graph: Graph, node: NodeProto): Probabilities | undefined {
  if (node.opType !== "Div") return undefined;
  const [exp, sum] = node.input.map((name) => graph.producer(name));
  if (exp?.opType !== "Exp" || sum?.opType !== "ReduceSum" || sum.input[0] !== node.input[0]) return undefined;
  const shifted = graph.producer(exp.input[0]);
  const largest = shifted?.opType === "Sub" ? graph.producer(shifted.input[1]) : undefined;
  const below = largest?.opType === "ReduceMax" && largest.input[0] === shifted?.input[0];
  return { kind: "softmax", input: below && shifted ? shifted.input[0] : exp.input[0] };
}

function isNumber(graph: Graph, name: string, wanted: number): boolean {
  const data = constantOf(graph, name)?.data;
  return data !== undefined && data.length > 0 && data.every((value) => value === wanted);
}

function noteAbout(node: NodeProto): string | undefined {
  const label = `"${nodeLabel(node)}" (${node.opType})`;
  if (node.opType === "ArgMax" || node.opType === "TopK") {
    return `${label} keeps the best classes only; camlab reads the scores of all, before it`;
  }
  if (node.opType !== "Clip") return undefined;
  const bounds = node.input.length > 1 || attribute(node, "min") || attribute(node, "max");
  return bounds ? `${label} bounds what comes out of the network; camlab reads what goes into it` : undefined;
}
