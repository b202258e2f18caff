import assert from "node:assert/strict";
import { cam } from "../../../../src/kernel-helpers/cam/cam.js";
import type { HeatMap } from "../../../../src/kernel-helpers/cam/heat-map.js";
import { normalise } from "../../../../src/kernel-helpers/cam/normalise.js";
import { upsample } from "../../../../src/kernel-helpers/cam/upsample.js";
import type { Network } from "../../../../src/kernel-helpers/networks/network.js";
import { sigmoid } from "../../../../src/kernel-helpers/networks/sigmoid.js";
import { softmax } from "../../../../src/kernel-helpers/networks/softmax.js";
import type { LinearSvm } from "../../../../src/kernel-helpers/svm/linear-svm.js";
import { matrixOf } from "../../../../src/kernel-helpers/support/matrix.js";

const HEAT = Symbol("the heat of a map");

/** What camlab computes of some photos, laid out as the outputs of an exported graph; and the heat of any such map. */
export type Expected = Readonly<Record<string, Float32Array>> & {
  readonly [HEAT]?: (map: Float32Array) => Float32Array;
};

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
  const { width, height } = network.preprocessing;
  const heatOf = (map: HeatMap) => normalise(upsample(map, { width, height }), "max").data;
  const photos = Array.from({ length: count }, (_, photo) => {
    const own = share(features, photo);
    const source = { network, featureMaps: { ...featureMaps, data: share(featureMaps.data, photo) }, features: own };
    const targets = probe ? rows.map((row) => probe.weightsOf(probe.classes[row], own)) : rows;
    const maps = targets.map((target) => cam(source, target));
    const values = share(logits, photo);
    const activation = network.card.probabilities === "sigmoid" ? sigmoid : softmax;
    return {
      maps: joined(maps.map(({ data }) => data)),
      heat: joined(maps.map(heatOf)),
      scores: probe ? decisions(probe, own) : activation(values),
      ...(!probe && { logits: values }),
      ...(probe?.platt && { probabilities: probe.probabilities(matrixOf([own])).data }),
    };
  });
  const names = Object.keys(photos[0]) as (keyof (typeof photos)[0])[];
  const outputs = names.map((name) => [name, joined(photos.map((photo) => photo[name] as Float32Array))] as const);
  return { ...Object.fromEntries(outputs), [HEAT]: (data) => heatOf({ ...featureMaps, data }) };
}

function decisions(probe: LinearSvm, features: Float32Array): Float32Array {
  const { data } = probe.decisionValues(matrixOf([features]));
  return probe.kind === "binary" ? Float32Array.of(-data[0], data[0]) : data;
}

function joined(parts: readonly Float32Array[]): Float32Array {
  return Float32Array.from(parts.flatMap((part) => Array.from(part)));
}

/** The largest difference of two lists, over the largest size of what was wanted; NaN where either holds one. */
export function relativeError(found: ArrayLike<number>, wanted: ArrayLike<number>): number {
  assert.equal(found.length, wanted.length);
  let [difference, size] = [0, 0];
  for (let i = 0; i < wanted.length; i++) {
    difference = Math.max(difference, Math.abs(found[i] - wanted[i]));
    size = Math.max(size, Math.abs(wanted[i]));
  }
  return size === 0 ? difference : difference / size;
}

/** Rounding, also where weights are integrated along a path: of tails as small as these to rounding. */
const MOST = 1e-5;

/**
 * Checks every output that there is; those of maps map by map, each over its own largest value. Heat is a map over its
 * largest value: where that is small beside the others, what was rounded off the map grows with it. So heat is held
 * against that of the file's own maps, which are held against camlab's.
 */
export function assertClose(
  outputs: Readonly<Record<string, { readonly data: ArrayLike<number> }>>,
  expected: Expected,
  maps: number,
): void {
  const found = (name: string) => Float32Array.from(outputs[name].data);
  const partOf = (data: Float32Array, i: number, pieces: number) =>
    data.subarray((i * data.length) / pieces, ((i + 1) * data.length) / pieces);
  for (const name of Object.keys(outputs)) {
    const [data, wanted] = [found(name), expected[name]];
    assert.ok(name in expected, name);
    const own = name === "heat" ? found("maps") : undefined;
    assert.equal(data.length, wanted.length, name);
    const pieces = name === "maps" || name === "heat" ? maps : 1;
    for (let i = 0; i < pieces; i++) {
      const heat = own && expected[HEAT]?.(partOf(own, i, pieces));
      const error = relativeError(partOf(data, i, pieces), heat ?? partOf(wanted, i, pieces));
      assert.ok(error <= MOST, `${name} ${i}: ${error}`);
    }
  }
}
