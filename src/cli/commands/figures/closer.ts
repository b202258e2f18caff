import type { Network } from "../../../kernel-helpers/networks/network.js";
import { CamlabError } from "../../../kernel-helpers/support/errors.js";

/** Sides of the network's input that are tried: small things are told apart, and placed, by more pixels. */
const CLOSER = 1.75;
/** Networks halve their input so many times. */
const STRIDE = 32;

/** What was made at the network's own size or closer, whichever is the better. */
export interface Closer<T> {
  readonly made: T;
  /** The side of the input, where it is not the network's own. */
  readonly side?: number;
}

/**
 * Makes something at the network's own size and with an input of 1.75 times its sides, and keeps the better; a network that
 * is tied to its size, or whose size was chosen, makes it once.
 *
 * @param goodness how good it is, by what was held out
 * @param margin so much less good may it be closer, for maps with more places
 */
export async function closerIfBetter<T>(
  network: Network,
  make: (network: Network) => Promise<T>,
  goodness: (made: T) => number,
  margin = 0,
): Promise<Closer<T>> {
  const own = await make(network);
  using large = await openedCloser(network);
  if (!large) return { made: own };
  const made = await make(large);
  return goodness(made) > goodness(own) - margin ? { made, side: closerSide(network) } : { made: own };
}

/** The side of the larger input. */
export function closerSide({ preprocessing: { width, height } }: Network): number {
  return Math.round((CLOSER * Math.max(width, height)) / STRIDE) * STRIDE;
}

/** The same in words, to go on with; nothing where the network's own size was kept. */
export function closerText({ preprocessing: { width, height } }: Network, side: number | undefined): string {
  if (side === undefined) return "";
  return `, of photographs at ${side} pixels, which is better on those than the network's own ${Math.max(width, height)}`;
}

/** The network at the larger input, in the same view, to dispose of; nothing where it is tied to its size, or that was chosen. */
export async function openedCloser(network: Network): Promise<Network | undefined> {
  try {
    const opened = await network.atSize?.(closerSide(network));
    return opened && network.view !== undefined && opened.inView ? await opened.inView(network.view) : opened;
  } catch (error) {
    if (error instanceof CamlabError) return undefined;
    throw error;
  }
}
