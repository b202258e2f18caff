import { check, optionNames } from "../kernel-helpers/support/check.js";
import { existsSync } from "node:fs";
import { mkdir, readdir, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ahead } from "../kernel-helpers/support/ahead.js";
import { CamlabError, invalid } from "../kernel-helpers/support/errors.js";
import { type OnProgress, tellProgress } from "../kernel-helpers/support/progress.js";
import { printable } from "../kernel-helpers/support/escape.js";
import { SavedObject } from "../kernel-helpers/support/files/saved-object.js";
import { workplaceFor } from "../kernel-helpers/support/files/workplace.js";
import { writeWhole } from "../kernel-helpers/support/write-file.js";
import { readLines } from "../kernel-helpers/datasets/files/read-text.js";
import { labelClasses } from "./classes.js";
import { faultOf, listFiles } from "./dataset-files.js";
import type { Manifest, DrawingRecord } from "./dataset-record.js";
import { drawings, WORLD_VERSION } from "./drawings.js";
import { icdarLines, layoutsOf, type Records } from "./layouts.js";
import { countsOf } from "./usual-counts.js";
import { WORLD_PARTS, type WorldPart, type Drawing, type WorldSplit } from "./drawing.js";
import { readJson } from "../kernel-helpers/datasets/files/read-json.js";
import { isObject } from "../kernel-helpers/datasets/files/values.js";
import { readableName } from "../kernel-helpers/images/files/readable-name.js";

