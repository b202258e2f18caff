import { classIndexOf } from "../../cam/class-index.js";
import type { GapHead } from "../../graph/head/gap-head.js";
import { CamlabError } from "../../support/errors.js";
import { rowOf } from "../../support/matrix.js";
import { LinearSvm } from "../../svm/linear-svm.js";

/** A unit, and what it is worth to a class. */
export interface RankedUnit {
  /** The channel's number, from 0. */
  readonly unit: number;
  /** w_k^c: negative when the unit speaks against the class. */
  readonly weight: number;
}

/** What weighs units: a network's own classifier, or a linear SVM on its features. */
export type UnitWeights = { readonly head: GapHead; readonly classes: readonly string[] } | LinearSvm;

/**
 * The units of the last feature maps by their weight for a class, w_k^c of S_c = Σ_k w_k^c F_k (the paper's
 * class-specific units): those that speak for it first, those that speak against it last. Of equal weights the lower
 * channel comes first.
 *
 * With layer normalisation between pooling and classifier (ConvNeXt) the weight is w_k less its mean over the
 * channels: what all photos share of the weights, up to a positive factor.
 *
 * @param weights a network, or a linear SVM trained on its features
 * @param className a class by name or index; of an SVM with two classes it may be left out
 * @throws CamlabError for a class that does not exist
 * @example
 * discover.rankUnits(network, "dog").slice(0, 5); // [{ unit: 17, weight: 2.31 }, …]
 * discover.rankUnits(detector, "kitchen");
 */
export function rankUnits(weights: UnitWeights, className?: string | number): RankedUnit[] {
  const values = weights instanceof LinearSvm ? svmWeights(weights, className) : headWeights(weights, className);
  return Array.from(values, (weight, unit) => ({ unit, weight })).sort((a, b) => b.weight - a.weight);
}

function svmWeights(svm: LinearSvm, className: string | number | undefined): Float32Array {
  return svm.weightsOf(
    className === undefined ? undefined : svm.classes[classIndexOf(svm.classes.map(String), className)],
  );
}

function headWeights(
  { head, classes }: { readonly head: GapHead; readonly classes: readonly string[] },
  className: string | number | undefined,
): Float32Array {
  if (className === undefined) throw new CamlabError(`name a class: this network has ${classes.length}`);
  const columns = head.featureMaps.channels;
  if (head.weights.length === 0) {
    throw new CamlabError(
      `the units of this network have no weights that are the same for every photo (${head.summary}): train a linear SVM on ` +
        "its features and give that instead",
    );
  }
  const matrix = { rows: head.logits.classes, columns, data: head.weights };
  const raw = rowOf(matrix, classIndexOf(classes, className));
  if (head.normalisation?.kind !== "layer") return raw;
  const mean = raw.reduce((sum, w) => sum + w, 0) / columns;
  return raw.map((w) => w - mean);
}
