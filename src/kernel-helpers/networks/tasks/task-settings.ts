import { check, optionNames } from "../../support/check.js";
import { checkSize, type InputSize } from "../opening/image-input.js";

/** What suits a network in one task of discovery, where it is not what the task takes for others. */
export interface TaskSettings {
  /** The size that pictures are brought to, instead of the network's own. */
  readonly size?: InputSize;
}

/**
 * What suits a network in discovery, task by task: its card's `tasks`. Answers have none: a model is asked later, of
 * pictures that the network at hand was shown.
 */
export interface NetworkTasks {
  readonly scenes?: TaskSettings & {
    /** The share of a map's maximum above which a place is hot. */
    readonly hot?: number;
    /** Whether a place must also speak more for its scene than for any other to be hot. */
    readonly rivals?: boolean;
  };
  readonly phrases?: TaskSettings;
  readonly text?: TaskSettings;
  readonly activities?: TaskSettings;
  readonly fineGrained?: TaskSettings;
  readonly units?: TaskSettings;
}

/** The name of a task of discovery, as cards call it. */
export type TaskName = keyof NetworkTasks;

const TASKS = optionNames<NetworkTasks>({
  scenes: true,
  phrases: true,
  text: true,
  activities: true,
  fineGrained: true,
  units: true,
});

/**
 * Checks what a card says of tasks.
 *
 * @throws CamlabError naming the field
 */
export function checkTasks(tasks: NetworkTasks | undefined): void {
  check.known(tasks, TASKS, "tasks");
  for (const [task, settings] of Object.entries(tasks ?? {}) as [TaskName, NonNullable<NetworkTasks["scenes"]>][]) {
    const where = `tasks.${task}`;
    check.known(settings, task === "scenes" ? ["size", "hot", "rivals"] : ["size"], where);
    const { size, hot, rivals } = settings;
    if (size !== undefined) checkSize(size, `${where}.size`);
    if (hot !== undefined) check.number(`${where}.hot`, hot, { from: 0, below: 1 });
    if (rivals !== undefined) check.oneOf(`${where}.rivals`, rivals, [true, false]);
  }
}
