import { createReadStream } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { checkRegular } from "../kernel-helpers/support/files/read-regular.js";
import { readableName } from "../kernel-helpers/images/files/readable-name.js";
import type { PictureSet, StoredPicture } from "../kernel-helpers/images/picture.js";
import { CamlabError, messageOf } from "../kernel-helpers/support/errors.js";
import { printable } from "../kernel-helpers/support/escape.js";
import { isObject } from "../kernel-helpers/datasets/files/values.js";
import { labelClasses } from "./classes.js";
import { faultOf } from "./dataset-files.js";
import type { DrawingRecord, Manifest } from "./dataset-record.js";
import { type DrawnPicture, drawnPicture } from "./drawn-picture.js";
import { readManifest } from "./make-dataset.js";
import type { WorldSplit } from "./drawing.js";

/** Pictures of the drawn world that lie on disk. */
export interface DrawnSet extends PictureSet<DrawnPicture & StoredPicture> {
  /** Where they lie. */
  readonly folder: string;
}

/**
 * The pictures of a data set that `makeDataset` made, with the whole truth on them: labels, objects with masks,
 * captions, phrases, questions, words.
 *
 * @throws CamlabError when the folder holds no data set of camlab, or lacks some of its files
 * @example
 * const set = await world.readWorld("scenes");
 * await extractFeatures(network, set);
 */
export async function readWorld(folder: string): Promise<DrawnSet> {
  const manifest = await readManifest(folder);
  const fault = await faultOf(folder, manifest);
  if (fault !== undefined) {
    throw new CamlabError(
      `${readableName(folder)} is not whole (${printable(fault)}): copy it again, or draw it anew with camlab dataset make`,
    );
  }
  const pictures = [];
  for await (const record of readRecords(folder))
    pictures.push(drawnPicture(record, join(folder, "images", record.file)));
  return { classes: labelClasses(manifest.part), pictures, folder };
}

/** The lines of a data set's `records.jsonl`, one at a time: a drawing each, as it was drawn. */
export async function* readRecords(folder: string): AsyncGenerator<DrawingRecord, void, undefined> {
  await readManifest(folder);
  await checkRegular(join(folder, "records.jsonl")).catch((error: unknown) => {
    throw new CamlabError(`cannot read ${readableName(folder)}: records.jsonl: ${messageOf(error)}`);
  });
  const lines = createInterface({
    input: createReadStream(join(folder, "records.jsonl"), "utf8"),
    crlfDelay: Infinity,
  });
  let number = 0;
  for await (const line of lines) {
    number++;
    if (line) yield recordOf(line, `${readableName(folder)}: records.jsonl, line ${number}`);
  }
}

/** A record has all that every record has. */
function recordOf(line: string, place: string): DrawingRecord {
  let record: unknown;
  try {
    record = JSON.parse(line);
  } catch (error) {
    throw new CamlabError(`${place} is damaged: ${printable(messageOf(error))}`);
  }
  const lists = ["labels", "objects", "captions", "phrases", "questions", "words"];
  const lacks = isObject(record)
    ? [
        ...["name", "file"].filter((field) => typeof record[field] !== "string"),
        ...["id", "width", "height"].filter((field) => !Number.isFinite(record[field])),
        ...lists.filter((field) => !Array.isArray(record[field])),
        ...["provenance"].filter((field) => !isObject(record[field])),
      ]
    : ["everything"];
  if (lacks.length === 0) return record as DrawingRecord;
  throw new CamlabError(`${place} is damaged: it lacks ${lacks.join(", ")}`);
}

/** What a data set on disk holds. */
export interface DatasetInfo extends Manifest {
  readonly folder: string;
  readonly images: number;
  /** Bytes of all image files. */
  readonly bytes: number;
  /** Pictures with each label, by split. */
  readonly labels: readonly ({ readonly label: string } & Readonly<Record<WorldSplit, number>>)[];
  /** How often each object was seen, the most frequent first. */
  readonly objects: readonly { readonly name: string; readonly count: number }[];
  readonly questions: number;
  readonly words: number;
}

/**
 * What a data set on disk holds, counted.
 *
 * @throws CamlabError when the folder holds no data set of camlab
 * @example
 * const { labels, objects } = await world.datasetInfo("scenes");
 */
export async function datasetInfo(folder: string): Promise<DatasetInfo> {
  const manifest = await readManifest(folder);
  const labels = new Map(labelClasses(manifest.part).map((label) => [label, { label, train: 0, val: 0, test: 0 }]));
  const objects = new Map<string, number>();
  let [images, questions, words] = [0, 0, 0];
  for await (const record of readRecords(folder)) {
    images++;
    questions += record.questions.length;
    words += record.words.length;
    for (const label of record.labels) {
      const count = labels.get(label);
      if (count) count[record.provenance.split]++;
    }
    for (const { name } of record.objects) objects.set(name, (objects.get(name) ?? 0) + 1);
  }
  let bytes = 0;
  for (const name of await readdir(join(folder, "images"))) bytes += (await stat(join(folder, "images", name))).size;
  const byCount = [...objects].map(([name, count]) => ({ name, count })).sort((a, b) => b.count - a.count);
  return { ...manifest, folder, images, bytes, labels: [...labels.values()], objects: byCount, questions, words };
}
