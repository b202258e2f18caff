import { elementTypeOf } from "../../onnx/element-type.js";
import type { Graph } from "../../onnx/graph.js";
import type { HiddenValue } from "../gap-head.js";
import { vectorsBelow, type Vector } from "../vectors.js";
import { LARGE } from "./multiply.js";
import { straight } from "./path.js";

/** The values of a graph that are worth keeping, each behind those that it follows from. */
export function hiddenValues(graph: Graph, scores: Vector): readonly HiddenValue[] {
  const found = new Map<string, Vector>();
  for (const { terms } of vectorsBelow(scores)) {
    for (const { atom } of terms) {
      if (atom.kind !== "activation" && atom.kind !== "norm") continue;
      const { input, of } = atom;
      const [{ atom: line, by }, ...others] = of.terms;
      const isLarge = by.kind === "dense" && by.outputs * by.inputs >= LARGE;
      if (input === undefined || others.length > 0 || !isLarge || !straight(line) || of.rounds) continue;
      if (elementTypeOf(graph, input) === "float32") found.set(input, of);
    }
  }
  return [...found].map(([name, of]) => ({ name, of })).reverse();
}
