// Opening a network in threads takes as long as some fifty pictures: threads that have done their work wait for more.
import type { Network } from "../../networks/network.js";
import { identityOf, whenDisposed } from "../../networks/opening/when-disposed.js";
import type { NetworkThreads } from "./network-threads.js";

/** Each thread holds the network's weights and maps: without work they end after so many milliseconds. */
const PATIENCE = 15_000;

interface Resting {
  readonly threads: NetworkThreads;
  /** Nothing ends them any more but whoever has them. */
  readonly release: () => void;
}

const resting = new WeakMap<object, Map<string, Resting>>();

/** Threads of a network that wait for work of one kind, if there are any: they are the caller's then. */
export function takeResting(network: Network, kind: string): NetworkThreads | undefined {
  const found = resting.get(identityOf(network))?.get(kind);
  if (!found) return undefined;
  const { threads, release } = found;
  release();
  if (threads.isIdle) {
    threads.hold();
    return threads;
  }
  // One of them has ended meanwhile: the others are of no use.
  void threads.close();
  return undefined;
}

/**
 * Lets threads that have done their work wait for more, until the network is disposed or some seconds have passed. They do
 * not keep the process alive. Threads that have failed, and those beside others of their kind, end at once.
 */
export async function rest(network: Network, kind: string, threads: NetworkThreads): Promise<void> {
  const all = resting.get(identityOf(network)) ?? new Map<string, Resting>();
  if (!threads.isIdle || all.has(kind)) return threads.close();
  resting.set(identityOf(network), all);
  threads.letGo();
  const end = (): void => {
    release();
    void threads.close();
  };
  const timer = setTimeout(end, PATIENCE).unref();
  const release = (): void => {
    clearTimeout(timer);
    all.delete(kind);
    forget();
  };
  let forget = (): void => {};
  all.set(kind, { threads, release });
  forget = whenDisposed(network, end);
}
