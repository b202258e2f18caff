import { attribute } from "../onnx/attributes.js";
import { integersOf, isConstant, numberOf } from "../onnx/constants.js";
import { isStandard, nodeLabel, type Graph } from "../onnx/graph.js";
import type { NodeProto } from "../onnx/onnx.js";
import { probabilitiesAt, type Probabilities } from "./probabilities.js";

/** The class scores behind an output of a network, and what the network makes of them. */
export interface Logits {
  /** The value that holds them, before any softmax or sigmoid. */
  readonly name: string;
  /** How the graph turns them into probabilities; absent when it does not. */
  readonly probabilities?: "softmax" | "sigmoid";
  /** The softmax, where it is an operator of its own. */
  readonly softmax?: NodeProto;
  /** What else stands between them and the output, one sentence each. */
  readonly notes: readonly string[];
}

/**
 * Goes back from an output to the class scores: through softmax and sigmoid, as operators of their own or written out
 * in single ones, through a choice of the best classes (ArgMax, TopK, thresholds), through bounds (Clip), and through what
 * is made of probabilities (percents, logarithms, the other of two classes). Steps that only change the form of the scores
 * are left for the head to read, unless one of those stands behind them.
 *
 * @example
 * logitsBehind(net, "probabilities"); // { name: "fc", probabilities: "softmax", notes: [] }
 */
export function logitsBehind(graph: Graph, output: string): Logits {
  let logits: Logits = { name: output, notes: [] };
  /** What stands before `at`, worth saying only once probabilities or a choice are found there. */
  let open: string[] = [];
  const seen = new Set<string>();
  for (let at = output; !seen.has(at);) {
    seen.add(at);
    const node = graph.producer(at);
    if (!node || !isStandard(node)) break;
    const probabilities: Probabilities | undefined = logits.probabilities ? undefined : probabilitiesAt(graph, node);
    if (probabilities) {
      at = probabilities.input;
      const { kind, softmax, note } = probabilities;
      const notes = [...logits.notes, ...open, ...(note === undefined ? [] : [note])];
      logits = { name: at, probabilities: kind, notes, ...(softmax && { softmax }) };
      open = [];
      continue;
    }
    if (PASSING.has(node.opType)) {
      at = node.input[0];
      continue;
    }
    const note = noteAbout(graph, node);
    if (note !== undefined) {
      at = note.input ?? node.input[0];
      logits = { ...logits, name: at, notes: [...logits.notes, ...open, note.text] };
      open = [];
      continue;
    }
    // Behind the scores themselves such a step belongs to the classifier.
    const made = logits.probabilities ? undefined : madeOf(graph, node);
    if (!made) break;
    at = made.input;
    if (made.text !== undefined) open.push(`"${nodeLabel(node)}" (${node.opType}) ${made.text}`);
  }
  return logits;
}

const PASSING: ReadonlySet<string> = new Set([
  "Identity",
  "Dropout",
  "Cast",
  "Flatten",
  "Reshape",
  "Squeeze",
  "Unsqueeze",
  "Transpose",
  "QuantizeLinear",
  "DequantizeLinear",
]);

interface Step {
  readonly input: string;
  readonly text?: string;
}

/** A choice of the best classes, or bounds: the scores stand before it, whatever else does. */
function noteAbout(graph: Graph, node: NodeProto): { readonly text: string; readonly input?: string } | undefined {
  const label = `"${nodeLabel(node)}" (${node.opType})`;
  const best = `${label} keeps the best classes only; camlab reads the scores of all, before it`;
  switch (node.opType) {
    case "ArgMax":
    case "TopK":
    case "Hardmax":
      return { text: best };
    case "ArgMin": {
      const negative = graph.producer(node.input[0]);
      return negative?.opType === "Neg" ? { text: best, input: negative.input[0] } : undefined;
    }
    case "Equal": {
      const [a, b] = node.input;
      if (isLargestOf(graph, b, a)) return { text: best, input: a };
      return isLargestOf(graph, a, b) ? { text: best, input: b } : undefined;
    }
    case "Min":
    case "Max": {
      const input = theOther(graph, node);
      return input === undefined ? undefined : { text: bounded(label), input };
    }
    case "Clip": {
      const has = node.input.length > 1 || attribute(node, "min") || attribute(node, "max");
      return has ? { text: bounded(label) } : undefined;
    }
    default:
      return undefined;
  }
}

