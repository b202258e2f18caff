import { invalid } from "../../support/errors.js";
import type { Interval } from "../../support/statistics.js";
import type { Network } from "../../networks/network.js";
import { type LearnTaskOptions, learnTask, type LearnedTask, type TaskSet } from "./learn-task.js";

/** A line of the table: plain values. */
export interface TaskLine {
  readonly task: string;
  readonly classes: number;
  readonly train: number;
  readonly test: number;
  /** Share of the test pictures whose class is right, and its 95 % interval. */
  readonly accuracy: Interval;
  readonly meanClassAccuracy: number;
  /** How many images could not be read. */
  readonly skippedCount: number;
}

/** Tasks that were learned, and what to show of them. */
export interface LearnedTasks {
  readonly results: readonly LearnedTask[];
  /** One line a task: as a table, and as the data of a bar chart with error bars. */
  readonly lines: readonly TaskLine[];
}

/**
 * New tasks in one call: for each data set, features of its images, a linear SVM on the training part, its accuracy on
 * the test part. The network is not trained: what it learned carries over, and the SVMs' weights draw class activation
 * maps as the network's own do.
 *
 * @param tasks data sets as the readers give them, each with a name; every image with a label and a split
 * @throws CamlabError when a task has no training or test part, an image has no label, or the network fails
 * @example
 * const { lines } = await learnTasks(network, [
 *   { name: "Scene-15", ...(await readers.readScene15("scene_categories")) },
 *   { name: "Event8", ...(await readers.readEvent8("event_dataset")) },
 * ]);
 * lines[0]; // { task: "Scene-15", classes: 15, train: 1500, test: 2985, accuracy: { value: 0.883, low: 0.872, high: 0.894 }, … }
 */
export async function learnTasks(
  network: Network,
  tasks: readonly TaskSet[],
  options: LearnTaskOptions = {},
): Promise<LearnedTasks> {
  if (typeof tasks !== "object" || tasks === null || !(Symbol.iterator in tasks))
    throw invalid("tasks", tasks, "a list of { name, pictures }");
  const results: LearnedTask[] = [];
  for (const task of tasks) results.push(await learnTask(network, task, options));
  return { results, lines: results.map(lineOf) };
}

function lineOf({ findings, skipped }: LearnedTask): TaskLine {
  const { name, classes, train, test, accuracy, meanClassAccuracy } = findings;
  return {
    task: name,
    classes,
    train,
    test,
    accuracy,
    meanClassAccuracy,
    skippedCount: skipped.length,
  };
}
