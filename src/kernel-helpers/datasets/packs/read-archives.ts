import { dirname, join } from "node:path";
import { existsSync } from "node:fs";
import type { PackedPicture, PictureSet } from "../../images/picture.js";
import { readPacked } from "../../images/packed/read-packed.js";
import { readLines } from "../files/read-text.js";
import { type TarFile, tarFiles } from "../../support/files/tar-files.js";
import { type ArchiveOptions, archivePictures, checkArchiveOptions } from "./archive-pictures.js";
import { openArchive } from "./open-archive.js";
import { readEach } from "./read-each.js";
import { type ZipEntry, zipEntries } from "./zip-entries.js";

/**
 * Reads the pictures of tar archives, such as the shards of a WebDataset, without unpacking them: only headers are read
 * now, each picture's bytes when its turn comes. Files of one key belong together: `.cls` is the class (a number, named
 * by `classes` or by `classnames.txt` beside the archive, or a name), `.txt` a caption, `.json` `label`, `caption`, `box`
 * and `split`. A split in the archive's name (`birds-train-0000.tar`) is the pictures'.
 *
 * @returns in the archives' order; links, files that are cut short and paths that lead out are left out, and named in the notes
 * @throws CamlabError when no picture can be found
 * @example
 * const birds = await readers.readTar(["birds-0000.tar", "birds-0001.tar"]);
 */
export async function readTar(
  paths: string | readonly string[],
  options: ArchiveOptions = {},
): Promise<PictureSet<PackedPicture>> {
  checkArchiveOptions(options, "readTar");
  return readEach("archives", paths, options.classes, async (pack, reading) => {
    const place = ({ name, start, size }: TarFile) => ({ kind: "part", pack, entry: name, start, size }) as const;
    const known = await withClasses(pack, options);
    return archivePictures(
      pack,
      reading.whole(tarEntries(pack)),
      (e) => readPacked(place(e)),
      place,
      known,
      reading.reading,
    );
  });
}

/**
 * Reads the pictures of zip archives without unpacking them, as `readTar` does those of tar archives. What is encrypted,
 * packed in other ways than by Deflate, larger than 256 MB or shares its bytes with other entries is left out, and named.
 *
 * @throws CamlabError when no picture can be found
 * @example
 * const set = await readers.readZip("photos.zip", { folders: true });
 */
export async function readZip(
  paths: string | readonly string[],
  options: ArchiveOptions = {},
): Promise<PictureSet<PackedPicture>> {
  checkArchiveOptions(options, "readZip");
  return readEach("archives", paths, options.classes, async (pack, { reading }) => {
    const place = ({ name, start, packedSize, size, crc, isDeflated }: ZipEntry) =>
      ({ kind: "zip", pack, entry: name, start, packedSize, size, crc, isDeflated }) as const;
    const known = await withClasses(pack, options);
    return archivePictures(pack, await zipEntries(pack), (entry) => readPacked(place(entry)), place, known, reading);
  });
}

async function* tarEntries(pack: string): AsyncGenerator<TarFile> {
  await using archive = await openArchive(pack);
  yield* tarFiles(archive);
}

/** What the benchmarks of CLIP put beside their shards. */
const CLASS_NAMES = "classnames.txt";

async function withClasses(pack: string, options: ArchiveOptions): Promise<ArchiveOptions> {
  const file = join(dirname(pack), CLASS_NAMES);
  if (options.classes !== undefined || !existsSync(file)) return options;
  return { ...options, classes: (await readLines(file)).map((line) => line.trim()).filter((line) => line !== "") };
}
