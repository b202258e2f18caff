import type { GapHead } from "../../../graph/head/gap-head.js";

/** Whether the scores are linear in the features, by the same weights for every photo. */
export function isLinearHead(head: GapHead): boolean {
  return head.form === "pool-then-classify" && !head.normalisation;
}
