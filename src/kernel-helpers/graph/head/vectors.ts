// The tail of a network as algebra: vectors of one photo that are linear in a few others, its atoms.
import type { Numbers } from "../onnx/tensor.js";
import type { Activation } from "./activations.js";
import type { FoundPooling } from "./pooling.js";
import type { Refused } from "./refused.js";

/** A vector that others are made of: pooled maps, or what a step that is not linear makes of a vector. */
export type Atom =
  | { readonly kind: "pool"; readonly key: string; readonly size: number | undefined; readonly pooling: FoundPooling }
  | {
      /**
       * `layer`: (x − mean x) / √(mean (x − mean x)² + ε); `rms`: x / √(mean x² + ε); `variance`: x over the deviation of
       * `layer`.
       */
      readonly kind: "norm";
      readonly key: string;
      readonly size: number | undefined;
      readonly norm: NormKind;
      readonly epsilon: number;
      readonly of: Vector;
      readonly input?: string;
    }
  | {
      readonly kind: "activation";
      readonly key: string;
      readonly size: number | undefined;
      readonly activation: Activation;
      readonly of: Vector;
      /** The graph's own value that is `of`, photos first. */
      readonly input?: string;
    }
  | {
      readonly kind: "product";
      readonly key: string;
      readonly size: number | undefined;
      readonly of: readonly [Vector, Vector];
    };

/** What a normalisation takes off, and what it divides by. */
export type NormKind = "layer" | "rms" | "variance";

/** One number for all, or a number each. */
export type Factor = Numbers | number;

/** What multiplies an atom: a matrix, or a scaling of each of its numbers, which then stand from `offset` on. */
export type Multiplier =
  | { readonly kind: "scale"; readonly offset: number; readonly scale: Factor }
  | { readonly kind: "dense"; readonly outputs: number; readonly inputs: number; readonly data: Float32Array };

/** Σ multiplier · atom + bias, of one photo. */
export interface Vector {
  readonly size: number | undefined;
  readonly terms: readonly { readonly atom: Atom; readonly by: Multiplier }[];
  readonly bias?: Float64Array | number;
  /** What the last linear layer is called. */
  readonly label?: string;
  /** Whether quantised numbers were rounded on the way. */
  readonly rounds?: boolean;
}

/** A vector of one photo, and where in the value's shape the photos lie: `null` where one fixed photo has no axis. */
export interface Expressed {
  readonly vector: Vector;
  readonly photos: number | null;
}

/** A linear layer. */
export interface Linear {
  readonly weights: Float32Array;
  readonly outputs: number;
  readonly inputs: number;
  readonly bias?: ArrayLike<number>;
  readonly label: string;
}

/** Each vector that leads to one, itself among them, once. */
export function* vectorsBelow(vector: Vector): Generator<Vector> {
  const seen = new Set<Vector>();
  const waiting = [vector];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    yield next;
    for (const { atom } of next.terms) {
      if (atom.kind === "product") waiting.push(...atom.of);
      else if (atom.kind !== "pool") waiting.push(atom.of);
    }
  }
}

/** The vector that is an atom itself. */
export function atomVector(atom: Atom): Vector {
  return { size: atom.size, terms: [{ atom, by: { kind: "scale", offset: 0, scale: 1 } }] };
}

/** s ⊙ v + t. */
export function scaled(vector: Vector, scale: Factor, shift: Factor): Vector | Refused {
  const size = sizeWith(vector.size, scale, shift);
  if (size === "mismatch") return mismatch(lengthOf(scale) ?? lengthOf(shift) ?? 0, vector.size);
  const terms = vector.terms.map(({ atom, by }) => ({ atom, by: scaledMultiplier(by, scale, atom.size ?? size) }));
  return { ...vector, size, terms, ...biasFrom(plus(times(vector.bias ?? 0, scale), shift)) };
}

