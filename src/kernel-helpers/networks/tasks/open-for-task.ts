import type { Network } from "../network.js";
import { checkSize, type InputSize } from "../opening/image-input.js";
import type { NetworkTasks, TaskName } from "./task-settings.js";

/** A network as it suits a task. Disposing of it leaves the network that was given open. */
export interface TaskNetwork<T extends TaskName> extends Disposable {
  readonly network: Network;
  /** What the card says of the task. */
  readonly settings: NonNullable<NetworkTasks[T]>;
  /** What was done because the card says so, for people. */
  readonly notes: readonly string[];
}

/**
 * A network as its card wants it for a task: opened once more where pictures are better shown at another size, and where
 * whoever opened it did not choose the size. Another network, and one that is right as it is, is given back itself.
 *
 * @throws CamlabError when it cannot be opened at that size
 */
export async function openForTask<T extends TaskName>(network: Network, task: T): Promise<TaskNetwork<T>> {
  const settings: NonNullable<NetworkTasks[T]> = network.card.tasks?.[task] ?? {};
  const { size } = settings;
  if (size === undefined || network.atSize === undefined || isOfSize(network, size)) {
    return { network, settings, notes: [], [Symbol.dispose]: () => undefined };
  }
  const opened = await network.atSize(size);
  const sized = network.view === undefined || !opened.inView ? opened : await opened.inView(network.view);
  const { width, height } = sized.preprocessing;
  return {
    network: sized,
    settings,
    notes: [`pictures are shown at ${width} × ${height} pixels, as the card of ${network.name} says of this task`],
    [Symbol.dispose]: () => sized.dispose(),
  };
}

function isOfSize({ preprocessing }: Network, size: InputSize): boolean {
  const { width, height } = checkSize(size, "size");
  return preprocessing.width === width && preprocessing.height === height;
}
