import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Box } from "../../images/box.js";
import type { PictureSet, StoredPicture } from "../../images/picture.js";
import { CamlabError } from "../../support/errors.js";
import { cutApart, uncutNote } from "../files/alike-names.js";
import { sayIfMissing } from "../files/image-path.js";
import { readKeyed } from "../files/keyed-lines.js";
import { notOfLayout } from "../files/layouts.js";
import { checkPath } from "../files/read-text.js";
import { Reading } from "../files/reading.js";
import { numbersOf } from "../files/values.js";

/**
 * Reads the text lists of CUB-200-2011 as distributed: `images.txt`, `image_class_labels.txt`, `classes.txt`, and, where
 * they are there, `bounding_boxes.txt` and `train_test_split.txt` (1 is train). The images lie in `images/`.
 *
 * @param folder the folder that holds the lists
 * @returns classes in the order of `classes.txt`, without CUB's leading number unless two would then be the same; images
 * in the order of `images.txt`; lines that cannot be used, and images whose class, box or split is missing, are left out,
 * and named in the notes
 * @throws CamlabError when a list is missing, or no image can be used
 * @example
 * const birds = await readers.readCub("CUB_200_2011");
 * await extractFeatures(network, birds);
 */
export async function readCub(folder: string): Promise<PictureSet<StoredPicture>> {
  checkPath("folder", folder);
  const reading = new Reading();
  for (const name of ["images.txt", "image_class_labels.txt", "classes.txt"]) {
    if (existsSync(join(folder, name))) continue;
    const lacks = `has no ${name} (it is part of CUB_200_2011.tgz, from https://www.vision.caltech.edu/datasets/cub_200_2011/)`;
    throw await notOfLayout(folder, "readCub", lacks);
  }
  const list = (name: string) => readKeyed(join(folder, name), reading.count("lines", name), reading);
  const optional = async (name: string) => (existsSync(join(folder, name)) ? list(name) : undefined);
  const [files, classOf, names] = [
    await list("images.txt"),
    await list("image_class_labels.txt"),
    await list("classes.txt"),
  ];
  const [boxes, splits] = [await optional("bounding_boxes.txt"), await optional("train_test_split.txt")];
  const readable = cutApart(names.values(), (name) => name.replace(/^\d+\./, "").replaceAll("_", " "));
  for (const group of readable.uncut) reading.say(uncutNote(group));
  const images = reading.count("images", folder);
  const pictures = [...files].flatMap(([id, path]): StoredPicture[] => {
    const picture = images.attempt(`image ${id} (${path})`, () => {
      const label = readable.names.get(names.get(classOf.get(id) ?? "") ?? "");
      if (label === undefined) throw new CamlabError("it has no class that classes.txt knows");
      return {
        file: join(folder, "images", path),
        id,
        label,
        ...(splits && { split: splitIn(splits, id) }),
        ...(boxes && { box: boxIn(boxes, id) }),
      };
    });
    return picture ? [picture] : [];
  });
  for (const [name, keyed] of Object.entries({
    "image_class_labels.txt": classOf,
    "bounding_boxes.txt": boxes,
    "train_test_split.txt": splits,
  })) {
    const unknown = [...(keyed?.keys() ?? [])].filter((id) => !files.has(id));
    if (unknown.length > 0)
      reading.say(`${name} speaks of images that images.txt has not: ${unknown.slice(0, 20).join(", ")}`);
  }
  sayIfMissing(reading, pictures, "the images of CUB-200-2011 lie in images/");
  return reading.set(readable.names.values(), pictures, folder);
}

function splitIn(splits: ReadonlyMap<string, string>, id: string): "train" | "test" {
  const said = splits.get(id);
  if (said === "1") return "train";
  if (said === "0") return "test";
  throw new CamlabError(
    said === undefined ? "train_test_split.txt has no line for it" : `its split is ${said}, not 0 or 1`,
  );
}

function boxIn(boxes: ReadonlyMap<string, string>, id: string): Box {
  const text = boxes.get(id);
  if (text === undefined) throw new CamlabError("bounding_boxes.txt has no line for it");
  const numbers = numbersOf(text.split(/\s+/));
  if (numbers?.length !== 4 || numbers[2] < 0 || numbers[3] < 0) throw new CamlabError(`its box is ${text}`);
  const [x, y, width, height] = numbers;
  return { x, y, width, height };
}
