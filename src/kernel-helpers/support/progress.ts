import { printable } from "./escape.js";

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
 * Tells of one piece of work that begins now.
 *
 * @param onProgress who is told, if anybody
 * @param total items in all, where that is known
 * @returns to be called with how many items are finished
 * @example
 * const tell = tellProgress(onProgress, "reading images", files.length);
 * files.forEach((file, i) => tell(i + 1));
 */
export function tellProgress(
  onProgress: OnProgress | undefined,
  label: string,
  total?: number,
): (done: number) => void {
  const started = performance.now();
  return (done) =>
    onProgress?.({ label, done, ...(total !== undefined && { total }), elapsed: performance.now() - started });
}

/**
 * Items a second and seconds left, from one progress event.
 *
 * @returns `perSecond`, 0 before the first item; `secondsLeft`, absent while the total is unknown or nothing is done
 * @example
 * notebook.paceOf({ label: "", done: 50, total: 100, elapsed: 5000 }); // { perSecond: 10, secondsLeft: 5 }
 */
export function paceOf({ done, total, elapsed }: Progress): { perSecond: number; secondsLeft?: number } {
  const perSecond = elapsed > 0 ? (done * 1000) / elapsed : 0;
  if (total === undefined || perSecond === 0) return { perSecond };
  return { perSecond, secondsLeft: (total - done) / perSecond };
}

/** The state of some work in words, for whatever shows it. */
export interface ProgressWords {
  /** "120/1000", or "120" while the total is unknown. */
  readonly count: string;
  /** The share that is done, 0 to 1; absent while the total is unknown. */
  readonly share?: number;
  /** The same in whole per cent, rounded down: 100 only at the end. */
  readonly percent?: number;
  /** "38/s"; absent before the first item. */
  readonly pace?: string;
  /** "23 s left", at the end "31.5 s in all"; absent while it cannot be told. */
  readonly time?: string;
}

/**
 * The state of some work in words.
 *
 * @example
 * progressWords({ label: "looking", done: 50, total: 100, elapsed: 5000 }); // { count: "50/100", share: 0.5, … }
 */
export function progressWords(progress: Progress): ProgressWords {
  const { done, total, elapsed } = progress;
  const { perSecond, secondsLeft } = paceOf(progress);
  const time =
    secondsLeft === undefined
      ? undefined
      : secondsLeft === 0
        ? `${(elapsed / 1000).toFixed(1)} s in all`
        : `${durationText(secondsLeft)} left`;
  return {
    count: total === undefined ? `${done}` : `${done}/${total}`,
    ...(total !== undefined && { share: total === 0 ? 1 : done / total }),
    ...(total !== undefined && { percent: total === 0 ? 100 : Math.floor((100 * done) / total) }),
    ...(perSecond > 0 && { pace: `${perSecond >= 10 ? perSecond.toFixed(0) : perSecond.toFixed(1)}/s` }),
    ...(time !== undefined && { time }),
  };
}

/**
 * An `OnProgress` that draws at most every 100 ms, and the end in any case: nobody sees each of 10,000 photographs.
 *
 * @param draw told whether the work is finished
 * @example
 * const onProgress = drawnNowAndThen(({ done }, isFinished) => console.log(done, isFinished));
 */
export function drawnNowAndThen(draw: (progress: Progress, isFinished: boolean) => void): OnProgress {
  let drawnAt = -Infinity;
  return (progress) => {
    const isFinished = progress.total !== undefined && progress.done >= progress.total;
    const now = performance.now();
    if (!isFinished && now - drawnAt < PAUSE) return;
    drawnAt = now;
    draw(progress, isFinished);
  };
}

const PAUSE = 100;

function durationText(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

const BAR_WIDTH = 24;

/**
 * The state of some work in one line: "looking ━━━━━──── 120/1000  38/s  23 s left".
 *
 * @example
 * progressLine({ label: "looking", done: 5, total: 10, elapsed: 1000 });
 */
export function progressLine(progress: Progress): string {
  const { count, share, pace, time } = progressWords(progress);
  const filled = Math.round(BAR_WIDTH * (share ?? 0));
  const bar = share === undefined ? [] : ["━".repeat(filled) + "─".repeat(BAR_WIDTH - filled)];
  return [[progress.label, ...bar, count].join(" "), pace, time].filter(Boolean).join("  ");
}

/** Takes away what the last line of a terminal says. */
export const CLEARED_LINE = "\r\u001b[2K";

/** What to write to a terminal so that its last line says how far some work has come, no longer than the line is. */
export function redrawnLine(progress: Progress, columns = 80): string {
  return CLEARED_LINE + printable(progressLine(progress)).slice(0, columns - 1);
}
