import { printable } from "../kernel-helpers/support/escape.js";
import { drawnNowAndThen, type Progress, progressWords } from "../kernel-helpers/support/progress.js";

const WIDTH = 24;

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
  private visible = false;

  constructor(private readonly stream: NodeJS.WriteStream) {}

  /** Draws the state of the work; may be handed over as an `OnProgress`. */
  readonly update = drawnNowAndThen((progress) => {
    if (!this.stream.isTTY) return;
    this.visible = true;
    this.stream.write(`\r\u001b[2K${printable(progressLine(progress)).slice(0, (this.stream.columns ?? 80) - 1)}`);
  });

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
  const { count, share, pace, time } = progressWords(progress);
  const filled = Math.round(WIDTH * (share ?? 0));
  const bar = share === undefined ? [] : ["━".repeat(filled) + "─".repeat(WIDTH - filled)];
  return [[progress.label, ...bar, count].join(" "), pace, time].filter(Boolean).join("  ");
}
