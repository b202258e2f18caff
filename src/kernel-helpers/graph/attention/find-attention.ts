import { activeValues } from "../gradient/active-values.js";
import { intAttribute } from "../onnx/attributes.js";
import { isConstant } from "../onnx/constants.js";
import type { Graph } from "../onnx/graph.js";
import type { NodeProto } from "../onnx/onnx.js";
import { inferShapes } from "../shapes/infer-shapes.js";
import { fromFront } from "../shapes/shape-arithmetic.js";
import type { Shape } from "../shapes/shape.js";
import { withOutputs } from "../surgery/cut-graph.js";
import { CamlabError } from "../../support/errors.js";

/** One layer in which every token attends to every other. */
export interface AttentionLayer {
  /** The attention matrices, softmax(q kᵀ / √d): `batch × heads × tokens × tokens`. */
  readonly weights: string;
  /** What the layer's block hands on: `batch × tokens × channels`. */
  readonly stream: string;
}

/**
 * The attention layers of a transformer, from the first to the last: each Softmax of a product whose result multiplies
 * another value, with as many rows as columns as there are tokens, and the sum in which its block ends.
 *
 * @param scores the value that all of it leads to, such as the logits
 * @param tokens how many there are, class token and others included
 * @throws CamlabError when there is none, saying what stands there instead
 * @example
 * findAttention(net, "logits", 197).length; // 12
 */
export function findAttention(graph: Graph, scores: string, tokens: number): AttentionLayer[] {
  const needed = withOutputs(graph, [scores]);
  const shapes = inferShapes(needed);
  const squares = needed.nodes.filter((node) => isAttention(needed, node, shapes));
  const found = squares.filter((node) => shapes.get(node.output[0])?.at(-1) === tokens);
  if (found.length === 0) throw new CamlabError(whyNone(needed, squares, shapes));
  const weights = found.map(({ output }) => output[0]);
  return weights.map((name, l) => ({
    weights: name,
    stream: streamOf(needed, { name, next: weights.at(l + 1), scores, tokens }, shapes),
  }));
}

type Shapes = ReadonlyMap<string, Shape>;

const PASSING: ReadonlySet<string> = new Set(["Identity", "Dropout", "Cast"]);
const SCALING: ReadonlySet<string> = new Set([...PASSING, "Mul", "Div", "Add", "Sub", "Where", "Reshape"]);

function isAttention(graph: Graph, node: NodeProto, shapes: Shapes): boolean {
  if (node.opType !== "Softmax") return false;
  const shape = shapes.get(node.output[0]);
  const rank = shape?.length ?? 0;
  if (!shape || rank < 3 || typeof shape[rank - 1] !== "number" || shape[rank - 1] !== shape[rank - 2]) return false;
  if (fromFront(intAttribute(node, "axis", -1), rank) !== rank - 1) return false;
  return isOfProduct(graph, node.input[0], 8) && multiplies(graph, node.output[0]);
}

/** Whether a value is a product, but for scaling, masks and biases. */
function isOfProduct(graph: Graph, name: string, steps: number): boolean {
  const node = graph.producer(name);
  if (!node || steps === 0) return false;
  if (node.opType === "MatMul") return true;
  return SCALING.has(node.opType) && node.input.some((input) => isOfProduct(graph, input, steps - 1));
}

function multiplies(graph: Graph, name: string): boolean {
  return graph
    .consumers(name)
    .some(
      ({ opType, input, output }) =>
        (opType === "MatMul" && input[0] === name) || (PASSING.has(opType) && multiplies(graph, output[0])),
    );
}

interface Block {
  readonly name: string;
  readonly next: string | undefined;
  readonly scores: string;
  readonly tokens: number;
}

/** The last sum of tokens that everything the attention does goes through, before the next attention. */
function streamOf(graph: Graph, { name, next, scores, tokens }: Block, shapes: Shapes): string {
  const active = activeValues(graph, [name], scores);
  const before = next === undefined ? undefined : activeValues(graph, [name], next);
  const lastUse = new Map<string, number>();
  graph.nodes.forEach((node, i) => {
    if (!node.output.some((output) => active.has(output))) return;
    for (const input of node.input) if (active.has(input)) lastUse.set(input, i);
  });
  let [open, found] = [lastUse.get(name) ?? -1, ""];
  graph.nodes.forEach(({ opType, input, output: [output] }, i) => {
    if (output === name || !active.has(output)) return;
    const isOnly = open <= i;
    open = Math.max(open, lastUse.get(output) ?? -1);
    const isSum = opType === "Add" && input.every((each) => !isConstant(graph, each));
    const isOfTokens = shapes.get(output)?.length === 3 && shapes.get(output)?.[1] === tokens;
    if (isOnly && isSum && isOfTokens && (!before || before.has(output))) found = output;
  });
  if (found !== "") return found;
  throw new CamlabError(`the block of attention "${name}" ends in no sum of its ${tokens} tokens`);
}

const FUSED: ReadonlySet<string> = new Set(["Attention", "MultiHeadAttention", "GroupQueryAttention"]);

function whyNone(graph: Graph, squares: readonly NodeProto[], shapes: Shapes): string {
  const fused = graph.nodes.find(({ opType }) => FUSED.has(opType));
  if (fused) {
    return `its attention is one operator (${fused.opType}) that does not give its matrices: export with an operator set below 23`;
  }
  if (squares.length === 0) {
    return "no attention between its places was found: a softmax of a product that multiplies another value";
  }
  const sizes = [...new Set(squares.map(({ output }) => String(shapes.get(output[0])!.at(-1))))];
  return `its attention is within groups of ${sizes.join(", ")} (windows of tokens, as Swin's, or channels), never between all tokens`;
}
