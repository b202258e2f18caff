import { CLEARED_LINE, drawnNowAndThen, redrawnLine } from "../kernel-helpers/support/progress.js";

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
    this.stream.write(redrawnLine(progress, this.stream.columns));
  });

  /** Removes the bar, so that something else can be printed. */
  clear(): void {
    if (!this.visible) return;
    this.stream.write(CLEARED_LINE);
    this.visible = false;
  }
}
