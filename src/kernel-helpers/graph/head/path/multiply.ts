// What multiplies a vector, applied: forwards, and backwards to a gradient.
import { at, type Atom, type Multiplier, type Vector } from "../vectors.js";

/** The length of a vector. */
export function sizeOf(vector: Vector): number {
  if (vector.size !== undefined) return vector.size;
  const [first] = vector.terms;
  return first.by.kind === "dense" ? first.by.outputs : (first.atom.size ?? 0);
}

/** The length of what a multiplier reads. */
export function inputsOf(by: Multiplier, atom: Atom, outputs: number): number {
  return by.kind === "dense" ? by.inputs : (atom.size ?? outputs);
}

/** A multiplier times a vector. */
export function applied(by: Multiplier, x: Float64Array, outputs: number): Float64Array {
  const sum = new Float64Array(outputs);
  add(sum, by, x);
  return sum;
}

/** Adds a multiplier times a vector. */
export function add(sum: Float64Array, by: Multiplier, x: Float64Array): void {
  if (by.kind === "scale") {
    for (let k = 0; k < x.length && by.offset + k < sum.length; k++) sum[by.offset + k] += at(by.scale, k) * x[k];
    return;
  }
  const { outputs, inputs, data } = by;
  for (let row = 0, i = 0; row < outputs; row++) {
    let [a, b, c, d] = [0, 0, 0, 0];
    const end = i + inputs - (inputs % 4);
    let k = 0;
    for (; i < end; i += 4, k += 4) {
      a += data[i] * x[k];
      b += data[i + 1] * x[k + 1];
      c += data[i + 2] * x[k + 2];
      d += data[i + 3] * x[k + 3];
    }
    for (; k < inputs; i++, k++) a += data[i] * x[k];
    sum[row] += a + b + c + d;
  }
}

/** The transpose of a multiplier times a vector; rows whose number is 0 cost nothing. */
export function transposed(by: Multiplier, gradient: Float64Array, inputs: number): Float64Array {
  const back = new Float64Array(inputs);
  if (by.kind === "scale") {
    for (let k = 0; k < inputs && by.offset + k < gradient.length; k++)
      back[k] = at(by.scale, k) * gradient[by.offset + k];
    return back;
  }
  for (let row = 0; row < by.outputs; row++) {
    const g = gradient[row];
    if (g === 0) continue;
    const from = row * by.inputs;
    for (let k = 0; k < by.inputs; k++) back[k] += g * by.data[from + k];
  }
  return back;
}
