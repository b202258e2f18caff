import type { Tensor } from "@tensorflow/tfjs-core";
import { nodeLabel } from "../../graph/onnx/graph.js";
import type { NodeProto } from "../../graph/onnx/onnx.js";
import { CamlabError, messageOf } from "../../support/errors.js";
import { NodeInputs, type Op } from "./node-inputs.js";
import { OP_TABLE } from "./ops/op-table.js";
import type { Program, Step } from "./program.js";
import { shapeList } from "./shape-lists.js";
import { channelsFirst, plainValue, upload, type TensorValue, type Tf, type Value } from "./value.js";

/**
 * Runs a program on the backend that is set, and pauses after each node. Intermediate tensors are freed as soon as no
 * later node reads them, and all of them when it ends, fails or is abandoned.
 *
 * @param feeds the graph's inputs, in ONNX's order or as values that say how they lie; they stay the caller's
 * @param ops operators that are computed otherwise than the engine does, by their ONNX names
 * @returns the outputs in ONNX's order; they become the caller's
 * @throws CamlabError that names the node which failed
 */
export function* runProgram(
  tf: Tf,
  program: Program,
  feeds: ReadonlyMap<string, Tensor | TensorValue>,
  ops: Readonly<Record<string, Op>> = {},
): Generator<void, Map<string, Tensor>, void> {
  const values = new Map<string, Value>();
  const table = { ...OP_TABLE, ...ops };
  for (const [name, feed] of feeds) {
    const value = "kind" in feed ? feed : plainValue(feed);
    values.set(name, { ...value, tensor: tf.keep(tf.clone(value.tensor)) });
  }
  const valueOf = (name: string) => values.get(name) ?? program.constants.get(name);
  try {
    for (const step of program.steps) {
      const outputs = runStep(tf, table, program, step, valueOf);
      step.node.output.forEach((name, i) => {
        const output = outputs[i];
        if (name !== "" && output) values.set(name, output);
      });
      for (const name of step.lastReads) free(values, name);
      yield;
    }
    return new Map(program.outputs.map((name) => [name, plainOutput(tf, name, valueOf(name))]));
  } finally {
    for (const name of [...values.keys()]) free(values, name);
  }
}

function runStep(
  tf: Tf,
  table: Readonly<Record<string, Op>>,
  { opset }: Program,
  { node, prepared }: Step,
  valueOf: (name: string) => Value | undefined,
): readonly (Value | undefined)[] {
  const inputs = node.input.map((name) => inputOf(node, name, valueOf));
  try {
    const list = shapeList(node, opset, inputs);
    if (list) return [list];
    const op = table[node.opType];
    if (!op) throw new CamlabError("it is understood only where it computes shapes");
    return computed(tf, op, new NodeInputs(tf, tf.getBackend(), node, opset, inputs, prepared));
  } catch (error) {
    throw new CamlabError(`TF.js could not run the node "${nodeLabel(node)}" (${node.opType}): ${messageOf(error)}`);
  }
}

function inputOf(node: NodeProto, name: string, valueOf: (name: string) => Value | undefined): Value | undefined {
  if (name === "") return undefined;
  const value = valueOf(name);
  if (!value)
    throw new CamlabError(`the node "${nodeLabel(node)}" (${node.opType}) reads "${name}", which is not there`);
  return value;
}

/** Runs an operator; of all tensors that it makes, only the outputs that its node names stay. */
function computed(tf: Tf, op: Op, inputs: NodeInputs): (Value | undefined)[] {
  let kept: (Value | undefined)[] = [];
  tf.tidy(() => {
    const outputs = [op(inputs)].flat();
    kept = inputs.node.output.map((name, i): Value | undefined => {
      const value = outputs[i];
      if (name === "" || value?.kind !== "tensor") return value;
      // A clone shares the numbers: so an output that is an input too can be freed by itself.
      return { ...value, tensor: tf.keep(tf.clone(value.tensor)) };
    });
  });
  return kept;
}

function free(values: Map<string, Value>, name: string): void {
  const value = values.get(name);
  if (value?.kind === "tensor") value.tensor.dispose();
  values.delete(name);
}

function plainOutput(tf: Tf, name: string, value: Value | undefined): Tensor {
  if (!value) throw new CamlabError(`nothing computes the output "${name}"`);
  if (value.kind === "tensor") {
    return tf.tidy(() => tf.keep(value.channelsLast ? channelsFirst(tf, value.tensor) : tf.clone(value.tensor)));
  }
  return tf.tidy(() => tf.keep(upload(tf, value)));
}
