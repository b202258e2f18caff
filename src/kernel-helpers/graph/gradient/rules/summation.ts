import { textAttribute } from "../../onnx/attributes.js";
import { refused, type GradientRule } from "../step.js";

/** The gradient of Einstein's sums of one or two operands: another such sum, of the gradient and the other operand. */
export const SUMMATION_RULES: Readonly<Record<string, GradientRule>> = {
  Einsum: ({ emit, gradient, node, wants }) => {
    const [terms, result] = partsOf(textAttribute(node, "equation", ""));
    const isPlain = [...terms, result].every((term) => /^[A-Za-z]+$/.test(term) && new Set(term).size === term.length);
    if (!isPlain || terms.length !== node.input.length || terms.length > 2) {
      throw refused(node, "of such sums those of one or two operands are known, each letter once in each");
    }
    return terms.map((term, i) => {
      if (!wants(i)) return undefined;
      const other = terms.length === 2 ? 1 - i : undefined;
      const known = result + (other === undefined ? "" : terms[other]);
      if ([...term].some((letter) => !known.includes(letter))) throw refused(node, "it sums over an axis of one alone");
      const [from, inputs] =
        other === undefined ? [result, [gradient]] : [`${result},${terms[other]}`, [gradient, node.input[other]]];
      return emit.node("Einsum", inputs, { equation: `${from}->${term}` });
    });
  },
};

/** The operands' letters and the result's: those that stand once, in the order of the alphabet, where none is written. */
function partsOf(equation: string): [terms: readonly string[], result: string] {
  const [left, right] = equation.replaceAll(" ", "").split("->");
  const letters = [...left.replaceAll(",", "")];
  const once = letters
    .filter((letter) => letters.indexOf(letter) === letters.lastIndexOf(letter))
    .sort()
    .join("");
  return [left.split(","), right ?? once];
}
