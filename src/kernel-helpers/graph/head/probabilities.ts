import { constantOf, numberOf } from "../onnx/constants.js";
import { isStandard, nodeLabel, type Graph } from "../onnx/graph.js";
import type { NodeProto } from "../onnx/onnx.js";

/** A step that makes probabilities of class scores. */
export interface Probabilities {
  readonly kind: "softmax" | "sigmoid";
  /** The class scores. */
  readonly input: string;
  /** The value whose last axis the softmax shares out, where it is an operator of its own. */
  readonly softmax?: NodeProto;
  readonly note?: string;
}

/** The softmax or sigmoid that ends in a node: an operator of its own, or written out in single ones, or its logarithm. */
export function probabilitiesAt(graph: Graph, node: NodeProto): Probabilities | undefined {
  if (!isStandard(node)) return undefined;
  const [input] = node.input;
  switch (node.opType) {
    case "Softmax":
    case "LogSoftmax":
      return { kind: "softmax", input, softmax: node };
    case "Sigmoid":
      return { kind: "sigmoid", input };
    case "HardSigmoid": {
      const note = `"${nodeLabel(node)}" (HardSigmoid) is a sigmoid of straight lines; camlab's probabilities are those of the smooth one`;
      return { kind: "sigmoid", input, note };
    }
    case "Neg":
      return negatedSoftplus(graph, input);
    case "LpNormalization": {
      const exp = madeBy(graph, input, "Exp");
      return exp && node.attribute.some(({ name, i }) => name === "p" && Number(i) === 1)
        ? { kind: "softmax", input: unshifted(graph, exp.input[0]) }
        : undefined;
    }
    default:
      return writtenSigmoid(graph, node) ?? writtenSoftmax(graph, node) ?? writtenLogSoftmax(graph, node);
  }
}

/** log σ(x) = −log(1 + e^−x). */
function negatedSoftplus(graph: Graph, name: string): Probabilities | undefined {
  const softplus = madeBy(graph, name, "Softplus");
  const x = softplus && negated(graph, softplus.input[0]);
  return x === undefined ? undefined : { kind: "sigmoid", input: x };
}

/** 1 / (1 + e^−x), or e^x / (1 + e^x). */
function writtenSigmoid(graph: Graph, node: NodeProto): Probabilities | undefined {
  const { over, under } = fractionOf(graph, node) ?? {};
  const sum = under === undefined ? undefined : madeBy(graph, under, "Add");
  const power = sum?.input.find((name) => !isNumber(graph, name, 1));
  if (!sum || power === undefined || !sum.input.some((name) => isNumber(graph, name, 1))) return undefined;
  const exp = madeBy(graph, power, "Exp");
  if (!exp) return undefined;
  if (over === undefined) {
    const x = negated(graph, exp.input[0]);
    return x === undefined ? undefined : { kind: "sigmoid", input: x };
  }
  const same = madeBy(graph, over, "Exp")?.input[0] === exp.input[0];
  return same ? { kind: "sigmoid", input: exp.input[0] } : undefined;
}

/** e^x / Σ e^x, perhaps with the largest x taken away first. */
function writtenSoftmax(graph: Graph, node: NodeProto): Probabilities | undefined {
  const { over, under } = fractionOf(graph, node) ?? {};
  const exp = over === undefined ? undefined : madeBy(graph, over, "Exp");
  if (!exp || under === undefined) return undefined;
  const sum = summed(graph, kept(graph, under));
  const same = sum !== undefined && madeBy(graph, sum, "Exp")?.input[0] === exp.input[0];
  return same ? { kind: "softmax", input: unshifted(graph, exp.input[0]) } : undefined;
}

/** x − log Σ e^x, perhaps with the largest x taken away first. */
function writtenLogSoftmax(graph: Graph, node: NodeProto): Probabilities | undefined {
  if (node.opType !== "Sub") return undefined;
  const [x, log] = [node.input[0], kept(graph, node.input[1])];
  const together = madeBy(graph, log, "ReduceLogSumExp")?.input[0];
  const inner = madeBy(graph, log, "Log")?.input[0];
  const sum = inner === undefined ? undefined : summed(graph, kept(graph, inner));
  const of = together ?? (sum === undefined ? undefined : madeBy(graph, sum, "Exp")?.input[0]);
  return of !== undefined && passed(graph, of) === passed(graph, x)
    ? { kind: "softmax", input: unshifted(graph, x) }
    : undefined;
}

