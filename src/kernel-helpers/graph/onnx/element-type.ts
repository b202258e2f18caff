import { attribute, intAttribute, tensorAttribute } from "./attributes.js";
import type { Graph } from "./graph.js";
import type { GraphProto, NodeProto } from "./onnx_pb.js";
import { typeName } from "./tensor.js";

type Source = { readonly type: string } | { readonly from: string };

/**
 * The element type of a value, e.g. `"float32"`, followed back to an input, a constant or a conversion. Networks of
 * mixed precision change it on the way.
 */
export function elementTypeOf(graph: Graph, name: string): string {
  const table = tableOf(graph);
  const way = new Set<string>();
  let type = "float32";
  for (let at = name; !way.has(at);) {
    const known = table.get(at);
    if (known !== undefined) {
      type = known;
      break;
    }
    way.add(at);
    const node = graph.producer(at);
    if (!node) break;
    const source: Source = (RULES.get(node.opType) ?? firstInput)(node, at);
    if ("type" in source) {
      type = source.type;
      break;
    }
    at = source.from;
  }
  for (const at of way) table.set(at, type);
  return type;
}

/** What is known of a graph so far: what the file says of its values, and what was followed. */
const tables = new WeakMap<Graph, Map<string, string>>();

function tableOf(graph: Graph): Map<string, string> {
  const found = tables.get(graph);
  if (found) return found;
  const table = new Map(graph.inputs.map(({ name, type }) => [name, type]));
  const proto = graph.model.graph;
  for (const { name, dataType } of proto?.initializer ?? []) table.set(name, typeName(dataType));
  for (const { name, type } of [...(proto?.valueInfo ?? []), ...(proto?.output ?? [])]) {
    const value = type?.value;
    if (value?.case === "tensorType" && value.value.elemType !== 0) table.set(name, typeName(value.value.elemType));
  }
  tables.set(graph, table);
  return table;
}

type Rule = (node: NodeProto, output: string) => Source;

const firstInput: Rule = (node) => ({ from: node.input.find((name) => name !== "") ?? "" });
const secondInput: Rule = (node) => ({ from: node.input[1] });
const thirdInput: Rule = (node) => ({ from: node.input[2] });
const always =
  (type: string): Rule =>
  () => ({ type });
/** Another type for the outputs behind the first. */
const afterFirst =
  (first: Rule, type: string): Rule =>
  (node, output) =>
    node.output[0] === output ? first(node, output) : { type };
const tensorValue: Rule = (node) => ({ type: typeName(tensorAttribute(node, "value")?.dataType ?? 1) });
const each = (operators: string, rule: Rule) => operators.split(" ").map((op) => [op, rule] as const);

/** What a body of control flow gives: `skipped` outputs of it stand before those of the node. */
function ofBody(attributeName: string, skipped: number): Rule {
  return (node, output) => {
    const body = attribute(node, attributeName)?.g;
    const port = body?.output[node.output.indexOf(output) + skipped];
    if (!body || !port) return { type: "float32" };
    const type = port.type?.value;
    if (type?.case === "tensorType" && type.value.elemType !== 0) return { type: typeName(type.value.elemType) };
    return inBody(body, port.name);
  };
}

/** Followed inside a body, until it leads out of it. */
function inBody(body: GraphProto, name: string): Source {
  const seen = new Set<string>();
  let at = name;
  while (!seen.has(at)) {
    seen.add(at);
    const current = at;
    const tensor = body.initializer.find((each) => each.name === current);
    if (tensor) return { type: typeName(tensor.dataType) };
    const node = body.node.find(({ output }) => output.includes(current));
    if (!node) return { from: at };
    const source: Source = (RULES.get(node.opType) ?? firstInput)(node, at);
    if ("type" in source) return source;
    at = source.from;
  }
  return { type: "float32" };
}

/** Operators whose output is not of their first input's type. */
const RULES: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ["Cast", (node) => ({ type: typeName(intAttribute(node, "to", 1)) })],
  ...each("CastLike Where DequantizeLinear", secondInput),
  ["OneHot", thirdInput],
  [
    "QuantizeLinear",
    (node) =>
      node.input[2] ? { from: node.input[2] } : { type: typeName(intAttribute(node, "output_dtype", 0) || 2) },
  ],
  ["DynamicQuantizeLinear", (node, output) => ({ type: node.output[1] === output ? "float32" : "uint8" })],
  ...each("QLinearConv QLinearMatMul", (node) => ({ from: node.input[7] })),
  ...each("ConvInteger MatMulInteger", always("int32")),
  [
    "Constant",
    (node) =>
      attribute(node, "value_int") || attribute(node, "value_ints") ? { type: "int64" } : tensorValue(node, ""),
  ],
  ["ConstantOfShape", tensorValue],
  ...each("TopK MaxPool", afterFirst(firstInput, "int64")),
  ...each("Shape Size ArgMax ArgMin NonZero NonMaxSuppression", always("int64")),
  ...each("Equal Less LessOrEqual Greater GreaterOrEqual Not And Or Xor IsNaN IsInf", always("bool")),
  ["If", ofBody("then_branch", 0)],
  ["Loop", ofBody("body", 1)],
  ["Scan", ofBody("body", 0)],
]);
