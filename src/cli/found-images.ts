import { describeFound, findImages } from "../kernel-helpers/images/files/list-images.js";
import { isPackPath, readPacks } from "../kernel-helpers/datasets/packs/read-packs.js";
import { nameOf, type Picture } from "../kernel-helpers/images/picture.js";
import { tellNotes } from "./notes.js";

/**
 * The images that patterns mean, for commands: says on stderr what was left out.
 *
 * @throws CamlabError as `listImages`
 */
export async function foundImages(patterns: readonly string[]): Promise<string[]> {
  const found = await findImages(patterns);
  const note = describeFound(found);
  if (note !== undefined) tellNotes([note]);
  return [...found.files];
}

/**
 * The pictures that patterns mean: of Parquet files, archives and lists of addresses those inside, in the order given.
 *
 * @param folders in archives, labels are the folders that pictures lie in
 * @throws CamlabError as `listImages`, and when nothing can be read in a pack
 */
export async function foundPictures(patterns: readonly string[], folders?: boolean): Promise<Picture[]> {
  const isPack = await Promise.all(patterns.map(isPackPath));
  const pictures: Picture[] = [];
  for (let start = 0; start < patterns.length;) {
    let end = start + 1;
    while (end < patterns.length && isPack[end] === isPack[start]) end += 1;
    const some = patterns.slice(start, end);
    if (!isPack[start]) for (const file of await foundImages(some)) pictures.push({ file });
    else {
      const { pictures: inside, notes = [] } = await readPacks(some, { folders });
      tellNotes(notes);
      for (const picture of inside) pictures.push(picture);
    }
    start = end;
  }
  return pictures;
}

/** The names of pictures, for what lists them. */
export function namesOf(pictures: readonly Picture[]): string[] {
  return pictures.map(nameOf);
}
