import { isConstant } from "../onnx/constants.js";
import { operator } from "../onnx/graph.js";
import type { Tail } from "./norms.js";
import { shapeText, type Shape } from "../shapes/shape.js";

const LONGEST = 12;

/** Operators whose size is always told. */
const SIZED = ["Conv", "Gemm", "MatMul"];

/**
 * The last operators before an output, for people: `… → MaxPool 512×7×7 → Flatten 25088 → Gemm 4096 → … `. Where a node reads
 * several values, the first that depends on the photo is followed.
 */
export function describeTail({ graph, shapes }: Tail, output: string): string {
  const words: string[] = [];
  let name: string | undefined = output;
  while (name !== undefined && words.length < LONGEST) {
    const node = graph.producer(name);
    if (!node) break;
    const size = sizeText(shapes.get(name));
    name = node.input.find((input) => input !== "" && !isConstant(graph, input));
    const shapeAfter = name === undefined ? undefined : sizeText(shapes.get(name));
    const sized = size && (size !== shapeAfter || SIZED.includes(node.opType));
    words.unshift(sized ? `${operator(node)} ${size}` : operator(node));
  }
  return (words.length === LONGEST ? "… → " : "") + words.join(" → ");
}

/** A shape without the axis of photos. */
function sizeText(shape: Shape | undefined): string | undefined {
  return shape && shape.length > 1 ? shapeText(shape.slice(1)) : undefined;
}
