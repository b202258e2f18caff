// What a job is made of: a folder that every machine sees. Its description and the lists of its shards are written once;
// each shard's part appears whole, beside what is remembered of attempts that ended midway.
import { readdir, readFile, rm } from "node:fs/promises";
import { isAbsolute, join, resolve } from "node:path";
import { makeFolder } from "../support/make-folder.js";
import { readRegular } from "../support/files/read-regular.js";
import type { ExtractOptions } from "../features/extract-features.js";
import { featuresFromArrow } from "../features/feature-arrow.js";
import type { FeatureTable } from "../features/feature-table.js";
import { listDigest } from "../features/shards/table-shard.js";
import { isPacked } from "../images/packed/packed-image.js";
import { nameOf, type Picture } from "../images/picture.js";
import type { OpenNetworkOptions } from "../networks/open-network.js";
import { ahead } from "../support/ahead.js";
import { CamlabError, messageOf } from "../support/errors.js";
import { sha256 } from "../support/hash.js";
import { shardRange } from "../support/shard.js";
import { writeWhole } from "../support/write-file.js";

/** What is to be done: the same for all shards. */
export interface JobDescription {
  readonly version: 1;
  /** A network's name, or the absolute path of its file; the embedded one where there is none. */
  readonly network?: string;
  readonly opening: Omit<OpenNetworkOptions, "device" | "threads">;
  readonly extracting: Pick<ExtractOptions, "pooling" | "layer" | "crops">;
  readonly pictures: number;
  /** Stands for the list of all pictures. */
  readonly list: string;
  readonly shards: number;
  /** The SHA-256 of each shard's list. */
  readonly sums: readonly string[];
}

/** What of a network's opening is a path, where it is a text. */
export const OPENING_PATHS = ["classes", "card", "models"] as const;

const DESCRIPTION = "job.json";
/** Each is forced to the disk, which takes as long for several at once as for one. */
const LISTS_AT_ONCE = 16;

/** What `writeJob` is given. */
export type JobParts = Pick<JobDescription, "network" | "opening" | "extracting">;

/**
 * Writes a job's folder: its description and a list a shard. One that is there of the same job is gone on with.
 *
 * @returns the description, and the SHA-256 of its file
 * @throws CamlabError when the folder holds another job, or a picture is no file
 */
export async function writeJob(
  folder: string,
  { network, opening, extracting }: JobParts,
  given: readonly Picture[],
  shardSize: number,
): Promise<{ readonly job: JobDescription; readonly sum: string }> {
  const pictures = given.map(located);
  const shards = Math.max(1, Math.ceil(pictures.length / shardSize));
  await makeFolder(folder).catch((error: unknown) => {
    throw new CamlabError(`cannot make the folder ${folder}: ${messageOf(error)}`, { cause: error });
  });
  const sums: string[] = [];
  const lists: string[] = [];
  for (let index = 1; index <= shards; index++) {
    const { start, end } = shardRange(pictures.length, { index, of: shards });
    lists.push(
      pictures
        .slice(start, end)
        .map((picture) => `${JSON.stringify(picture)}\n`)
        .join(""),
    );
    sums.push(sha256(lists[index - 1]));
  }
  const list = listDigest(pictures);
  const job: JobDescription = {
    ...{ version: 1, network, opening, extracting },
    ...{ pictures: pictures.length, list, shards, sums },
  };
  const text = JSON.stringify(job);
  const before = await readFile(join(folder, DESCRIPTION), "utf8").catch(() => undefined);
  if (before !== undefined && before !== text) {
    throw new CamlabError(`${folder} holds another job: remove it, or write the features elsewhere`);
  }
  if (before === undefined) {
    const write = (lines: string, i: number) => writeWhole(listPath(folder, i + 1), lines);
    const writing = ahead(lists, write, { limit: LISTS_AT_ONCE });
    while (!(await writing.next()).done);
    await writeWhole(join(folder, DESCRIPTION), text);
  }
  return { job, sum: sha256(text) };
}

/**
 * Reads a job's description.
 *
 * @throws CamlabError when it is gone, or not the one that was meant
 */
export async function readJob(folder: string, sum: string): Promise<JobDescription> {
  if (last?.sum !== sum)
    last = { sum, job: JSON.parse(await checked(join(folder, DESCRIPTION), sum)) as JobDescription };
  return last.job;
}

/** A worker does one shard after the other of a job, whose description grows with the shards. */
let last: { readonly sum: string; readonly job: JobDescription } | undefined;

/** @throws CamlabError when a shard's list is gone, or not as it was written */
export async function readList(folder: string, job: JobDescription, index: number): Promise<Picture[]> {
  const text = await checked(listPath(folder, index), job.sums[index - 1]);
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Picture);
}

async function checked(path: string, sum: string): Promise<string> {
  const bytes = await readRegular(path).catch((error: unknown) => {
    throw new CamlabError(`cannot read ${path}: ${messageOf(error)}`, { cause: error });
  });
  const text = bytes.toString("utf8");
  if (sha256(text) !== sum) throw new CamlabError(`${path} is not what was submitted: its checksum differs`);
  return text;
}

/** Where the features of a shard are written. */
export function partPath(folder: string, index: number): string {
  return join(folder, `part-${numbered(index)}.arrow`);
}

/** Where it is remembered how far attempts came that ended midway. */
export function attemptPath(folder: string, index: number): string {
  return join(folder, `attempt-${numbered(index)}.json`);
}

function listPath(folder: string, index: number): string {
  return join(folder, `list-${numbered(index)}.jsonl`);
}

function numbered(index: number): string {
  return String(index).padStart(6, "0");
}

/** Which shards have a part. */
export async function partsIn(folder: string): Promise<ReadonlySet<number>> {
  const names = await readdir(folder);
  return new Set(names.flatMap((name) => /^part-(\d+)\.arrow$/.exec(name)?.[1] ?? []).map(Number));
}

/**
 * The features of a shard; undefined when there are none, or damaged ones, which are removed.
 *
 * @param job whose shard it has to be
 */
export async function readPart(folder: string, job: JobDescription, index: number): Promise<FeatureTable | undefined> {
  const path = partPath(folder, index);
  const bytes = await readFile(path).catch(() => undefined);
  if (!bytes) return undefined;
  try {
    const table = featuresFromArrow(bytes, path);
    if (table.shard?.index === index && table.shard.of === job.shards && table.shard.list === job.list) return table;
  } catch {
    // It is made again.
  }
  await rm(path, { force: true });
  return undefined;
}

/** A picture as another machine finds it. */
function located(picture: Picture): Picture {
  const { file } = picture;
  if (typeof file === "string") return { ...picture, file: isAbsolute(file) ? file : resolve(file) };
  if (!isPacked(file)) {
    throw new CamlabError(`${nameOf(picture)} lies in memory: only pictures in files can be submitted`);
  }
  return file.kind === "address" ? picture : { ...picture, file: { ...file, pack: resolve(file.pack) } };
}
