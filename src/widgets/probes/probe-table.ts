import type { ProbeLine } from "../../kernel-helpers/discovery/new-task/new-task.js";

/**
 * The lines of `probeTasks` as an Arquero table, percentages to one decimal: as a cell's last value it shows itself.
 *
 * @example
 * const { lines } = await probeTasks(network, tasks);
 * await probeTable(lines);
 */
export async function probeTable(lines: readonly ProbeLine[]): Promise<import("arquero").ColumnTable> {
  const { from } = await import("arquero");
  const tenth = (percent: number) => Math.round(10 * percent) / 10;
  return from(
    lines.map(({ task, classes, train, test, accuracy, low, high, meanClassAccuracy, skipped }) => ({
      task,
      classes,
      train,
      test,
      "accuracy %": tenth(accuracy),
      "95 % from": tenth(low),
      "95 % to": tenth(high),
      "chance %": tenth(100 / classes),
      "mean class accuracy %": tenth(meanClassAccuracy),
      "not read": skipped,
    })),
  );
}
