import { randomUUID } from "node:crypto";
import { escapeHtml } from "../../kernel-helpers/support/escape.js";
import { paceOf } from "../../kernel-helpers/support/progress.js";
import type { OnProgress, Progress } from "../../kernel-helpers/support/progress.js";
import { kernelHook } from "./kernel-hook.js";

/** Milliseconds between two drawings: a front end need not draw each of 10,000 photographs. */
const PAUSE = 100;

/**
 * A progress bar for anything that takes `onProgress`. In a notebook it is one output that updates in place; in a
 * terminal it is one line on stderr; elsewhere it prints nothing.
 *
 * @returns a callback to pass as `onProgress`
 * @example
 * await extractFeatures(network, photos, { onProgress: progressBar() });
 */
export function progressBar(): OnProgress {
  const id = randomUUID();
  let drawn = -Infinity;
  let started = false;
  return (progress) => {
    const finished = progress.total !== undefined && progress.done >= progress.total;
    const now = performance.now();
    if (!finished && now - drawn < PAUSE) return;
    drawn = now;
    const kernel = kernelHook();
    if (kernel) {
      kernel.display({ "text/html": barHtml(progress), "text/plain": barText(progress) }, { id, update: started });
    } else if (process.stderr.isTTY) {
      process.stderr.write(`\r\x1b[2K${barText(progress)}${finished ? "\n" : ""}`);
    }
    started = true;
  };
}

function barText(progress: Progress): string {
  const { label, done, total } = progress;
  const count =
    total === undefined ? `${done}` : `${done}/${total} (${Math.floor((100 * done) / Math.max(1, total))} %)`;
  return `${label}: ${count}${paceText(progress)}`;
}

function barHtml(progress: Progress): string {
  const { done, total } = progress;
  const bar =
    total === undefined ? "<progress></progress>" : `<progress value="${done}" max="${Math.max(1, total)}"></progress>`;
  return `<div>${bar} ${escapeHtml(barText(progress))}</div>`;
}

function paceText(progress: Progress): string {
  const { perSecond, secondsLeft } = paceOf(progress);
  if (perSecond === 0) return "";
  const pace = perSecond >= 10 ? perSecond.toFixed(0) : perSecond.toFixed(1);
  if (secondsLeft === undefined) return `, ${pace}/s`;
  if (secondsLeft === 0) return `, ${pace}/s, ${(progress.elapsed / 1000).toFixed(1)} s in all`;
  return `, ${pace}/s, ${secondsLeft < 90 ? `${Math.ceil(secondsLeft)} s` : `${Math.ceil(secondsLeft / 60)} min`} left`;
}
