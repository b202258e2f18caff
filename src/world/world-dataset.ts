import { join } from "node:path";
import { cacheFolder } from "../kernel-helpers/support/cache-folder.js";
import type { LabelledImages } from "../kernel-helpers/datasets/labelled-image.js";
import { labelClasses } from "./classes.js";
import { labelledImage, type PictureRecord } from "./dataset-record.js";
import { WORLD_VERSION } from "./draw-world.js";
import { makeDataset, type MakeDatasetOptions } from "./make-dataset.js";
import type { WorldPart } from "./picture.js";
import { readRecords } from "./read-world.js";

/** How a part of the drawn world is had. */
export interface WorldDatasetOptions extends Omit<MakeDatasetOptions, "format"> {
  /** Where drawn pictures are kept; below camlab's cache folder unless given. */
  readonly folder?: string;
}

/** Drawn pictures on disk, with their labels and the whole truth about them. */
export interface WorldDataset extends LabelledImages {
  /** Where they lie. */
  readonly folder: string;
  /** Everything about the pictures, in the order of `images`. */
  readonly records: readonly PictureRecord[];
}

/**
 * A part of the drawn world as a data set: drawn the first time it is asked for, and kept.
 *
 * @throws CamlabError when the part is not one, or a count is not a whole number
 * @example
 * const { images, records } = await worldDataset("scenes", { train: 500, test: 250 });
 * const { lines } = await probeTasks(network, [{ name: "scenes", images }]);
 */
export async function worldDataset(part: WorldPart, options: WorldDatasetOptions = {}): Promise<WorldDataset> {
  const { seed = 0, train = 1000, val = 0, test = 500, onProgress, signal } = options;
  const name = `${part}-seed${seed}-${train}-${val}-${test}`;
  const folder = join(cacheFolder("world", options.folder), `version${WORLD_VERSION}`, name);
  await makeDataset(part, folder, { seed, train, val, test, onProgress, signal });
  const records: PictureRecord[] = [];
  for await (const record of readRecords(folder)) records.push(record);
  const images = records.map((record) => labelledImage(record, join(folder, "images", record.file)));
  return { classes: labelClasses(part), images, records, folder };
}
