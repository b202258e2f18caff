import { changedGraph } from "../onnx/changed-graph.js";
import { makePort } from "../onnx/create-graph.js";
import type { Graph } from "../onnx/graph.js";
import type { GraphProto } from "../onnx/onnx.js";
import { changed } from "../onnx/messages.js";
import { Emitter, freePrefix } from "./emitter.js";
import { gradientOf } from "./gradient-of.js";

/** What `lossGradientOf` differentiates. */
export interface LossGradientOptions {
  /** The value of the class scores S. */
  readonly logits: string;
  readonly classes: number;
  /** `softmax`: −Σ_c t_c log softmax(S)_c; `sigmoid`: the mean over classes of −t log σ(S) − (1 − t) log(1 − σ(S)). */
  readonly loss: "softmax" | "sigmoid";
  /** Inputs of the graph: the weights that are learned. */
  readonly withRespectTo: readonly string[];
  /** Values that the new graph gives besides the scores and the gradients. */
  readonly outputs: readonly string[];
}

/** Inputs of a graph of `lossGradientOf`: t, pictures × classes, and one number, the share of each term of the loss in its mean. */
export const LOSS_INPUTS = { targets: "camlab_targets", share: "camlab_share" } as const;

const SEED = "camlab_seed";

/**
 * Appends to a network the gradient of its loss by its weights, written in ONNX operators, as `gradientOf` does for one of
 * its values: ∂L/∂S is (softmax(S) Σt − t) or (σ(S) − t), times the share.
 *
 * @throws CamlabError as `gradientOf`
 */
export function lossGradientOf(
  graph: Graph,
  { logits, classes, loss, withRespectTo, outputs }: LossGradientOptions,
): Graph {
  const whole = gradientOf(graph, { output: logits, withRespectTo, seed: SEED, outputs: [logits, ...outputs] });
  const emit = new Emitter(whole.opset, freePrefix(whole, "loss"));
  const { targets, share } = LOSS_INPUTS;
  const scores = emit.reshape(logits, [null, classes]);
  const found =
    loss === "softmax"
      ? emit.mul(emit.node("Softmax", [scores], { axis: 1 }), emit.sum(targets, [1]))
      : emit.node("Sigmoid", [scores]);
  const slope = emit.mul(emit.sub(found, targets), share);
  emit.node("Reshape", [slope, emit.node("Shape", [logits])]);
  const last = emit.nodes.length - 1;
  emit.nodes[last] = changed(emit.nodes[last], { output: [SEED], name: SEED });
  const proto = whole.model.graph as GraphProto;
  const at = proto.node.findIndex(({ output }) => output.includes(logits)) + 1;
  return changedGraph(whole, {
    node: [...proto.node.slice(0, at), ...emit.nodes, ...proto.node.slice(at)],
    initializer: [...proto.initializer, ...emit.initializers],
    input: [
      ...proto.input.filter(({ name }) => name !== SEED),
      makePort(targets, ["N", classes]),
      makePort(share, [1]),
    ],
  });
}
