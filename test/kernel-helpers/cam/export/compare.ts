import assert from "node:assert/strict";
import { cam } from "../../../../src/kernel-helpers/cam/cam.js";
import { normalise } from "../../../../src/kernel-helpers/cam/normalise.js";
import { upsample } from "../../../../src/kernel-helpers/cam/upsample.js";
import { isClosed } from "../../../../src/kernel-helpers/graph/head/path/closed.js";
import type { Network } from "../../../../src/kernel-helpers/networks/network.js";
import { sigmoid } from "../../../../src/kernel-helpers/networks/sigmoid.js";
import { softmax } from "../../../../src/kernel-helpers/networks/softmax.js";
import type { LinearSvm } from "../../../../src/kernel-helpers/svm/linear-svm.js";
import { matrixOf } from "../../../../src/kernel-helpers/support/matrix.js";

/** What camlab computes of some photos, laid out as the outputs of an exported graph. */
export type Expected = Readonly<Record<string, Float32Array>>;

/** The outputs that an export should have, by camlab's own `run` and `cam`. */
export async function expectedOf(
  network: Network,
  batch: Float32Array,
  count: number,
  rows: readonly number[],
  probe?: LinearSvm,
): Promise<Expected> {
  const { featureMaps, features, logits } = await network.run(batch, count);
  const share = (data: Float32Array, photo: number) =>
    data.slice((photo * data.length) / count, ((photo + 1) * data.length) / count);
  const photos = Array.from({ length: count }, (_, photo) => {
    const own = share(features, photo);
    const source = { network, featureMaps: { ...featureMaps, data: share(featureMaps.data, photo) }, features: own };
    const targets = probe ? rows.map((row) => probe.weightsOf(probe.classes[row], own)) : rows;
    const maps = targets.map((target) => cam(source, target));
    const { width, height } = network.preprocessing;
    const heat = maps.map((map) => normalise(upsample(map, { width, height }), "max"));
    const values = share(logits, photo);
    const activation = network.card.probabilities === "sigmoid" ? sigmoid : softmax;
    return {
      maps: joined(maps.map(({ data }) => data)),
      heat: joined(heat.map(({ data }) => data)),
      scores: probe ? decisions(probe, own) : activation(values),
      ...(!probe && { logits: values }),
      ...(probe?.platt && { probabilities: probe.probabilities(matrixOf([own])).data }),
    };
  });
  const names = Object.keys(photos[0]) as (keyof (typeof photos)[0])[];
  return Object.fromEntries(names.map((name) => [name, joined(photos.map((photo) => photo[name] as Float32Array))]));
}

function decisions(probe: LinearSvm, features: Float32Array): Float32Array {
  const { data } = probe.decisionValues(matrixOf([features]));
  return probe.kind === "binary" ? Float32Array.of(-data[0], data[0]) : data;
}

function joined(parts: readonly Float32Array[]): Float32Array {
  return Float32Array.from(parts.flatMap((part) => Array.from(part)));
}

/** The largest difference of two lists, over the largest size of what was wanted. */
export function relativeError(found: ArrayLike<number>, wanted: ArrayLike<number>): number {
  assert.equal(found.length, wanted.length);
  let [difference, size] = [0, 0];
  for (let i = 0; i < wanted.length; i++) {
    const here = Math.abs(found[i] - wanted[i]);
    if (!(here <= difference)) difference = here;
    size = Math.max(size, Math.abs(wanted[i]));
  }
  return size === 0 ? difference : difference / size;
}

/** Checks every output that is expected; those of maps map by map, each over its own largest value. */
export function assertClose(
  outputs: Readonly<Record<string, { readonly data: ArrayLike<number> }>>,
  expected: Expected,
  maps: number,
  most = 1e-5,
): void {
  for (const [name, wanted] of Object.entries(expected)) {
    if (!(name in outputs)) continue;
    const { data } = outputs[name];
    const pieces = name === "maps" || name === "heat" ? maps : 1;
    const size = wanted.length / pieces;
    for (let i = 0; i < pieces; i++) {
      const piece = Array.from(wanted).slice(i * size, (i + 1) * size);
      const error = relativeError(Array.from(data).slice(i * size, (i + 1) * size), piece);
      // Heat over a largest value that is small beside the others has fewer digits.
      const steep = name === "heat" ? piece.reduce((largest, value) => Math.max(largest, Math.abs(value)), 1) : 1;
      assert.ok(error <= most * steep, `${name} ${i}: ${error}`);
    }
  }
}

/**
 * How far an export may be off: rounding, but where a small network of several layers or with a normalisation stands behind
 * the pooling, whose weights the file integrates by a fixed rule.
 */
export function allowedFor({ head: { network } }: Network): number {
  return !network || isClosed(network.scores) ? 1e-5 : 3e-4;
}
