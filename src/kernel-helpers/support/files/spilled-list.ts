import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deserialize, serialize } from "node:v8";

/** Items that are in one part. */
const PART = 512;

/** Files of lists that are gone are closed; they have no name any more, so that closing them removes them. */
const closing = new FinalizationRegistry<number>((file) => closeSync(file));

/** Where a part lies in the file. */
interface Spilled {
  readonly at: number;
  readonly bytes: number;
}

/**
 * A list of plain data that only grows and of which no more than two parts of 512 items are in memory: the others are in
 * an unnamed file in the folder for temporary files, which goes when the list or the process does. Where that folder
 * takes nothing, they stay in memory.
 *
 * @example
 * const list = new SpilledList<{ overlap: number }>();
 * list.push({ overlap: 0.5 });
 * list.at(0); // { overlap: 0.5 }
 */
export class SpilledList<T> implements Iterable<T> {
  readonly #parts: (Spilled | readonly T[])[] = [];
  #growing: T[] = [];
  #file: number | undefined;
  #end = 0;
  #isRefused = false;
  /** The part that was read last. */
  #read: { readonly part: number; readonly items: readonly T[] } | undefined;

  get length(): number {
    return PART * this.#parts.length + this.#growing.length;
  }

  push(item: T): void {
    this.#growing.push(item);
    if (this.#growing.length < PART) return;
    this.#parts.push(this.#spill(this.#growing) ?? this.#growing);
    this.#growing = [];
  }

  /** @param place from 0 to below `length` */
  at(place: number): T {
    const part = Math.floor(place / PART);
    return this.#itemsOf(part)[place - PART * part];
  }

  *[Symbol.iterator](): IterableIterator<T> {
    for (let part = 0; part <= this.#parts.length; part++) yield* this.#itemsOf(part);
  }

  #itemsOf(part: number): readonly T[] {
    if (part === this.#parts.length) return this.#growing;
    const kept = this.#parts[part];
    if (!("bytes" in kept)) return kept;
    if (this.#read?.part !== part) {
      const bytes = new Uint8Array(kept.bytes);
      for (let done = 0; done < bytes.length;) {
        done += readSync(this.#file!, bytes, done, bytes.length - done, kept.at + done);
      }
      this.#read = { part, items: deserialize(bytes) as T[] };
    }
    return this.#read.items;
  }

  #spill(items: readonly T[]): Spilled | undefined {
    if (this.#isRefused) return undefined;
    try {
      this.#file ??= this.#open();
      const bytes = serialize(items);
      const at = this.#end;
      for (let done = 0; done < bytes.length;) {
        done += writeSync(this.#file, bytes, done, bytes.length - done, at + done);
      }
      this.#end += bytes.length;
      return { at, bytes: bytes.length };
    } catch {
      this.#isRefused = true;
      return undefined;
    }
  }

  #open(): number {
    const folder = mkdtempSync(join(tmpdir(), "camlab-"));
    const file = openSync(join(folder, "list"), "wx+");
    rmSync(folder, { recursive: true, force: true });
    closing.register(this, file);
    return file;
  }
}
