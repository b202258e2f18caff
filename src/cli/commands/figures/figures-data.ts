import { statSync } from "node:fs";
import { basename, dirname, extname, join, relative, resolve } from "node:path";
import { readCsvList } from "../../../kernel-helpers/datasets/classes/csv-list.js";
import { readCaptionsCsv } from "../../../kernel-helpers/datasets/language/captions-csv.js";
import { readQuestions } from "../../../kernel-helpers/datasets/language/questions-json.js";
import { readBoxesCsv } from "../../../kernel-helpers/datasets/objects/boxes-csv.js";
import { readCoco } from "../../../kernel-helpers/datasets/objects/coco/coco.js";
import { readVoc } from "../../../kernel-helpers/datasets/objects/voc/voc.js";
import { readYolo } from "../../../kernel-helpers/datasets/objects/yolo/yolo.js";
import { readIcdar } from "../../../kernel-helpers/datasets/words/icdar.js";
import type { Picture, PictureSet } from "../../../kernel-helpers/images/picture.js";
import { tellNotes } from "../../notes.js";
import { UsageError } from "../../usage-error.js";
import type { FigurePhoto } from "./figure.js";

/** Flags that say what is known of the photographs. */
export interface FiguresDataFlags {
  readonly labels?: string;
  readonly boxes?: string;
  readonly words?: string;
  readonly questions?: string;
  readonly captions?: string;
}

/**
 * Photographs with what the given labels know of them, met by their path, or by their file name where that is one
 * photograph's only.
 *
 * @throws UsageError when a source of labels knows none of the photographs
 */
export async function figurePhotos(files: readonly string[], flags: FiguresDataFlags): Promise<FigurePhoto[]> {
  const folder = commonFolder(files);
  let photos = named(files, folder);
  const { labels, boxes, words, questions, captions } = flags;
  if (labels === "folders")
    photos = photos.map((photo) => ({ ...photo, label: labelOfFolder(basename(dirname(resolve(photo.file)))) }));
  else if (labels !== undefined) {
    photos = joined(photos, await readCsvList(labels, { images: folder }), "--labels", ["label", "labels", "split"]);
  }
  if (boxes !== undefined) {
    const set = await boxesOf(boxes, folder);
    photos = joined(photos, set, "--boxes", ["objects", "width", "height"]);
  }
  if (words !== undefined)
    photos = joined(photos, await readIcdar(folder, words), "--words", ["words", "width", "height"]);
  if (questions !== undefined) {
    photos = joined(photos, await readQuestions(questions, { images: folder }), "--questions", ["questions"]);
  }
  if (captions !== undefined) {
    photos = joined(photos, await readCaptionsCsv(captions, { images: folder }), "--captions", ["captions"]);
  }
  return photos;
}

/** Data sets number their folders, and write words with underscores: `001.Black_footed_Albatross`. */
function labelOfFolder(name: string): string {
  return name.replace(/^\d+[._-](?=.)/, "").replaceAll("_", " ");
}

/** Photographs by their file names, and by their paths where two share one. */
function named(files: readonly string[], folder: string): FigurePhoto[] {
  const names = files.map((file) => basename(file));
  const shared = new Set(names.filter((name, i) => names.indexOf(name) !== i));
  return files.map((file, i) => ({ file, id: shared.has(names[i]) ? relative(folder, resolve(file)) : names[i] }));
}

async function boxesOf(path: string, images: string): Promise<PictureSet> {
  const ending = extname(path).toLowerCase();
  if (ending === ".csv") return readBoxesCsv(path, { images });
  if (ending === ".json") return readCoco(path, { images });
  return holdsXml(path) ? readVoc(path, { images }) : readYolo(path);
}

function holdsXml(path: string): boolean {
  return statSync(join(path, "Annotations"), { throwIfNoEntry: false })?.isDirectory() ?? false;
}

type Field = "label" | "labels" | "split" | "objects" | "width" | "height" | "words" | "questions" | "captions";

function joined(
  photos: readonly FigurePhoto[],
  set: PictureSet,
  flag: string,
  fields: readonly Field[],
): FigurePhoto[] {
  tellNotes(set.notes ?? []);
  const byPath = new Map<string, Picture>();
  const byName = new Map<string, Picture | undefined>();
  for (const picture of set.pictures) {
    if (typeof picture.file !== "string") continue;
    byPath.set(resolve(picture.file), picture);
    const name = basename(picture.file);
    byName.set(name, byName.has(name) ? undefined : picture);
  }
  let met = 0;
  const found = photos.map((photo) => {
    const known = byPath.get(resolve(photo.file)) ?? byName.get(basename(photo.file));
    if (!known) return photo;
    met += 1;
    const told = fields.flatMap((field) => (known[field] === undefined ? [] : [[field, known[field]]]));
    return { ...photo, ...(Object.fromEntries(told) as Partial<FigurePhoto>) };
  });
  if (met > 0) return found;
  throw new UsageError(`${flag} knows none of the ${photos.length} photographs: are these the files that it is about?`);
}

/** The folder that all files lie in, or below. */
function commonFolder(files: readonly string[]): string {
  return files
    .map((file) => dirname(resolve(file)))
    .reduce((common, folder) => {
      let shared = common;
      while (!`${folder}/`.startsWith(shared.endsWith("/") ? shared : `${shared}/`)) shared = dirname(shared);
      return shared;
    });
}
