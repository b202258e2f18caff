/**
 * Few pictures are open at once, however many are asked for: they are decoded on a few threads, and what has been
 * opened beyond that only waits, with its file's bytes in memory.
 */
const OPEN_AT_ONCE = 8;
const waiting: (() => void)[] = [];
let open = 0;

/**
 * Does something with a picture once its turn comes, in the order of asking.
 *
 * @throws whatever `use` throws; the signal's reason when it is aborted before
 */
export async function inTurn<T>(signal: AbortSignal | undefined, use: () => Promise<T>): Promise<T> {
  signal?.throwIfAborted();
  if (open >= OPEN_AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
  else open += 1;
  try {
    signal?.throwIfAborted();
    return await use();
  } finally {
    // Whoever waits longest takes over the place.
    const next = waiting.shift();
    if (next) next();
    else open -= 1;
  }
}

/** How many pictures are open now. */
export function picturesOpen(): number {
  return open;
}
