import { CamlabError } from "../../support/errors.js";
import type { Constant } from "../channels-last/value.js";
import { ByteReader } from "./byte-reader.js";
import { dataTypeAt, floatsOf, shapeAt } from "./data-type.js";
import { headerMessages, type HeaderMessage } from "./object-header.js";

const SIGNATURE = "\x89HDF\r\n\x1a\n";
const [SHAPE, LINKS, TYPE, LINK, LAYOUT, ATTRIBUTE, TABLE] = [0x01, 0x02, 0x03, 0x06, 0x08, 0x0c, 0x11];
/** More than any file of weights has. */
const MOST_OBJECTS = 200_000;
/** All texts together; many may lie in one place. */
const MOST_CHARACTERS = 2 ** 27;

/** Whether bytes begin as an HDF5 file does. */
export function isHdf5(head: Uint8Array): boolean {
  return String.fromCharCode(...head.subarray(0, 8)) === SIGNATURE;
}

/**
 * An HDF5 file as h5py writes it unless told otherwise: groups in groups, attributes, and data sets in one piece. Read on
 * demand, and by nothing but this: a file that is damaged or made to do harm is refused, and never read in circles.
 */
export class Hdf5File {
  readonly #file: ByteReader;
  readonly #root: number;
  readonly #groups = new Map<number, ReadonlyMap<string, number>>();
  readonly #heaps = new Map<number, ReadonlyMap<number, Uint8Array>>();
  #left = MOST_OBJECTS;
  #characters = MOST_CHARACTERS;

  /** @throws CamlabError when it is no such file, or its beginning is damaged */
  constructor(bytes: Uint8Array) {
    if (!isHdf5(bytes)) throw new CamlabError("it is no HDF5 file");
    this.#file = new ByteReader(bytes);
    this.#root = rootOf(this.#file.from(8));
  }

  /**
   * The names in a group, sorted as the file has them; none where there is no such group.
   *
   * @param path names with `/` between them; the outermost group where it is empty
   */
  names(path: string): string[] {
    const at = this.#find(path);
    return at === undefined ? [] : [...this.#members(at).keys()];
  }

  /** Whether there is a group or data set of this path. */
  has(path: string): boolean {
    return this.#find(path) !== undefined;
  }

  /** An attribute of texts; undefined where there is none of this name. */
  texts(path: string, name: string): string[] | undefined {
    const at = this.#find(path);
    if (at === undefined) return undefined;
    for (const { type, content } of headerMessages(this.#file, at)) {
      if (type !== ATTRIBUTE) continue;
      const found = this.#attribute(content);
      if (found.name === name) return this.#textsOf(found);
    }
    return undefined;
  }

  /**
   * The numbers of a data set; undefined where there is none of this path.
   *
   * @throws CamlabError when it is packed, or holds something else
   */
  numbers(path: string): Constant | undefined {
    const at = this.#find(path);
    if (at === undefined) return undefined;
    try {
      return this.#numbersAt(at, path);
    } catch (error) {
      if (error instanceof CamlabError) throw new CamlabError(`"${path}": ${error.message}`);
      throw error;
    }
  }

  #numbersAt(at: number, path: string): Constant {
    const messages = headerMessages(this.#file, at);
    const shape = shapeAt(needed(messages, SHAPE, "sizes"));
    const type = dataTypeAt(needed(messages, TYPE, "type"));
    const bytes = this.#stored(needed(messages, LAYOUT, "place"));
    const count = shape.reduce((product, size) => product * size, 1);
    if (bytes.length !== count * type.size)
      throw new CamlabError(`it has ${bytes.length} bytes, ${shape.join("×")} numbers take ${count * type.size}`);
    // Numbers of 16 bits that Keras calls so are the upper halves of float32.
    const isUpperHalf = type.size === 2 && type.kind !== "float" && this.texts(path, "dtype")?.[0] === "bfloat16";
    return { shape, data: isUpperHalf ? upperHalves(bytes) : floatsOf(bytes, type) };
  }

  #stored(layout: ByteReader): Uint8Array {
    const version = layout.uint(1);
    const how = layout.uint(1);
    if (version !== 3 && version !== 4) throw new CamlabError(`it lies in a form (${version}) that is not read`);
    if (how === 0) return layout.part(layout.uint(2));
    if (how !== 1) throw new CamlabError("it is packed in pieces: save it with Keras once more");
    const at = layout.address();
    const size = layout.uint(8);
    if (at === undefined) throw new CamlabError("it was never written");
    return this.#file.from(at).part(size);
  }

  #find(path: string): number | undefined {
    let at: number | undefined = this.#root;
    for (const name of path.split("/").filter((each) => each !== "")) {
      at = this.#members(at).get(name);
      if (at === undefined) return undefined;
    }
    return at;
  }

