// Shape arithmetic (Shape, Gather, Concat, … on a few integers) stays on the host: its numbers steer the other nodes.
import { intAttribute, tensorAttribute } from "../../graph/onnx/attributes.js";
import { allNumbers, type ShapeContext } from "../../graph/shapes/shape.js";
import type { NodeProto } from "../../graph/onnx/onnx.js";
import { SHAPE_RULES } from "../../graph/shapes/shape-rules.js";
import { VALUE_RULES } from "../../graph/shapes/shape-values.js";
import { elementCount, isFloat } from "../../graph/onnx/tensor.js";
import type { ListValue, Value } from "./value.js";

const LONGEST = 64;

/** What a node of shape arithmetic computes; undefined when it is not one, or reads more than short lists. */
export function shapeList(
  node: NodeProto,
  opset: number,
  inputs: readonly (Value | undefined)[],
): ListValue | undefined {
  const rule = VALUE_RULES[node.opType];
  if (!rule) return undefined;
  const reads = node.opType === "Shape" || node.opType === "Size" ? [] : inputs.map((value) => value && listOf(value));
  if (reads.some((list, i) => inputs[i] !== undefined && list === undefined)) return undefined;
  const context: ShapeContext = {
    node,
    opset,
    shape: (index) => inputs[index]?.dims,
    value: (index) => reads[index],
    whole: (index) => isWhole(inputs[index]),
  };
  const list = rule(context);
  const dims = SHAPE_RULES[node.opType]?.(context)?.[0];
  if (!list || !dims || !allNumbers(list) || !allNumbers(dims) || elementCount(dims) !== list.length) return undefined;
  // The rules know no order of axes: beyond one axis only what keeps the order of its numbers is right.
  if (dims.length > 1 && !["Identity", "Cast", "Reshape", "Unsqueeze", "Squeeze"].includes(node.opType))
    return undefined;
  return { kind: "list", dims, list, whole: isWholeResult(node, inputs) };
}

function listOf(value: Value): readonly number[] | undefined {
  if (value.kind === "list") return value.list;
  return value.kind === "constant" && value.data.length <= LONGEST ? Array.from(value.data) : undefined;
}

function isWhole(value: Value | undefined): boolean {
  return value?.kind === "list" ? value.whole : value?.kind === "constant" && value.type !== "float32";
}

function isWholeResult(node: NodeProto, inputs: readonly (Value | undefined)[]): boolean {
  if (node.opType === "Shape" || node.opType === "Size") return true;
  if (node.opType === "Cast") return !isFloat(intAttribute(node, "to", 1));
  if (node.opType === "ConstantOfShape") return !isFloat(tensorAttribute(node, "value")?.dataType ?? 1);
  return (node.opType === "Where" ? inputs.slice(1) : inputs).every((value) => !value || isWhole(value));
}
