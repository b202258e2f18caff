import { join } from "node:path";
import type { Box } from "../../images/box.js";
import type { PackedImage } from "../../images/image.js";
import { messageOf } from "../../support/errors.js";
import { contentName } from "../../support/hash.js";
import type { FileIdentity } from "./content-hash.js";
import { FileIndex } from "./file-index.js";
import { RowStore } from "./row-store.js";

/** What a row shows of its file. */
export interface RowView {
  readonly region?: Box;
  readonly flip?: boolean;
  readonly crop?: string;
}

/** Features kept on disk, for one setting. */
export class FeatureCache {
  /** Set when the disk refused a write: then nothing more is kept. */
  #refused = false;

  private constructor(
    private readonly folder: string,
    private readonly index: FileIndex,
    private readonly rows: RowStore,
  ) {}

  static async open(folder: string, setting: object, notes: object): Promise<FeatureCache> {
    const rows = await RowStore.open(folder, setting, notes);
    return new FeatureCache(folder, await FileIndex.open(join(folder, "files.txt")), rows);
  }

  /** What was found damaged and what could not be kept, one sentence each. */
  get problems(): readonly string[] {
    return this.rows.problems;
  }

  /** The content of a file that was read before and has not changed. */
  hashOf(file: string | PackedImage): Promise<string | undefined> {
    return this.index.hashOf(file);
  }

  /** Reads rows: see `RowStore.read`. */
  read(keys: readonly (string | undefined)[], onRow: (position: number, row: Float32Array) => void): Promise<void> {
    return this.rows.read(keys, onRow);
  }

  has(key: string): boolean {
    return this.rows.has(key);
  }

  /** Keeps a row; once in a while that writes to disk. */
  async add(key: string, row: Float32Array): Promise<void> {
    if (this.#refused) return;
    if (this.rows.refusal !== undefined) return this.#refuse(this.rows.refusal);
    this.rows.add(key, row);
    if (this.rows.isDue) await this.flush();
  }

  /** Remembers what a file holds. */
  identify(file: string | PackedImage, identity: FileIdentity): void {
    this.index.add(file, identity);
  }

  /** Writes what waits. A disk that is full or gone costs no features, only their keeping: `problems` says so. */
  async flush(): Promise<void> {
    if (this.#refused || this.rows.refusal !== undefined) return;
    try {
      await this.rows.flush();
    } catch (error) {
      return this.#refuse(messageOf(error));
    }
    // Without its line a file is only read once more.
    await this.index.flush().catch(() => undefined);
  }

  #refuse(why: string): void {
    this.#refused = true;
    this.rows.problems.push(
      `features could not be kept in ${this.folder} (${why}): the next call makes them again, unless $CAMLAB_CACHE names another folder`,
    );
  }
}

/** The key of a row: 32 hexadecimal digits that stand for the file's content and what is looked at of it. */
export function rowKey(contentHash: string, { region, flip = false, crop = "" }: RowView): string {
  const where = region ? [region.x, region.y, region.width, region.height] : [];
  return contentName(JSON.stringify([contentHash, where, flip, crop]));
}
