import { readdir, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { CamlabError, messageOf } from "../../support/errors.js";
import { cacheFolder } from "../../support/files/cache-folder.js";
import { UNFINISHED } from "../../support/write-file.js";

/** The features of one setting in the cache. */
export interface CachedSetting {
  /** The name of its folder. */
  readonly key: string;
  /** What the features were made with: network, layer, pooling, preprocessing. */
  readonly setting: Readonly<Record<string, unknown>>;
  readonly rows: number;
  readonly shards: number;
  readonly bytes: number;
}

/** What the feature cache holds. */
export interface CacheInfo {
  readonly folder: string;
  readonly settings: readonly CachedSetting[];
  readonly rows: number;
  readonly bytes: number;
}

/**
 * What the feature cache holds, by setting.
 *
 * @param options.folder the cache's folder; `$CAMLAB_CACHE` or the user's cache folder unless given
 * @example
 * const { folder, bytes, settings } = await tables.cacheInfo();
 */
export async function cacheInfo(options: { readonly folder?: string } = {}): Promise<CacheInfo> {
  const folder = cacheFolder("features", options.folder);
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const settings: CachedSetting[] = [];
  for (const entry of entries) if (entry.isDirectory()) settings.push(await settingIn(folder, entry.name));
  let bytes = await sizeOf(join(folder, "files.txt"));
  let rows = 0;
  for (const setting of settings) {
    bytes += setting.bytes;
    rows += setting.rows;
  }
  return { folder, settings, rows, bytes };
}

/**
 * Empties the feature cache. Extractions that are under way go on, and keep what they make from then on.
 *
 * @param options.folder as for `cacheInfo`
 * @returns what was removed
 * @throws CamlabError when something cannot be removed
 * @example
 * const { bytes } = await tables.clearCache();
 */
export async function clearCache(options: { readonly folder?: string } = {}): Promise<CacheInfo> {
  const info = await cacheInfo(options);
  try {
    for (const { key } of info.settings) await clearSetting(join(info.folder, key));
    await rm(join(info.folder, "files.txt"), { force: true });
  } catch (error) {
    throw new CamlabError(`cannot clear the cache in ${info.folder}: ${messageOf(error)}`);
  }
  return info;
}

/** Only what the cache wrote: a folder that holds anything else stays. */
async function clearSetting(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (isOurs(name)) await rm(join(folder, name), { force: true });
  }
  if ((await readdir(folder)).length === 0) await rm(folder, { recursive: true, force: true });
}

function isOurs(name: string): boolean {
  return name === "setting.json" || name.startsWith(UNFINISHED) || /^[0-9a-f]{32}\.(arrow|keys)$/.test(name);
}

async function settingIn(folder: string, key: string): Promise<CachedSetting> {
  const names = (await readdir(join(folder, key))).filter(isOurs);
  let [rows, shards, bytes] = [0, 0, 0];
  for (const name of names) {
    const size = await sizeOf(join(folder, key, name));
    bytes += size;
    if (name.endsWith(".arrow")) shards += 1;
    if (name.endsWith(".keys")) rows += Math.max(0, size - 16) / 16;
  }
  const text = await readFile(join(folder, key, "setting.json"), "utf8").catch(() => "{}");
  return { key, setting: parsed(text), rows, shards, bytes };
}

function parsed(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {};
  }
}

async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => ({ size: 0 }))).size;
}
