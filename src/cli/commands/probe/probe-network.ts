import type { FeatureOrigin } from "../../../kernel-helpers/features/feature-table.js";
import { viewOfFeatures } from "../../../kernel-helpers/features/view-of-features.js";
import type { Network } from "../../../kernel-helpers/networks/network.js";
import { openNetwork } from "../../../kernel-helpers/networks/open-network.js";
import { CamlabError } from "../../../kernel-helpers/support/errors.js";
import type { LinearSvm } from "../../../kernel-helpers/svm/linear-svm.js";
import { openFlagged, openOptions, type NetworkFlags } from "../../network-flags.js";

/**
 * Opens the probe's network. A probe of its own maps may be shown on finer ones and on larger pictures: the channels are
 * the same, seen in more places.
 *
 * @throws CamlabError for a network whose features are other ones
 */
export async function openForProbe(flags: NetworkFlags, svm: LinearSvm): Promise<Network> {
  const origin = svm.provenance.features;
  const { maps = "own", size, threads } = flags;
  const name = flags.network ?? origin?.network;
  const view = flags.view ?? viewOfFeatures(origin);
  const network = await openFlagged({ ...flags, view, network: name });
  try {
    let problem = difference(network, svm, origin);
    if (problem && (maps !== "own" || size !== undefined)) {
      using own = await openNetwork(name, {
        ...openOptions(flags),
        maps: "own",
        size: undefined,
        device: "cpu",
        threads,
      });
      if (!difference(own, svm, origin)) problem = undefined;
    }
    if (!problem) return network;
    throw new CamlabError(
      `the probe was trained on features of ${problem}: give its network with --network, and --maps and --size as they were`,
    );
  } catch (error) {
    network.dispose();
    throw error;
  }
}

/** A probe's weights mean something only on the feature maps that it was trained on. */
function difference(network: Network, svm: LinearSvm, origin: FeatureOrigin | undefined): string | undefined {
  const { name, channels } = network.head.featureMaps;
  if (channels !== svm.channels) return `${svm.channels} channels, ${network.name} has ${channels}`;
  if (origin && origin.layer !== name) return `the layer ${origin.layer}, maps are drawn of ${name} only`;
  const other = origin?.fingerprint && origin.fingerprint !== network.fingerprint;
  return other ? `another network or other weights (${origin.network})` : undefined;
}
