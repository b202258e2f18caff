import { attribute, floatAttribute, textAttribute } from "../onnx/attributes.js";
import { constantOf, numberOf } from "../onnx/constants.js";
import { isStandard, type Graph } from "../onnx/graph.js";
import type { NodeProto } from "../onnx/onnx.js";

/** A function that is applied to each number by itself. */
export type Activation =
  | { readonly kind: "relu" }
  | { readonly kind: "leaky-relu"; readonly slope: number }
  | { readonly kind: "clip"; readonly low: number; readonly high: number }
  | { readonly kind: "hard-sigmoid"; readonly alpha: number; readonly beta: number }
  | { readonly kind: "elu"; readonly alpha: number; readonly gamma: number }
  | { readonly kind: "celu"; readonly alpha: number }
  | { readonly kind: "silu"; readonly beta: number }
  | { readonly kind: "power"; readonly exponent: number }
  | { readonly kind: PlainActivation };

type PlainActivation =
  | "sigmoid"
  | "tanh"
  | "hard-swish"
  | "gelu"
  | "gelu-tanh"
  | "softplus"
  | "softsign"
  | "mish"
  | "squared-relu"
  | "square"
  | "erf"
  | "exp"
  | "sqrt"
  | "abs"
  | "negative";

/** A function and its derivative. At a kink the derivative is PyTorch's. */
export interface ActivationFunction {
  readonly value: (x: number) => number;
  readonly slope: (x: number) => number;
  /** Whether the slope grows beyond all bounds at 0, so that it says nothing of a step that begins there. */
  readonly steep?: boolean;
}

/** The function behind an activation. */
export function activationFunction(activation: Activation): ActivationFunction {
  switch (activation.kind) {
    case "relu":
      return { value: (x) => (x > 0 ? x : 0), slope: (x) => (x > 0 ? 1 : 0) };
    case "leaky-relu": {
      const { slope } = activation;
      return { value: (x) => (x > 0 ? x : slope * x), slope: (x) => (x > 0 ? 1 : slope) };
    }
    case "clip": {
      const { low, high } = activation;
      return { value: (x) => Math.min(Math.max(x, low), high), slope: (x) => (x > low && x < high ? 1 : 0) };
    }
    case "hard-sigmoid": {
      const { alpha, beta } = activation;
      const inside = (x: number) => alpha * x + beta > 0 && alpha * x + beta < 1;
      return { value: (x) => Math.min(Math.max(alpha * x + beta, 0), 1), slope: (x) => (inside(x) ? alpha : 0) };
    }
    case "elu": {
      const { alpha, gamma } = activation;
      return {
        value: (x) => gamma * (x > 0 ? x : alpha * Math.expm1(x)),
        slope: (x) => gamma * (x > 0 ? 1 : alpha * Math.exp(x)),
      };
    }
    case "celu": {
      const { alpha } = activation;
      return {
        value: (x) => (x > 0 ? x : alpha * Math.expm1(x / alpha)),
        slope: (x) => (x > 0 ? 1 : Math.exp(x / alpha)),
      };
    }
    case "silu": {
      const { beta } = activation;
      return {
        value: (x) => x * logistic(beta * x),
        slope: (x) => {
          const s = logistic(beta * x);
          return s + beta * x * s * (1 - s);
        },
      };
    }
    case "power": {
      const { exponent } = activation;
      return { value: (x) => x ** exponent, slope: (x) => exponent * x ** (exponent - 1), steep: exponent < 1 };
    }
    default:
      return PLAIN[activation.kind];
  }
}

const logistic = (x: number) => 1 / (1 + Math.exp(-x));
const softplus = (x: number) => (x > 30 ? x : Math.log1p(Math.exp(x)));
const normal = (x: number) => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
const cumulative = (x: number) => 0.5 + 0.5 * erf(x * Math.SQRT1_2);
const GELU_TANH = Math.sqrt(2 / Math.PI);

