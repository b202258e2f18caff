// Weights of a small network behind the pooling, complete along the straight path from 0 to the features:
//
//   w̄_k = ∫₀¹ ∂S_c/∂F_k (t F) dt,   so that   Σ_k w̄_k F_k = S_c(F) − S_c(0)
//
// by the chain rule along the path (Aumann-Shapley values; integrated gradients of Sundararajan et al. 2017 for a baseline
// of 0). Along the path a linear layer on the features is t·(W F) + b, so everything that is learned of the first layer is
// needed once, not once a step. Where one layer of activations follows, the integral has a closed form:
//
//   ∫₀¹ act′(t a + b) dt = (act(a + b) − act(b)) / a.
//
// Else it is computed by Gauss's rule of 8 points, on panels that are halved until each agrees with the difference of the
// scores at its ends.
import { activationFunction } from "../activations.js";
import type { GapHead, HeadNetwork } from "../gap-head.js";
import { at, vectorsBelow, type Vector } from "../vectors.js";
import { Gathered } from "./gathered.js";
import { inputsOf, sizeOf, transposed } from "./multiply.js";
import { Ray, type PoolAtom } from "./ray.js";
import { GAUSS } from "../../gauss.js";

/** Weights of one class for one photo, and how far their sum is from what it should be. */
export interface PathWeights {
  readonly weights: Float32Array;
  /** S_c(F) − S_c(0) − Σ_k w̄_k F_k. */
  readonly residual: number;
}

/** S_c(0): what a score holds that belongs to no place. */
export function scoreAtZero(network: HeadNetwork, classIndex: number): number {
  let known = atZero.get(network);
  if (!known) atZero.set(network, (known = new Map<number, number>()));
  let score = known.get(classIndex);
  if (score === undefined) {
    const channels = channelsOf(network);
    score = new Ray(network, new Float64Array(channels)).forward(rowOf(network.scores, classIndex), 1).score;
    known.set(classIndex, score);
  }
  return score;
}

const atZero = new WeakMap<HeadNetwork, Map<number, number>>();
/** What is the same for all classes of a photo. */
const rays = new WeakMap<ArrayLike<number>, { readonly network: HeadNetwork; readonly ray: Ray }>();

/**
 * The weights of one class for one photo.
 *
 * @param features the photo's pooled features F
 * @param along `path` for weights that are complete, `gradient` for the plain gradient at F
 */
export function pathWeights(
  { network, featureMaps }: Pick<GapHead, "featureMaps"> & { readonly network: HeadNetwork },
  classIndex: number,
  features: Float32Array,
  along: "path" | "gradient" = "path",
): PathWeights {
  const known = rays.get(features);
  const ray = known?.network === network && known.ray.isOf(features) ? known.ray : new Ray(network, features);
  rays.set(features, { network, ray });
  const scores = rowOf(network.scores, classIndex);
  const gathered = new Gathered(ray, featureMaps.channels);
  const total = ray.forward(scores, 1).score - ray.forward(scores, 0).score;
  if (along === "gradient") {
    for (const part of ray.gradient(scores, 1).parts) gathered.add(part, 1, 1);
  } else if (!closedForm(ray, scores, gathered)) integrate(ray, scores, gathered, Math.abs(total));
  const weights = gathered.weights();
  let sum = 0;
  for (let k = 0; k < weights.length; k++) sum += weights[k] * features[k];
  return { weights, residual: total - sum };
}

const TOLERANCE = 1e-6;
const SMALLEST_PANEL = 2 ** -40;
const MOST_PANELS = 128;

