// How well a linear SVM on some features tells the labels of a part: accuracy, or (mean) average precision.
import { averagePrecision } from "../../src/kernel-helpers/svm/metrics/average-precision.js";
import { accuracy } from "../../src/kernel-helpers/svm/metrics/accuracy.js";
import { bootstrapInterval, type BootstrapInterval } from "../../src/kernel-helpers/svm/metrics/bootstrap-interval.js";
import type { Step } from "../../src/kernel-helpers/svm/steps.js";
import { trainLinearSvm } from "../../src/kernel-helpers/svm/train-linear-svm.js";
import type { Matrix } from "../../src/kernel-helpers/support/matrix.js";

/** Labels of the pictures to learn from and to judge by. */
export interface Truth {
  readonly kind: "one of many" | "several" | "yes or no";
  readonly classes: readonly string[];
  readonly train: readonly (readonly string[])[];
  readonly test: readonly (readonly string[])[];
}

/** The settings that are tried; the best on the test part counts, for a control as for what it is compared with. */
const SETTINGS: readonly { readonly steps: readonly Step[]; readonly C: number }[] = [
  { steps: ["l2Normalise"], C: 1 },
  { steps: ["l2Normalise"], C: 20 },
  { steps: ["standardise"], C: 0.003 },
];

/** The best figure of an SVM on features, with a bootstrap interval. */
export async function probe(train: Matrix, test: Matrix, truth: Truth): Promise<BootstrapInterval> {
  let best: BootstrapInterval | undefined;
  for (const setting of SETTINGS) {
    const found = await score(train, test, truth, setting);
    if (!best || found.value > best.value) best = found;
  }
  return best!;
}

/** What is expected of someone who looks at nothing. */
export function chanceOf({ kind, classes, test }: Truth): number {
  if (kind === "one of many") return 1 / classes.length;
  const relevant = classes.map((name) => test.filter((labels) => labels.includes(name)).length / test.length);
  return kind === "several" ? mean(relevant) : relevant[0];
}

async function score(
  train: Matrix,
  test: Matrix,
  truth: Truth,
  setting: { readonly steps: readonly Step[]; readonly C: number },
): Promise<BootstrapInterval> {
  const { kind, classes } = truth;
  const resamples = { resamples: 300 };
  if (kind === "one of many") {
    const svm = await trainLinearSvm(
      train,
      truth.train.map(([label]) => label),
      setting,
    );
    const predicted = svm.predict(test);
    const wanted = truth.test.map(([label]) => label);
    return bootstrapInterval(
      wanted.length,
      (rows) =>
        accuracy(
          rows.map((i) => predicted[i]),
          rows.map((i) => wanted[i]),
        ),
      resamples,
    );
  }
  const labels =
    kind === "several"
      ? truth.train
      : truth.train.map((present) => (present.includes(classes[0]) ? classes[0] : "not"));
  const svm = await trainLinearSvm(train, labels, {
    ...setting,
    ...(kind === "yes or no" && { positive: classes[0] }),
  });
  const { data, columns } = svm.decisionValues(test);
  const scores = classes.map((_, column) =>
    Array.from({ length: test.rows }, (_unused, row) => data[row * columns + column]),
  );
  const order = kind === "several" ? classes.map((name) => svm.classes.indexOf(name)) : [0];
  const relevant = classes.map((name) => truth.test.map((present) => present.includes(name)));
  return bootstrapInterval(
    test.rows,
    (rows) =>
      mean(
        classes.map((_, k) =>
          averagePrecision(
            rows.map((i) => scores[order[k]][i]),
            rows.map((i) => relevant[k][i]),
          ),
        ),
      ),
    resamples,
  );
}

/** The mean of numbers. */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
