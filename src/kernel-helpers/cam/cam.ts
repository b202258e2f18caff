import { checkSeen } from "../networks/check-network.js";
import { classWeightsFor, scoreOffsetFor } from "../graph/head/class-weights.js";
import { activationFunction } from "../graph/head/activations.js";
import { notLocalized, type GapHead } from "../graph/head/gap-head.js";
import type { Placement } from "../images/input/preprocessing.js";
import type { FeatureMaps } from "../networks/seen.js";
import { check, optionNames } from "../support/check.js";
import { CamlabError } from "../support/errors.js";
import { classIndexOf } from "./class-index.js";
import type { HeatMap } from "./heat-map.js";
import { checkFeatureMaps, weightedMap, weightedSum } from "./weighted-map.js";

/** What a map is made from. A `Seen` is one; so are feature maps from a file beside the head they belong to. */
export interface CamSource {
  readonly network: { readonly head: GapHead; readonly classes: readonly string[] };
  readonly featureMaps: FeatureMaps;
  /** The pooled feature maps F_k, which a normalising head is folded with. */
  readonly features: Float32Array;
  /** Where the photo lies on the network's input grid; the map carries it on. */
  readonly placement?: Placement;
}

/** Whom a map speaks for: a class by index or name, or one weight a channel (a probe's, say). */
export type CamTarget = number | string | Float32Array | Float64Array | readonly number[];

/** How a map is made. */
export interface CamOptions {
  /**
   * For heads that classify before they pool (SqueezeNet, NIN): the class's values `before` the activation, where
   * signs survive, or `after` it, where their mean over the map is the class score. Other heads have no activation
   * there, and the two are the same.
   */
  readonly activation?: "before" | "after";
  /**
   * For heads with a small network behind the pooling (MobileNetV3): weights along the `path` from 0, whose sum over the map
   * is the score, or the plain `gradient` at the photo's features, as Grad-CAM takes it; `path` unless given. Other heads
   * have one set of weights.
   */
  readonly weights?: "path" | "gradient";
  /** What the map is called: a text, or the number that a probe's class is; the class's name unless given. */
  readonly label?: string | number;
}

const OPTIONS = optionNames<CamOptions>({ activation: true, weights: true, label: true });

/**
 * The class activation map M_c(x, y) = Σ_k w_k^c f_k(x, y) (the paper's equation 2): how much each place spoke for a
 * class. Raw: signed, unnormalised, at the resolution of the last feature maps.
 *
 * The sum identity, by form of head:
 * - maps → average pooling → classifier: weights only, no bias, as the authors do; mean(M_c) + b_c = S_c.
 *   With a normalisation between (ConvNeXt), the photo's own deviation is folded into the weights, and what belongs
 *   to no place joins b_c: `classWeightsFor` and `scoreOffsetFor` have them.
 * - maps → average pooling → small network (MobileNetV3): weights along a path from 0, mean(M_c) + S_c(0) = S_c.
 * - maps → classifier → activation → average pooling: the map is w·f + b at each place; mean(M_c) = S_c holds for
 *   `activation: "after"`.
 * - with maximum pooling (GMP) the map is the same formula, and no sum identity holds.
 *
 * A weight vector gives Σ_k w_k f_k with nothing added, whatever the head.
 *
 * @param source what a network saw in a photo
 * @param target a class index, a class name, or one weight a channel
 * @throws CamlabError for maps of a single place, an unknown or ambiguous class, a weight vector of the wrong length, a NaN weight
 * @example
 * const seen = await look(network, "street.jpg");
 * cam(seen, "traffic light");
 * cam(seen, detector.weightsOf("text"), { label: "text" });
 */
export function cam(source: CamSource, target: CamTarget, options: CamOptions = {}): HeatMap {
  const { activation = "before", weights = "path" } = check.known(options, OPTIONS, "cam");
  const label = options.label === undefined ? undefined : String(options.label);
  check.oneOf("activation", activation, ["before", "after"]);
  check.oneOf("weights", weights, ["path", "gradient"]);
  checkSeen(source, "cam");
  const { placement } = source;
  const why = notLocalized(source.network.head);
  if (why) throw new CamlabError(why);
  if (typeof target !== "number" && typeof target !== "string") {
    return { ...weightedMap(source.featureMaps, target), label, placement };
  }
  const index = classIndexOf(source.network.classes, target);
  const map =
    source.network.head.form === "classify-then-pool"
      ? classifiedMap(source, index, activation)
      : weightedMap(source.featureMaps, classWeights(source, index, weights));
  return { ...map, label: label ?? source.network.classes[index], placement };
}

/**
 * The maps of several classes or probes, in the order given.
 *
 * @param targets class indices, class names and weight vectors, mixed as you like
 * @throws CamlabError as `cam` does
 * @example
 * cams(seen, seen.top.map(({ index }) => index));
 */
export function cams(source: CamSource, targets: readonly CamTarget[], options: CamOptions = {}): HeatMap[] {
  return targets.map((target) => cam(source, target, options));
}

/** w·f + b at each place, before or after the head's activation. */
function classifiedMap(source: CamSource, index: number, activation: "before" | "after"): HeatMap {
  const { head } = source.network;
  checkFeatureMaps(source.featureMaps);
  const { width, height } = source.featureMaps;
  const values = weightedSum(source.featureMaps, classWeights(source, index));
  const bias = scoreOffsetFor(head, index, source.features);
  const act =
    activation === "before" || !head.activation ? (x: number) => x : activationFunction(head.activation).value;
  return { width, height, data: Float32Array.from(values, (value) => act(value + bias) + 0) }; // + 0: no −0
}

function classWeights(
  { network, featureMaps, features }: CamSource,
  index: number,
  along: "path" | "gradient" = "path",
): Float32Array {
  const { head } = network;
  if (head.featureMaps.channels !== featureMaps.channels) {
    throw new CamlabError(
      `the head weighs ${head.featureMaps.channels} channels, but the feature maps have ${featureMaps.channels}: ` +
        `they are not of the same network (${head.summary})`,
    );
  }
  return classWeightsFor(head, index, features, { along });
}
