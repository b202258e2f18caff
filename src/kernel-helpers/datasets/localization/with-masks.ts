import { extname, relative, sep } from "node:path";
import { loadMask, loadMaskIfAny } from "../../images/masks/load-mask.js";
import { maskBox } from "../../images/masks/mask-box.js";
import type { Picture, PictureSet } from "../../images/picture.js";
import { CamlabError } from "../../support/errors.js";
import { isImageName } from "../../support/files/image-endings.js";
import { filesBelow } from "../files/files-below.js";
import { Tally } from "../files/reading.js";

/**
 * Gives pictures masks that lie in a folder of their own, one for each picture, as the segmentations of CUB-200-2011 do: the
 * image below the folder whose path, but for its ending, is the last part of the picture's, as
 * `001.Black_footed_Albatross/a.png` for `images/001.Black_footed_Albatross/a.jpg`. What is brighter than half of the
 * brightest pixel, or not transparent, is the thing; in `…/a_ignore.png`, where there is one, it is what does not count.
 *
 * True boxes stay as they are; where there are none, the mask's own is one. Pictures of several classes, and those without a
 * mask, stay as they are, and are named in the notes.
 *
 * @throws CamlabError when the folder cannot be read, or no picture has a mask in it
 * @example
 * const birds = await readers.withMasks(await readers.readCub("CUB_200_2011"), "segmentations");
 */
export async function withMasks<P extends Picture>(set: PictureSet<P>, folder: string): Promise<PictureSet<P>> {
  const files = (await filesBelow(folder)).filter(isImageName);
  const masks = new Map(files.map((file) => [stemOf(relative(folder, file)), file]));
  const tally = new Tally("pictures have masks", folder);
  const pictures: P[] = [];
  for (const picture of set.pictures) {
    const name = typeof picture.file === "string" ? picture.file : (picture.id ?? "a picture without a file");
    pictures.push((await tally.attemptAsync(name, () => withMask(picture, name, masks))) ?? picture);
  }
  if (tally.kept === 0) throw tally.useless();
  const note = tally.note();
  return { ...set, pictures, notes: [...(set.notes ?? []), ...(note === undefined ? [] : [note])] };
}

/** A path without its ending, its parts parted by "/". */
function stemOf(path: string): string {
  return path.slice(0, path.length - extname(path).length).replaceAll(sep, "/");
}

async function withMask<P extends Picture>(picture: P, name: string, masks: ReadonlyMap<string, string>): Promise<P> {
  const { labels, objects = [] } = picture;
  const label = picture.label ?? (labels?.length === 1 ? labels[0] : undefined);
  if (label === undefined) throw new CamlabError("whose mask it is cannot be told: it is not of one class");
  const parts = stemOf(name).split("/");
  const stem = parts.map((_, i) => parts.slice(i).join("/")).find((one) => masks.has(one));
  if (stem === undefined) throw new CamlabError("no mask is called like it");
  const mask = await loadMask(masks.get(stem)!);
  const ignoredAt = masks.get(`${stem}_ignore`);
  const ignored = ignoredAt === undefined ? undefined : await loadMaskIfAny(ignoredAt);
  const at = objects.findIndex((object) => object.name === label && !object.crowd && !object.difficult);
  const thing = at < 0 ? { name: label, box: picture.box ?? maskBox(mask)! } : objects[at];
  return {
    ...picture,
    objects: [
      ...objects.filter((_, i) => i !== at),
      { ...thing, mask },
      ...(ignored ? [{ name: label, box: maskBox(ignored)!, mask: ignored, difficult: true }] : []),
    ],
  };
}