  #members(at: number): ReadonlyMap<string, number> {
    const known = this.#groups.get(at);
    if (known) return known;
    const members = new Map<string, number>();
    for (const { type, content } of headerMessages(this.#file, at)) {
      if (type === TABLE) this.#readTable(content, members);
      if (type === LINK) readLink(content, members);
      if (type === LINKS && isElsewhere(content))
        throw new CamlabError("it keeps a large group in the form of newer files, which is not read: save it anew");
    }
    this.#groups.set(at, members);
    return members;
  }

  /** A group as a tree of tables of names. */
  #readTable(content: ByteReader, members: Map<string, number>): void {
    const [tree, heap] = [content.uint(8), content.uint(8)];
    const local = this.#file.from(heap);
    if (local.mark(4) !== "HEAP") throw damaged("the names of a group are");
    const [size, , at] = [local.skip(4).uint(8), local.uint(8), local.uint(8)];
    const names = this.#file.from(at).part(size);
    const waiting = [tree];
    const seen = new Set(waiting);
    for (const node of waiting) {
      const reader = this.#file.from(node);
      const mark = reader.mark(4);
      if (mark === "SNOD") {
        for (let left = reader.skip(2).uint(2); left > 0; left--) {
          this.#count();
          const name = textAt(names, reader.uint(8));
          members.set(name, reader.uint(8));
          reader.skip(24);
        }
        continue;
      }
      if (mark !== "TREE") throw damaged("the list of a group is");
      const used = reader.skip(2).uint(2);
      reader.skip(16);
      for (let i = 0; i < used; i++) {
        this.#count();
        const child = reader.skip(8).uint(8);
        if (!seen.has(child)) waiting.push(child);
        seen.add(child);
      }
    }
  }

  #attribute(reader: ByteReader): Attribute {
    const version = reader.uint(1);
    if (version < 1 || version > 3) throw new CamlabError(`it has attributes in a form (${version}) that is not read`);
    const [nameSize, typeSize, shapeSize] = [reader.skip(1).uint(2), reader.uint(2), reader.uint(2)];
    if (version === 3) reader.skip(1);
    const padded = (size: number) => (version === 1 ? Math.ceil(size / 8) * 8 : size);
    const name = textAt(reader.part(padded(nameSize)), 0);
    const [type, shape] = [typeSize, shapeSize].map((size) => new ByteReader(reader.part(padded(size))));
    return { name, type, shape, content: reader };
  }

  #textsOf({ type, shape, content }: Attribute): string[] {
    const { kind, size } = dataTypeAt(type);
    if (kind !== "text" && kind !== "long text") return [];
    const count = shapeAt(shape).reduce((product, each) => product * each, 1);
    const each = kind === "text" ? size : 16;
    const bytes = content.part(each === 0 ? 0 : count * each);
    if (each === 0) return [];
    return Array.from({ length: count }, (_, i) => {
      const own = bytes.subarray(i * each, (i + 1) * each);
      return kind === "text" ? textAt(own, 0) : this.#longText(new ByteReader(own));
    });
  }

  #longText(reader: ByteReader): string {
    const [length, heap, index] = [reader.uint(4), reader.uint(8), reader.uint(4)];
    if (length === 0) return "";
    this.#characters -= length;
    if (this.#characters < 0) throw new CamlabError(`it holds more than ${MOST_CHARACTERS} characters`);
    const found = this.#heap(heap).get(index);
    if (!found || found.length < length) throw damaged("a text is");
    return new TextDecoder().decode(found.subarray(0, length));
  }

  /** Texts of any length, by number. */
  #heap(at: number): ReadonlyMap<number, Uint8Array> {
    const known = this.#heaps.get(at);
    if (known) return known;
    const reader = this.#file.from(at);
    if (reader.mark(4) !== "GCOL") throw damaged("the store of texts is");
    const end = at + reader.skip(4).uint(8);
    const texts = new Map<number, Uint8Array>();
    while (reader.at + 16 <= end) {
      const index = reader.uint(2);
      if (index === 0) break;
      this.#count();
      const size = reader.skip(6).uint(8);
      texts.set(index, reader.part(size));
      if (size % 8 > 0 && reader.at < end) reader.skip(8 - (size % 8));
    }
    this.#heaps.set(at, texts);
    return texts;
  }

  #count(): void {
    if (--this.#left < 0) throw new CamlabError(`it holds more than ${MOST_OBJECTS} objects`);
  }
}

