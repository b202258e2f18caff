import type { Seen } from "../../networks/seen.js";
import { CamlabError } from "../../support/errors.js";
import { dot } from "../../support/vectors.js";
import { checkWeights } from "../weighted-map.js";
import { areaOf, meansOf } from "./map-sums.js";
import type { AskedPhoto, Questioner } from "./questions.js";
import type { Copies, Looking } from "./way.js";

/** One weight a channel of the feature maps. */
export type Weights = Float32Array | Float64Array | readonly number[];

/**
 * What ways are given to look at weights of one's own: a network of one class, whose score is the mean of the weighted map,
 * S = Σ_k w_k · mean f_k. Whatever runs through the network's own classifier is refused.
 *
 * @throws CamlabError when there is not one finite weight a channel
 */
export function weightsAsClass(
  questioner: Questioner,
  weights: Weights,
  { seen, ...photo }: Pick<Looking, "seen"> & AskedPhoto,
): Pick<Looking, "seen" | "index" | "network"> {
  const { network } = questioner;
  const { featureMaps } = seen;
  checkWeights(weights, featureMaps.channels);
  const own = Float64Array.from(weights);
  const means = meansOf(featureMaps);
  const head = {
    ...({ form: "pool-then-classify", pooling: "average", summary: "weights of one's own" } as const),
    ...{ weights: Float32Array.from(own), logits: { name: "weights", classes: 1 } },
    featureMaps: { name: network.head.featureMaps.name, ...sizeOf(featureMaps) },
  };
  const refuse = () => Promise.reject(new CamlabError(WHY_NOT));
  const scoresOfCopies = async (name: string, copies: Copies): Promise<Float32Array> => {
    const pooledOf = async (inputs: Float32Array, count: number) => {
      const { featureMaps: maps } = await network.run(inputs, count, photo.size);
      return Float32Array.from(meansOf({ ...maps, channels: count * maps.channels }));
    };
    const pooled = await questioner.overCopies(photo, `${name}, pooled`, copies, pooledOf);
    const each = own.length;
    return Float32Array.from({ length: copies.count }, (_, i) =>
      dot(own, Float64Array.from(pooled.subarray(i * each, (i + 1) * each))),
    );
  };
  return {
    index: 0,
    seen: {
      ...seen,
      network: { ...network, head, classes: ["weights"] },
      features: Float32Array.from(means),
      logits: Float32Array.of(dot(own, means)),
      probabilities: Float32Array.of(NaN),
      top: [],
    } satisfies Seen,
    network: {
      ...questioner.of(0, photo.input, photo.size, photo.signal),
      scoresOfCopies,
      mapGradients: (maps) =>
        Promise.resolve({ ...maps, data: maps.data.map((_, i) => own[Math.floor(i / areaOf(maps))] / areaOf(maps)) }),
      ...{ answers: refuse, inputGradients: refuse, behindMaps: refuse, layers: refuse, attentionGradients: refuse },
    },
  };
}

const WHY_NOT =
  "it is made of the gradient of a class of the network, and a weight vector is none; a probe that was exported with its " +
  "network has classes";

function sizeOf({ channels, height, width }: Seen["featureMaps"]) {
  return { channels, height, width };
}
