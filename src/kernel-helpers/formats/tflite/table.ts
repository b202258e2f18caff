import { ByteBuffer } from "flatbuffers";
import { CamlabError } from "../../support/errors.js";

/** No list of a network's is longer, besides weights. */
const LONGEST = 2 ** 20;

/** A table of a flatbuffer, read field by field; nothing beyond the file's end is read. */
export class Table {
  readonly #buffer: ByteBuffer;
  readonly #at: number;
  readonly #slots: number;
  readonly #fields: number;

  private constructor(buffer: ByteBuffer, at: number) {
    inside(buffer, at, 4);
    this.#buffer = buffer;
    this.#at = at;
    this.#slots = at - buffer.readInt32(at);
    inside(buffer, this.#slots, 4);
    this.#fields = buffer.readUint16(this.#slots);
    inside(buffer, this.#slots, Math.max(4, this.#fields));
  }

  /** The table that the file begins with. */
  static root(bytes: Uint8Array): Table {
    const buffer = new ByteBuffer(bytes);
    inside(buffer, 0, 8);
    return new Table(buffer, buffer.readUint32(0));
  }

  /** A whole number of 32 bits. */
  int(index: number, usual = 0): number {
    const at = this.#place(index, 4);
    return at === undefined ? usual : this.#buffer.readInt32(at);
  }

  /** A whole number of 8 bits. */
  byte(index: number, usual = 0): number {
    const at = this.#place(index, 1);
    return at === undefined ? usual : this.#buffer.readInt8(at);
  }

  flag(index: number): boolean {
    return this.byte(index) !== 0;
  }

  float(index: number, usual = 0): number {
    const at = this.#place(index, 4);
    return at === undefined ? usual : this.#buffer.readFloat32(at);
  }

  /** A whole number of 64 bits, where the file may be large. */
  long(index: number): number {
    const at = this.#place(index, 8);
    return at === undefined ? 0 : Number(this.#buffer.readUint64(at));
  }

  text(index: number): string {
    const bytes = this.bytes(index);
    return bytes === undefined ? "" : new TextDecoder().decode(bytes);
  }

  table(index: number): Table | undefined {
    const at = this.#target(index);
    return at === undefined ? undefined : new Table(this.#buffer, at);
  }

  tables(index: number): Table[] {
    return this.#list(index, 4, (at) => new Table(this.#buffer, at + this.#buffer.readUint32(at)));
  }

  ints(index: number): number[] {
    return this.#list(index, 4, (at) => this.#buffer.readInt32(at));
  }

  floats(index: number): number[] {
    return this.#list(index, 4, (at) => this.#buffer.readFloat32(at));
  }

  longs(index: number): number[] {
    return this.#list(index, 8, (at) => Number(this.#buffer.readInt64(at)));
  }

  /** Bytes as a view of the file's. */
  bytes(index: number): Uint8Array | undefined {
    const vector = this.#vector(index, 1);
    return vector && this.#buffer.bytes().subarray(vector.at, vector.at + vector.length);
  }

  /** A part of the file itself. */
  slice(from: number, length: number): Uint8Array {
    inside(this.#buffer, from, length);
    return this.#buffer.bytes().subarray(from, from + length);
  }

  #list<T>(index: number, size: number, read: (at: number) => T): T[] {
    const vector = this.#vector(index, size);
    if (!vector) return [];
    if (vector.length > LONGEST) throw new CamlabError(`it holds a list of ${vector.length} values`);
    return Array.from({ length: vector.length }, (_, i) => read(vector.at + i * size));
  }

  #vector(index: number, size: number): { readonly at: number; readonly length: number } | undefined {
    const at = this.#target(index);
    if (at === undefined) return undefined;
    inside(this.#buffer, at, 4);
    const length = this.#buffer.readUint32(at);
    inside(this.#buffer, at + 4, length * size);
    return { at: at + 4, length };
  }

  #target(index: number): number | undefined {
    const at = this.#place(index, 4);
    return at === undefined ? undefined : at + this.#buffer.readUint32(at);
  }

  /** Where a field lies; undefined when the file leaves it out. */
  #place(index: number, size: number): number | undefined {
    const slot = 4 + 2 * index;
    if (slot + 2 > this.#fields) return undefined;
    const offset = this.#buffer.readUint16(this.#slots + slot);
    if (offset === 0) return undefined;
    inside(this.#buffer, this.#at + offset, size);
    return this.#at + offset;
  }
}

function inside(buffer: ByteBuffer, at: number, length: number): void {
  if (at >= 0 && length >= 0 && at + length <= buffer.capacity()) return;
  throw new CamlabError("it is truncated or damaged: it points beyond its end");
}
