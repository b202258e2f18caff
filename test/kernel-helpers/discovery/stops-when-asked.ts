import assert from "node:assert/strict";
import type { OnProgress, Progress } from "../../../src/kernel-helpers/support/progress.js";

/**
 * Starts some work and aborts it at a point of its progress.
 *
 * @returns the labels that its progress had until then
 */
export async function stopsWhenAsked(
  start: (watch: { signal: AbortSignal; onProgress: OnProgress }) => Promise<unknown>,
  isTime: (progress: Progress) => boolean,
): Promise<ReadonlySet<string>> {
  const labels = new Set<string>();
  const controller = new AbortController();
  const onProgress = (progress: Progress) => {
    labels.add(progress.label);
    if (isTime(progress)) controller.abort();
  };
  await assert.rejects(start({ signal: controller.signal, onProgress }), { name: "AbortError" });
  return labels;
}
