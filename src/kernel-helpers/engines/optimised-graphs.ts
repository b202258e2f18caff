// Graphs as ONNX Runtime optimised them for this processor, kept on disk: optimising takes longer than all else that opening
// a session does, and its result is the same each time.
import { randomBytes } from "node:crypto";
import { mkdir, open, readdir, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { cpus } from "node:os";
import { join } from "node:path";
import type { InferenceSession } from "onnxruntime-node";
import { cacheFolder } from "../support/files/cache-folder.js";
import { contentName, sha256 } from "../support/hash.js";
import { UNFINISHED } from "../support/write-file.js";

type CreateSession = (
  model: Uint8Array | string,
  options: InferenceSession.SessionOptions,
) => Promise<InferenceSession>;

/** What a session is opened from: the bytes of an ONNX file, or what can give them and knows their SHA-256. */
export type SessionModel = Uint8Array | StoredGraph;

/** A graph whose bytes are not asked for where it is kept as it was optimised. */
export interface StoredGraph {
  /** How many bytes it has. */
  readonly length: number;
  /** The SHA-256 of its bytes. */
  readonly fingerprint: string;
  readonly bytes: () => Uint8Array;
}

/** How the names of the files end that hold fingerprints. */
export const FINGERPRINT_ENDING = ".sha256";

/** Smaller graphs are optimised in no time; larger ones would fill the disk. */
const SIZES = { least: 4 << 20, most: 512 << 20 };

/** What all of them may take; the ones longest not used go first. */
const ALL = 2 ** 30;

/**
 * Opens a session on the CPU. A graph that is opened for the second time is kept as it was optimised, in the cache folder;
 * from then on it is opened from there. Whatever is wrong with the folder or what lies there, the session is opened from
 * the graph itself.
 *
 * @param create opens a session
 * @param version ONNX Runtime's, for what it optimised is for the same version alone
 * @throws what `create` throws of the graph itself
 */
export async function createKeptSession(
  model: SessionModel,
  options: InferenceSession.SessionOptions,
  create: CreateSession,
  version: string,
): Promise<InferenceSession> {
  const isStored = !(model instanceof Uint8Array);
  const plain = () => create(isStored ? model.bytes() : model, options);
  if (model.length < SIZES.least || model.length > SIZES.most) return plain();
  const folder = cacheFolder("optimised");
  const fingerprint = isStored ? model.fingerprint : sha256(model);
  const name = contentName([fingerprint, version, process.platform, process.arch, cpus()[0]?.model].join("\n"));
  const file = join(folder, `${name}.onnx`);
  const kept = await stat(file).catch(() => undefined);
  if (kept?.isFile() && kept.size > 0) {
    try {
      const session = await create(file, { ...options, graphOptimizationLevel: "disabled" });
      await touch(file);
      return session;
    } catch {
      await rm(file, { force: true }).catch(() => undefined);
      return plain();
    }
  }
  if (!(await isSecondTime(folder, file))) return plain();
  return createAndKeep(isStored ? model.bytes() : model, options, create, { folder, file });
}

/** What the optimised graphs take on the disk. */
export interface OptimisedGraphs {
  readonly graphs: number;
  readonly bytes: number;
}

/**
 * The optimised graphs that are kept.
 *
 * @param folder the cache's folder; `$CAMLAB_CACHE` or the user's cache folder unless given
 * @param options.remove removes them
 */
export async function optimisedGraphs(
  folder?: string,
  { remove = false }: { readonly remove?: boolean } = {},
): Promise<OptimisedGraphs> {
  const place = cacheFolder("optimised", folder);
  let [graphs, bytes] = [0, 0];
  for (const name of await readdir(place).catch(() => [])) {
    if (remove && name.endsWith(FINGERPRINT_ENDING)) await rm(join(place, name), { force: true });
    if (!name.endsWith(".onnx")) continue;
    const { size } = await stat(join(place, name)).catch(() => ({ size: 0 }));
    graphs += size > 0 ? 1 : 0;
    bytes += size;
    if (remove) await rm(join(place, name), { force: true });
  }
  return { graphs, bytes };
}

/** The first time leaves an empty file behind, the name's place. */
async function isSecondTime(folder: string, file: string): Promise<boolean> {
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(file, "", { flag: "wx" });
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EEXIST";
  }
}

async function createAndKeep(
  model: Uint8Array,
  options: InferenceSession.SessionOptions,
  create: CreateSession,
  { folder, file }: { readonly folder: string; readonly file: string },
): Promise<InferenceSession> {
  const unfinished = join(folder, `${UNFINISHED}${randomBytes(6).toString("hex")}`);
  try {
    const session = await create(model, { ...options, optimizedModelFilePath: unfinished });
    await settle(unfinished, file)
      .then(() => tidy(folder))
      .catch(() => undefined);
    return session;
  } catch {
    // The disk may be full: what is wrong with the graph itself is said by opening it without keeping anything.
    return await create(model, options);
  } finally {
    await rm(unfinished, { force: true }).catch(() => undefined);
  }
}

/** Forced to the disk before it has its name: after a power cut there is the whole file or none. */
async function settle(unfinished: string, file: string): Promise<void> {
  const handle = await open(unfinished, "r+");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(unfinished, file);
}

async function touch(file: string): Promise<void> {
  const now = new Date();
  await utimes(file, now, now).catch(() => undefined);
}

const DAY = 86_400_000;

/** Removes what was longest not used until the rest is small enough, and what was never finished or opened again. */
async function tidy(folder: string): Promise<void> {
  const found: { path: string; size: number; used: number }[] = [];
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const { size, mtimeMs: used } = await stat(path);
    const age = Date.now() - used;
    if (age > (name.startsWith(UNFINISHED) ? DAY : isMarker(name, size) ? 30 * DAY : Infinity))
      await rm(path, { force: true });
    else found.push({ path, size, used });
  }
  found.sort((a, b) => b.used - a.used);
  let sum = 0;
  for (const { path, size } of found) if ((sum += size) > ALL) await rm(path, { force: true });
}

function isMarker(name: string, size: number): boolean {
  return size === 0 || name.endsWith(FINGERPRINT_ENDING);
}