/** A quotient, with nothing above for one of 1. */
function fractionOf(graph: Graph, node: NodeProto): { over?: string; under: string } | undefined {
  const [a, b] = node.input;
  if (node.opType === "Div") return isNumber(graph, a, 1) ? { under: b } : { over: a, under: b };
  if (node.opType === "Reciprocal") return { under: a };
  if (node.opType === "Pow") return isNumber(graph, b, -1) ? { under: a } : undefined;
  if (node.opType !== "Mul") return undefined;
  for (const [over, factor] of [
    [a, b],
    [b, a],
  ]) {
    const made = graph.producer(kept(graph, factor));
    const inner = made && made.opType !== "Mul" ? fractionOf(graph, made) : undefined;
    if (inner && inner.over === undefined) return { over, under: inner.under };
  }
  return undefined;
}

/** What is summed over an axis. */
function summed(graph: Graph, name: string): string | undefined {
  return (madeBy(graph, name, "ReduceSum") ?? madeBy(graph, name, "ReduceL1"))?.input[0];
}

/** A value before what is taken away from it so that its exponential does not overflow. */
function unshifted(graph: Graph, name: string): string {
  const shift = madeBy(graph, name, "Sub");
  const largest = shift && madeBy(graph, kept(graph, shift.input[1]), "ReduceMax");
  const same = largest && passed(graph, largest.input[0]) === passed(graph, shift.input[0]);
  return same ? shift.input[0] : name;
}

/** x of −x, however that is written. */
function negated(graph: Graph, name: string): string | undefined {
  const node = graph.producer(passed(graph, name));
  if (!node || !isStandard(node)) return undefined;
  const [a, b] = node.input;
  if (node.opType === "Neg") return a;
  if (node.opType === "Sub") return isNumber(graph, a, 0) ? b : undefined;
  if (node.opType === "Div") return isNumber(graph, b, -1) ? a : undefined;
  if (node.opType !== "Mul") return undefined;
  return isNumber(graph, b, -1) ? a : isNumber(graph, a, -1) ? b : undefined;
}

const SAME: ReadonlySet<string> = new Set(["Identity", "Cast", "Dropout"]);
const REFORMED: ReadonlySet<string> = new Set(["Reshape", "Unsqueeze", "Squeeze", "Expand", "Tile"]);

/** A value before what only passes it on. */
function passed(graph: Graph, name: string): string {
  let at = name;
  for (let left = 1000; left > 0; left--) {
    const node = graph.producer(at);
    if (!node || !isStandard(node) || !SAME.has(node.opType)) break;
    at = node.input[0];
  }
  return at;
}

/** A sum before what only changes its form, or keeps it from being zero. */
function kept(graph: Graph, name: string): string {
  let at = name;
  for (let left = 1000; left > 0; left--) {
    const node = graph.producer(at);
    if (!node || !isStandard(node)) break;
    const [a, b] = node.input;
    if (SAME.has(node.opType) || REFORMED.has(node.opType) || node.opType === "Clip") at = a;
    else if (node.opType === "Add" || node.opType === "Max") {
      if (isTiny(graph, b)) at = a;
      else if (isTiny(graph, a)) at = b;
      else break;
    } else break;
  }
  return at;
}

function madeBy(graph: Graph, name: string, op: string): NodeProto | undefined {
  const node = graph.producer(passed(graph, name));
  return node?.opType === op && isStandard(node) ? node : undefined;
}

function isTiny(graph: Graph, name: string | undefined): boolean {
  const value = name === undefined ? undefined : numberOf(graph, name);
  return value !== undefined && value >= 0 && value <= 1e-5;
}

function isNumber(graph: Graph, name: string, wanted: number): boolean {
  const data = constantOf(graph, name)?.data;
  return data !== undefined && data.length > 0 && data.every((value) => value === wanted);
}
