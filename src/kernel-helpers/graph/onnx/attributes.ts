import {
  AttributeProto_AttributeType as Type,
  type AttributeProto,
  type NodeProto,
  type TensorProto,
} from "./onnx_pb.js";

/** A node's attribute by name. */
export function attribute(node: NodeProto, name: string): AttributeProto | undefined {
  return node.attribute.find((candidate) => candidate.name === name);
}

/** A whole-number attribute, or `fallback` when the node has none. */
export function intAttribute(node: NodeProto, name: string, fallback: number): number {
  const found = attribute(node, name);
  return found ? Number(found.i) : fallback;
}

/** A real-number attribute, or `fallback` when the node has none. */
export function floatAttribute(node: NodeProto, name: string, fallback: number): number {
  const found = attribute(node, name);
  return found ? found.f : fallback;
}

/** A text attribute, or `fallback` when the node has none. */
export function textAttribute(node: NodeProto, name: string, fallback: string): string {
  const found = attribute(node, name);
  return found ? new TextDecoder().decode(found.s) : fallback;
}

/** A list of whole numbers; undefined when the node has none. */
export function intsAttribute(node: NodeProto, name: string): number[] | undefined {
  const found = attribute(node, name);
  return found && (found.type === Type.INTS || found.ints.length > 0) ? found.ints.map(Number) : undefined;
}

/** A tensor attribute; undefined when the node has none. */
export function tensorAttribute(node: NodeProto, name: string): TensorProto | undefined {
  return attribute(node, name)?.t;
}