const PLAIN: Readonly<Record<PlainActivation, ActivationFunction>> = {
  sigmoid: { value: logistic, slope: (x) => logistic(x) * (1 - logistic(x)) },
  tanh: { value: Math.tanh, slope: (x) => 1 - Math.tanh(x) ** 2 },
  "hard-swish": {
    value: (x) => (x <= -3 ? 0 : x >= 3 ? x : (x * (x + 3)) / 6),
    slope: (x) => (x <= -3 ? 0 : x >= 3 ? 1 : (2 * x + 3) / 6),
  },
  gelu: { value: (x) => x * cumulative(x), slope: (x) => cumulative(x) + x * normal(x) },
  "gelu-tanh": {
    value: (x) => (x / 2) * (1 + Math.tanh(GELU_TANH * (x + 0.044715 * x ** 3))),
    slope: (x) => {
      const t = Math.tanh(GELU_TANH * (x + 0.044715 * x ** 3));
      return (1 + t) / 2 + (x / 2) * (1 - t * t) * GELU_TANH * (1 + 3 * 0.044715 * x * x);
    },
  },
  softplus: { value: softplus, slope: logistic },
  softsign: { value: (x) => x / (1 + Math.abs(x)), slope: (x) => 1 / (1 + Math.abs(x)) ** 2 },
  mish: {
    value: (x) => x * Math.tanh(softplus(x)),
    slope: (x) => {
      const t = Math.tanh(softplus(x));
      return t + x * (1 - t * t) * logistic(x);
    },
  },
  "squared-relu": { value: (x) => (x > 0 ? x * x : 0), slope: (x) => (x > 0 ? 2 * x : 0) },
  square: { value: (x) => x * x, slope: (x) => 2 * x },
  erf: { value: erf, slope: (x) => (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) },
  exp: { value: Math.exp, slope: Math.exp },
  sqrt: { value: Math.sqrt, slope: (x) => 0.5 / Math.sqrt(x), steep: true },
  abs: { value: Math.abs, slope: Math.sign },
  negative: { value: (x) => -x, slope: () => -1 },
};

/** How many places of a unit the error function is tabled at; with five terms of Taylor's series it is exact to 1e-15. */
const PLACES = 256;
const LAST = 6;

interface Table {
  readonly values: Float64Array;
  readonly slopes: Float64Array;
}

let table: Table | undefined;

function tabled(): Table {
  const places = Float64Array.from({ length: LAST * PLACES + 1 }, (_, i) => i / PLACES);
  const slopes = places.map((x) => (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x));
  return { values: places.map(erfAt), slopes };
}

/** The error function, by Taylor's series about the nearest place of the table. */
function erf(x: number): number {
  const size = x < 0 ? -x : x;
  if (!(size < LAST)) return Math.sign(x);
  const { values, slopes } = (table ??= tabled());
  const i = (size * PLACES + 0.5) | 0;
  const a = i / PLACES;
  const h = size - a;
  const square = a * a;
  const fifth = (16 * square * square - 48 * square + 12) / 120;
  const series = 1 + h * (-a + h * ((2 * square - 1) / 3 + h * (((3 - 2 * square) * a) / 6 + h * fifth)));
  const value = values[i] + slopes[i] * h * series;
  return x < 0 ? -value : value;
}

/** The error function to 1e-15: its series near 0, its continued fraction further out. */
function erfAt(x: number): number {
  const size = Math.abs(x);
  if (size > 6) return Math.sign(x);
  if (size < 2.5) {
    let [term, sum] = [x, x];
    for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum) && n < 100; n++) {
      term *= (-x * x) / n;
      sum += term / (2 * n + 1);
    }
    return (2 / Math.sqrt(Math.PI)) * sum;
  }
  let fraction = 0;
  for (let n = 60; n >= 1; n--) fraction = n / 2 / (size + fraction);
  return Math.sign(x) * (1 - Math.exp(-size * size) / ((size + fraction) * Math.sqrt(Math.PI)));
}

/** An activation that ends in a node, and the value that it is applied to. */
export interface FoundActivation {
  readonly activation: Activation;
  readonly input: string;
}