function integrate(ray: Ray, scores: Vector, gathered: Gathered, size: number): void {
  const scale = Math.max(size, 1e-12);
  const waiting: [number, number][] = ray
    .breaks()
    .map((end, i, all): [number, number] => [i === 0 ? 0 : all[i - 1], end])
    .reverse();
  let panels = 0;
  for (let panel = waiting.pop(); panel; panel = waiting.pop()) {
    const [from, to] = panel;
    const width = to - from;
    const trial = GAUSS.map(([x, w]) => {
      const t = from + x * width;
      return { t, share: w * width, ...ray.gradient(scores, t) };
    });
    const rise = trial.reduce((sum, { share, slope }) => sum + share * slope, 0);
    const wanted = ray.forward(scores, to).score - ray.forward(scores, from).score;
    panels++;
    if (
      Math.abs(rise - wanted) > TOLERANCE * scale &&
      width > SMALLEST_PANEL &&
      panels + waiting.length < MOST_PANELS
    ) {
      const middle = (from + to) / 2;
      waiting.push([middle, to], [from, middle]);
      continue;
    }
    for (const { t, share, parts } of trial) for (const part of parts) gathered.add(part, t, share);
  }
}

/** The integral where it has a closed form: pooled features → linear → activation → linear. */
function closedForm(ray: Ray, scores: Vector, gathered: Gathered): boolean {
  const simple = scores.terms.every(({ atom }) => {
    if (atom.kind === "pool") return true;
    return atom.kind === "activation" && atom.of.terms.every((term) => term.atom.kind === "pool");
  });
  if (!simple) return false;
  for (const { atom, by } of scores.terms) {
    if (atom.kind === "pool") {
      gathered.add({ by, atom, inputs: inputsOf(by, atom, 1), gradient: Float64Array.of(1) }, 1, 1);
      continue;
    }
    if (atom.kind !== "activation") return false;
    const { value, slope } = activationFunction(atom.activation);
    const size = sizeOf(atom.of);
    const [start, end] = [0, 1].map((t) => ray.forward(atom.of, t).vectors.get(atom.of) as Float64Array);
    const back = transposed(by, Float64Array.of(1), inputsOf(by, atom, 1));
    const gradient = new Float64Array(size);
    for (let i = 0; i < size; i++) {
      if (back[i] === 0) continue;
      const rise = end[i] - start[i];
      const mean = Math.abs(rise) < 1e-9 ? slope(start[i] + rise / 2) : (value(end[i]) - value(start[i])) / rise;
      gradient[i] = back[i] * mean;
    }
    for (const term of atom.of.terms) {
      const inner = term.atom as PoolAtom;
      gathered.add({ by: term.by, atom: inner, inputs: inputsOf(term.by, inner, size), gradient }, 1, 1);
    }
  }
  return true;
}

/** Only the row of one class of a vector. */
function rowOf(vector: Vector, row: number): Vector {
  let rows = rowsOf.get(vector);
  if (!rows) rowsOf.set(vector, (rows = new Map<number, Vector>()));
  const known = rows.get(row);
  if (known) return known;
  const terms = vector.terms.flatMap(({ atom, by }) => {
    if (by.kind === "dense") {
      const data = by.data.subarray(row * by.inputs, (row + 1) * by.inputs);
      return [{ atom, by: { kind: "dense" as const, outputs: 1, inputs: by.inputs, data } }];
    }
    const from = row - by.offset;
    const size = atom.size ?? vector.size ?? 0;
    if (from < 0 || from >= size) return [];
    const data = new Float32Array(size);
    data[from] = at(by.scale, from);
    return [{ atom, by: { kind: "dense" as const, outputs: 1, inputs: size, data } }];
  });
  const made: Vector = { size: 1, terms, bias: at(vector.bias ?? 0, row) };
  rows.set(row, made);
  return made;
}

const rowsOf = new WeakMap<Vector, Map<number, Vector>>();

function channelsOf({ scores, offsets }: HeadNetwork): number {
  let channels = 0;
  for (const { size, terms } of vectorsBelow(scores)) {
    for (const { atom, by } of terms) {
      if (atom.kind !== "pool") continue;
      const length = by.kind === "dense" ? by.inputs : (atom.size ?? size ?? 0);
      channels = Math.max(channels, (offsets.get(atom.key) ?? 0) + length);
    }
  }
  return channels;
}
