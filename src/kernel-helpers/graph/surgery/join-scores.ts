import { intAttribute } from "../onnx/attributes.js";
import { makeNode } from "../onnx/create-graph.js";
import { changedGraph } from "../onnx/changed-graph.js";
import { isStandard, type Graph } from "../onnx/graph.js";
import type { GraphProto, NodeProto } from "../onnx/onnx.js";

/**
 * The same network, with the sigmoids of scores that come one by one (a head for each label, or scores that were split)
 * taken of all scores at once. It computes the same; what looks for class scores finds one value that holds them all.
 *
 * @example
 * withJoinedScores(await graph.readGraph("attributes.onnx"));
 */
export function withJoinedScores(graph: Graph): Graph {
  const added = new Map<NodeProto, readonly NodeProto[]>();
  for (const { name } of graph.outputs) {
    let node = graph.producer(name);
    for (let left = 1000; node && left > 0 && isStandard(node) && PASSING.has(node.opType); left--) {
      node = graph.producer(node.input[0]);
    }
    const nodes = node && isStandard(node) && node.opType === "Concat" ? sigmoidOfAll(graph, node) : undefined;
    if (node && nodes) added.set(node, nodes);
  }
  if (added.size === 0) return graph;
  const proto = graph.model.graph as GraphProto;
  const node = proto.node.flatMap((each) => added.get(each) ?? [each]);
  return changedGraph(graph, { node });
}

const PASSING: ReadonlySet<string> = new Set(["Identity", "Cast", "Reshape", "Flatten", "Squeeze"]);

function sigmoidOfAll(graph: Graph, concat: NodeProto): readonly NodeProto[] | undefined {
  const sigmoids = concat.input.map((name) => graph.producer(name));
  if (sigmoids.length < 2 || !sigmoids.every((node) => node?.opType === "Sigmoid" && isStandard(node)))
    return undefined;
  const scores = sigmoids.map((node) => node?.input[0] ?? "");
  const axis = intAttribute(concat, "axis", 1);
  const [output] = concat.output;
  const whole = wholeOf(graph, scores, axis);
  if (whole !== undefined) return [makeNode("Sigmoid", [whole], [output])];
  const joined = `${output}_scores`;
  return [makeNode("Concat", scores, [joined], { axis }), makeNode("Sigmoid", [joined], [output])];
}

/** What was split into these values, in their order. */
function wholeOf(graph: Graph, scores: readonly string[], axis: number): string | undefined {
  const split = graph.producer(scores[0]);
  const same = split?.opType === "Split" && isStandard(split) && intAttribute(split, "axis", 0) === axis;
  return same && split.output.join("\n") === scores.join("\n") ? split.input[0] : undefined;
}
