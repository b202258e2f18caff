import { check } from "../../support/check.js";
import { invalid } from "../../support/errors.js";

/** How the learning rate changes. All places are parts of the whole training, from 0 to 1. */
export type Schedule =
  | { readonly kind: "constant"; readonly warmup?: number }
  /** Multiplied by `factor` (0.1 unless given) at each place of `at`. */
  | { readonly kind: "step"; readonly at: readonly number[]; readonly factor?: number; readonly warmup?: number }
  /** Half a cosine, down to 0. */
  | { readonly kind: "cosine"; readonly warmup?: number }
  /** Up from a 25th during `warmup` (0.3 unless given), then half a cosine down to 0 (Smith and Topin 2018). */
  | { readonly kind: "one-cycle"; readonly warmup?: number };

/**
 * The learning rate of a step. With `warmup` it first rises in a straight line from a 25th of its full height.
 *
 * @param full the learning rate at its height
 * @param progress how much of the training is done, 0 ≤ p < 1
 * @example
 * learningRateAt({ kind: "cosine" }, 0.1, 0.5); // 0.05
 */
export function learningRateAt(schedule: Schedule, full: number, progress: number): number {
  const warmup = schedule.warmup ?? (schedule.kind === "one-cycle" ? 0.3 : 0);
  if (progress < warmup) return full * (START + (1 - START) * (progress / warmup));
  const rest = (progress - warmup) / (1 - warmup);
  switch (schedule.kind) {
    case "constant":
      return full;
    case "step":
      return full * (schedule.factor ?? 0.1) ** schedule.at.filter((place) => progress >= place).length;
    case "cosine":
    case "one-cycle":
      return (full * (1 + Math.cos(Math.PI * rest))) / 2;
  }
}

const START = 1 / 25;

/** @throws CamlabError for a schedule that cannot be used */
export function checkSchedule(schedule: Schedule): void {
  const kinds = ["constant", "step", "cosine", "one-cycle"];
  if (!kinds.includes(schedule?.kind)) throw invalid("schedule", schedule, kinds.map((kind) => `"${kind}"`).join(", "));
  const { warmup } = schedule;
  if (warmup !== undefined) check.number("schedule.warmup", warmup, { from: 0, below: 1 });
  if (schedule.kind !== "step") return;
  const parts = Array.isArray(schedule.at) && schedule.at.every((place: number) => place > 0 && place < 1);
  if (!parts) throw invalid("schedule.at", schedule.at, "a list of places from 0 to 1");
}
