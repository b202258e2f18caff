import { CamlabError, messageOf } from "../../support/errors.js";
import { seededRandom } from "../../support/random.js";
import { rowOf } from "../../support/matrix.js";
import type { LinearFunctions } from "../linear-functions.js";
import type { Fit } from "./problem.js";
import { carryBack, fitSteps, rowTransform } from "../steps.js";
import type { TrainingSetting } from "./training-session.js";

/** The part of ml-svm's class that is used here. */
interface MlSvm {
  train(features: readonly (readonly number[])[], labels: readonly number[]): void;
  readonly W: readonly number[];
  readonly b: number;
  readonly iterations: number;
}

type MlSvmClass = new (options: Record<string, unknown>) => MlSvm;

/**
 * Trains with the ml-svm package, one against the rest: hinge loss, bias not regularised, Platt's simplified SMO. Slow,
 * and not exact: for teaching and for comparison. Its traps are stepped around:
 * - Its "whitening" turns a channel that never varies into NaN and every prediction into −1, silently: it is off; use
 *   the steps instead.
 * - It gives up on steps of a multiplier below 0.001, so long rows leave it at weights of 0: rows are divided by their
 *   root mean square length s and C multiplied by s², which is the same problem.
 * - It draws from Math.random: it gets a seeded source.
 * - It knows two classes only: several are one against the rest, here.
 *
 * @throws CamlabError when the package is not installed, does not converge, or is asked for what it cannot do
 */
export async function solveWithMlSvm(
  setting: TrainingSetting,
  C: number,
): Promise<LinearFunctions & { readonly fits: readonly Fit[] }> {
  const { features, labels } = setting;
  if (setting.sampleWeights || setting.classCosts.some((cost) => cost !== 1)) {
    throw new CamlabError('ml-svm knows no class or sample weights: leave them out, or use solver "camlab"');
  }
  if (setting.loss !== "hinge") throw new CamlabError('ml-svm knows the hinge loss only: give it { loss: "hinge" }');
  const MlSvm = await loadMlSvm();
  const steps = fitSteps(features, setting.rows, setting.steps);
  const transform = rowTransform(steps);
  const rows = Array.from(setting.rows, (row) => {
    const values = rowOf(features, row).slice();
    transform(values);
    return values;
  });
  const squares = rows.reduce((sum, row) => sum + row.reduce((s, value) => s + value * value, 0), 0);
  const scale = squares > 0 ? Math.sqrt(squares / rows.length) : 1;
  const scaled = rows.map((row) => Array.from(row, (value) => value / scale));

  const weights = new Float32Array(labels.problems.length * features.columns);
  const bias = new Float32Array(labels.problems.length);
  const fits = labels.problems.map((name, problem): Fit => {
    const signs = rows.map((_, i) => (labels.isPositive(problem, i) ? 1 : -1));
    const svm = new MlSvm({
      kernel: "linear",
      whitening: false,
      C: C * scale * scale,
      random: seededRandom(`ml-svm ${setting.seed} ${problem}`),
    });
    try {
      svm.train(scaled, signs);
    } catch (error) {
      throw new CamlabError(
        `ml-svm failed on class ${JSON.stringify(name)}: ${messageOf(error)} (try a smaller C, or solver "camlab")`,
      );
    }
    const w = Float64Array.from(svm.W, (value) => value / scale);
    const objective = hingeObjective(rows, signs, w, svm.b, C);
    const raw = carryBack({ weights: w, bias: svm.b }, steps);
    weights.set(raw.weights, problem * features.columns);
    bias[problem] = raw.bias;
    return { sweeps: svm.iterations, fullSweeps: svm.iterations, newtonSteps: 0, objective, converged: true };
  });
  return { weights: { rows: bias.length, columns: features.columns, data: weights }, bias, steps: setting.steps, fits };
}

async function loadMlSvm(): Promise<MlSvmClass> {
  try {
    // @ts-expect-error -- the package has no types
    const loaded = (await import("ml-svm")) as { default: MlSvmClass };
    return loaded.default;
  } catch (error) {
    throw new CamlabError(
      `solver "ml-svm" needs the npm package ml-svm, which cannot be loaded: run \`npm install ml-svm\`, or use ` +
        `camlab's own solver (${messageOf(error).split("\n")[0]})`,
    );
  }
}

function hingeObjective(
  rows: readonly Float32Array[],
  signs: readonly number[],
  w: Float64Array,
  b: number,
  C: number,
): number {
  const losses = rows.map((row, i) => {
    const value = row.reduce((sum, x, k) => sum + w[k] * x, b);
    return Math.max(0, 1 - signs[i] * value);
  });
  return 0.5 * w.reduce((sum, value) => sum + value * value, 0) + C * losses.reduce((sum, loss) => sum + loss, 0);
}
