import { constantOf, isConstant } from "../onnx/constants.js";
import { intAttribute, tensorAttribute } from "../onnx/attributes.js";
import { isStandard, portOf, type Dim, type Graph } from "../onnx/graph.js";
import type { GraphProto, NodeProto, ValueInfoProto } from "../onnx/onnx.js";
import { allNumbers, type Shape, type ShapeContext } from "./shape.js";
import { SHAPE_RULES } from "./shape-rules.js";
import { VALUE_RULES } from "./shape-values.js";
import { elementCount, isFloat, tensorDims } from "../onnx/tensor.js";
import { requireGraph } from "../onnx/require-graph.js";

/** Lists longer than this are weights rather than shapes. */
const LONGEST_VALUE = 64;

/** No operator takes values of more. */
const MOST_AXES = 64;

/**
 * The shapes of all values of a graph, as far as they follow from the inputs' shapes: for the operators of
 * convolutional networks, with the chains of Shape, Gather and Concat that exporters write for `view` and `flatten`.
 * Where an operator has no rule here, the shape that the file itself gives is taken.
 *
 * @param graph the network
 * @param sizes numbers for the symbols in input shapes, e.g. `{ N: 1 }`; symbols without one stay symbols
 * @returns shapes by value name; a value of unknown rank is absent
 * @example
 * inferShapes(net, { N: 1 }).get("logits"); // [1, 1000]
 */
export function inferShapes(graph: Graph, sizes: Readonly<Record<string, number>> = {}): ReadonlyMap<string, Shape> {
  requireGraph(graph);
  if (Object.keys(sizes).length > 0) return inferred(graph, sizes);
  let known = ofGraphs.get(graph);
  if (!known) ofGraphs.set(graph, (known = inferred(graph, sizes)));
  return known;
}

/** Several steps of opening a network ask for the same shapes. */
const ofGraphs = new WeakMap<Graph, ReadonlyMap<string, Shape>>();

function inferred(graph: Graph, sizes: Readonly<Record<string, number>>): Map<string, Shape> {
  const shapes = new Map<string, Shape>();
  const values = new Map<string, Shape>();
  const fractions = new Set<string>();
  const given = givenShapes(graph);
  for (const tensor of graph.model.graph?.initializer ?? []) shapes.set(tensor.name, tensorDims(tensor));
  for (const { name, dims } of graph.inputs) {
    if (dims)
      shapes.set(
        name,
        dims.map((dim) => (typeof dim === "string" ? (sizes[dim] ?? dim) : dim)),
      );
  }
  const valueOf = (name: string): Shape | undefined => {
    const known = values.get(name);
    if (known) return known;
    const shape = shapes.get(name);
    if (!shape || !allNumbers(shape) || elementCount(shape) > LONGEST_VALUE || !isConstant(graph, name)) {
      return undefined;
    }
    const constant = constantOf(graph, name);
    if (constant) values.set(name, Array.from(constant.data));
    if (constant?.data instanceof Float32Array) fractions.add(name);
    return values.get(name);
  };
  const visit = (node: NodeProto): void => {
    const context: ShapeContext = {
      node,
      opset: graph.opset,
      shape: (index) => (node.input[index] ? shapes.get(node.input[index]) : undefined),
      value: (index) => (node.input[index] ? valueOf(node.input[index]) : undefined),
      whole: (index) => !fractions.has(node.input[index]),
    };
    const rule = isStandard(node) ? ruleIn(SHAPE_RULES, node) : undefined;
    const taken = node.opType === "If" ? branchesOf(node, context.value(0)?.[0]) : undefined;
    const found = taken ? chosen(node, taken) : rule?.(context);
    node.output.forEach((name, index) => {
      const shape = sound(found?.[index]) ?? given.get(name);
      if (name !== "" && shape) shapes.set(name, shape);
    });
    const value = isStandard(node) ? ruleIn(VALUE_RULES, node)?.(context) : undefined;
    if (taken?.length === 1) {
      node.output.forEach((name, index) => {
        const inner = values.get(taken[0].output[index]?.name ?? "");
        if (inner) values.set(name, inner);
      });
    }
    if (value && value.length <= LONGEST_VALUE) values.set(node.output[0], value);
    if (value && isFractional(node, fractions)) fractions.add(node.output[0]);
  };
  /** The shapes of what the taken branch computes; where it is not known which, those on which both agree. */
  const chosen = (node: NodeProto, branches: readonly GraphProto[]): readonly (Shape | undefined)[] => {
    const results = branches.map((body) => {
      for (const tensor of body.initializer) shapes.set(tensor.name, tensorDims(tensor));
      body.node.forEach(visit);
      return body.output.map(({ name }) => shapes.get(name));
    });
    return node.output.map((_, index) => {
      const [first, ...others] = results.map((shapesOf) => shapesOf[index]);
      return others.every((shape) => shape?.join() === first?.join()) ? first : undefined;
    });
  };
  graph.nodes.forEach(visit);
  return shapes;
}

/** Sizes that a damaged or hostile graph computes (below 0, fractions, infinite) are sizes that nobody knows. */
function sound(shape: Shape | undefined): Shape | undefined {
  if (shape === undefined || shape.length > MOST_AXES) return undefined;
  const whole = (dim: Dim) => typeof dim !== "number" || (Number.isSafeInteger(dim) && dim >= 0);
  return shape.every((dim) => dim !== undefined && whole(dim))
    ? shape
    : shape.map((dim) => (dim !== undefined && whole(dim) ? dim : null));
}

function ruleIn<T>(rules: Readonly<Record<string, T>>, { opType }: NodeProto): T | undefined {
  return Object.hasOwn(rules, opType) ? rules[opType] : undefined;
}

/** The bodies of an If that may be taken. */
function branchesOf(node: NodeProto, condition: Dim | undefined): GraphProto[] {
  return ["then_branch", "else_branch"]
    .filter((_, i) => typeof condition !== "number" || (condition !== 0) === (i === 0))
    .flatMap((name) => node.attribute.find((attribute) => attribute.name === name)?.g ?? []);
}

function isFractional(node: NodeProto, fractions: ReadonlySet<string>): boolean {
  if (node.opType === "Constant") return isFloat(tensorAttribute(node, "value")?.dataType ?? 0);
  if (node.opType === "Cast") return isFloat(intAttribute(node, "to", 1));
  return node.input.some((name) => fractions.has(name));
}

function givenShapes(graph: Graph): Map<string, Shape> {
  const infos: ValueInfoProto[] = graph.model.graph?.valueInfo ?? [];
  const given = new Map<string, Shape>();
  for (const info of infos) {
    const { dims } = portOf(info);
    if (dims) given.set(info.name, dims);
  }
  return given;
}
