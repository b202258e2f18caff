import type { FeatureOrigin } from "../features/feature-table.js";
import { CamlabError, invalid } from "../support/errors.js";
import type { Matrix } from "../support/matrix.js";
import { checkMatrix, matrixOf, rowOf } from "../support/matrix.js";
import { withChecksum } from "../support/files/saved-object.js";
import type { ClassWeights } from "./class-weights.js";
import type { Label, LabelKind } from "./labels.js";
import { decisionValues } from "./linear-functions.js";
import type { LinearFunctions } from "./linear-functions.js";
import { plattProbability } from "./platt.js";
import type { PlattCurve } from "./platt.js";
import { checkSameFeatures } from "./prediction.js";
import type { ClassPrediction, Prediction, SeenFeatures } from "./prediction.js";
import { rowMarks } from "./row-marks.js";
import type { Fit, Loss } from "./solver/problem.js";
import { inverseLength } from "./steps.js";
import type { Step } from "./steps.js";

/** Where an SVM comes from: enough to train it again. */
export interface SvmProvenance {
  /** "camlab", or "ml-svm". */
  readonly solver: string;
  /** "camlab 0.1.0". */
  readonly software: string;
  readonly loss: Loss;
  readonly C: number;
  /** The bias feature's value; 0 for none. */
  readonly bias: number;
  readonly classWeights?: ClassWeights;
  /** Whether rows had weights of their own. */
  readonly sampleWeights: boolean;
  readonly tolerance: number;
  readonly seed: number;
  readonly rows: number;
  /** Positive rows of each problem. */
  readonly positives: readonly number[];
  /** How each problem was solved. */
  readonly fits: readonly Fit[];
  /** What the caller noted: network, data set, file hashes. */
  readonly notes?: Readonly<Record<string, unknown>>;
  /** What the features were made with, where they said. */
  readonly features?: FeatureOrigin;
}

/** What a `LinearSvm` is made of. */
export interface LinearSvmParts<L extends Label = Label> extends LinearFunctions {
  readonly kind: LabelKind;
  readonly classes: readonly L[];
  readonly platt?: readonly PlattCurve[];
  readonly provenance: SvmProvenance;
  /** Marks of the rows that it was trained on: see `rowMarks`. */
  readonly trainedOn?: Uint32Array;
}

/**
 * A trained linear SVM. Its weights stand in *raw feature space*, one a channel, whatever steps it was trained through:
 * they weigh feature maps as a network's own class weights do.
 *
 * Its classes are what the labels were: texts, or numbers where it was trained on numbers.
 *
 * @example
 * const detector = await trainLinearSvm(features, labels);
 * detector.predict(testFeatures);
 * cam(await look(network, "street.jpg"), detector.weightsOf("text"), { label: "text" });
 */
export class LinearSvm<L extends Label = Label> implements LinearFunctions {
  /** `binary`: two classes, one weight vector; `multiclass`: one a class; `multilabel`: one a class, each on its own. */
  readonly kind: LabelKind;
  /** The classes. Binary: the negative class, then the positive one. */
  readonly classes: readonly L[];
  /** One row a weight vector, one column a channel. Binary: a single row, the positive class's. */
  readonly weights: Matrix;
  /** One a weight vector. */
  readonly bias: Float32Array;
  /** What was done to features before training, in order. */
  readonly steps: readonly Step[];
  /** Platt's curves, one a weight vector, when probabilities were asked for. */
  readonly platt?: readonly PlattCurve[];
  readonly provenance: SvmProvenance;
  readonly #trainedOn?: Uint32Array;

  constructor(parts: LinearSvmParts<L>) {
    this.kind = parts.kind;
    this.classes = parts.classes;
    this.weights = parts.weights;
    this.bias = parts.bias;
    this.steps = parts.steps;
    this.platt = parts.platt;
    this.provenance = parts.provenance;
    this.#trainedOn = parts.trainedOn;
  }

  /** Channels: values a feature vector has. */
  get channels(): number {
    return this.weights.columns;
  }

