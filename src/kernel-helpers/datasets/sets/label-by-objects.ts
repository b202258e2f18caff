import { checkSet } from "./split.js";
import type { Picture, PictureSet } from "../../images/picture.js";

/**
 * Labels pictures by what is in them: each gets the names of the groups that one of its objects belongs to. So object
 * annotations become image-level labels for a probe such as "pictures with kitchen things".
 *
 * @param groups object names by the name of the probe
 * @returns the same pictures with `labels`, which may be empty, instead of `label`; the groups are the classes
 * @example
 * const set = readers.labelByObjects(await readers.readYolo("coco128"), { kitchen: ["oven", "sink", "refrigerator"] });
 */
export function labelByObjects<P extends Picture>(
  set: PictureSet<P>,
  groups: Readonly<Record<string, readonly string[]>>,
): PictureSet<P> {
  checkSet(set);
  const pictures = set.pictures.map((picture) => {
    const present = new Set(picture.objects?.map(({ name }) => name));
    const labels = Object.keys(groups).filter((group) => groups[group].some((name) => present.has(name)));
    return { ...picture, label: undefined, labels };
  });
  return { ...set, classes: Object.keys(groups), pictures };
}