/** How a data set is made. */
export interface MakeDatasetOptions {
  /** 0 unless given. */
  readonly seed?: number;
  /** Pictures to learn from; 600 to 1,500 unless given, by the part. */
  readonly train?: number;
  /** Pictures to choose settings by; none unless given. */
  readonly val?: number;
  /** Pictures to judge by; 200 to 500 unless given, by the part. */
  readonly test?: number;
  /** `jpeg` (quality 92, colour at full resolution) unless given; `png` keeps every pixel as it was drawn. */
  readonly format?: "jpeg" | "png";
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

/** Pictures whose annotations are written together. */
const SHARD = 25;

const OPTIONS = optionNames<MakeDatasetOptions>({
  seed: true,
  train: true,
  val: true,
  test: true,
  format: true,
  onProgress: true,
  signal: true,
});

/**
 * Draws a part of the world into a folder, in the layouts of published data sets: images in `images/`; CUB's text
 * lists; `labels.csv`; COCO instances and captions, VQA v2 questions and answers in `annotations/`; ICDAR's word
 * polygons beside the images of text; and `records.jsonl`, which holds everything.
 *
 * The folder appears when it is whole. Until then the work lies beside it, in `FOLDER.unfinished-…`: stopped at any
 * moment, it goes on from there the next time. Of several processes that draw the same folder one draws, and the others
 * wait for it. Memory does not grow with the number of pictures.
 *
 * @returns the folder's manifest; when the folder holds that very data set already, nothing is drawn
 * @throws CamlabError when the folder holds anything else, or is not whole any more
 * @example
 * await world.makeDataset("birds", "birds", { seed: 1, train: 2000, test: 1000, onProgress: console.log });
 */
export async function makeDataset(
  part: WorldPart,
  folder: string,
  options: MakeDatasetOptions = {},
): Promise<Manifest> {
  return makeOrKeep(part, folder, check.known(options, OPTIONS, "makeDataset"), (fault) => {
    if (fault instanceof CamlabError) throw fault;
    throw new CamlabError(
      `${readableName(folder)} is not whole any more (${printable(fault)}): remove it, and it is drawn anew`,
    );
  });
}

/** A list of more would not fit into memory, and to draw them would take days. */
const MOST = 1_000_000;

/**
 * As `makeDataset`.
 *
 * @param onFault called with what is wrong when the very data set is there and not whole, or with the error when something
 * else is: throws, or puts it away
 */
export async function makeOrKeep(
  part: WorldPart,
  folder: string,
  options: MakeDatasetOptions,
  onFault: (fault: string | CamlabError) => void | Promise<void>,
): Promise<Manifest> {
  const { seed = 0, format = "jpeg", signal } = options;
  check.oneOf("part", part, WORLD_PARTS);
  const counts = countsOf(part, options);
  check.oneOf("format", format, ["jpeg", "png"]);
  for (const [name, value] of Object.entries({ seed, ...counts })) check.wholeNumber(name, value);
  for (const [name, value] of Object.entries(counts))
    if (value > MOST) throw invalid(name, value, `at most ${MOST} pictures`);
  const manifest: Manifest = {
    kind: "camlab world",
    part,
    seed,
    world: WORLD_VERSION,
    counts,
    format,
  };
  for (;;) {
    const place = await workplaceFor(folder, signal);
    if (!place) {
      const found = await existing(folder, manifest).catch((error: unknown) => {
        if (error instanceof CamlabError) return error;
        throw error;
      });
      const fault = found instanceof CamlabError ? found : await faultOf(folder, found);
      if (fault === undefined) return found as Manifest;
      await onFault(fault);
      continue;
    }
    try {
      const made = await drawAll(place.folder, manifest, options);
      if (await place.publish()) return made;
    } catch (error) {
      // Taken over by another process: this one waits for it.
      if (!place.isOwn() && !signal?.aborted) continue;
      await place.release();
      throw error;
    }
  }
}

async function drawAll(work: string, manifest: Manifest, options: MakeDatasetOptions): Promise<Manifest> {
  const { onProgress, signal } = options;
  const whole = await beginOrGoOn(work, manifest);
  if (whole) return whole;
  const shards = shardsOf(manifest);
  const total = shards.reduce((sum, { count }) => sum + count, 0);
  let done = 0;
  const tell = tellProgress(onProgress, `drawing ${manifest.part}`, total);
  for (const shard of shards) {
    if (await isDrawn(work, shard)) {
      done += shard.count;
      tell(done);
      continue;
    }
    const lines: string[] = [];
    for await (const drawn of drawShard(work, manifest, shard, signal)) {
      lines.push(JSON.stringify(drawn));
      done++;
      tell(done);
    }
    await writeWhole(join(work, "shards", shard.name), lines.join("\n"));
  }
  const described = await describeAll(work, manifest, shards);
  const files = await listFiles(work, [...(await filesOf(work, shards)), ...described]);
  await writeWhole(join(work, "manifest.json"), manifestText({ ...manifest, files }));
  await rm(join(work, "shards"), { recursive: true });
  return { ...manifest, files };
}

/** The manifest of a data set that `makeDataset` made. */
export async function readManifest(folder: string): Promise<Manifest> {
  const file = join(folder, "manifest.json");
  if (!existsSync(file))
    throw new CamlabError(`${readableName(folder)} holds no data set of camlab (it has no manifest.json)`);
  const found = await readJson(file);
  if (isObject(found) && found.kind === "camlab world") {
    checkFields(new SavedObject(found, readableName(file)));
    return found as unknown as Manifest;
  }
  throw new CamlabError(`${readableName(folder)} holds no data set of camlab (its manifest.json is another's)`);
}

function checkFields(manifest: SavedObject): void {
  for (const [name, known] of [
    ["part", WORLD_PARTS],
    ["format", ["jpeg", "png"]],
  ] as const) {
    if (!(known as readonly unknown[]).includes(manifest.any(name))) throw manifest.wrong(name, known.join(", "));
  }
  for (const name of ["seed", "world"]) manifest.count(name);
  for (const name of ["train", "val", "test"]) manifest.object("counts").count(name);
  if (manifest.has("files")) for (const name of ["count", "bytes"]) manifest.object("files").count(name);
}

async function existing(folder: string, wanted: Manifest): Promise<Manifest> {
  const found = await readManifest(folder);
  if (isSame(found, wanted)) return found;
  throw new CamlabError(
    `${folder} holds another data set (${found.part}, seed ${found.seed}, ${JSON.stringify(found.counts)}, ${found.format}): choose another folder or remove it`,
  );
}

/** Makes the folder ready; returns its manifest when everything is drawn already. */
async function beginOrGoOn(work: string, manifest: Manifest): Promise<Manifest | undefined> {
  const file = join(work, "manifest.json");
  const found = existsSync(file) ? await readManifest(work).catch(() => undefined) : undefined;
  if (found && isSame(found, manifest)) {
    if (found.files && (await faultOf(work, found)) === undefined) return found;
  } else {
    for (const name of await readdir(work)) await rm(join(work, name), { recursive: true });
  }
  for (const name of ["shards", "images", "annotations"]) await mkdir(join(work, name), { recursive: true });
  if (!existsSync(file)) await writeWhole(file, manifestText(manifest));
  return undefined;
}

/** Whether two manifests are of the same pictures. */
function isSame({ files: _, ...one }: Manifest, { files: __, ...other }: Manifest): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
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

/** A line of a shard: a picture, and the files that were written for it, with their bytes. */
interface Drawn {
  readonly record: DrawingRecord;
  readonly files: Readonly<Record<string, number>>;
}

/** Draws the pictures of a shard; each comes when its files are on the disk. */
function drawShard(
  work: string,
  { part, seed, format }: Manifest,
  { split, start, count, firstId }: Shard,
  signal?: AbortSignal,
): AsyncGenerator<Drawn> {
  const drawn = drawings(part, { seed, split, start, count, signal });
  return ahead(drawn, (picture, index) => writePicture(work, picture, firstId + index, format), { limit: 5, signal });
}

/** Whether a shard is there with all its files: a machine that lost power may have kept the one without the others. */
async function isDrawn(work: string, { name, count }: Shard): Promise<boolean> {
  if (!existsSync(join(work, "shards", name))) return false;
  try {
    const lines = await drawnIn(work, name);
    for (const { files } of lines) {
      for (const [path, bytes] of Object.entries(files)) {
        if ((await stat(join(work, path))).size !== bytes) return false;
      }
    }
    return lines.length === count;
  } catch {
    return false;
  }
}

async function drawnIn(work: string, name: string): Promise<Drawn[]> {
  return (await readLines(join(work, "shards", name))).map((line) => JSON.parse(line) as Drawn);
}

async function filesOf(work: string, shards: readonly Shard[]): Promise<string[]> {
  const paths: string[] = [];
  for (const { name } of shards) {
    for (const { files } of await drawnIn(work, name)) paths.push(...Object.keys(files));
  }
  return paths;
}

async function writePicture(
  work: string,
  { image, ...truth }: Drawing,
  id: number,
  format: "jpeg" | "png",
): Promise<Drawn> {
  const { default: sharp } = await import("sharp");
  const { width, height, data } = image;
  const file = `${truth.name}.${format === "jpeg" ? "jpg" : "png"}`;
  const raster = sharp(data, { raw: { width, height, channels: 3 } });
  const bytes = await (
    format === "jpeg" ? raster.jpeg({ quality: 92, chromaSubsampling: "4:4:4" }) : raster.png()
  ).toBuffer();
  const record = { id, file, width, height, ...truth };
  const contents: Record<string, Uint8Array> = { [`images/${file}`]: bytes };
  if (truth.provenance.part.startsWith("text")) {
    contents[`images/gt_${truth.name}.txt`] = Buffer.from(icdarLines(record), "utf8");
  }
  const files: Record<string, number> = {};
  for (const [path, content] of Object.entries(contents)) {
    // A file that was cut short is written again: only a shard that is whole counts.
    await writeFile(join(work, path), content);
    files[path] = content.length;
  }
  return { record, files };
}

/** Writes the annotations; returns their paths within the data set. */
async function describeAll(work: string, { part }: Manifest, shards: readonly Shard[]): Promise<string[]> {
  const records: Records = async function* () {
    for (const { name } of shards) {
      for (const { record } of await drawnIn(work, name)) yield record;
    }
  };
  const names = new Set<string>();
  for await (const { objects } of records()) for (const { name } of objects) names.add(name);
  const layouts = layoutsOf(part, labelClasses(part), [...names].sort());
  for (const { path, text } of layouts) await writeWhole(join(work, path), text(records));
  return layouts.map(({ path }) => path);
}
