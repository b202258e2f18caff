import type { Dim } from "../onnx/graph.js";
import type { NodeProto } from "../onnx/onnx.js";

/** The sizes of a value's axes. */
export type Shape = readonly Dim[];

/** What a rule may ask about the node it is for. */
export interface ShapeContext {
  readonly node: NodeProto;
  readonly opset: number;
  /** Shape of an input; undefined when unknown or not given. */
  readonly shape: (index: number) => Shape | undefined;
  /** Elements of an input that is a short list known without running the graph, such as a shape. */
  readonly value: (index: number) => Shape | undefined;
  /** Whether the elements of that list are whole numbers, so that division rounds towards zero. */
  readonly whole: (index: number) => boolean;
}

/** Whether every size is a number. */
export function allNumbers(shape: Shape): shape is readonly number[] {
  return shape.every((dim) => typeof dim === "number");
}

/** `512×7×7`, with `?` for what is unknown. */
export function shapeText(shape: Shape): string {
  return shape.map((dim) => dim ?? "?").join("×");
}
