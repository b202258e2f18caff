import { check, optionNames } from "../kernel-helpers/support/check.js";
import { rmSync } from "node:fs";
import { mkdtemp, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { readableName } from "../kernel-helpers/images/files/readable-name.js";
import { CamlabError, messageOf } from "../kernel-helpers/support/errors.js";
import { cacheFolder } from "../kernel-helpers/support/files/cache-folder.js";
import { codeOf } from "../kernel-helpers/support/files/file-reasons.js";
import { faultOf } from "./dataset-files.js";
import { WORLD_VERSION } from "./drawings.js";
import { WORLD_PARTS, type WorldPart } from "./drawing.js";
import { makeOrKeep, type MakeDatasetOptions, readManifest } from "./make-dataset.js";
import { readWorld, type DrawnSet } from "./read-world.js";
import { countsOf } from "./usual-counts.js";

/** How a part of the drawn world is had. */
export interface DrawWorldOptions extends Omit<MakeDatasetOptions, "format"> {
  /** Where drawn pictures are kept; below camlab's cache folder unless given. */
  readonly folder?: string;
}

const OPTIONS = optionNames<DrawWorldOptions>({
  seed: true,
  train: true,
  val: true,
  test: true,
  onProgress: true,
  signal: true,
  folder: true,
});

/**
 * A part of the drawn world as a set of pictures with the whole truth on them: drawn the first time it is asked for, and
 * kept. Several processes may ask for it at once; one that was cut short or damaged on the disk is drawn anew. Where the
 * cache cannot be written, the pictures last as long as the process, and `notes` says so.
 *
 * @throws CamlabError when the part is not one, or a count is not a whole number
 * @example
 * const set = await drawWorld("scenes", { train: 500, test: 250 });
 * set.pictures[0].objects; // [{ name: "floor", box: …, mask: … }, …]
 */
export async function drawWorld(part: WorldPart, options: DrawWorldOptions = {}): Promise<DrawnSet> {
  check.known(options, OPTIONS, "drawWorld");
  check.oneOf("part", part, WORLD_PARTS);
  const { seed = 0, onProgress, signal } = options;
  const { train, val, test } = countsOf(part, options);
  const name = `${part}-seed${seed}-${train}-${val}-${test}`;
  const kept = join(cacheFolder("world", options.folder), `version${WORLD_VERSION}`, name);
  const draw = (folder: string) =>
    makeOrKeep(part, folder, { seed, train, val, test, onProgress, signal }, () => putAway(folder));
  try {
    await draw(kept);
    return await readWorld(kept);
  } catch (error) {
    if (options.folder !== undefined || !isRefusal(error)) throw error;
    const folder = join(await temporaryFolder(), name);
    await draw(folder);
    const why = `pictures could not be kept in ${readableName(dirname(kept))} (${messageOf(error)})`;
    const notes = [`${why}: they are drawn anew each time, unless $CAMLAB_CACHE names another folder`];
    return { ...(await readWorld(folder)), notes };
  }
}

/** Removes a data set that is damaged; moved first, so that nobody reads what is half removed. */
async function putAway(folder: string): Promise<void> {
  const away = await mkdtemp(`${folder}.damaged-`);
  try {
    const moved = join(away, "set");
    await rename(folder, moved);
    // Another process may have drawn it anew between the look and the move.
    const fault = await readManifest(moved).then((manifest) => faultOf(moved, manifest), messageOf);
    if (fault === undefined) await rename(moved, folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ENOENT" && code !== "ENOTEMPTY" && code !== "EEXIST") throw error;
  } finally {
    await rm(away, { recursive: true, force: true });
  }
}

/** Whether a folder refused to be written to. */
function isRefusal(error: unknown): boolean {
  const refusal = error instanceof CamlabError ? error.cause : error;
  return ["EACCES", "EPERM", "EROFS", "ENOTDIR"].includes(codeOf(refusal) ?? "");
}

let temporary: Promise<string> | undefined;

/** Until this process ends. */
function temporaryFolder(): Promise<string> {
  temporary ??= mkdtemp(join(tmpdir(), "camlab-world-")).then((folder) => {
    process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
    return folder;
  });
  return temporary;
}
