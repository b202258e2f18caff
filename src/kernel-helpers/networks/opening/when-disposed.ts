import type { Network } from "../network.js";

type Dispose = () => void;

/** What all views of a network share, and no other network has. */
export function identityOf({ dispose }: Pick<Network, "dispose">): object {
  return dispose;
}

const waiting = new WeakMap<Dispose, Set<() => void>>();
const ended = new WeakSet<Dispose>();

/**
 * Has something done when a network is disposed, through whichever of its views; at once where it was.
 *
 * @returns takes that back
 */
export function whenDisposed({ dispose }: Pick<Network, "dispose">, work: () => void): () => void {
  if (ended.has(dispose)) {
    work();
    return () => {};
  }
  const works = waiting.get(dispose) ?? new Set();
  waiting.set(dispose, works.add(work));
  return () => void works.delete(work);
}

/** For whoever disposes a network. */
export function tellDisposed(dispose: Dispose): void {
  ended.add(dispose);
  const works = [...(waiting.get(dispose) ?? [])];
  waiting.delete(dispose);
  for (const work of works) work();
}