  /**
   * The weights w_k that speak for a class, one a channel, on raw features. Of two classes the negative one's are the
   * positive one's with the sign turned.
   *
   * For an SVM trained on L2-normalised features the weights of one photo are w / ‖F‖: give its raw features to get
   * them. Without, the map is ‖F‖ times as strong, and the same once normalised.
   *
   * @param className a class; may be left out when there are two, or one multilabel class, and means the positive one
   * @param features the photo's raw features
   * @throws CamlabError for a class that does not exist
   * @example
   * cam(seen, detector.weightsOf("text", seen.features), { label: "text" });
   */
  weightsOf(className?: Label, features?: ArrayLike<number>): Float32Array {
    const { problem, sign } = this.#find(className);
    const scale = features === undefined ? sign : sign * this.#scaleOf(features);
    return rowOf(this.weights, problem).map((w) => scale * w);
  }

  /**
   * The bias that goes with `weightsOf`: `decision value = weightsOf(c, F) · F + biasOf(c)`.
   *
   * @throws CamlabError for a class that does not exist
   * @example
   * detector.biasOf("text");
   */
  biasOf(className?: Label): number {
    const { problem, sign } = this.#find(className);
    return sign * this.bias[problem];
  }

  /**
   * Signed distances from the hyperplanes, in units of the margin: above 0 speaks for the class.
   *
   * @param features raw features, one row a photo
   * @returns `photos × classes`; binary: `photos × 1`, for the positive class
   * @throws CamlabError for a wrong number of channels, and for NaN or Infinity, naming the place
   * @example
   * detector.decisionValues(features).data;
   */
  decisionValues(features: Matrix): Matrix {
    checkMatrix("features", features);
    this.#checkChannels(features.columns);
    return decisionValues(this, features);
  }

  /**
   * The class of each photo: that of the highest decision value; of two, the positive one when its value is above 0. Of
   * a photo that was looked at, the class with its score, and its probability where the SVM has any.
   *
   * @param features one row a photo, or what a network saw in one photo
   * @throws CamlabError as `decisionValues` does, for a multilabel SVM (see `predictSets`), and for a photo seen by
   *   another network, or whose features are of another layer or pooling, than the SVM was trained on
   * @example
   * svm.accuracy(detector.predict(testFeatures), testLabels);
   * detector.predict(await look(network, "street.jpg")); // { label: "street", score: 1.3, probability: 0.93, classes: […] }
   */
  predict(features: Matrix): L[];
  predict(seen: SeenFeatures): Prediction<L>;
  predict(given: Matrix | SeenFeatures): L[] | Prediction<L> {
    if (this.kind === "multilabel") {
      throw new CamlabError("a multilabel SVM gives each photo a set of classes: use predictSets");
    }
    if (isMatrix(given)) return this.predictSets(given).map(([label]) => label);
    const classes = this.#classesOf(given);
    return { ...classes[0], classes };
  }

  /**
   * The classes of each photo: multilabel, all whose decision value is above 0; else the one that `predict` gives. Of a
   * photo that was looked at, each with its score, the highest first.
   *
   * @param features one row a photo, or what a network saw in one photo
   * @throws CamlabError as `predict` does
   * @example
   * detector.predictSets(features); // [["text"], [], ["text", "indoor"]]
   */
  predictSets(features: Matrix): L[][];
  predictSets(seen: SeenFeatures): ClassPrediction<L>[];
  predictSets(given: Matrix | SeenFeatures): L[][] | ClassPrediction<L>[] {
    if (!isMatrix(given)) {
      if (this.kind === "multilabel") return this.#classesOf(given).filter(({ score }) => score > 0);
      const [best] = this.#classesOf(given);
      return [best];
    }
    const values = this.decisionValues(given);
    return Array.from({ length: values.rows }, (_, row) => {
      const scores = rowOf(values, row);
      if (this.kind === "binary") return [this.classes[scores[0] > 0 ? 1 : 0]];
      if (this.kind === "multilabel") return this.classes.filter((_, k) => scores[k] > 0);
      return [this.classes[scores.indexOf(scores.reduce((a, b) => Math.max(a, b)))]];
    });
  }

