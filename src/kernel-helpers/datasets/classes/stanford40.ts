import { existsSync } from "node:fs";
import { join } from "node:path";
import type { PictureSet, StoredPicture } from "../../images/picture.js";
import { cutApart, uncutNote } from "../files/alike-names.js";
import { sayIfMissing } from "../files/image-path.js";
import { notOfLayout } from "../files/layouts.js";
import { checkPath, readLines } from "../files/read-text.js";
import { Reading } from "../files/reading.js";

/**
 * Reads Stanford-40 Actions as distributed: `JPEGImages/` with all images, `ImageSplits/actions.txt` with the actions,
 * and for each action the lists `ImageSplits/ACTION_train.txt` and `ImageSplits/ACTION_test.txt`.
 *
 * @returns an action whose list cannot be read is left out, and named in the notes
 * @throws CamlabError when `actions.txt` cannot be read, names no action, or no list can be read
 * @example
 * const { pictures } = await readers.readStanford40("Stanford40");
 */
export async function readStanford40(folder: string): Promise<PictureSet<StoredPicture>> {
  checkPath("folder", folder);
  const reading = new Reading();
  const actions = await actionsOf(folder, reading);
  const labels = cutApart(actions, (action) => action.replaceAll("_", " "));
  for (const group of labels.uncut) reading.say(uncutNote(group));
  const lists = reading.count("lists", join(folder, "ImageSplits"));
  const pictures: StoredPicture[] = [];
  const seen = new Set<string>();
  for (const action of actions) {
    for (const split of ["train", "test"] as const) {
      const list = `${action}_${split}.txt`;
      const names = await lists.attemptAsync(list, () => readLines(join(folder, "ImageSplits", list), reading));
      for (const name of names ?? []) {
        const id = name.trim();
        if (seen.has(id)) reading.sayOf("in more than one list", id);
        seen.add(id);
        pictures.push({ file: join(folder, "JPEGImages", id), id, label: labels.names.get(action), split });
      }
    }
  }
  sayIfMissing(reading, pictures, "the images of Stanford-40 lie in JPEGImages/");
  return reading.set(labels.names.values(), pictures, folder);
}

async function actionsOf(folder: string, reading: Reading): Promise<string[]> {
  const file = join(folder, "ImageSplits", "actions.txt");
  if (!existsSync(file)) {
    const lacks =
      "has no ImageSplits/actions.txt (it is part of Stanford40_ImageSplits.zip, from http://vision.stanford.edu/Datasets/40actions.html)";
    throw await notOfLayout(folder, "readStanford40", lacks);
  }
  const [header = "", ...rows] = await readLines(file, reading);
  // The first line may be the columns' names: "action_name  number_of_images".
  const lines = /action_name/i.test(header) ? rows : [header, ...rows];
  const actions = lines.map((line) => line.trim().split(/\s+/)[0]).filter(Boolean);
  const repeated = actions.filter((action, i) => actions.indexOf(action) !== i);
  for (const action of repeated) reading.sayOf("named more than once in actions.txt", action);
  if (actions.length === 0) throw await notOfLayout(file, "readStanford40", "names no action");
  return [...new Set(actions)];
}
