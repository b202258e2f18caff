// What the files of an archive say of its pictures: tar and zip alike.
import type { PackedImage } from "../../images/image.js";
import type { PackedPicture } from "../../images/picture.js";
import { check, optionNames } from "../../support/check.js";
import { isImageName } from "../../support/files/image-endings.js";
import { isToolName } from "../../support/files/tool-names.js";
import type { Reading, Tally } from "../files/reading.js";
import { splitNamed } from "../sets/split.js";
import { fieldsIn, type SampleFields } from "./sample-fields.js";

/** How an archive's pictures are labelled. */
export interface ArchiveOptions {
  /** Labels are the folders that pictures lie in; `train/`, `val/` and `test/` above them are splits. */
  readonly folders?: boolean;
  /** Names of the classes that numbers mean, from 0. */
  readonly classes?: readonly string[];
}

const OPTIONS = optionNames<ArchiveOptions>({ folders: true, classes: true });

/** @throws CamlabError for options that are not known */
export function checkArchiveOptions(options: ArchiveOptions, reader: string): void {
  check.known(options, OPTIONS, reader);
}

/** A file of an archive. */
export interface ArchiveEntry {
  readonly name: string;
  readonly size: number;
  /** Why it is not read. */
  readonly reason?: string;
}

/** Fields beside a picture are texts: larger files are none. */
const LARGEST_FIELD = 2 ** 20;

/**
 * The pictures of an archive. Files of one key (the name up to the first dot behind the last slash) belong together:
 * beside the picture `.cls` is its class, `.txt` or `.caption` what people said of it, `.json` either and more.
 *
 * @param read gives the bytes of a small file
 * @param place where the file of an entry lies
 */
export async function archivePictures<E extends ArchiveEntry>(
  pack: string,
  entries: AsyncIterable<E> | Iterable<E>,
  read: (entry: E) => Promise<Uint8Array>,
  place: (entry: E) => PackedImage,
  { folders = false, classes }: ArchiveOptions,
  reading: Reading,
): Promise<PackedPicture[]> {
  const files = reading.count("files", pack);
  const pictures: PackedPicture[] = [];
  let sample: Sample = { key: "", images: [], fields: {} };
  const finish = () => {
    for (const { name, file } of sample.images) {
      pictures.push({
        file,
        id: sample.images.length === 1 && !folders ? sample.key : name,
        ...splitIn(pack),
        ...(folders && folderFields(name)),
        ...sample.fields,
      });
    }
  };
  for await (const entry of entries) {
    const { name } = entry;
    const wrong = entry.reason ?? (climbs(name) ? "its path leads out of the archive" : undefined);
    const [key, ending] = keyAndEnding(name);
    if (key !== sample.key) {
      finish();
      sample = { key, images: [], fields: {} };
    }
    if (wrong !== undefined) files.leaveOut(name, wrong);
    else if (name.split("/").some(isToolName)) continue;
    else if (isImageName(name)) {
      sample.images.push({ name, file: place(entry) });
      files.keep();
    } else sample.fields = { ...sample.fields, ...(await fieldsOf(entry, ending, read, files, classes)) };
  }
  finish();
  return pictures;
}

interface Sample {
  readonly key: string;
  readonly images: { readonly name: string; readonly file: PackedImage }[];
  fields: SampleFields;
}

async function fieldsOf<E extends ArchiveEntry>(
  entry: E,
  ending: string,
  read: (entry: E) => Promise<Uint8Array>,
  files: Tally,
  classes: readonly string[] | undefined,
): Promise<SampleFields> {
  if (entry.size > LARGEST_FIELD) {
    files.leaveOut(entry.name, "no picture by its name");
    return {};
  }
  const fields = await files.attemptAsync(entry.name, async () => fieldsIn(await read(entry), ending, classes));
  return fields ?? {};
}

/** "a/b.c.jpg": "a/b" and "c.jpg". */
function keyAndEnding(name: string): [key: string, ending: string] {
  const folder = name.lastIndexOf("/") + 1;
  const dot = name.indexOf(".", folder);
  return dot < 0 ? [name, ""] : [name.slice(0, dot), name.slice(dot + 1).toLowerCase()];
}

/** Nothing is ever written to where an archive says; a name that climbs is a sign that the archive is not to be trusted. */
function climbs(name: string): boolean {
  return name.startsWith("/") || /^[a-z]:/i.test(name) || name.split("/").includes("..") || name.includes("\0");
}

function folderFields(name: string): { readonly label?: string; readonly split?: string } {
  const parts = name.split("/").slice(0, -1);
  const at = parts.findIndex((part) => splitNamed(part) !== undefined);
  const split = at >= 0 && at < parts.length - 1 ? splitNamed(parts[at]) : undefined;
  const label = parts.at(-1);
  return { ...(label !== undefined && { label }), ...(split !== undefined && { split }) };
}

/**
 * The split that a file's name says.
 *
 * @example
 * splitIn("data/train-00000-of-00004.parquet"); // { split: "train" }
 */
export function splitIn(path: string): { readonly split?: string } {
  const name = path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
  const splits = new Set(name.split(/[-_.]/).map(splitNamed));
  splits.delete(undefined);
  const [split] = splits;
  return splits.size === 1 ? { split } : {};
}
