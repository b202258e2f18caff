import { existsSync } from "node:fs";
import { readdir, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { messageOf } from "../../support/errors.js";
import { contentName } from "../../support/hash.js";
import { makeFolder } from "../../support/make-folder.js";
import { UNFINISHED, writeWhole } from "../../support/write-file.js";
import { decodeKeys, decodeShard, encodeKeys, encodeShard, shardName } from "./shard.js";

/** A shard is written when so many rows wait for it, or the oldest has waited so many milliseconds. */
const SHARD_ROWS = 512;
const SHARD_AFTER = 5000;
/** Unfinished files of a process that was killed are removed after an hour. */
const ABANDONED = 3_600_000;

/**
 * Rows of features of one setting (network, layer, pooling, preprocessing) on disk.
 *
 * A folder of shards, each an Arrow file named by its checksum and never changed, beside each a small file of its keys.
 * Any number of processes may read and add at once: at worst the same row is there twice, and the first is taken.
 */
export class RowStore {
  readonly #folder: string;
  readonly #places = new Map<string, { shard: string; row: number }>();
  readonly #waiting = new Map<string, Float32Array>();
  #waitingSince = 0;
  /** What was found damaged and is made again, one sentence each. */
  readonly problems: string[] = [];
  /** Why nothing can be written here; what is here can be read all the same. */
  refusal: string | undefined;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * Opens the rows of a setting, made where there are none. Where nothing can be written, `refusal` says why.
   *
   * @param setting what the rows were made with, plain data: rows of equal settings are shared
   * @param notes what else people want to know; kept readable beside the rows, with the setting
   */
  static async open(cacheFolder: string, setting: object, notes: object = {}): Promise<RowStore> {
    const name = contentName(JSON.stringify(setting));
    const store = new RowStore(join(cacheFolder, name));
    try {
      await makeFolder(store.#folder);
      const about = join(store.#folder, "setting.json");
      if (!existsSync(about)) await writeWhole(about, JSON.stringify({ ...notes, ...setting }, null, 2));
    } catch (error) {
      store.refusal = messageOf(error);
    }
    await store.#readKeys();
    return store;
  }

  has(key: string): boolean {
    return this.#waiting.has(key) || this.#places.has(key);
  }

  /**
   * Reads rows, each shard once.
   *
   * @param keys may hold keys that are not here
   * @param onRow called with the position in `keys` and the row, which must be copied; not called for rows that are
   *   not here or whose shard turns out damaged: that shard is removed and `problems` says so
   */
  async read(keys: readonly (string | undefined)[], onRow: (position: number, row: Float32Array) => void) {
    const byShard = new Map<string, number[]>();
    keys.forEach((key, position) => {
      if (key === undefined) return;
      const waiting = this.#waiting.get(key);
      if (waiting) return onRow(position, waiting);
      const place = this.#places.get(key);
      if (!place) return;
      const wanted = byShard.get(place.shard);
      if (wanted) wanted.push(position);
      else byShard.set(place.shard, [position]);
    });
    for (const [shard, positions] of byShard) {
      const rows = await this.#open(shard);
      if (!rows) continue;
      for (const position of positions) {
        const { row } = this.#places.get(keys[position]!)!;
        // The small file of keys may be of another shard.
        if (rows.keys[row] !== keys[position]) {
          await this.#discard(shard, "its keys are another one's");
          break;
        }
        onRow(position, rows.data.subarray(row * rows.columns, (row + 1) * rows.columns));
      }
    }
  }

  /** Adds a row, copied; it is safe on disk after the next `flush`. */
  add(key: string, row: Float32Array): void {
    if (this.has(key)) return;
    if (this.#waiting.size === 0) this.#waitingSince = Date.now();
    this.#waiting.set(key, row.slice());
  }

  /** Whether enough waits to be written. */
  get isDue(): boolean {
    const { size } = this.#waiting;
    return size >= SHARD_ROWS || (size > 0 && Date.now() - this.#waitingSince >= SHARD_AFTER);
  }

  /** Writes what waits as one shard. */
  async flush(): Promise<void> {
    if (this.#waiting.size === 0) return;
    const keys = [...this.#waiting.keys()];
    const rows = [...this.#waiting.values()];
    this.#waiting.clear();
    const columns = rows[0].length;
    const data = new Float32Array(rows.length * columns);
    rows.forEach((row, i) => data.set(row, i * columns));
    const bytes = encodeShard({ keys, columns, data });
    const shard = shardName(bytes);
    await makeFolder(this.#folder);
    await writeWhole(join(this.#folder, `${shard}.arrow`), bytes);
    await writeWhole(join(this.#folder, `${shard}.keys`), encodeKeys(keys));
    keys.forEach((key, row) => this.#places.set(key, { shard, row }));
  }

  async #readKeys(): Promise<void> {
    const names = await readdir(this.#folder).catch(() => []);
    await Promise.all(names.filter((name) => name.startsWith(UNFINISHED)).map((name) => this.#sweep(name)));
    const shards = names.filter((name) => name.endsWith(".arrow")).map((name) => name.slice(0, -".arrow".length));
    for (const shard of shards.sort()) {
      const keys = await this.#keysOf(shard);
      keys?.forEach((key, row) => {
        if (!this.#places.has(key)) this.#places.set(key, { shard, row });
      });
    }
  }

  /** From the small file; from the shard itself where that is missing or damaged. */
  async #keysOf(shard: string): Promise<readonly string[] | undefined> {
    const path = join(this.#folder, `${shard}.keys`);
    const bytes = await readFile(path).catch(() => undefined);
    const keys = bytes && decodeKeys(bytes);
    if (keys) return keys;
    const rows = await this.#open(shard);
    if (rows) await writeWhole(path, encodeKeys(rows.keys)).catch(() => {});
    return rows?.keys;
  }

  /** A shard's rows; when it is damaged it is removed and forgotten. */
  async #open(shard: string) {
    const path = join(this.#folder, `${shard}.arrow`);
    try {
      return decodeShard(await readFile(path), shard);
    } catch (error) {
      // Another process may have cleared the cache.
      if ((error as NodeJS.ErrnoException).code === "ENOENT") this.#forget(shard);
      else await this.#discard(shard, messageOf(error));
      return undefined;
    }
  }

  async #discard(shard: string, why: string): Promise<void> {
    this.#forget(shard);
    const path = join(this.#folder, `${shard}.arrow`);
    this.problems.push(`the cached features in ${path} are damaged (${why}) and were made again`);
    for (const name of [path, join(this.#folder, `${shard}.keys`)]) await rm(name, { force: true }).catch(() => {});
  }

  #forget(shard: string): void {
    for (const [key, place] of this.#places) if (place.shard === shard) this.#places.delete(key);
  }

  async #sweep(name: string): Promise<void> {
    const path = join(this.#folder, name);
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Date.now() }));
    if (Date.now() - mtimeMs > ABANDONED) await rm(path, { force: true }).catch(() => {});
  }
}
