import type { FeatureOrigin } from "../features/feature-table.js";
import { hasWeightsOf, sizeText } from "../features/other-features.js";
import type { Network } from "../networks/network.js";
import type { Seen } from "../networks/seen.js";
import { CamlabError } from "../support/errors.js";
import { printable } from "../support/escape.js";
import type { Label } from "./labels.js";

/** What an SVM says of one class. */
export interface ClassPrediction<L extends Label = Label> {
  readonly label: L;
  /** The decision value: above 0 speaks for the class; of two classes the one's is the other's with the sign turned. */
  readonly score: number;
  /** Platt's probability, for an SVM that was trained with `probabilities`. */
  readonly probability?: number;
}

/** What an SVM says of one photo: the class that it takes it for, and all classes, the most probable first. */
export interface Prediction<L extends Label = Label> extends ClassPrediction<L> {
  readonly classes: readonly ClassPrediction<L>[];
}

/** What a network saw in a photo, as far as an SVM is concerned. A `Seen` is one. */
export type SeenFeatures = Pick<Seen, "features"> & {
  readonly network: Pick<Network, "name" | "fingerprint" | "head"> &
    Partial<Pick<Network, "weights" | "preprocessing">>;
};

/**
 * Refuses features that an SVM's weights mean nothing on: those of another network, of another layer, or pooled
 * otherwise than those it was trained on.
 *
 * @param origin what it was trained on; nothing is compared when nobody said
 * @throws CamlabError naming both
 */
export function checkSameFeatures(origin: FeatureOrigin | undefined, { network }: SeenFeatures): void {
  if (!origin) return;
  const { layer, pooling } = origin;
  const { featureMaps, pooling: own } = network.head;
  const name = printable(network.name);
  const wanted = printable(origin.network);
  const same =
    origin.fingerprint !== undefined && network.fingerprint !== undefined
      ? origin.fingerprint === network.fingerprint
      : origin.network === network.name;
  if (!same) {
    if (hasWeightsOf(origin, network)) {
      throw new CamlabError(
        `the SVM was trained on features of ${wanted} with pictures or maps of another size${sizes(origin, network)}, and ` +
          "tells less on these: open the network with the size and maps that it had then",
      );
    }
    const other = wanted === name ? `another network, or other weights, of the same name ${name}` : name;
    throw new CamlabError(`the SVM was trained on features of ${wanted}, but these are of ${other}: open that network`);
  }
  if (layer !== featureMaps.name) {
    const how = `extractFeatures(network, [photo], { layer: ${JSON.stringify(layer)} })`;
    throw new CamlabError(
      `the SVM was trained on the layer ${printable(layer)} of ${wanted}, but a photo that is looked at has features of ` +
        `${printable(featureMaps.name)}: predict from rows of ${how}`,
    );
  }
  if (pooling !== own) {
    const how = `extractFeatures(network, [photo], { pooling: ${JSON.stringify(pooling)} })`;
    throw new CamlabError(
      `the SVM was trained on ${pooling}-pooled features of ${wanted}, but a photo that is looked at has ${own}-pooled ones: ` +
        `predict from rows of ${how}`,
    );
  }
}

function sizes(origin: FeatureOrigin, { preprocessing }: SeenFeatures["network"]): string {
  return preprocessing === undefined ? "" : sizeText(origin, { preprocessing });
}
