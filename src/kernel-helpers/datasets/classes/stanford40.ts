import { join } from "node:path";
import { CamlabError } from "../../support/errors.js";
import type { PictureSet, StoredPicture } from "../../images/picture.js";
import { readLines } from "../files/text-lines.js";

/**
 * Reads Stanford-40 Actions as distributed: `JPEGImages/` with all images, `ImageSplits/actions.txt` with the actions,
 * and for each action the lists `ImageSplits/ACTION_train.txt` and `ImageSplits/ACTION_test.txt`.
 *
 * @throws CamlabError when a list cannot be read or names no action
 * @example
 * const { pictures } = await readStanford40("Stanford40");
 */
export async function readStanford40(folder: string): Promise<PictureSet<StoredPicture>> {
  const list = (name: string) => readLines(join(folder, "ImageSplits", name));
  const [header = "", ...rows] = await list("actions.txt");
  // The first line may be the columns' names: "action_name  number_of_images".
  const actions = (/action_name/i.test(header) ? rows : [header, ...rows]).map((line) => line.trim().split(/\s+/)[0]);
  if (actions.length === 0 || actions[0] === "")
    throw new CamlabError(`${folder}: ImageSplits/actions.txt names no action`);
  const pictures: StoredPicture[] = [];
  for (const action of actions) {
    for (const split of ["train", "test"] as const) {
      for (const name of await list(`${action}_${split}.txt`)) {
        const id = name.trim();
        pictures.push({ file: join(folder, "JPEGImages", id), id, label: action.replaceAll("_", " "), split });
      }
    }
  }
  return { classes: actions.map((action) => action.replaceAll("_", " ")), pictures };
}
