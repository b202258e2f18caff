import type { LossKind } from "./loss-kind.js";
import type { ValidationFigures } from "./training-events.js";

/**
 * Judges scores: accuracy for one class an image, mean average precision for several.
 *
 * @param logits images × classes
 * @param truth the classes of each image, as indices
 * @param loss the mean loss of those images
 */
export function validationFigures(
  kind: LossKind,
  logits: Float32Array,
  truth: readonly (readonly number[])[],
  loss: number,
): ValidationFigures {
  const classes = logits.length / truth.length;
  if (kind === "softmax") {
    const right = truth.filter(([wanted], row) => highest(logits, row * classes, classes) === wanted).length;
    return { loss, accuracy: right / truth.length };
  }
  const precisions = Array.from({ length: classes }, (_, index) => precisionOf(logits, truth, classes, index));
  const known = precisions.filter((value): value is number => value !== undefined);
  return { loss, meanAveragePrecision: known.reduce((sum, value) => sum + value, 0) / Math.max(1, known.length) };
}

function highest(logits: Float32Array, start: number, classes: number): number {
  let best = 0;
  for (let c = 1; c < classes; c++) if (logits[start + c] > logits[start + best]) best = c;
  return best;
}

/** Σ over thresholds of precision × rise in recall; images of one score enter together. Absent without a positive. */
function precisionOf(logits: Float32Array, truth: readonly (readonly number[])[], classes: number, index: number) {
  const rows = truth.map((list, row) => ({ score: logits[row * classes + index], relevant: list.includes(index) }));
  const positives = rows.filter(({ relevant }) => relevant).length;
  if (positives === 0) return undefined;
  rows.sort((a, b) => b.score - a.score);
  let found = 0;
  let counted = 0;
  let sum = 0;
  rows.forEach(({ score, relevant }, rank) => {
    if (relevant) found++;
    if (rank + 1 < rows.length && rows[rank + 1].score === score) return;
    sum += ((found - counted) / positives) * (found / (rank + 1));
    counted = found;
  });
  return sum;
}
