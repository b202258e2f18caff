// Maps of a small network behind the pooling, M_c(x, y) = Σ_k w̄_k f_k(x, y) with w̄_k = ∫₀¹ ∂S_c/∂F_k (t F) dt.
//
// The sum over k is a directional derivative: with J(t F) the Jacobian of the scores,
//
//   M(x, y) = ∫₀¹ J(t F) · f(x, y) dt,
//
// so that all classes come from one pass forwards, with the maps at each place as tangents of the features, and no weights
// are made a class and a photo each. The last layer is linear and is applied once, to the integral of what it reads:
//
// - pooled maps: their maps;
// - an activation of a layer on pooled maps: the mean of its slope along the path, which has a closed form, times the
//   layer's maps;
// - anything else: Gauss's rule of 8 points on panels that lie closer together towards 0, where a normalisation bends.
import type { Emitter } from "../gradient/emitter.js";
import type { HeadNetwork } from "../head/gap-head.js";
import { matrixOf, type Atom, type Vector } from "../head/vectors.js";
import { inputsOf } from "../head/path/multiply.js";
import { activationNodes } from "./activation-nodes.js";
import type { MapSources } from "./map-sources.js";
import { Duals } from "./duals.js";
import { gaussPanels } from "./panels.js";

/**
 * Writes the maps of a small network behind the pooling, complete along the path from 0.
 *
 * @returns the name of a value of `N × rows × height × width`
 */
export function pathMaps(emit: Emitter, network: HeadNetwork, sources: MapSources, rows: readonly number[]): string {
  const { height, width } = sources;
  const { scores } = network;
  const duals = new Duals(emit, network, sources);
  const integrals = integralsOf(
    emit,
    duals,
    scores.terms.map(({ atom }) => atom),
  );
  const parts = scores.terms.map(({ atom, by }, i) => {
    const outputs = scores.size ?? 0;
    const inputs = inputsOf(by, atom, outputs);
    const matrix = matrixOf(by, outputs, inputs);
    const chosen = new Float32Array(rows.length * inputs);
    rows.forEach((row, at) => chosen.set(matrix.subarray(row * inputs, (row + 1) * inputs), at * inputs));
    return emit.matMul(emit.tensor([rows.length, inputs], chosen), integrals[i]);
  });
  const sum = parts.reduce((total, part) => emit.add(total, part));
  return emit.reshape(sum, [null, rows.length, height, width]);
}

/** ∫₀¹ of the tangent of each atom, `N × 1 × size × places`. */
function integralsOf(emit: Emitter, duals: Duals, atoms: readonly Atom[]): string[] {
  const known = atoms.map((atom) => closedForm(emit, duals, atom));
  const open = atoms.filter((_, i) => known[i] === undefined);
  if (open.length === 0) return known as string[];
  const sums = new Map<string, string>();
  for (const { t, weight, cell } of gaussPanels(emit, duals.bendsBelow(open))) {
    const at = duals.at(t, cell);
    for (const atom of open) {
      const panel = emit.sum(emit.mul(at.atom(atom).tangent, weight), [1]);
      const before = sums.get(atom.key);
      sums.set(atom.key, before === undefined ? panel : emit.add(before, panel));
    }
  }
  return atoms.map((atom, i) => known[i] ?? (sums.get(atom.key) as string));
}

function closedForm(emit: Emitter, duals: Duals, atom: Atom): string | undefined {
  if (atom.kind === "pool") return duals.pooled(atom).maps;
  if (atom.kind !== "activation" || !isPooled(atom.of)) return undefined;
  const { rise, maps } = duals.line(atom.of);
  const { meanSlope } = activationNodes(emit, atom.activation);
  const start = duals.bias(atom.of) ?? emit.mul(rise, 0);
  return emit.mul(meanSlope(start, rise), maps);
}

/** Whether a vector is linear in pooled maps. */
function isPooled({ terms }: Vector): boolean {
  return terms.every(({ atom }) => atom.kind === "pool");
}
