import { readCsvList } from "../kernel-helpers/datasets/classes/csv-list.js";
import { readFolderPerClass } from "../kernel-helpers/datasets/classes/folder-per-class.js";
import { describeFound, findImages } from "../kernel-helpers/images/files/list-images.js";
import { isPackPath, readPacks } from "../kernel-helpers/datasets/packs/read-packs.js";
import { nameOf, type Picture, type PictureSet } from "../kernel-helpers/images/picture.js";
import { CamlabError } from "../kernel-helpers/support/errors.js";
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

/** Pictures that a command was given, with what a person should know of them. */
export type FoundSet = Pick<PictureSet, "pictures" | "notes">;

/**
 * What commands that want labels are given: Parquet files, archives and lists of addresses; a list with a header
 * `image,label[,split]`; with `folders` a folder of classes; or any files, folders and globs.
 *
 * @throws CamlabError as what reads them, and with `folders` for several folders
 */
export async function foundSet(sources: readonly string[], folders?: boolean): Promise<FoundSet> {
  const arePacks = (await Promise.all(sources.map(isPackPath))).every(Boolean);
  if (arePacks) return { pictures: await foundPictures(sources, folders) };
  if (folders) {
    if (sources.length !== 1) throw new CamlabError("--folders takes one folder, which holds a folder for each class");
    return readFolderPerClass(sources[0]);
  }
  if (sources.length !== 1 || !/\.csv$/i.test(sources[0])) return { pictures: await foundPictures(sources) };
  return readCsvList(sources[0]);
}

/** The names of pictures, for what lists them. */
export function namesOf(pictures: readonly Picture[]): string[] {
  return pictures.map(nameOf);
}
