import { intAttribute, tensorAttribute } from "./attributes.js";
import type { Graph } from "./graph.js";
import type { NodeProto } from "./onnx_pb.js";
import { typeName } from "./tensor.js";

type Source = { readonly type: string } | { readonly from: string };

/**
 * The element type of a value, e.g. `"float32"`, followed back to an input, a constant or a conversion. Networks of
 * mixed precision change it on the way.
 */
export function elementTypeOf(graph: Graph, name: string): string {
  const info = [...(graph.model.graph?.valueInfo ?? []), ...(graph.model.graph?.output ?? [])];
  const given = new Map(info.map(({ name, type }) => [name, type]));
  const seen = new Set<string>();
  for (let at = name; !seen.has(at);) {
    seen.add(at);
    const type = given.get(at)?.value;
    if (type?.case === "tensorType" && type.value.elemType !== 0) return typeName(type.value.elemType);
    const port = graph.inputs.find((input) => input.name === at);
    const tensor = graph.initializer(at);
    const node = graph.producer(at);
    if (port) return port.type;
    if (tensor) return typeName(tensor.dataType);
    if (!node) break;
    const source = (RULES[node.opType] ?? firstInput)(node);
    if ("type" in source) return source.type;
    at = source.from;
  }
  return "float32";
}

const firstInput = (node: NodeProto): Source => ({ from: node.input.find((name) => name !== "") ?? "" });
const secondInput = (node: NodeProto): Source => ({ from: node.input[1] });
const always = (type: string) => (): Source => ({ type });

/** Operators whose output is not of their first input's type. */
const RULES: Readonly<Record<string, (node: NodeProto) => Source>> = {
  Cast: (node) => ({ type: typeName(intAttribute(node, "to", 1)) }),
  CastLike: secondInput,
  Where: secondInput,
  DequantizeLinear: secondInput,
  QuantizeLinear: (node) => (node.input[2] ? { from: node.input[2] } : { type: "uint8" }),
  QLinearConv: (node) => ({ from: node.input[7] }),
  QLinearMatMul: (node) => ({ from: node.input[7] }),
  Constant: (node) => ({ type: typeName(tensorAttribute(node, "value")?.dataType ?? 1) }),
  ConstantOfShape: (node) => ({ type: typeName(tensorAttribute(node, "value")?.dataType ?? 1) }),
  ...Object.fromEntries(["Shape", "Size", "ArgMax", "ArgMin", "NonZero"].map((op) => [op, always("int64")])),
  ...Object.fromEntries(
    ["Equal", "Less", "LessOrEqual", "Greater", "GreaterOrEqual", "Not", "And", "Or"].map((op) => [op, always("bool")]),
  ),
};
