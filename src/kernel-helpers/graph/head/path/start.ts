import type { ActivationFunction } from "../activations.js";
import { quickFunction } from "../quick-activation.js";
import { eachOf, type Atom } from "../vectors.js";
import { sizeOf } from "./multiply.js";

export type ActivationAtom = Extract<Atom, { kind: "activation" }>;

/** What is the same for all photos of a layer of units: where they start, and their values there. */
export interface Start {
  readonly act: ActivationFunction;
  readonly bias: Float64Array;
  readonly values: Float64Array;
}

const starts = new WeakMap<ActivationAtom, Start>();

export function startOf(atom: ActivationAtom): Start {
  let start = starts.get(atom);
  if (!start) {
    const act = quickFunction(atom.activation);
    const bias = eachOf(atom.of.bias ?? 0, sizeOf(atom.of));
    starts.set(atom, (start = { act, bias, values: bias.map(act.value) }));
  }
  return start;
}
