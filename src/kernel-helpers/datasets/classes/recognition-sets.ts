// Data sets of the paper's generic recognition tasks that come as a folder for each class, and the usual way to divide
// each.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { readFolderPerClass } from "./folder-per-class.js";
import type { PictureSet, StoredPicture } from "../../images/picture.js";
import { splitPerClass, type SplitPerClassOptions } from "../sets/split-per-class.js";

/**
 * Reads Caltech-101 as distributed: `101_ObjectCategories/` (or that folder itself) with a folder for each class; the
 * clutter in `BACKGROUND_Google` is left out. 30 images a class to train on, at most 50 of the others to test on.
 *
 * @throws CamlabError when the folder cannot be read, or a class has too few images
 * @example
 * const { pictures } = await readers.readCaltech101("caltech-101");
 */
export async function readCaltech101(
  folder: string,
  split?: Partial<SplitPerClassOptions>,
): Promise<PictureSet<StoredPicture>> {
  const { classes, pictures, notes } = await readFolderPerClass(inside(folder, "101_ObjectCategories"));
  const isObject = (name: string | undefined) => name !== "BACKGROUND_Google";
  const objects = {
    ...(notes && { notes }),
    classes: classes.filter(isObject),
    pictures: pictures.filter(({ label }) => isObject(label)),
  };
  return splitPerClass(objects, { train: 30, test: 50, ...split });
}

/**
 * Reads the fifteen scene categories: `scene_categories/` (or that folder itself) with a folder for each. 100 images a
 * class to train on, all others to test on.
 *
 * @throws CamlabError when the folder cannot be read, or a class has too few images
 * @example
 * const { pictures } = await readers.readScene15("15-scene", { seed: 1 });
 */
export async function readScene15(
  folder: string,
  split?: Partial<SplitPerClassOptions>,
): Promise<PictureSet<StoredPicture>> {
  return splitPerClass(await readFolderPerClass(inside(folder, "scene_categories")), { train: 100, ...split });
}

/**
 * Reads UIUC Event8 as distributed: `event_dataset/` (or that folder itself) with a folder for each of eight sports. 70
 * images a class to train on, 60 to test on.
 *
 * @throws CamlabError when the folder cannot be read, or a class has too few images
 * @example
 * const { pictures } = await readers.readEvent8("event_dataset", { seed: 1 });
 */
export async function readEvent8(
  folder: string,
  split?: Partial<SplitPerClassOptions>,
): Promise<PictureSet<StoredPicture>> {
  return splitPerClass(await readFolderPerClass(inside(folder, "event_dataset")), { train: 70, test: 60, ...split });
}

function inside(folder: string, name: string): string {
  const inner = join(folder, name);
  return existsSync(inner) ? inner : folder;
}