function bounded(label: string): string {
  return `${label} bounds what comes out of the network; camlab reads what goes into it`;
}

function isLargestOf(graph: Graph, name: string, of: string): boolean {
  const node = graph.producer(name);
  return node?.opType === "ReduceMax" && node.input[0] === of;
}

/** The input of a node of two that depends on the photo, where the other is a number. */
function theOther(graph: Graph, { input }: NodeProto): string | undefined {
  if (input.length !== 2) return undefined;
  if (numberOf(graph, input[1]) !== undefined) return input[0];
  return numberOf(graph, input[0]) !== undefined ? input[1] : undefined;
}

/** What is made of probabilities, or of a choice, one by one; its text says what a reader should know. */
function madeOf(graph: Graph, node: NodeProto): Step | undefined {
  const [a, b, c] = node.input;
  switch (node.opType) {
    case "Log":
    case "Neg":
    case "Exp":
      return { input: a };
    case "Add":
    case "Sub":
    case "Mul":
    case "Div": {
      const input = theOther(graph, node);
      const added = (node.opType === "Add" || node.opType === "Sub") && Math.abs(theNumber(graph, node)) <= 1e-5;
      const text = "changes the probabilities by a number; camlab shows them from 0 to 1, as before it";
      return input === undefined ? undefined : { input, ...(!added && { text }) };
    }
    case "Round":
    case "Greater":
    case "GreaterOrEqual":
    case "Less":
    case "LessOrEqual": {
      const input = node.opType === "Round" ? a : theOther(graph, node);
      return input === undefined
        ? undefined
        : { input, text: "decides by a threshold; camlab reads what is before it" };
    }
    case "Where": {
      const [yes, no] = [isConstant(graph, b), isConstant(graph, c)];
      return { input: yes && no ? a : yes ? c : b };
    }
    case "OneHot":
      return { input: a };
    case "Gather": {
      if (isConstant(graph, a)) return { input: b };
      return inOrder(integersOf(graph, b)) ? { input: a, text: PICKED } : undefined;
    }
    case "Slice": {
      const steps = node.input[4] ? integersOf(graph, node.input[4]) : [1];
      return steps?.every((step) => step > 0) ? { input: a, text: PICKED } : undefined;
    }
    case "Concat":
      return withComplement(graph, node);
    default:
      return undefined;
  }
}

const PICKED = "picks some of the classes; camlab reads the scores of all, before it";

/** Names are given in the order of the output: classes in another order would be called by each other's. */
function inOrder(indices: readonly number[] | undefined): boolean {
  return indices !== undefined && indices.every((index, i) => index >= 0 && (i === 0 || index > indices[i - 1]));
}

function theNumber(graph: Graph, { input }: NodeProto): number {
  return numberOf(graph, input[1]) ?? numberOf(graph, input[0]) ?? NaN;
}

/** p and 1 − p of one score side by side. */
function withComplement(graph: Graph, { input }: NodeProto): Step | undefined {
  if (input.length !== 2) return undefined;
  const index = input.findIndex((name, i) => {
    const node = graph.producer(name);
    return node?.opType === "Sub" && numberOf(graph, node.input[0]) === 1 && node.input[1] === input[1 - i];
  });
  if (index < 0) return undefined;
  const other = index === 0 ? "first" : "second";
  return {
    input: input[1 - index],
    text: `makes two classes of one score, the ${other} of them by 1 − p; camlab shows the score of the other`,
  };
}
