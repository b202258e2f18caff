import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Box } from "../../images/box.js";
import { CamlabError } from "../../support/errors.js";
import type { PictureSet, StoredPicture } from "../../images/picture.js";
import { readKeyed } from "../files/text-lines.js";

/**
 * Reads the text lists of CUB-200-2011 as distributed: `images.txt`, `image_class_labels.txt`, `classes.txt`, and, where
 * they are there, `bounding_boxes.txt` and `train_test_split.txt` (1 is train). The images lie in `images/`.
 *
 * @param folder the folder that holds the lists
 * @returns classes in the order of `classes.txt`, without CUB's leading number; images in the order of `images.txt`
 * @throws CamlabError when a list is missing, or an image has no class
 * @example
 * const birds = await readCub("CUB_200_2011");
 * await extractFeatures(network, birds);
 */
export async function readCub(folder: string): Promise<PictureSet<StoredPicture>> {
  const list = (name: string) => readKeyed(join(folder, name));
  const optional = (name: string) => (existsSync(join(folder, name)) ? list(name) : undefined);
  const [files, classOf, names] = [
    await list("images.txt"),
    await list("image_class_labels.txt"),
    await list("classes.txt"),
  ];
  const [boxes, splits] = [await optional("bounding_boxes.txt"), await optional("train_test_split.txt")];
  const readable = new Map([...names].map(([id, name]) => [id, name.replace(/^\d+\./, "").replaceAll("_", " ")]));
  const pictures = [...files].map(([id, path]): StoredPicture => {
    const label = readable.get(classOf.get(id) ?? "");
    if (label === undefined)
      throw new CamlabError(`${folder}: image ${id} (${path}) has no class that classes.txt knows`);
    const split = splits?.get(id);
    return {
      file: join(folder, "images", path),
      id,
      label,
      ...(split !== undefined && { split: split === "1" ? "train" : "test" }),
      ...(boxes?.has(id) && { box: boxOf(boxes.get(id)!, id, folder) }),
    };
  });
  return { classes: [...readable.values()], pictures };
}

function boxOf(text: string, id: string, folder: string): Box {
  const [x, y, width, height] = text.split(/\s+/).map(Number);
  if (![x, y, width, height].every(Number.isFinite))
    throw new CamlabError(`${folder}: image ${id} has the box "${text}"`);
  return { x, y, width, height };
}
