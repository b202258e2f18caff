// An Arrow file says how long its lists are, and a reader believes it: these checks come first, so that no length and no
// offset leads out of the file, back in a circle, or into millions of things that are not there.
import { CamlabError } from "../support/errors.js";

/** A list in a FlatBuffers table: its place in the table's directory, the bytes of an entry, and what its entries are. */
interface ListSpec {
  readonly slot: number;
  readonly size: number;
  readonly tables?: TableSpec;
}

/** What is to be looked at in a table: other tables and lists. */
interface TableSpec {
  readonly tables?: readonly { readonly slot: number; readonly spec: TableSpec }[];
  readonly lists?: readonly ListSpec[];
}

const PAIR: TableSpec = {};
const PAIRS = (slot: number): ListSpec => ({ slot, size: 4, tables: PAIR });
const FIELD: { tables?: TableSpec["tables"]; lists: ListSpec[] } = { lists: [PAIRS(16)] };
FIELD.lists.push({ slot: 14, size: 4, tables: FIELD });
const SCHEMA: TableSpec = { lists: [{ slot: 6, size: 4, tables: FIELD }, PAIRS(8)] };
const BATCH: TableSpec = {
  lists: [
    { slot: 6, size: 16 },
    { slot: 8, size: 16 },
    { slot: 12, size: 8 },
  ],
};
const DICTIONARY_BATCH: TableSpec = { tables: [{ slot: 6, spec: BATCH }] };
const FOOTER: TableSpec = {
  tables: [{ slot: 6, spec: SCHEMA }],
  lists: [{ slot: 8, size: 24 }, { slot: 10, size: 24 }, PAIRS(12)],
};
/** What a message's header is, by its type. */
const HEADERS: Readonly<Record<number, TableSpec>> = { 1: SCHEMA, 2: DICTIONARY_BATCH, 3: BATCH };

const MAGIC = "ARROW1";
/** Fields within fields. */
const DEEPEST = 64;
const MOST_TABLES = 100_000;

/**
 * Refuses bytes whose structure is not that of an Arrow file or stream.
 *
 * @throws CamlabError when a length or an offset leads out of the bytes
 */
export function checkArrowStructure(bytes: Uint8Array): void {
  const file = new ArrowBytes(bytes);
  if (Buffer.from(bytes.subarray(0, 6)).toString("latin1") === MAGIC) file.checkFile();
  else file.checkStream();
}

class ArrowBytes {
  readonly #view: DataView;
  #tables = 0;

  constructor(private readonly bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  checkFile(): void {
    const end = this.bytes.length - (MAGIC.length + 4);
    const start = end - this.#int32(end);
    if (start < 0 || start > end) throw damaged();
    const footer = new ArrowBytes(this.bytes.subarray(start, end));
    footer.#checkTable(0, FOOTER, 0);
    for (const slot of [8, 10]) {
      for (const at of footer.#entries(footer.#table(0), { slot, size: 24 })) {
        this.#checkMessage(Number(footer.#view.getBigInt64(at, true)));
      }
    }
  }

  checkStream(): void {
    for (let at: number | undefined = 0; at !== undefined && at < this.bytes.length;) at = this.#checkMessage(at);
  }

  /** @returns where the next message begins; nothing after the last */
  #checkMessage(at: number): number | undefined {
    if (at + 4 > this.bytes.length) throw damaged();
    let length = this.#int32(at);
    let start = at + 4;
    if (length === -1) {
      length = this.#int32(start);
      start += 4;
    }
    if (length === 0) return undefined;
    if (length < 0 || start + length > this.bytes.length) throw damaged();
    const head = new ArrowBytes(this.bytes.subarray(start, start + length));
    const body = head.#checkHead();
    if (body < 0n || BigInt(start + length) + body > BigInt(this.bytes.length)) throw damaged();
    return start + length + Number(body);
  }

  /** @returns the length of the body */
  #checkHead(): bigint {
    const table = this.#table(0);
    const type = this.#slot(table, 6);
    const header = this.#slot(table, 8);
    const spec = type === undefined ? undefined : HEADERS[this.bytes[type]];
    if (header !== undefined && spec) this.#checkTable(header, spec, 0);
    const body = this.#slot(table, 10);
    if (body === undefined) return 0n;
    this.#within(body, 8);
    return this.#view.getBigInt64(body, true);
  }

  #checkTable(at: number, spec: TableSpec, depth: number): void {
    if (depth > DEEPEST || ++this.#tables > MOST_TABLES) throw damaged();
    const table = this.#table(at);
    for (const { slot, spec: inner } of spec.tables ?? []) {
      const place = this.#slot(table, slot);
      if (place !== undefined) this.#checkTable(place, inner, depth + 1);
    }
    for (const list of spec.lists ?? []) {
      const entries = this.#entries(table, list);
      if (list.tables) for (const entry of entries) this.#checkTable(entry, list.tables, depth + 1);
    }
    if (spec === FIELD) this.#checkUnion(table);
  }

  /** The one type with a list of its own: which kinds a union has. */
  #checkUnion(field: number): void {
    const UNION = 14;
    const [id, type] = [this.#slot(field, 8), this.#slot(field, 10)];
    if (id === undefined || type === undefined || this.bytes[id] !== UNION) return;
    this.#entries(this.#table(type), { slot: 6, size: 4 });
  }

  /** Where a table begins to whom an offset at a place leads. */
  #table(at: number): number {
    const table = at + this.#int32(at);
    this.#within(table, 4);
    return table;
  }

  /** Where a table holds a field of its own; nothing where it has none. */
  #slot(table: number, slot: number): number | undefined {
    const directory = table - this.#int32(table);
    this.#within(directory, 4);
    if (slot >= this.#view.getInt16(directory, true)) return undefined;
    this.#within(directory + slot, 2);
    const offset = this.#view.getInt16(directory + slot, true);
    if (offset === 0) return undefined;
    this.#within(table + offset, 1);
    return table + offset;
  }

  /** Where the entries of a list lie. */
  #entries(table: number, { slot, size }: ListSpec): number[] {
    const place = this.#slot(table, slot);
    if (place === undefined) return [];
    const base = this.#table(place);
    const count = this.#int32(base);
    if (count < 0) throw damaged();
    this.#within(base + 4, count * size);
    return Array.from({ length: count }, (_, i) => base + 4 + i * size);
  }

  #int32(at: number): number {
    this.#within(at, 4);
    return this.#view.getInt32(at, true);
  }

  #within(at: number, size: number): void {
    if (at < 0 || at + size > this.bytes.length) throw damaged();
  }
}

function damaged(): CamlabError {
  return new CamlabError("it is no Arrow file, or is damaged: a length or an offset in it leads nowhere");
}
