import { existsSync } from "node:fs";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ahead } from "../kernel-helpers/support/ahead.js";
import { check } from "../kernel-helpers/support/check.js";
import { CamlabError } from "../kernel-helpers/support/errors.js";
import type { OnProgress } from "../kernel-helpers/support/progress.js";
import { writeWhole } from "../kernel-helpers/support/write-file.js";
import { readLines } from "../kernel-helpers/datasets/files/read-text.js";
import { labelClasses } from "./classes.js";
import type { Manifest, DrawingRecord } from "./dataset-record.js";
import { drawings, WORLD_VERSION } from "./drawings.js";
import { icdarLines, layoutsOf, type Records } from "./layouts.js";
import { WORLD_PARTS, type WorldPart, type Drawing, type WorldSplit } from "./drawing.js";
import { readJson } from "../kernel-helpers/datasets/files/read-json.js";
import { isObject } from "../kernel-helpers/datasets/files/values.js";
import { readableName } from "../kernel-helpers/images/files/readable-name.js";

/** How a data set is made. */
export interface MakeDatasetOptions {
  /** 0 unless given. */
  readonly seed?: number;
  /** Pictures to learn from; 1,000 unless given. */
  readonly train?: number;
  /** Pictures to choose settings by; none unless given. */
  readonly val?: number;
  /** Pictures to judge by; 500 unless given. */
  readonly test?: number;
  /** `jpeg` (quality 92, colour at full resolution) unless given; `png` keeps every pixel as it was drawn. */
  readonly format?: "jpeg" | "png";
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

/** Pictures whose annotations are written together. */
const SHARD = 25;

/**
 * Draws a part of the world into a folder, in the layouts of published data sets: images in `images/`; CUB's text
 * lists; `labels.csv`; COCO instances and captions, VQA v2 questions and answers in `annotations/`; ICDAR's word
 * polygons beside the images of text; and `records.jsonl`, which holds everything.
 *
 * The folder appears when it is whole. Until then the work lies in `FOLDER.unfinished`: stopped at any moment, it goes
 * on from there the next time. Memory does not grow with the number of pictures.
 *
 * @returns the folder's manifest; when the folder holds that very data set already, nothing is drawn
 * @throws CamlabError when the folder holds anything else
 * @example
 * await world.makeDataset("birds", "birds", { seed: 1, train: 2000, test: 1000, onProgress: console.log });
 */
export async function makeDataset(
  part: WorldPart,
  folder: string,
  options: MakeDatasetOptions = {},
): Promise<Manifest> {
  const { seed = 0, train = 1000, val = 0, test = 500, format = "jpeg", onProgress, signal } = options;
  check.oneOf("part", part, WORLD_PARTS);
  check.oneOf("format", format, ["jpeg", "png"]);
  for (const [name, value] of Object.entries({ seed, train, val, test })) check.wholeNumber(name, value);
  const manifest: Manifest = {
    kind: "camlab world",
    part,
    seed,
    world: WORLD_VERSION,
    counts: { train, val, test },
    format,
  };
  if (existsSync(folder)) return existing(folder, manifest);
  const work = `${folder}.unfinished`;
  await beginOrGoOn(work, manifest);
  const shards = shardsOf(manifest);
  const began = performance.now();
  const total = train + val + test;
  let done = 0;
  const tell = () => onProgress?.({ label: `drawing ${part}`, done, total, elapsed: performance.now() - began });
  for (const shard of shards) {
    const path = join(work, "shards", shard.name);
    if (existsSync(path)) {
      done += shard.count;
      tell();
      continue;
    }
    const lines: string[] = [];
    for await (const record of drawShard(work, manifest, shard, signal)) {
      lines.push(JSON.stringify(record));
      done++;
      tell();
    }
    await writeWhole(path, lines.join("\n"));
  }
  await describeAll(work, manifest, shards);
  await rm(join(work, "shards"), { recursive: true });
  await rename(work, folder);
  return manifest;
}

/** The manifest of a data set that `makeDataset` made. */
export async function readManifest(folder: string): Promise<Manifest> {
  const file = join(folder, "manifest.json");
  if (!existsSync(file))
    throw new CamlabError(`${readableName(folder)} holds no data set of camlab (it has no manifest.json)`);
  const found = await readJson(file);
  if (isObject(found) && found.kind === "camlab world") return found as unknown as Manifest;
  throw new CamlabError(`${readableName(folder)} holds no data set of camlab (its manifest.json is another's)`);
}

async function existing(folder: string, wanted: Manifest): Promise<Manifest> {
  const found = await readManifest(folder);
  if (JSON.stringify(found) === JSON.stringify(wanted)) return found;
  throw new CamlabError(
    `${folder} holds another data set (${found.part}, seed ${found.seed}, ${JSON.stringify(found.counts)}, ${found.format}): choose another folder or remove it`,
  );
}

async function beginOrGoOn(work: string, manifest: Manifest): Promise<void> {
  const file = join(work, "manifest.json");
  if (existsSync(file) && (await readFile(file, "utf8")) !== manifestText(manifest))
    await rm(work, { recursive: true });
  await mkdir(join(work, "shards"), { recursive: true });
  await mkdir(join(work, "images"), { recursive: true });
  await mkdir(join(work, "annotations"), { recursive: true });
  if (!existsSync(file)) await writeWhole(file, manifestText(manifest));
}

function manifestText(manifest: Manifest): string {
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

interface Shard {
  readonly name: string;
  readonly split: WorldSplit;
  /** Index of its first picture in the split. */
  readonly start: number;
  readonly count: number;
  /** Number of its first picture in the data set, from 1. */
  readonly firstId: number;
}

function shardsOf({ counts }: Manifest): Shard[] {
  const shards: Shard[] = [];
  let firstId = 1;
  for (const split of ["train", "val", "test"] as const) {
    for (let start = 0; start < counts[split]; start += SHARD) {
      const count = Math.min(SHARD, counts[split] - start);
      shards.push({ name: `${split}-${String(start).padStart(7, "0")}.jsonl`, split, start, count, firstId });
      firstId += count;
    }
  }
  return shards;
}

/** Draws the pictures of a shard; each record comes when its image is on the disk. */
function drawShard(
  work: string,
  { part, seed, format }: Manifest,
  { split, start, count, firstId }: Shard,
  signal?: AbortSignal,
): AsyncGenerator<DrawingRecord> {
  const drawn = drawings(part, { seed, split, start, count, signal });
  return ahead(drawn, (picture, index) => writePicture(work, picture, firstId + index, format), { limit: 5, signal });
}

async function writePicture(
  work: string,
  { image, ...truth }: Drawing,
  id: number,
  format: "jpeg" | "png",
): Promise<DrawingRecord> {
  const { default: sharp } = await import("sharp");
  const { width, height, data } = image;
  const file = `${truth.name}.${format === "jpeg" ? "jpg" : "png"}`;
  const raster = sharp(data, { raw: { width, height, channels: 3 } });
  const bytes = await (
    format === "jpeg" ? raster.jpeg({ quality: 92, chromaSubsampling: "4:4:4" }) : raster.png()
  ).toBuffer();
  // A picture that was cut short is drawn again: only a shard that is whole counts.
  await writeFile(join(work, "images", file), bytes);
  const record = { id, file, width, height, ...truth };
  if (truth.provenance.part.startsWith("text"))
    await writeFile(join(work, "images", `gt_${truth.name}.txt`), icdarLines(record));
  return record;
}

async function describeAll(work: string, { part }: Manifest, shards: readonly Shard[]): Promise<void> {
  const records: Records = async function* () {
    for (const { name } of shards) {
      for (const line of await readLines(join(work, "shards", name))) yield JSON.parse(line) as DrawingRecord;
    }
  };
  const names = new Set<string>();
  for await (const { objects } of records()) for (const { name } of objects) names.add(name);
  for (const { path, text } of layoutsOf(part, labelClasses(part), [...names].sort())) {
    await writeWhole(join(work, path), text(records));
  }
}