  /**
   * Platt probabilities 1 / (1 + exp(A v + B)) of decision values v. With more than two classes they are divided by
   * their sum (Zadrozny and Elkan, KDD 2002); multilabel ones are not, since each class stands alone.
   *
   * @returns `photos × classes`
   * @throws CamlabError when the SVM was trained without `probabilities`
   * @example
   * const detector = await trainLinearSvm(features, labels, { probabilities: true });
   * detector.probabilities(testFeatures);
   */
  probabilities(features: Matrix): Matrix {
    const { platt } = this;
    if (!platt) throw new CamlabError("this SVM has no probabilities: train it with { probabilities: true }");
    const { rows, columns, data } = this.decisionValues(features);
    const classes = this.classes.length;
    const result = new Float32Array(rows * classes);
    for (let row = 0; row < rows; row++) {
      const values = platt.map((curve, k) => plattProbability(curve, data[row * columns + k]));
      const sum = values.reduce((a, b) => a + b, 0);
      if (this.kind === "binary") result.set([1 - values[0], values[0]], row * classes);
      else if (this.kind === "multilabel") result.set(values, row * classes);
      else
        result.set(
          values.map((value) => (sum > 0 ? value / sum : 1 / classes)),
          row * classes,
        );
    }
    return { rows, columns: classes, data: result };
  }

  /**
   * Whether each row is one that the SVM was trained on: a score on such rows says how well it remembers. Rows are told
   * by their features; an SVM that was not trained by this camlab knows none.
   *
   * @example
   * detector.wasTrainedOn(testFeatures).filter(Boolean).length; // 0, it is to be hoped
   */
  wasTrainedOn(features: Matrix): boolean[] {
    const known = new Set(this.#trainedOn);
    return Array.from(rowMarks(features), (mark) => known.has(mark));
  }

  /** The SVM as plain data that JSON can hold; `linearSvmFromJson` reads it back, to the same bits. */
  toJSON(): Record<string, unknown> {
    return withChecksum({
      format: "camlab linear svm",
      version: 1,
      kind: this.kind,
      classes: this.classes,
      channels: this.channels,
      steps: this.steps,
      provenance: this.provenance,
      platt: this.platt,
      ...(this.#trainedOn && { trainedOn: Buffer.from(new Uint8Array(this.#trainedOn.buffer)).toString("base64") }),
      bias: Array.from(this.bias, shortest),
      weights: Array.from({ length: this.weights.rows }, (_, k) => Array.from(rowOf(this.weights, k), shortest)),
    });
  }

  /** All classes of one photo, the highest score first. */
  #classesOf(seen: SeenFeatures): ClassPrediction<L>[] {
    checkSameFeatures(this.provenance.features, seen);
    const row = matrixOf([seen.features]);
    const { data } = this.decisionValues(row);
    const scores = this.kind === "binary" ? [-data[0], data[0]] : Array.from(data);
    const probabilities = this.platt && this.probabilities(row).data;
    return this.classes
      .map((label, k) => ({ label, score: scores[k], ...(probabilities && { probability: probabilities[k] }) }))
      .sort((a, b) => b.score - a.score);
  }

  #find(className: Label | undefined): { problem: number; sign: 1 | -1 } {
    if (className === undefined) {
      if (this.weights.rows === 1) return { problem: 0, sign: 1 };
      throw new CamlabError(`name a class: this SVM has ${this.classes.length}`);
    }
    const index = this.classes.map(String).indexOf(String(className));
    if (index < 0) {
      const shown = this.classes.slice(0, 10).map((name) => JSON.stringify(name));
      if (this.classes.length > shown.length) shown.push("…");
      throw invalid("class", className, `one of ${shown.join(", ")}`);
    }
    if (this.kind === "binary") return { problem: 0, sign: index === 1 ? 1 : -1 };
    return { problem: index, sign: 1 };
  }

  #scaleOf(features: ArrayLike<number>): number {
    this.#checkChannels(features.length);
    return this.steps.includes("l2Normalise") ? inverseLength(features) : 1;
  }

  #checkChannels(channels: number): void {
    if (channels === this.channels) return;
    throw new CamlabError(
      `the features have ${channels} channels, but the SVM was trained on ${this.channels}: use the same network and layer`,
    );
  }
}

function isMatrix(given: Matrix | SeenFeatures): given is Matrix {
  if (typeof given === "object" && given !== null) return "rows" in given;
  throw invalid("features", given, "rows of features, or what look gave");
}

/** The shortest decimal number that is read back as the same float32. */
function shortest(value: number): number {
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return Number(value.toPrecision(9));
}
