import { classIndexOf } from "../../cam/class-index.js";
import { classWeightsFor, scoreOffsetFor } from "../../graph/head/class-weights.js";
import type { GapHead } from "../../graph/head/gap-head.js";
import { CamlabError } from "../../support/errors.js";
import { type Matrix, matrixOf, rowOf } from "../../support/matrix.js";
import { LinearSvm } from "../../svm/linear-svm.js";
import type { UnitWeights } from "./rank-units.js";

/** Class scores from pooled features alone. */
export interface ClassScores {
  readonly classes: readonly string[];
  /** Which class, by name or index. */
  readonly indexOf: (className: string | number) => number;
  /** @returns one row a photo, one column a class */
  readonly scores: (features: Matrix) => Matrix;
  /**
   * w_k^c, unit by unit: `channels × classes`. There when scores are linear in F with the same weights for all photos:
   * then a silent unit takes w_k^c F_k away and leaves all else as it was.
   */
  readonly byUnit?: Float32Array;
}

/**
 * Class scores as the function of GAP features that they are: S_c = Σ_k w_k^c F_k + b_c, so with F_k set to 0 they are
 * exactly what the network, or the SVM, would say were unit k silent.
 *
 * @throws CamlabError for a head with an activation between classifier and pooling: its scores are no function of F
 */
export function classScoresOf(weights: UnitWeights): ClassScores {
  return weights instanceof LinearSvm ? svmScores(weights) : headScores(weights.head, weights.classes);
}

function headScores(head: GapHead, classes: readonly string[]): ClassScores {
  if (head.form === "classify-then-pool" && head.activation) {
    throw new CamlabError(
      `scores of this network are no function of its pooled features: a ${head.activation.kind} stands between classifier ` +
        `and pooling (${head.summary}). Train a linear SVM on its features and give that instead`,
    );
  }
  const { channels } = head.featureMaps;
  const columns = head.logits.classes;
  const { normalisation, weights } = head;
  return {
    classes,
    indexOf: (name) => classIndexOf(classes, name),
    scores: (features) => {
      if (features.columns !== channels)
        throw new CamlabError(`the features have ${features.columns} channels, but the network's head has ${channels}`);
      const data = new Float32Array(features.rows * columns);
      for (let row = 0; row < features.rows; row++) {
        const vector = rowOf(features, row);
        const folded = classWeightsFor(head, "all", vector);
        for (let c = 0; c < columns; c++) {
          let sum = scoreOffsetFor(head, c, vector);
          for (let k = 0; k < channels; k++) sum += folded[c * channels + k] * vector[k];
          data[row * columns + c] = sum;
        }
      }
      return { rows: features.rows, columns, data };
    },
    ...(!normalisation && { byUnit: turned(weights, columns, channels) }),
  };
}

function turned(weights: Float32Array, rows: number, columns: number): Float32Array {
  const data = new Float32Array(weights.length);
  for (let i = 0; i < data.length; i++) data[i] = weights[(i % rows) * columns + Math.floor(i / rows)];
  return data;
}

function svmScores(svm: LinearSvm): ClassScores {
  const classes = svm.classes.map(String);
  return {
    classes,
    indexOf: (name) => classIndexOf(classes, name),
    scores: (features) => {
      const values = svm.decisionValues(features);
      if (svm.kind !== "binary") return values;
      return matrixOf(Array.from({ length: values.rows }, (_, row) => [-rowOf(values, row)[0], rowOf(values, row)[0]]));
    },
  };
}
