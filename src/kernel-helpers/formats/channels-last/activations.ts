import { float } from "../../graph/onnx/create-graph.js";
import { CamlabError } from "../../support/errors.js";
import type { GraphBuilder } from "../graph-builder.js";
import { binary, clip, softmax, unary } from "./arithmetic.js";
import type { Value } from "./value.js";

type Activation = (builder: GraphBuilder, input: Value, name: string) => Value;

const scalar = (value: number) => ({ shape: [], data: Float32Array.of(value) });
const simple =
  (operator: string): Activation =>
  (builder, input, name) =>
    unary(builder, operator, input, name);

/** x · f(x). */
const gated =
  (gate: Activation): Activation =>
  (builder, input, name) =>
    binary(builder, "Mul", input, gate(builder, input, `${name}/gate`), name);

const relu6: Activation = (builder, input, name) => clip(builder, input, 0, 6, name);

/** min(max(x + 3, 0), 6) / 6. */
const hardGate: Activation = (builder, input, name) =>
  unary(builder, "HardSigmoid", input, name, { alpha: float(1 / 6), beta: float(0.5) });

/** x Φ(x), Φ being the normal distribution. */
const gelu: Activation = (builder, input, name) => {
  const scaled = binary(builder, "Mul", input, scalar(Math.SQRT1_2), `${name}/scaled`);
  const shifted = binary(builder, "Add", unary(builder, "Erf", scaled, `${name}/erf`), scalar(1), `${name}/shifted`);
  const half = binary(builder, "Mul", input, scalar(0.5), `${name}/half`);
  return binary(builder, "Mul", half, shifted, name);
};

const ACTIVATIONS: ReadonlyMap<string, Activation> = new Map<string, Activation>([
  ["linear", (_, input) => input],
  ["relu", simple("Relu")],
  ["relu6", relu6],
  ["relun1to1", (builder, input, name) => clip(builder, input, -1, 1, name)],
  ["sigmoid", simple("Sigmoid")],
  ["hardsigmoid", simple("HardSigmoid")],
  ["hardgate", hardGate],
  ["tanh", simple("Tanh")],
  ["elu", simple("Elu")],
  ["selu", simple("Selu")],
  ["softplus", simple("Softplus")],
  ["softsign", simple("Softsign")],
  ["exponential", simple("Exp")],
  ["softmax", (builder, input, name) => softmax(builder, input, name)],
  ["swish", gated(simple("Sigmoid"))],
  ["silu", gated(simple("Sigmoid"))],
  ["hardswish", gated(hardGate)],
  ["hardsilu", gated(hardGate)],
  [
    "mish",
    gated((builder, input, name) => unary(builder, "Tanh", unary(builder, "Softplus", input, `${name}/plus`), name)),
  ],
  ["gelu", gelu],
]);

/**
 * An activation by its name in Keras or TF.js, whichever way that writes it: "relu6", "hard_sigmoid", "hardSigmoid".
 *
 * @throws CamlabError for one that is not known
 */
export function activate(builder: GraphBuilder, kind: string, input: Value, name: string): Value {
  const activation = ACTIVATIONS.get(kind.replaceAll("_", "").toLowerCase());
  if (activation) return activation(builder, input, name);
  throw new CamlabError(
    `"${name}" is activated by ${JSON.stringify(kind)}, which camlab does not know (it knows ${[...ACTIVATIONS.keys()].join(", ")})`,
  );
}
