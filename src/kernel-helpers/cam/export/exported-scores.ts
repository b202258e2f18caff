import { classMaps, weightedMaps } from "../../graph/export/class-maps.js";
import type { MapSources } from "../../graph/export/map-sources.js";
import type { Emitter } from "../../graph/gradient/emitter.js";
import type { Network } from "../../networks/network.js";
import { CamlabError } from "../../support/errors.js";
import type { LinearSvm } from "../../svm/linear-svm.js";
import { checkSameFeatures } from "../../svm/prediction.js";

/** The values that come out of an exported graph, by name. */
export interface ExportedScores {
  /** `N × classes` */
  readonly scores: string;
  /** `N × rows × height × width` */
  readonly maps: string;
  /** `N × classes`, before softmax or sigmoid. */
  readonly logits?: string;
  /** `N × classes`, of a probe that was trained with probabilities. */
  readonly probabilities?: string;
}

/** The scores of a network's own classes, and the maps of some. */
export function networkScores(
  emit: Emitter,
  { head, card }: Network,
  sources: MapSources,
  rows: readonly number[],
): ExportedScores {
  const logits = emit.reshape(head.logits.name, [null, head.logits.classes]);
  const scores =
    card.probabilities === "sigmoid" ? emit.node("Sigmoid", [logits]) : emit.node("Softmax", [logits], { axis: 1 });
  return { scores, logits, maps: classMaps(emit, head, sources, rows) };
}

/** Stands for the square of a length of 0, so that nothing is divided by 0. */
const NOTHING = 1e-30;

/**
 * The decision values of a linear SVM on a network's features, and the maps of its weights. Its weights stand in raw
 * feature space, into which a standardisation is folded already; of features that were brought to length 1 the photo's own
 * weights are w / ‖F‖.
 */
export function probeScores(
  emit: Emitter,
  svm: LinearSvm,
  sources: MapSources,
  rows: readonly number[],
): ExportedScores {
  const { channels } = svm;
  const normalises = svm.steps.includes("l2Normalise");
  // ‖F‖ = √K · √(mean F²)
  const scale = normalises ? 1 / Math.sqrt(channels) : 1;
  const classes = svm.classes.map((name) => ({
    weights: svm.weightsOf(name).map((w) => w * scale),
    bias: svm.biasOf(name),
  }));
  const { features, maps } = sources;
  const deviation = normalises
    ? emit.node("Sqrt", [emit.add(emit.mean(emit.mul(features, features), [1]), NOTHING)])
    : undefined;
  const unit = deviation === undefined ? features : emit.div(features, deviation);
  const matrix = new Float32Array(classes.length * channels);
  classes.forEach(({ weights }, i) => matrix.set(weights, i * channels));
  const chosen = new Float32Array(rows.length * channels);
  rows.forEach((row, i) => chosen.set(classes[row].weights, i * channels));
  const bias = emit.tensor(
    [classes.length],
    Float32Array.from(classes, (one) => one.bias),
  );
  const rowsOfScores = [emit.reshape(unit, [null, channels]), emit.tensor([classes.length, channels], matrix), bias];
  const sums = weightedMaps(emit, { maps, channels }, chosen);
  const scores = emit.node("Gemm", rowsOfScores, { transB: 1 });
  return {
    scores,
    maps: deviation === undefined ? sums : emit.div(sums, deviation),
    ...(svm.platt && { probabilities: plattProbabilities(emit, svm, scores) }),
  };
}

/** 1 / (1 + exp(A v + B)) of each decision value v; of more than two classes over their sum, unless several may be right. */
function plattProbabilities(emit: Emitter, { platt = [], kind, classes }: LinearSvm, scores: string): string {
  // Of two classes there is one curve, for the second, and the first one's value is the second's with its sign turned.
  const curves = kind === "binary" ? [{ A: platt[0].A, B: -platt[0].B }, platt[0]] : platt;
  const row = (pick: (curve: (typeof curves)[number]) => number) =>
    emit.tensor([1, classes.length], Float32Array.from(curves, pick));
  const line = emit.add(
    emit.mul(
      scores,
      row(({ A }) => -A),
    ),
    row(({ B }) => -B),
  );
  const each = emit.node("Sigmoid", [line]);
  return kind === "multiclass" ? emit.div(each, emit.sum(each, [1])) : each;
}

/** @throws CamlabError when a probe was trained on other features than the network's own */
export function checkProbe(network: Network, probe: LinearSvm): void {
  const { channels } = network.head.featureMaps;
  if (probe.channels !== channels) {
    throw new CamlabError(
      `the probe was trained on features of ${probe.channels} channels, ${network.name} has ${channels}: open its own network`,
    );
  }
  checkSameFeatures(probe.provenance.features, { network, features: new Float32Array(channels) });
}
