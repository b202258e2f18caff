import { readFileSync } from "node:fs";
import type { Matrix } from "../../../src/kernel-helpers/support/matrix.js";
import { matrixOf, selectRows } from "../../../src/kernel-helpers/support/matrix.js";
import { readNpy } from "../../../src/kernel-helpers/support/files/npy.js";
import { seededRandom } from "../../../src/kernel-helpers/support/random.js";

interface Said {
  weights: number[][];
  bias: number[];
}

/** What make_svm_fixtures.py wrote. */
export interface Expected extends Record<string, unknown> {
  labels: number[];
  sampleWeights: number[];
  noisy: Said & { labels: number[] };
  standardise: { weights: number[][]; values: number[][] };
  l2Normalise: Said & { values: number[][] };
  both: { values: number[][] };
  metrics: {
    values: number[];
    relevant: number[];
    averagePrecision: number;
    tied: number;
    platt: [number, number];
    predicted: number[];
    meanClassAccuracy: number;
    confusion: number[][];
  };
}

const folder = new URL("../../fixtures/svm/", import.meta.url);

export const expected = JSON.parse(readFileSync(new URL("expected.json", folder), "utf8")) as Expected;

export function said(name: string): Said & { predicted: number[] } {
  return expected[name] as Said & { predicted: number[] };
}

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

export const all = await matrix("features.npy");
export const noisy = await matrix("noisy.npy");
export const train = selectRows(all, range(0, 200));
export const test = selectRows(all, range(200, 400));
export const trainLabels = expected.labels.slice(0, 200);
export const testLabels = expected.labels.slice(200);
export const parity = (labels: readonly number[]) => labels.map((label) => label % 2);

async function matrix(name: string): Promise<Matrix> {
  const { shape, data } = await readNpy(readFileSync(new URL(name, folder)));
  return { rows: shape[0], columns: shape[1], data: data as Float32Array };
}

/** Two or more clouds of points, seeded. */
export function clouds(rows: number, columns: number, classes: number, spread: number, seed: number) {
  const random = seededRandom(seed);
  const centres = Array.from({ length: classes }, () => Array.from({ length: columns }, () => 2 * random() - 1));
  const labels = Array.from({ length: rows }, (_, row) => row % classes);
  const features = matrixOf(labels.map((label) => centres[label].map((value) => value + spread * (random() - 0.5))));
  return { features, labels };
}

/** P(w) in float64, from weights on raw features: C = 1, no class or sample weights. */
export function objective(
  features: Matrix,
  signs: readonly number[],
  weights: ArrayLike<number>,
  bias: number,
  { C = 1, hinge = false } = {},
): number {
  let value = bias * bias;
  for (let k = 0; k < weights.length; k++) value += weights[k] * weights[k];
  value /= 2;
  signs.forEach((sign, row) => {
    let decision = bias;
    for (let k = 0; k < weights.length; k++) decision += weights[k] * features.data[row * features.columns + k];
    const slack = Math.max(0, 1 - sign * decision);
    value += C * (hinge ? slack : slack * slack);
  });
  return value;
}

export function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [ab, aa, bb] = [0, 0, 0];
  for (let k = 0; k < a.length; k++) {
    ab += a[k] * b[k];
    aa += a[k] * a[k];
    bb += b[k] * b[k];
  }
  return ab / Math.sqrt(aa * bb);
}

/** The largest difference, relative to the largest expected value. */
export function difference(actual: ArrayLike<number>, wanted: ArrayLike<number>): number {
  let [most, scale] = [actual.length === wanted.length ? 0 : Infinity, 0];
  for (let k = 0; k < wanted.length; k++) {
    most = Math.max(most, Math.abs(actual[k] - wanted[k]));
    scale = Math.max(scale, Math.abs(wanted[k]));
  }
  return most / scale;
}