/** The activation that ends in this node: an operator of its own, or one that exporters write out in several. */
export function activationAt(graph: Graph, node: NodeProto): FoundActivation | undefined {
  const input = node.input[0];
  if (!isStandard(node)) {
    if (node.domain !== "com.microsoft" || node.input.length !== 1) return undefined;
    if (node.opType === "Gelu") return { activation: { kind: "gelu" }, input };
    if (node.opType === "FastGelu") return { activation: { kind: "gelu-tanh" }, input };
    return node.opType === "QuickGelu"
      ? { activation: { kind: "silu", beta: floatAttribute(node, "alpha", 1.702) }, input }
      : undefined;
  }
  const plain = OPERATORS.get(node.opType);
  if (plain) return { activation: plain, input };
  const activation = withParameters(graph, node);
  if (activation) return { activation, input };
  return writtenOut(graph, node);
}

const OPERATORS: ReadonlyMap<string, Activation> = new Map<string, Activation>([
  ["Relu", { kind: "relu" }],
  ["Sigmoid", { kind: "sigmoid" }],
  ["Tanh", { kind: "tanh" }],
  ["HardSwish", { kind: "hard-swish" }],
  ["Softplus", { kind: "softplus" }],
  ["Softsign", { kind: "softsign" }],
  ["Mish", { kind: "mish" }],
  ["Erf", { kind: "erf" }],
  ["Exp", { kind: "exp" }],
  ["Sqrt", { kind: "sqrt" }],
  ["Abs", { kind: "abs" }],
]);

function withParameters(graph: Graph, node: NodeProto): Activation | undefined {
  switch (node.opType) {
    case "LeakyRelu":
      return { kind: "leaky-relu", slope: floatAttribute(node, "alpha", 0.01) };
    case "PRelu": {
      const slopes = constantOf(graph, node.input[1])?.data;
      return slopes?.length === 1 ? { kind: "leaky-relu", slope: slopes[0] } : undefined;
    }
    case "Clip": {
      const [low, high] = [bound(graph, node, 1, "min", -Infinity), bound(graph, node, 2, "max", Infinity)];
      if (low === undefined || high === undefined) return undefined;
      return low === 0 && high === Infinity ? { kind: "relu" } : { kind: "clip", low, high };
    }
    case "HardSigmoid":
      return {
        kind: "hard-sigmoid",
        alpha: floatAttribute(node, "alpha", 0.2),
        beta: floatAttribute(node, "beta", 0.5),
      };
    case "Elu":
      return { kind: "elu", alpha: floatAttribute(node, "alpha", 1), gamma: 1 };
    case "Selu":
      return {
        kind: "elu",
        alpha: floatAttribute(node, "alpha", 1.6732632),
        gamma: floatAttribute(node, "gamma", 1.050701),
      };
    case "Celu":
      return { kind: "celu", alpha: floatAttribute(node, "alpha", 1) };
    case "Gelu":
      return { kind: textAttribute(node, "approximate", "none") === "tanh" ? "gelu-tanh" : "gelu" };
    case "Swish":
      return { kind: "silu", beta: floatAttribute(node, "alpha", 1) };
    default:
      return undefined;
  }
}

function bound(graph: Graph, node: NodeProto, index: number, name: string, open: number): number | undefined {
  if (node.input[index]) {
    const data = constantOf(graph, node.input[index])?.data;
    return data?.length === 1 ? data[0] : undefined;
  }
  return attribute(node, name)?.f ?? open;
}

/** SiLU, GELU, hard swish and their like, in the single operators that exporters write. */
function writtenOut(graph: Graph, node: NodeProto): FoundActivation | undefined {
  const isPower = node.opType === "Pow" && numberOf(graph, node.input[1]) === 2;
  if (isPower || (node.opType === "Mul" && node.input[0] === node.input[1])) {
    const relu = graph.producer(node.input[0]);
    if (relu?.opType === "Relu") return { activation: { kind: "squared-relu" }, input: relu.input[0] };
    return { activation: { kind: "square" }, input: node.input[0] };
  }
  if (node.opType === "Pow") {
    const exponent = numberOf(graph, node.input[1]);
    return exponent !== undefined && exponent > 0
      ? { activation: { kind: "power", exponent }, input: node.input[0] }
      : undefined;
  }
  const { factor, parts } = productOf(graph, node);
  if (parts.length !== 2) return undefined;
  for (const [x, gate] of [parts, [...parts].reverse()]) {
    const activation = gated(graph, x, gate, factor);
    if (activation) return { activation, input: x };
  }
  return undefined;
}

