import { otherFeatures } from "../../../kernel-helpers/features/other-features.js";
import { viewOfFeatures } from "../../../kernel-helpers/features/view-of-features.js";
import type { Network } from "../../../kernel-helpers/networks/network.js";
import { CamlabError } from "../../../kernel-helpers/support/errors.js";
import type { LinearSvm } from "../../../kernel-helpers/svm/linear-svm.js";
import { openFlagged, type NetworkFlags } from "../../network-flags.js";

/**
 * Opens the probe's network, with the size of the pictures that the probe was trained on. A probe may be shown on finer
 * maps and on pictures of another size where that is asked for: the channels are the same, seen in more places.
 *
 * @throws CamlabError for a network whose features are other ones
 */
export async function openForProbe(flags: NetworkFlags, svm: LinearSvm): Promise<Network> {
  const origin = svm.provenance.features;
  const { maps = "own", size } = flags;
  const view = flags.view ?? viewOfFeatures(origin);
  let network = await openFlagged({ ...flags, view, network: flags.network ?? origin?.network });
  try {
    const { width, height } = network.preprocessing;
    const wanted = origin?.size;
    if (wanted && network.atSize && (wanted.width !== width || wanted.height !== height)) {
      const sized = await network.atSize(wanted);
      network.dispose();
      network = sized;
    }
    const isAsked = maps !== "own" || size !== undefined;
    const problem = otherFeatures(origin, svm.channels, network, { anySize: isAsked });
    if (problem === undefined) return network;
    throw new CamlabError(
      `the probe was trained on features of ${problem}: give its network with --network, and --maps and --size as they were`,
    );
  } catch (error) {
    network.dispose();
    throw error;
  }
}
