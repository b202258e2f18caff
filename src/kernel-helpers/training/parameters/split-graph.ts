import { isConstant } from "../../graph/onnx/constants.js";
import { makePort } from "../../graph/onnx/create-graph.js";
import { withOutputs } from "../../graph/surgery/cut-graph.js";
import { changedGraph } from "../../graph/onnx/changed-graph.js";
import type { Graph } from "../../graph/onnx/graph.js";
import { inferShapes } from "../../graph/shapes/infer-shapes.js";
import type { GraphProto } from "../../graph/onnx/onnx.js";
import { tensorDims } from "../../graph/onnx/tensor.js";

/** A network in two: what stays as it is, and what is learned. */
export interface SplitGraph {
  /** Computes the values between the two; absent when the part that is learned begins at the input. */
  readonly frozen?: Graph;
  /** Values that the learned part reads: of the frozen part, or the network's input itself. */
  readonly between: readonly string[];
  /** Its inputs are the values between, and the named initializers. Its output is the named value. */
  readonly learned: Graph;
}

/**
 * Splits a network at what depends on some initializers.
 *
 * @param names initializers that become inputs
 * @param output the value that is wanted
 */
export function splitGraph(graph: Graph, names: readonly string[], output: string): SplitGraph {
  const wanted = withOutputs(graph, [output]);
  const open = withInitializersAsInputs(wanted, names);
  const downstream = new Set(names);
  for (const node of open.nodes) {
    if (node.input.some((name) => downstream.has(name))) for (const name of node.output) downstream.add(name);
  }
  const isLearned = (outputs: readonly string[]) => outputs.some((name) => downstream.has(name));
  const between = new Set<string>();
  for (const node of open.nodes) {
    if (!isLearned(node.output)) continue;
    for (const name of node.input) {
      if (name !== "" && !downstream.has(name) && !isConstant(open, name)) between.add(name);
    }
  }
  const computed = [...between].filter((name) => open.producer(name));
  const proto = open.model.graph as GraphProto;
  const given = new Set([...between, ...names]);
  const known = new Map(proto.input.map((info) => [info.name, info]));
  const shapes = inferShapes(wanted);
  const nodes = proto.node.filter(
    ({ output: outputs }) => isLearned(outputs) || outputs.every((name) => name === "" || isConstant(open, name)),
  );
  const learned = changedGraph(open, {
    node: nodes,
    input: [...given].map((name) => known.get(name) ?? makePort(name, shapes.get(name))),
    valueInfo: [],
  });
  return {
    ...(computed.length > 0 && { frozen: withOutputs(wanted, computed) }),
    between: [...between],
    learned,
  };
}

function withInitializersAsInputs(graph: Graph, names: readonly string[]): Graph {
  const proto = graph.model.graph as GraphProto;
  const ports = names.map((name) => makePort(name, tensorDims(graph.initializer(name)!)));
  return changedGraph(graph, {
    initializer: proto.initializer.filter(({ name }) => !names.includes(name)),
    input: [...proto.input.filter(({ name }) => !names.includes(name)), ...ports],
  });
}
