import { join } from "node:path";
import { cacheFolder } from "../kernel-helpers/support/files/cache-folder.js";
import { WORLD_VERSION } from "./drawings.js";
import type { WorldPart } from "./drawing.js";
import { makeDataset, type MakeDatasetOptions } from "./make-dataset.js";
import { readWorld, type DrawnSet } from "./read-world.js";

/** How a part of the drawn world is had. */
export interface DrawWorldOptions extends Omit<MakeDatasetOptions, "format"> {
  /** Where drawn pictures are kept; below camlab's cache folder unless given. */
  readonly folder?: string;
}

/**
 * A part of the drawn world as a set of pictures with the whole truth on them: drawn the first time it is asked for, and
 * kept.
 *
 * @throws CamlabError when the part is not one, or a count is not a whole number
 * @example
 * const set = await drawWorld("scenes", { train: 500, test: 250 });
 * set.pictures[0].objects; // [{ name: "floor", box: …, mask: … }, …]
 */
export async function drawWorld(part: WorldPart, options: DrawWorldOptions = {}): Promise<DrawnSet> {
  const { seed = 0, train = 1000, val = 0, test = 500, onProgress, signal } = options;
  const name = `${part}-seed${seed}-${train}-${val}-${test}`;
  const folder = join(cacheFolder("world", options.folder), `version${WORLD_VERSION}`, name);
  await makeDataset(part, folder, { seed, train, val, test, onProgress, signal });
  return readWorld(folder);
}