/** W v + b. */
export function multiplied(vector: Vector, { weights, outputs, inputs, bias, label }: Linear): Vector | Refused {
  const size = vector.size ?? inputs;
  if (size !== inputs) return mismatch(inputs, size);
  const dense = { kind: "dense" as const, outputs, inputs, data: weights };
  const terms = vector.terms.map(({ atom, by }) => ({ atom, by: product(dense, by, atom.size ?? inputs) }));
  const sum = new Float64Array(outputs);
  if (vector.bias !== undefined) {
    for (let c = 0; c < outputs; c++) {
      for (let k = 0; k < inputs; k++) sum[c] += weights[c * inputs + k] * at(vector.bias, k);
    }
  }
  if (bias) for (let c = 0; c < outputs; c++) sum[c] += bias[bias.length === 1 ? 0 : c];
  const has = bias !== undefined || vector.bias !== undefined;
  return { size: outputs, terms, ...(has && { bias: sum }), label, ...(vector.rounds && { rounds: true }) };
}

/** a + b, terms of the same atom joined. */
export function added(a: Vector, b: Vector): Vector | Refused {
  const size = a.size ?? b.size;
  if (b.size !== undefined && b.size !== size) return mismatch(b.size, size);
  const terms = [...a.terms];
  for (const term of b.terms) {
    const twin = terms.findIndex(({ atom }) => atom.key === term.atom.key);
    if (twin < 0) {
      terms.push(term);
      continue;
    }
    const same = terms[twin].by.kind === "scale" && term.by.kind === "scale";
    if (!same && (size === undefined || term.atom.size === undefined)) {
      return { refused: "two vectors of unknown length are added" };
    }
    terms[twin] = { atom: term.atom, by: sum(terms[twin].by, term.by, term.atom.size ?? 0, size ?? 0) };
  }
  return {
    size,
    terms,
    ...(a.bias === undefined && b.bias === undefined ? {} : biasFrom(plus(a.bias ?? 0, b.bias ?? 0))),
    ...labels(a, b),
    ...((a.rounds || b.rounds) && { rounds: true }),
  };
}

function labels(a: Vector, b: Vector): { label?: string } {
  const names = [...new Set([a.label, b.label].filter((label) => label !== undefined))];
  return names.length > 0
    ? { label: names.length > 2 || names.join().length > 120 ? `${names[0]} + …` : names.join(" + ") }
    : {};
}

/** One vector behind the other. */
export function joined(vectors: readonly Vector[]): Vector | Refused {
  const sizes = vectors.map(({ size }) => size);
  if (sizes.some((size) => size === undefined)) return { refused: "vectors of unknown length are joined" };
  const size = (sizes as number[]).reduce((a, b) => a + b, 0);
  let result: Vector = { size, terms: [] };
  let offset = 0;
  for (const vector of vectors) {
    const terms = vector.terms.map(({ atom, by }) => ({ atom, by: moved(by, offset, size) }));
    const bias = new Float64Array(size);
    for (let i = 0; i < (vector.size ?? 0); i++) bias[offset + i] = at(vector.bias ?? 0, i);
    const next = added(result, { ...vector, size, terms, ...(vector.bias !== undefined && { bias }) });
    if ("refused" in next) return next;
    result = next;
    offset += vector.size ?? 0;
  }
  return result;
}

/** Whether a vector is one atom and nothing else. */
export function isPure({ terms, bias }: Vector): boolean {
  return terms.length === 1 && bias === undefined && isIdentity(terms[0].by);
}

/** Whether a multiplier leaves its atom as it is. */
export function isIdentity(by: Multiplier): boolean {
  return by.kind === "scale" && by.offset === 0 && by.scale === 1;
}

/** A multiplier as a matrix of `outputs × inputs`. */
export function matrixOf(by: Multiplier, outputs: number, inputs: number): Float32Array {
  if (by.kind === "dense") return by.data;
  const data = new Float32Array(outputs * inputs);
  for (let k = 0; k < inputs && by.offset + k < outputs; k++) data[(by.offset + k) * inputs + k] = at(by.scale, k);
  return data;
}

/** The number of a factor at a place. */
export function at(factor: Factor, index: number): number {
  return typeof factor === "number" ? factor : factor[factor.length === 1 ? 0 : index];
}

/** All numbers of a factor: its own memory where they already stand there. */
export function eachOf(factor: Factor, size: number): Float64Array {
  if (factor instanceof Float64Array && factor.length === size) return factor;
  const each = new Float64Array(size);
  if (typeof factor === "number" || factor.length === 1) return each.fill(at(factor, 0));
  for (let k = 0; k < size; k++) each[k] = factor[k];
  return each;
}

