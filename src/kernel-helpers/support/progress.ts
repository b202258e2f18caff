/** How far a long piece of work has come. `total` is absent while it is unknown. */
export interface Progress {
  /** What is being done, e.g. "looking at photographs". */
  readonly label: string;
  /** Items finished, skipped ones included. Never falls. */
  readonly done: number;
  /** Items in all; constant once known. */
  readonly total?: number;
  /** Milliseconds since the work began. */
  readonly elapsed: number;
}

/** Called after each item; it must not throw. */
export type OnProgress = (progress: Progress) => void;

/**
 * Items a second and seconds left, from one progress event.
 *
 * @returns `perSecond`, 0 before the first item; `secondsLeft`, absent while the total is unknown or nothing is done
 * @example
 * paceOf({ label: "", done: 50, total: 100, elapsed: 5000 }); // { perSecond: 10, secondsLeft: 5 }
 */
export function paceOf({ done, total, elapsed }: Progress): { perSecond: number; secondsLeft?: number } {
  const perSecond = elapsed > 0 ? (done * 1000) / elapsed : 0;
  if (total === undefined || perSecond === 0) return { perSecond };
  return { perSecond, secondsLeft: (total - done) / perSecond };
}
