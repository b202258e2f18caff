import { CamlabError } from "../../support/errors.js";
import { isConstant } from "../onnx/constants.js";
import type { Graph } from "../onnx/graph.js";
import { inferShapes } from "../shapes/infer-shapes.js";
import type { GapHead } from "./gap-head.js";
import { tokenOrder } from "./token-order.js";

/**
 * The head of a network whose class scores come from a class token, as an embedding: the mean of its last patch tokens.
 * Features of it, and any linear model on them, have maps that are exact, though the network's own classes have none.
 *
 * @throws CamlabError when the network has no tokens whose order over the picture can be read from its graph
 * @example
 * tokenHead(await graph.readGraph("vit.onnx")).summary; // GAP head: /norm/LayerNormalization 192×14×14 (tokens) → average → …
 */
export function tokenHead(graph: Graph): GapHead {
  const tail = { graph, shapes: inferShapes(graph) };
  const needed = ancestors(graph);
  for (const node of [...graph.nodes].reverse()) {
    const [name] = node.output;
    const shape = tail.shapes.get(name);
    if (!needed.has(name) || shape?.length !== 3 || isConstant(graph, name) || !RESIDUAL.has(node.opType)) continue;
    const [, count, channels] = shape;
    if (typeof count !== "number" || typeof channels !== "number" || count < 2) continue;
    const grid = tokenOrder(tail, name, 1);
    if (!grid) continue;
    const { first, height, width } = grid;
    if (first + height * width > count) continue;
    return {
      form: "embedding",
      pooling: "average",
      featureMaps: { name, channels, height, width, layout: "NPC", tokens: { first, count, order: "read" } },
      logits: { name, classes: 0 },
      weights: new Float32Array(0),
      summary: `GAP head: ${name} ${channels}×${height}×${width} (tokens) → average → an embedding of ${channels} numbers, no classes`,
      notes: [
        "head: tokens as asked for: features are the mean of the patch tokens; the network's own classes are left out",
      ],
    };
  }
  throw new CamlabError(
    'head: "tokens" needs a network of tokens, count × places × channels, whose way from the picture can be followed in its ' +
      "graph; this one has none",
  );
}

/** What ends a block of a transformer. */
const RESIDUAL = new Set([
  "Add",
  "LayerNormalization",
  "RMSNormalization",
  "SimplifiedLayerNormalization",
  "BatchNormalization",
]);

/** Values that the first output depends on. */
function ancestors(graph: Graph): Set<string> {
  const values = new Set<string>();
  const waiting = graph.outputs.slice(0, 1).map(({ name }) => name);
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (values.has(name)) continue;
    values.add(name);
    waiting.push(...(graph.producer(name)?.input ?? []).filter((input) => input !== ""));
  }
  return values;
}
