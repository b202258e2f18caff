import { CamlabError } from "../../support/errors.js";
import { activate } from "../channels-last/activations.js";
import { binary } from "../channels-last/arithmetic.js";
import { isConstant, type Operand, type Value } from "../channels-last/value.js";
import type { GraphBuilder } from "../graph-builder.js";
import { fieldsOf, textIn, type Fields } from "./fields.js";

const OF_TWO: Readonly<Record<string, string>> = {
  add: "Add",
  sub: "Sub",
  subtract: "Sub",
  mul: "Mul",
  multiply: "Mul",
  div: "Div",
  divide: "Div",
  truediv: "Div",
  truedivide: "Div",
  maximum: "Max",
  minimum: "Min",
};
const OF_ONE = ["relu", "relu6", "sigmoid", "tanh", "silu", "swish", "selu", "softplus", "softsign", "softmax"];

/**
 * Arithmetic and activations that a model uses without a layer: `x * 0.5 + y`, `relu6(x)`.
 *
 * @throws CamlabError for an operation that is not known
 */
export function operation(builder: GraphBuilder, layer: Fields, operands: readonly Operand[], name: string): Value {
  const given = textIn(fieldsOf(layer.config), "function", textIn(layer, "class_name", ""));
  const kind = given.split(".").at(-1)!.replaceAll("_", "").toLowerCase();
  const [first, second, third] = operands;
  if (third === undefined && first !== undefined) {
    if (second !== undefined && Object.hasOwn(OF_TWO, kind)) return binary(builder, OF_TWO[kind], first, second, name);
    if (second === undefined && !isConstant(first) && OF_ONE.includes(kind))
      return activate(builder, kind, first, name);
  }
  throw new CamlabError(
    `the operation "${name}" is ${JSON.stringify(given)} of ${operands.length} values, which camlab does not know ` +
      `(it knows ${[...Object.keys(OF_TWO), ...OF_ONE].join(", ")})`,
  );
}
