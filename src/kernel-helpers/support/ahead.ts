/** How far `ahead` goes. */
export interface AheadOptions<Item> {
  /** At most so many are under way or wait for their turn: a number, or what the item that was begun last says. */
  readonly limit: number | ((item: Item) => number);
  /** When it is aborted nothing more is begun, and its reason is thrown. */
  readonly signal?: AbortSignal;
  /**
   * Whether the end, an early one too, waits for what was begun, so that nothing goes on behind it; it does unless given
   * false, which is for work that is ended by other means.
   */
  readonly waits?: boolean;
}

/**
 * Prepares items while those before are worked on: results come in the order of the items, with a bounded number under
 * way. A failure, be it of the preparation or of the source itself, is thrown in its turn, after all results before it.
 *
 * @param items a list, or anything that can be iterated; it is asked for one item at a time
 * @param prepare begins the work on an item
 * @throws what `items` or `prepare` throw; the signal's reason when it is aborted
 * @example
 * for await (const photo of ahead(["a.jpg", "b.jpg"], (file) => loadImage(file), { limit: 8 })) console.log(photo.width);
 */
export async function* ahead<Item, Result>(
  items: Iterable<Item> | AsyncIterable<Item>,
  prepare: (item: Item, index: number) => Promise<Result>,
  { limit, signal, waits = true }: AheadOptions<Item>,
): AsyncGenerator<Awaited<Result>, void, undefined> {
  const source = Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
  const queue: Promise<Awaited<Result>>[] = [];
  const push = (work: () => Promise<Result>) => {
    const result = begun(work);
    // It is awaited in its turn; should that never come, a failure must not end the process.
    result.catch(() => {});
    queue.push(result);
  };
  const oldest = async () => {
    const result = await unlessAborted(queue[0], signal);
    void queue.shift();
    return result;
  };
  let index = 0;
  let state: "asking" | "asked" | "ended" = "asked";
  try {
    while (state !== "ended") {
      state = "asking";
      const next = await unlessAborted(asked(source), signal);
      state = "done" in next && !next.done ? "asked" : "ended";
      if ("failure" in next) {
        push(() => {
          throw next.failure;
        });
      } else if (!next.done) {
        push(() => prepare(next.value, index++));
        const most = typeof limit === "number" ? limit : limit(next.value);
        while (queue.length >= Math.max(1, most)) yield await oldest();
      }
    }
    while (queue.length > 0) yield await oldest();
  } finally {
    // A source that was asked and has not answered cannot be closed before it does.
    if (state === "asked") await source.return?.();
    if (waits) await Promise.allSettled(queue);
  }
}

async function asked<Item>(
  source: Iterator<Item> | AsyncIterator<Item>,
): Promise<IteratorResult<Item> | { readonly failure: unknown }> {
  try {
    return await source.next();
  } catch (failure) {
    return { failure };
  }
}

async function begun<Result>(work: () => Promise<Result>): Promise<Awaited<Result>> {
  return await work();
}

async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise;
  signal.throwIfAborted();
  let stop = () => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason as Error);
    signal.addEventListener("abort", stop, { once: true });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
