import { constantOf } from "../onnx/constants.js";
import { isStandard, type Graph } from "../onnx/graph.js";
import type { NodeProto } from "../onnx/onnx.js";

/** y = scale · x + offset, one number a channel of the input. */
export interface InputNormalisation {
  readonly scale: readonly [number, number, number];
  readonly offset: readonly [number, number, number];
}

type Triple = [number, number, number];

/** Steps that change neither the values of the pixels nor their channels' order. */
const PASSING = ["Cast", "Identity", "Transpose", "Dropout", "Clip", "Unsqueeze", "Squeeze", "Pad"];
const MOST_STEPS = 16;

/**
 * What a network does to its pixels before it looks at them, as far as it is written in sums and products with constants.
 * Undefined when it does nothing of the kind.
 *
 * @example
 * inputNormalisation(graph); // scale 0.0078 and offset −1 for x / 127.5 − 1, as Keras' MobileNet begins
 */
export function inputNormalisation(graph: Graph): InputNormalisation | undefined {
  let name = graph.inputs[0]?.name ?? "";
  let [scale, offset]: [Triple, Triple] = [
    [1, 1, 1],
    [0, 0, 0],
  ];
  let found = false;
  for (let left = MOST_STEPS; left > 0; left--) {
    const [node, ...others] = graph.consumers(name);
    if (!node || others.length > 0 || !isStandard(node)) break;
    const step = affine(graph, node, name);
    if (step) {
      found = true;
      scale = at((c) => scale[c] * step.scale[c]);
      offset = at((c) => offset[c] * step.scale[c] + step.offset[c]);
    } else if (node.input[0] !== name || !PASSING.includes(node.opType)) break;
    [name] = node.output;
  }
  return found ? { scale, offset } : undefined;
}

function affine(graph: Graph, node: NodeProto, name: string): InputNormalisation | undefined {
  const { opType } = node;
  if (!["Mul", "Div", "Add", "Sub"].includes(opType)) return undefined;
  const first = node.input[0] === name;
  const constant = constantOf(graph, node.input[first ? 1 : 0]);
  const values = constant && tripleOf(constant.data);
  if (!values || node.input[0] === node.input[1]) return undefined;
  const ones = at(() => 1);
  const none = at(() => 0);
  if (opType === "Mul") return { scale: values, offset: none };
  if (opType === "Add") return { scale: ones, offset: values };
  if (opType === "Div") return first ? { scale: at((c) => 1 / values[c]), offset: none } : undefined;
  return first ? { scale: ones, offset: at((c) => -values[c]) } : { scale: at(() => -1), offset: values };
}

function tripleOf(data: ArrayLike<number | bigint>): Triple | undefined {
  if (data.length !== 1 && data.length !== 3) return undefined;
  return at((c) => Number(data[data.length === 1 ? 0 : c]));
}

function at(of: (channel: number) => number): Triple {
  return [of(0), of(1), of(2)];
}
