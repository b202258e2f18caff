import { labelsOf, type PackedPicture, type PictureSet } from "../../images/picture.js";
import { invalid, messageOf } from "../../support/errors.js";
import { reasonOf } from "../files/read-text.js";
import { Reading } from "../files/reading.js";

/** What is there to say of one of several files. */
export interface OneOfMany {
  readonly reading: Reading;
  /** Items up to where their source breaks off; that is said, and what came before is kept. */
  whole<T>(items: AsyncIterable<T>): AsyncIterable<T>;
}

/**
 * Reads several files as one set: one that cannot be read is named, and the others are read.
 *
 * @param things what the files are called: "archives"
 * @param classes in their order, where it is known
 * @throws CamlabError for no path, and when no picture was found
 */
export async function readEach(
  things: string,
  paths: string | readonly string[],
  classes: readonly string[] | undefined,
  read: (path: string, many: OneOfMany) => Promise<readonly PackedPicture[]>,
): Promise<PictureSet<PackedPicture>> {
  const list = [paths].flat();
  if (list.length === 0 || !list.every((path) => typeof path === "string" && path !== "")) {
    throw invalid("paths", paths, "a path, or a list of paths");
  }
  const reading = new Reading();
  const files = reading.count(things, list.length === 1 ? list[0] : `the ${list.length} ${things}`);
  const pictures: PackedPicture[] = [];
  for (const path of list) {
    const many = { reading, whole: <T>(items: AsyncIterable<T>) => upToBreak(items, path, reading) };
    try {
      for (const picture of await read(path, many)) pictures.push(picture);
      files.keep();
    } catch (error) {
      files.leaveOut(path, "code" in (error as object) ? reasonOf(error) : messageOf(error));
    }
  }
  const found = new Set(pictures.flatMap(labelsOf));
  const names = classes
    ? [...classes, ...[...found].filter((name) => !classes.includes(name)).sort()]
    : [...found].sort();
  return reading.set(names, pictures, list[0]);
}

async function* upToBreak<T>(items: AsyncIterable<T>, path: string, reading: Reading): AsyncGenerator<T> {
  try {
    yield* items;
  } catch (error) {
    reading.say(`${path}: ${messageOf(error)}`);
  }
}
