import type { Network } from "../../networks/network.js";
import { type ProbeOptions, probeTask, type ProbeResult, type ProbeTask } from "./probe-task.js";

/** A line of the table: plain values. */
export interface ProbeLine {
  readonly task: string;
  readonly classes: number;
  readonly train: number;
  readonly test: number;
  /** Percent of the test images whose class is right, and its 95 % bootstrap interval. */
  readonly accuracy: number;
  readonly low: number;
  readonly high: number;
  readonly meanClassAccuracy: number;
  /** Images that could not be read. */
  readonly skipped: number;
}

/** Tasks that were learned, and what to show of them. */
export interface ProbeReport {
  readonly results: readonly ProbeResult[];
  /** One line a task: as a table, and as the data of a bar chart with error bars. */
  readonly lines: readonly ProbeLine[];
}

/**
 * New tasks in one call: for each data set, features of its images, a linear SVM on the training part, its accuracy on
 * the test part. The network is not trained: what it learned carries over, and the SVMs' weights draw class activation
 * maps as the network's own do.
 *
 * @param tasks data sets as the readers give them, each with a name; every image with a label and a split
 * @throws CamlabError when a task has no training or test part, an image has no label, or the network fails
 * @example
 * const { lines } = await probeTasks(network, [
 *   { name: "Scene-15", ...(await readScene15("scene_categories")) },
 *   { name: "Event8", ...(await readEvent8("event_dataset")) },
 * ]);
 * lines[0]; // { task: "Scene-15", classes: 15, train: 1500, test: 2985, accuracy: 88.3, low: 87.2, high: 89.4, … }
 */
export async function probeTasks(
  network: Network,
  tasks: readonly ProbeTask[],
  options: ProbeOptions = {},
): Promise<ProbeReport> {
  const results: ProbeResult[] = [];
  for (const task of tasks) results.push(await probeTask(network, task, options));
  return { results, lines: results.map(lineOf) };
}

function lineOf({ name, classes, train, test, accuracy, meanClassAccuracy, skipped }: ProbeResult): ProbeLine {
  const { value, low, high } = accuracy;
  return {
    task: name,
    classes,
    train,
    test,
    accuracy: 100 * value,
    low: 100 * low,
    high: 100 * high,
    meanClassAccuracy: 100 * meanClassAccuracy,
    skipped: skipped.length,
  };
}