export const times = (a: Factor, b: Factor): Factor => combine(a, b, (x, y) => x * y);
export const plus = (a: Factor, b: Factor): Factor => combine(a, b, (x, y) => x + y);

function combine(a: Factor, b: Factor, compute: (a: number, b: number) => number): Factor {
  if (typeof a === "number" && typeof b === "number") return compute(a, b);
  const length = Math.max(typeof a === "number" ? 1 : a.length, typeof b === "number" ? 1 : b.length);
  return Float64Array.from({ length }, (_, i) => compute(at(a, i), at(b, i)));
}

function biasFrom(factor: Factor): { bias?: Float64Array | number } {
  if (factor === 0) return {};
  return { bias: typeof factor === "number" ? factor : Float64Array.from(factor) };
}

function lengthOf(factor: Factor): number | undefined {
  return typeof factor === "number" || factor.length === 1 ? undefined : factor.length;
}

function sizeWith(size: number | undefined, ...factors: readonly Factor[]): number | undefined | "mismatch" {
  let known = size;
  for (const factor of factors) {
    const length = lengthOf(factor);
    if (length === undefined) continue;
    if (known !== undefined && known !== length) return "mismatch";
    known = length;
  }
  return known;
}

function scaledMultiplier(by: Multiplier, scale: Factor, size: number | undefined): Multiplier {
  if (scale === 1) return by;
  if (by.kind === "scale") {
    const from = by.offset;
    const here =
      typeof scale === "number" || scale.length === 1 || size === undefined ? scale : scale.subarray(from, from + size);
    return { ...by, scale: times(by.scale, here) };
  }
  const { inputs, outputs } = by;
  const data = by.data.slice();
  for (let c = 0; c < outputs; c++) {
    const factor = at(scale, c);
    if (factor !== 1) for (let i = c * inputs; i < (c + 1) * inputs; i++) data[i] *= factor;
  }
  return { ...by, data };
}

function product(outer: Multiplier & { kind: "dense" }, inner: Multiplier, atomSize: number): Multiplier {
  const { outputs, inputs: middle, data } = outer;
  if (inner.kind === "scale") {
    // A copy: what is computed along a path is kept by the multiplier, and one layer may read several atoms.
    if (isIdentity(inner) && atomSize === middle) return { ...outer };
    const columns = new Float32Array(outputs * atomSize);
    for (let c = 0; c < outputs; c++) {
      for (let k = 0; k < atomSize; k++) {
        columns[c * atomSize + k] = data[c * middle + inner.offset + k] * at(inner.scale, k);
      }
    }
    return { kind: "dense", outputs, inputs: atomSize, data: columns };
  }
  const { inputs } = inner;
  const result = new Float32Array(outputs * inputs);
  const row = new Float64Array(inputs);
  for (let c = 0; c < outputs; c++) {
    row.fill(0);
    for (let m = 0; m < middle; m++) {
      const a = data[c * middle + m];
      if (a !== 0) for (let k = 0; k < inputs; k++) row[k] += a * inner.data[m * inputs + k];
    }
    result.set(row, c * inputs);
  }
  return { kind: "dense", outputs, inputs, data: result };
}

function sum(a: Multiplier, b: Multiplier, inputs: number, outputs: number): Multiplier {
  if (a.kind === "scale" && b.kind === "scale" && a.offset === b.offset) return { ...a, scale: plus(a.scale, b.scale) };
  const [one, two] = [matrixOf(a, outputs, inputs), matrixOf(b, outputs, inputs)];
  return { kind: "dense", outputs, inputs, data: one.map((w, i) => w + two[i]) };
}

function moved(by: Multiplier, offset: number, size: number): Multiplier {
  if (by.kind === "scale") return { ...by, offset: by.offset + offset };
  const data = new Float32Array(size * by.inputs);
  data.set(by.data, offset * by.inputs);
  return { kind: "dense", outputs: size, inputs: by.inputs, data };
}

function mismatch(expected: number, given: number | undefined): Refused {
  return { refused: `the classifier reads ${expected} numbers a photo, but gets ${given ?? "another number"}` };
}
