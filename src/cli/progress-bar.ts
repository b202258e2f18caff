import { paceOf, type Progress } from "../kernel-helpers/support/progress.js";

const WIDTH = 24;
const REDRAW_EVERY = 80;

/**
 * A one-line progress bar for a terminal, redrawn in place. Where the stream is not a terminal it stays silent, so
 * that logs and pipes are clean.
 *
 * @example
 * const bar = new ProgressBar(process.stderr);
 * for await (const seen of lookAtAll(network, files, { onProgress: bar.update })) …
 * bar.clear();
 */
export class ProgressBar {
  private drawnAt = 0;
  private visible = false;

  constructor(private readonly stream: NodeJS.WriteStream) {}

  /** Draws the state of the work; may be handed over as an `OnProgress`. */
  readonly update = (progress: Progress): void => {
    const finished = progress.done === progress.total;
    if (!this.stream.isTTY || (!finished && Date.now() - this.drawnAt < REDRAW_EVERY)) return;
    this.drawnAt = Date.now();
    this.visible = true;
    const line = progressLine(progress);
    this.stream.write(`\r\u001b[2K${line.slice(0, (this.stream.columns ?? 80) - 1)}`);
  };

  /** Removes the bar, so that something else can be printed. */
  clear(): void {
    if (!this.visible) return;
    this.stream.write("\r\u001b[2K");
    this.visible = false;
  }
}

/**
 * The state of some work in one line: "looking ━━━━━──── 120/1000  38/s  23 s left".
 *
 * @example
 * progressLine({ label: "looking", done: 5, total: 10, elapsed: 1000 });
 */
export function progressLine(progress: Progress): string {
  const { label, done, total } = progress;
  const { perSecond, secondsLeft } = paceOf(progress);
  const rate = `${perSecond >= 10 ? perSecond.toFixed(0) : perSecond.toFixed(1)}/s`;
  if (total === undefined) return `${label} ${done}  ${rate}`;
  const filled = total === 0 ? WIDTH : Math.round((WIDTH * done) / total);
  const bar = "━".repeat(filled) + "─".repeat(WIDTH - filled);
  const left = secondsLeft === undefined ? "" : `  ${duration(secondsLeft)} left`;
  return `${label} ${bar} ${done}/${total}  ${rate}${left}`;
}

function duration(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}
