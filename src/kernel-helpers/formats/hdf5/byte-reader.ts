import { CamlabError } from "../../support/errors.js";

/** No address of a file lies beyond what numbers hold exactly. */
const FARTHEST = BigInt(Number.MAX_SAFE_INTEGER);
/** What HDF5 writes where an address is left open. */
const OPEN = 2n ** 64n - 1n;

/** Bytes read from place to place, little end first; nothing beyond their end is read. */
export class ByteReader {
  readonly bytes: Uint8Array;
  readonly #view: DataView;

  /** @param at where reading begins */
  constructor(
    { buffer, byteOffset, byteLength }: Uint8Array,
    public at = 0,
  ) {
    this.bytes = new Uint8Array(buffer, byteOffset, byteLength);
    this.#view = new DataView(buffer, byteOffset, byteLength);
  }

  /** The same bytes, read from another place. */
  from(at: number): ByteReader {
    return new ByteReader(this.bytes, at);
  }

  /** A whole number of 1, 2, 4 or 8 bytes. */
  uint(size: number): number {
    const at = this.#take(size);
    if (size === 1) return this.#view.getUint8(at);
    if (size === 2) return this.#view.getUint16(at, true);
    if (size === 4) return this.#view.getUint32(at, true);
    const wide = this.#view.getBigUint64(at, true);
    if (wide > FARTHEST) throw new CamlabError("it is damaged: it speaks of a place that no file reaches");
    return Number(wide);
  }

  /** An address; undefined where it is left open. */
  address(): number | undefined {
    const at = this.#take(8);
    if (this.#view.getBigUint64(at, true) === OPEN) return undefined;
    this.at = at;
    return this.uint(8);
  }

  /** A part of the bytes themselves. */
  part(length: number): Uint8Array {
    const at = this.#take(length);
    return this.bytes.subarray(at, at + length);
  }

  /** So many bytes that say what stands here. */
  mark(length: number): string {
    return String.fromCharCode(...this.part(length));
  }

  skip(length: number): this {
    this.#take(length);
    return this;
  }

  #take(length: number): number {
    const { at } = this;
    if (!(at >= 0 && length >= 0 && at + length <= this.bytes.length))
      throw new CamlabError("it is truncated or damaged: it points beyond its end");
    this.at = at + length;
    return at;
  }
}
