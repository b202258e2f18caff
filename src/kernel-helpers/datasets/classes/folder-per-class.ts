import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { CamlabError, messageOf } from "../../support/errors.js";
import type { PictureSet, StoredPicture } from "../../images/picture.js";
import type { Split } from "../sets/split.js";

const IMAGE = /\.(jpe?g|png|webp|gif|tiff?|avif)$/i;
const SPLITS: Readonly<Record<string, Split>> = {
  train: "train",
  training: "train",
  val: "val",
  valid: "val",
  validation: "val",
  test: "test",
  testing: "test",
};

/**
 * Reads a folder that holds a folder for each class (Caltech-101, Scene-15 and the like), or `train/`, `val/` and
 * `test/` with a folder for each class in them. Names are read in the order of their characters.
 *
 * @throws CamlabError when the folder cannot be read or holds no image in a class folder
 * @example
 * const { classes, pictures } = await readFolderPerClass("caltech-101");
 */
export async function readFolderPerClass(folder: string): Promise<PictureSet<StoredPicture>> {
  const top = await names(folder, true);
  const splits = top.filter((name) => SPLITS[name.toLowerCase()]);
  const roots = splits.length && splits.length === top.length ? splits : [undefined];
  const pictures: StoredPicture[] = [];
  for (const root of roots) {
    const base = root === undefined ? folder : join(folder, root);
    const split = root && SPLITS[root.toLowerCase()];
    for (const label of await names(base, true)) {
      for (const name of (await names(join(base, label), false)).filter((file) => IMAGE.test(file))) {
        pictures.push({
          file: join(base, label, name),
          id: [root, label, name].filter(Boolean).join("/"),
          label,
          ...(split && { split }),
        });
      }
    }
  }
  if (!pictures.length) throw new CamlabError(`${folder} holds no images in folders named after classes`);
  return { classes: [...new Set(pictures.map(({ label }) => label!))].sort(), pictures };
}

async function names(folder: string, folders: boolean): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    // A link may be either: it is followed where it is used.
    return entries
      .filter((entry) => entry.isSymbolicLink() || entry.isDirectory() === folders)
      .map(({ name }) => name)
      .sort();
  } catch (error) {
    throw new CamlabError(`cannot read the folder ${folder}: ${messageOf(error)}`);
  }
}
