import { percentOf } from "./percent-of.js";
import type { TaskLine } from "../../kernel-helpers/discovery/new-task/learn-tasks.js";

/**
 * The lines of `learnTasks` as an Arquero table, percentages to one decimal: as a cell's last value it shows itself.
 *
 * @example
 * const { lines } = await learnTasks(network, tasks);
 * await widgets.probeTable(lines);
 */
export async function probeTable(lines: readonly TaskLine[]): Promise<import("arquero").ColumnTable> {
  const { from } = await import("arquero");
  const tenth = (share: number) => Math.round(10 * percentOf(share)) / 10;
  return from(
    lines.map(({ task, classes, train, test, accuracy, meanClassAccuracy, skippedCount }) => ({
      task,
      classes,
      train,
      test,
      "accuracy %": tenth(accuracy.value),
      "95 % from": tenth(accuracy.low),
      "95 % to": tenth(accuracy.high),
      "chance %": tenth(1 / classes),
      "mean class accuracy %": tenth(meanClassAccuracy),
      "not read": skippedCount,
    })),
  );
}
