import { createReadStream } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { LabelledImages } from "../kernel-helpers/datasets/labelled-image.js";
import { labelClasses } from "./classes.js";
import { labelledImage, type Manifest, type PictureRecord } from "./dataset-record.js";
import { readManifest } from "./make-dataset.js";
import type { WorldSplit } from "./picture.js";

/**
 * Everything about the pictures of a data set that `makeDataset` made, one at a time: objects with masks, phrases,
 * questions, words.
 *
 * @example
 * for await (const { file, objects } of readRecords("scenes")) …
 */
export async function* readRecords(folder: string): AsyncGenerator<PictureRecord, void, undefined> {
  await readManifest(folder);
  const lines = createInterface({
    input: createReadStream(join(folder, "records.jsonl"), "utf8"),
    crlfDelay: Infinity,
  });
  for await (const line of lines) if (line) yield JSON.parse(line) as PictureRecord;
}

/**
 * The pictures of a data set that `makeDataset` made, with their image-level labels.
 *
 * @example
 * const { images } = await readWorld("scenes");
 * await extractFeatures(network, images);
 */
export async function readWorld(folder: string): Promise<LabelledImages> {
  const { part } = await readManifest(folder);
  const images = [];
  for await (const record of readRecords(folder))
    images.push(labelledImage(record, join(folder, "images", record.file)));
  return { classes: labelClasses(part), images };
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
 * const { labels, objects } = await datasetInfo("scenes");
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
