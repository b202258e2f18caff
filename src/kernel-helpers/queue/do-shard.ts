import { readFile, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { featuresToArrow } from "../features/feature-arrow.js";
import type { FeatureTable } from "../features/feature-table.js";
import { FeatureTable as Table } from "../features/feature-table.js";
import { mergeFeatures } from "../features/shards/merge-features.js";
import { isPacked } from "../images/packed/packed-image.js";
import type { Picture } from "../images/picture.js";
import { findNetwork } from "../networks/find-network.js";
import { folderOf } from "../networks/network-folders.js";
import { check } from "../support/check.js";
import { CamlabError } from "../support/errors.js";
import { writeWhole } from "../support/write-file.js";
import {
  attemptPath,
  type JobDescription,
  OPENING_PATHS,
  partPath,
  readJob,
  readList,
  readPart,
} from "./job-folder.js";
import type { ShardTask } from "./redis.js";
import type { Roots } from "./roots.js";

/** Makes the features of some pictures as a job asks. */
export type Extract = (job: JobDescription, pictures: readonly Picture[]) => Promise<FeatureTable>;

/** A picture that was under way so often when a worker ended is left out. */
const DEADLY = 3;

/** How far attempts came that ended midway. */
interface Attempts {
  /** The picture that is under way, where they are done one by one. */
  readonly underWay?: number;
  /** How often each picture was under way when a worker ended. */
  readonly ends: Readonly<Record<string, number>>;
}

/**
 * Does a shard: its part is there when this returns, made by whomever. An attempt that ended midway (a worker was killed,
 * or a picture took it along) is followed by one that does picture by picture and remembers which is under way; a picture
 * that was so at three ends is left out, with that as its error.
 *
 * @returns how many pictures were done; 0 when the part was there
 * @throws CamlabError for work that lies elsewhere than under the roots, is not what was submitted, or fails
 */
export async function doShard(task: ShardTask, roots: Roots, extract: Extract): Promise<number> {
  const { folder, index, sum } = checkedTask(task);
  const state = attemptPath(folder, index);
  // What is written to a link is written where it leads.
  for (const path of [folder, state, partPath(folder, index)]) roots.check(path);
  const job = await readJob(folder, sum);
  if (index > job.shards) throw new CamlabError(`there is no shard ${index} of ${job.shards}`);
  if (await readPart(folder, job, index)) return 0;
  const pictures = await readList(folder, job, index);
  checkPlaces(job, pictures, roots);
  const before = await readAttempts(state);
  const table = before
    ? await oneByOne(job, pictures, extract, state, before)
    : await remembered(state, { ends: {} }, undefined, () => extract(job, pictures));
  const shard = { index, of: job.shards, pictures: job.pictures, list: job.list };
  await writeWhole(partPath(folder, index), featuresToArrow(new Table({ ...table, shard })));
  await rm(state, { force: true });
  return pictures.length;
}

async function oneByOne(
  job: JobDescription,
  pictures: readonly Picture[],
  extract: Extract,
  state: string,
  { underWay, ends: before }: Attempts,
): Promise<FeatureTable> {
  const ends: Record<string, number> = { ...before };
  if (underWay !== undefined) ends[underWay] = (ends[underWay] ?? 0) + 1;
  const tables: FeatureTable[] = [];
  for (const [i, picture] of pictures.entries()) {
    const isDeadly = (ends[i] ?? 0) >= DEADLY;
    const underWay = isDeadly ? undefined : i;
    const table = await remembered(state, { underWay, ends }, { ends }, () => extract(job, isDeadly ? [] : [picture]));
    const error = `it was left out: the worker ended ${DEADLY} times while it was under way`;
    const skipped = isDeadly ? [{ picture, error }] : table.skipped;
    const shard = { index: i + 1, of: pictures.length, pictures: pictures.length, list: "" };
    tables.push(new Table({ ...table, skipped, shard }));
  }
  return mergeFeatures(tables);
}

/**
 * Does some work of which it is remembered that it is under way: what stays when the worker ends.
 *
 * @param before what was known before, which it is again when the work fails and the worker does not end
 */
async function remembered(
  path: string,
  now: Attempts,
  before: Attempts | undefined,
  work: () => Promise<FeatureTable>,
): Promise<FeatureTable> {
  await writeWhole(path, JSON.stringify(now));
  try {
    return await work();
  } catch (error) {
    await (before ? writeWhole(path, JSON.stringify(before)) : rm(path, { force: true }));
    throw error;
  }
}

async function readAttempts(path: string): Promise<Attempts | undefined> {
  const text = await readFile(path, "utf8").catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as Attempts);
}

function checkedTask(task: ShardTask): ShardTask {
  const { folder, index, sum } = task;
  if (typeof folder !== "string" || typeof sum !== "string") throw new CamlabError("the queue holds no shard");
  check.count("index", index);
  return task;
}

function checkPlaces(job: JobDescription, pictures: readonly Picture[], roots: Roots): void {
  const { network, opening } = job;
  for (const name of OPENING_PATHS) {
    const path = opening[name];
    if (typeof path === "string") roots.check(path);
  }
  if (network !== undefined && !isName(network, opening.models)) roots.check(network);
  const packs = new Set<string>();
  for (const picture of pictures) {
    const { file } = picture;
    const pack = isPacked(file) && file.kind !== "address" ? file.pack : undefined;
    if (pack !== undefined && packs.has(pack)) continue;
    roots.checkPicture(picture);
    if (pack !== undefined) packs.add(pack);
  }
}

/** Whether a network is one of those that the worker has by name, and no file or folder where the worker happens to be. */
function isName(network: string, models: string | undefined): boolean {
  if (!/^\w[\w.-]*$/.test(network)) return false;
  return dirname(findNetwork(network, models).model) === folderOf(network, models);
}
