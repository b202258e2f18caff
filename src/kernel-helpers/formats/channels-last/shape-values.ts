import { CamlabError } from "../../support/errors.js";
import { isConstant, type Constant, type Operand } from "./value.js";

/** Stands for the number of pictures among numbers that a graph computes from shapes. */
const BATCH = -1;

/**
 * What a node computes of numbers that are known: shapes, their parts and what is put together of them. The number of
 * pictures, which is open, is −1 there, as a Reshape takes it.
 *
 * @returns undefined where the operator, or what it reads, is no such thing
 */
export function shapeValue(op: string, inputs: readonly Operand[]): Constant | undefined {
  if (op === "Shape") {
    const [value] = inputs;
    if (value === undefined) return undefined;
    return list(
      value.shape.map((dim, i) => (i === 0 && !isConstant(value) ? BATCH : typeof dim === "number" ? dim : BATCH)),
    );
  }
  const known = inputs.filter(isConstant);
  if (known.length !== inputs.length || known.length === 0 || known.some(({ data }) => data.length > 64))
    return undefined;
  const numbers = known.map(({ data }) => Array.from(data));
  switch (op) {
    case "StridedSlice": {
      const [from, begin, end, stride] = numbers;
      if (stride[0] !== 1 || begin.length !== 1)
        throw new CamlabError("it slices a shape in a way that camlab does not know");
      const last = end[0] === 0 ? from.length : end[0];
      const part = from.slice(begin[0], last);
      return part.length === 1 ? { shape: [], data: Int32Array.from(part) } : list(part);
    }
    case "Pack":
      return list(numbers.flat());
    case "ConcatV2":
      return list(numbers.slice(0, -1).flat());
    case "Prod":
      return {
        shape: [],
        data: Int32Array.of(numbers[0].some((size) => size === BATCH) ? BATCH : numbers[0].reduce((a, b) => a * b, 1)),
      };
    case "GatherV2":
      return list(numbers[1].map((i) => numbers[0][i] ?? 0));
    default:
      return undefined;
  }
}

function list(values: readonly number[]): Constant {
  return { shape: [values.length], data: Int32Array.from(values) };
}
