// What multiplies a vector, applied: forwards, and backwards to a gradient. Several vectors stand one behind the other.
import { eachOf, type Atom, type Multiplier, type Vector } from "../vectors.js";
import { PackedTranspose } from "./wasm/packed-transpose.js";
import { Products } from "./wasm/products.js";

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

/** A multiplier times vectors, `count × outputs`. */
export function applied(by: Multiplier, x: Float64Array, outputs: number, count = 1): Float64Array {
  if (by.kind === "dense") {
    if (by.outputs * by.inputs >= LARGE) return productsOf(by).multiply(x, count);
    return smallProducts(by, x, count);
  }
  const inputs = x.length / count;
  const sum = new Float64Array(count * outputs);
  const last = Math.min(inputs, outputs - by.offset);
  const scale = eachOf(by.scale, inputs);
  for (let v = 0; v < count; v++) {
    const to = v * outputs + by.offset;
    for (let k = 0; k < last; k++) sum[to + k] = scale[k] * x[v * inputs + k];
  }
  return sum;
}

/** The transpose of a multiplier times gradients, `count × inputs`. */
export function transposed(by: Multiplier, gradient: Float64Array, inputs: number, count = 1): Float64Array {
  if (by.kind === "dense" && by.outputs * by.inputs >= LARGE) return productsOf(by).multiplyTransposed(gradient, count);
  const outputs = gradient.length / count;
  const back = new Float64Array(count * inputs);
  for (let v = 0; v < count; v++) {
    const [to, from] = [v * inputs, v * outputs];
    if (by.kind === "scale") {
      const last = Math.min(inputs, outputs - by.offset);
      const scale = eachOf(by.scale, inputs);
      for (let k = 0; k < last; k++) back[to + k] = scale[k] * gradient[from + by.offset + k];
      continue;
    }
    for (let row = 0; row < outputs; row++) {
      const g = gradient[from + row];
      for (let k = 0, i = row * inputs; k < inputs; k++, i++) back[to + k] += g * by.data[i];
    }
  }
  return back;
}

/** A large matrix for products of its transpose with single gradients; undefined for other multipliers. */
export function packedOf(by: Multiplier): PackedTranspose | undefined {
  if (by.kind !== "dense" || by.outputs * by.inputs < LARGE) return undefined;
  let transpose = packed.get(by.data);
  if (!transpose) packed.set(by.data, (transpose = new PackedTranspose(by.data, by.outputs, by.inputs)));
  return transpose;
}

type Dense = Extract<Multiplier, { kind: "dense" }>;

/** Smaller matrices are not worth a copy in another memory. */
export const LARGE = 16384;

const known = new WeakMap<Float32Array, Products>();
const packed = new WeakMap<Float32Array, PackedTranspose>();

function productsOf({ data, outputs, inputs }: Dense): Products {
  let products = known.get(data);
  if (!products) known.set(data, (products = new Products(data, outputs, inputs)));
  return products;
}

function smallProducts({ data, outputs, inputs }: Dense, x: Float64Array, count: number): Float64Array {
  const products = new Float64Array(count * outputs);
  for (let v = 0, to = 0; v < count; v++) {
    for (let row = 0, i = 0; row < outputs; row++, to++) {
      let sum = 0;
      for (let k = v * inputs, end = k + inputs; k < end; k++, i++) sum += data[i] * x[k];
      products[to] = sum;
    }
  }
  return products;
}