/** The activation x · gate(x) · factor. */
function gated(graph: Graph, x: string, gate: string, factor: number): Activation | undefined {
  const node = graph.producer(gate);
  if (!node) return undefined;
  if (node.opType === "Sigmoid" && near(factor, 1)) {
    const inner = productOf(graph, graph.producer(node.input[0]));
    if (node.input[0] === x) return { kind: "silu", beta: 1 };
    return inner.parts.length === 1 && inner.parts[0] === x ? { kind: "silu", beta: inner.factor } : undefined;
  }
  if (node.opType === "HardSigmoid" && node.input[0] === x && near(factor, 1)) {
    const alpha = floatAttribute(node, "alpha", 0.2);
    return near(alpha, 1 / 6) && floatAttribute(node, "beta", 0.5) === 0.5 ? { kind: "hard-swish" } : undefined;
  }
  if (node.opType === "Clip" && near(factor, 1 / 6)) {
    const [low, high] = [bound(graph, node, 1, "min", -Infinity), bound(graph, node, 2, "max", Infinity)];
    const sum = sumWith(graph, node.input[0]);
    return low === 0 && high === 6 && sum?.value === x && sum.added === 3 ? { kind: "hard-swish" } : undefined;
  }
  if (node.opType === "Tanh" && near(factor, 1)) {
    const inner = graph.producer(node.input[0]);
    return inner?.opType === "Softplus" && inner.input[0] === x ? { kind: "mish" } : undefined;
  }
  return near(factor, 0.5) ? geluGate(graph, x, gate) : undefined;
}

/** 1 + erf(x / √2), or 1 + tanh(√(2/π) (x + 0.044715 x³)). */
function geluGate(graph: Graph, x: string, gate: string): Activation | undefined {
  const sum = sumWith(graph, gate);
  const inner = sum?.added === 1 ? graph.producer(sum.value) : undefined;
  if (!inner) return undefined;
  const { factor, parts } = productOf(graph, graph.producer(inner.input[0]));
  if (inner.opType === "Erf" && parts.length === 1 && parts[0] === x && near(factor, Math.SQRT1_2))
    return { kind: "gelu" };
  return inner.opType === "Tanh" && near(factor, GELU_TANH) ? { kind: "gelu-tanh" } : undefined;
}

/** A product (or quotient by a constant) of a number and values, as far as it is written in Mul and Div nodes. */
function productOf(graph: Graph, node: NodeProto | undefined): { factor: number; parts: readonly string[] } {
  let factor = 1;
  const parts: string[] = [];
  const waiting = node ? [{ node, depth: 0 }] : [];
  for (let item = waiting.pop(); item; item = waiting.pop()) {
    if (item.node.opType !== "Mul" && item.node.opType !== "Div") {
      parts.push(item.node.output[0]);
      continue;
    }
    const { node: product, depth } = item;
    const scales = product.input.some((name) => numberOf(graph, name) !== undefined);
    product.input.forEach((name, index) => {
      const number = numberOf(graph, name);
      const divides = product.opType === "Div" && index === 1;
      const inner = graph.producer(name);
      const holdsNumber = scales || inner?.input.some((each) => numberOf(graph, each) !== undefined);
      if (number !== undefined) factor *= divides ? 1 / number : number;
      else if (!divides && depth < 2 && inner && (inner.opType === "Mul" || inner.opType === "Div") && holdsNumber) {
        waiting.push({ node: inner, depth: depth + 1 });
      } else parts.push(divides ? "" : name);
    });
  }
  return { factor, parts };
}

function sumWith(graph: Graph, name: string): { value: string; added: number } | undefined {
  const node = graph.producer(name);
  if (node?.opType !== "Add") return undefined;
  const first = numberOf(graph, node.input[0]);
  const added = first ?? numberOf(graph, node.input[1]);
  return added === undefined ? undefined : { value: node.input[first === undefined ? 0 : 1], added };
}

function near(value: number, wanted: number): boolean {
  return Math.abs(value - wanted) < 1e-3 * Math.abs(wanted);
}