interface Attribute {
  readonly name: string;
  readonly type: ByteReader;
  readonly shape: ByteReader;
  /** Stands at the value. */
  readonly content: ByteReader;
}

function rootOf(reader: ByteReader): number {
  const version = reader.uint(1);
  if (version > 3) throw new CamlabError(`it is of a version (${version}) of HDF5 that is not read`);
  const isOld = version < 2;
  const [offsets, lengths] = isOld ? [reader.skip(4).uint(1), reader.uint(1)] : [reader.uint(1), reader.uint(1)];
  if (offsets !== 8 || lengths !== 8) throw new CamlabError(`it has addresses of ${offsets} bytes, 8 are read`);
  if (!isOld) return reader.skip(1 + 24).uint(8);
  return reader.skip(1 + 8 + (version === 1 ? 4 : 0) + 32 + 8).uint(8);
}

function readLink(reader: ByteReader, members: Map<string, number>): void {
  const flags = reader.skip(1).uint(1);
  const kind = flags & 0x08 ? reader.uint(1) : 0;
  if (flags & 0x04) reader.skip(8);
  if (flags & 0x10) reader.skip(1);
  const name = new TextDecoder().decode(reader.part(reader.uint(2 ** (flags & 3))));
  // Links to names and to other files are none of a network's.
  if (kind === 0) members.set(name, reader.uint(8));
}

/** Whether the links of a group lie outside its header. */
function isElsewhere(reader: ByteReader): boolean {
  const flags = reader.skip(1).uint(1);
  if (flags & 0x01) reader.skip(8);
  return reader.address() !== undefined;
}

function needed(messages: readonly HeaderMessage[], type: number, what: string): ByteReader {
  const found = messages.find((message) => message.type === type);
  if (found) return found.content;
  throw new CamlabError(`it is no data set: its ${what} is missing`);
}

/** A text up to the first 0. */
function textAt(bytes: Uint8Array, from: number): string {
  if (from > bytes.length) throw damaged("a name is");
  const end = bytes.indexOf(0, from);
  return new TextDecoder().decode(bytes.subarray(from, end === -1 ? bytes.length : end));
}

function upperHalves(bytes: Uint8Array): Float32Array {
  const floats = new Float32Array(bytes.length / 2);
  const view = new DataView(floats.buffer);
  for (let i = 0; i < floats.length; i++) {
    view.setUint8(4 * i + 2, bytes[2 * i]);
    view.setUint8(4 * i + 3, bytes[2 * i + 1]);
  }
  return floats;
}

function damaged(what: string): CamlabError {
  return new CamlabError(`it is damaged: ${what} not in its place`);
}
