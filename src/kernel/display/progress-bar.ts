import { randomUUID } from "node:crypto";
import { escapeHtml, printable } from "../../kernel-helpers/support/escape.js";
import { drawnNowAndThen, progressWords, redrawnLine } from "../../kernel-helpers/support/progress.js";
import type { OnProgress, Progress } from "../../kernel-helpers/support/progress.js";
import { kernelHook } from "./kernel-hook.js";

/**
 * A progress bar for anything that takes `onProgress`. In a notebook it is one output that updates in place; in a
 * terminal it is one line on stderr; elsewhere it prints nothing.
 *
 * @returns a callback to pass as `onProgress`
 * @example
 * await extractFeatures(network, photos, { onProgress: notebook.progressBar() });
 */
export function progressBar(): OnProgress {
  const id = randomUUID();
  let started = false;
  return drawnNowAndThen((progress, isFinished) => {
    const kernel = kernelHook();
    if (kernel) {
      kernel.display({ "text/html": barHtml(progress), "text/plain": barText(progress) }, { id, update: started });
    } else if (process.stderr.isTTY) {
      process.stderr.write(redrawnLine(progress, process.stderr.columns) + (isFinished ? "\n" : ""));
    }
    started = true;
  });
}

function barText(progress: Progress): string {
  const { count, percent, pace, time } = progressWords(progress);
  const part = percent === undefined ? "" : ` (${percent} %)`;
  return [`${printable(progress.label)}: ${count}${part}`, pace, time].filter(Boolean).join(", ");
}

function barHtml(progress: Progress): string {
  const { share } = progressWords(progress);
  const bar = share === undefined ? "<progress></progress>" : `<progress value="${share}"></progress>`;
  return `<div>${bar} ${escapeHtml(barText(progress))}</div>`;
}
