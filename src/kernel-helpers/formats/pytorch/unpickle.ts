import { CamlabError } from "../../support/errors.js";

/** What a pickle may name and call: a function of ours that stands for a Python one. */
export class Callable {
  constructor(
    readonly name: string,
    /** Given what Python would call it with. */
    readonly call: (...given: readonly unknown[]) => unknown,
  ) {}
}

/** Stands for what is neither weights nor holds them, and of which nothing is kept. */
export const PASSED_OVER = Symbol("passed over");

/** What lies outside a pickle: the few names that it may use, and what it calls by a number or name of its own. */
export interface PickleWorld {
  /** What stands for a Python name; undefined for one that is refused. */
  named(name: string): unknown;
  /** What a persistent id (PyTorch's storages) stands for. */
  persistent(id: unknown): unknown;
}

/** A value, and where the pickle that holds it ended. */
export interface Unpickled {
  readonly value: unknown;
  readonly end: number;
}

/**
 * What something is called by: a text or a number. Lists may hold themselves many times over, and written out would never
 * end.
 *
 * @throws CamlabError for anything else
 */
export function keyText(key: unknown): string {
  if (typeof key === "string" || typeof key === "number" || typeof key === "bigint") return String(key);
  throw new CamlabError("the pickle calls something by neither a text nor a number");
}

/** Instructions, and values that they hand over: what the largest networks take many times over. */
const MOST_STEPS = 2_000_000;

/** Where a list of operands began. */
const MARK = Symbol("mark");

const LONGEST_NUMBER = 64;

/**
 * Reads a pickle (protocols 0 to 5): numbers, texts, bytes, lists, tuples, sets and dictionaries, and what `world`
 * knows by name. Nothing is executed: a pickle is a program, and here every instruction that could reach anything else
 * is refused by its name.
 *
 * Lists and tuples become arrays, dictionaries a `Map`, sets a `Set`, None becomes null.
 *
 * @param start where in the bytes the pickle begins
 * @throws CamlabError for a damaged pickle, and for one that names what is neither a tensor nor a container
 * @example
 * unpickle(bytes, 0, { named: () => undefined, persistent: () => undefined }).value; // Map(2) { "epoch" => 3, … }
 */
export function unpickle(bytes: Uint8Array, start: number, world: PickleWorld): Unpickled {
  const machine = new Machine(bytes, start, world);
  try {
    return machine.run();
  } catch (error) {
    if (error instanceof CamlabError) throw error;
    throw new CamlabError(`the pickle is damaged near byte ${machine.at}`);
  }
}

type Instruction = (machine: Machine) => void;

class Machine {
  readonly stack: unknown[] = [];
  readonly memo = new Map<number, unknown>();
  readonly #view: DataView;
  #steps = 0;

  constructor(
    readonly bytes: Uint8Array,
    public at: number,
    readonly world: PickleWorld,
  ) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  run(): Unpickled {
    for (;;) {
      const code = this.byte();
      this.#took(1);
      if (code === STOP) return { value: this.pop(), end: this.at };
      const instruction = INSTRUCTIONS[code];
      if (!instruction) {
        throw new CamlabError(`the pickle holds the instruction 0x${code.toString(16)}, which weights do not need`);
      }
      instruction(this);
    }
  }

  #took(steps: number): void {
    this.#steps += steps;
    if (this.#steps > MOST_STEPS) throw new CamlabError(`the pickle takes more than ${MOST_STEPS} steps to read`);
  }

  byte(): number {
    return this.#view.getUint8(this.at++);
  }

  number(bytes: 2 | 4 | 8): number {
    const at = this.at;
    this.at += bytes;
    if (bytes === 2) return this.#view.getUint16(at, true);
    return bytes === 4 ? this.#view.getUint32(at, true) : Number(this.#view.getBigUint64(at, true));
  }

  signed(): number {
    this.at += 4;
    return this.#view.getInt32(this.at - 4, true);
  }

  double(): number {
    this.at += 8;
    return this.#view.getFloat64(this.at - 8, false);
  }

  take(length: number): Uint8Array {
    if (!(this.at + length <= this.bytes.length)) throw new CamlabError("the pickle is cut off");
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  /** A whole number of any length, least byte first, its sign in the highest bit. */
  long(length: number): number | bigint {
    if (length > LONGEST_NUMBER) throw new CamlabError(`the pickle holds a number of ${length} bytes`);
    const bytes = this.take(length);
    let value = 0n;
    for (let i = length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i]);
    if (length > 0 && bytes[length - 1] >= 0x80) value -= 1n << BigInt(8 * length);
    return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  }

  line(): string {
    const end = this.bytes.indexOf(0x0a, this.at);
    if (end < 0) throw new CamlabError("the pickle is cut off");
    const text = decoded(this.take(end - this.at));
    this.at++;
    return text;
  }

  push(value: unknown): void {
    this.stack.push(value);
  }

  pop(): unknown {
    if (this.stack.length === 0) throw new CamlabError("the pickle is damaged: it takes more than it has put down");
    return this.stack.pop();
  }

  top(): unknown {
    return this.stack.at(-1);
  }

  /** Everything since the last mark. */
  marked(): unknown[] {
    const mark = this.stack.lastIndexOf(MARK);
    if (mark < 0) throw new CamlabError("the pickle is damaged: a list has no beginning");
    const items = this.stack.splice(mark + 1);
    this.stack.pop();
    return items;
  }

  name(module: string, name: string): void {
    const full = `${module}.${name}`;
    const found = this.world.named(full);
    if (found === undefined) throw refusedName(full);
    this.push(found);
  }

  keep(index: number): void {
    this.memo.set(index, this.top());
  }

  recall(index: number): void {
    if (!this.memo.has(index)) throw new CamlabError("the pickle is damaged: it speaks of what it never kept");
    this.push(this.memo.get(index));
  }

  call(given: unknown): void {
    const what = this.pop();
    if (!(what instanceof Callable) || !Array.isArray(given))
      throw new CamlabError("the pickle calls what is no function");
    // A list that is handed over is gone through, and may be handed over again and again.
    for (const one of given as readonly unknown[]) if (Array.isArray(one)) this.#took(one.length);
    this.push(what.call(...(given as readonly unknown[])));
  }
}

function refusedName(name: string): CamlabError {
  if (/^torch\.(_utils\._rebuild_\w+|\w+Storage)$/.test(name)) {
    return new CamlabError(
      `it holds numbers of a kind that camlab does not read (${name}): quantised, sparse, complex or 8-bit ones. Save them ` +
        "as float32 in Python: torch.save({k: v.float() for k, v in model.state_dict().items()}, PATH)",
    );
  }
  return new CamlabError(
    `it names ${JSON.stringify(name)}, which is neither a tensor nor a container, and nothing of it was executed. A file that ` +
      "holds weights alone is made in Python by torch.save(model.state_dict(), PATH)",
  );
}

const decoder = new TextDecoder();

function decoded(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

function setItems(map: unknown, items: readonly unknown[]): void {
  if (!(map instanceof Map)) throw new CamlabError("the pickle puts entries into what is no dictionary");
  for (let i = 0; i + 1 < items.length; i += 2) map.set(items[i], items[i + 1]);
}

function listOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return value as unknown[];
  throw new CamlabError("the pickle appends to what is no list");
}

/** A number as old pickles write it: in digits, True and False as 01 and 00. */
function writtenNumber(text: string): unknown {
  if (text === "01" || text === "00") return text === "01";
  if (!/^-?\d{1,150}L?$/.test(text)) throw new CamlabError("the pickle is damaged: a number has no digits");
  const value = BigInt(text.replace("L", ""));
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

/** A text between quotes; escapes of Python's that are not JSON's are left as they stand. */
function quoted(text: string): string {
  return text.replace(/^(['"])(.*)\1$/s, "$2");
}

const STOP = 0x2e;

const code = (character: string) => character.charCodeAt(0);

/** By the byte that stands for each, as Python's pickletools lists them. */
const INSTRUCTIONS: Readonly<Partial<Record<number, Instruction>>> = {
  [0x80]: (m) => void m.byte(),
  [0x95]: (m) => void m.take(8),
  [code("(")]: (m) => m.push(MARK),
  [code("0")]: (m) => void m.pop(),
  [code("1")]: (m) => void m.marked(),
  [code("2")]: (m) => m.push(m.top()),
  [code("N")]: (m) => m.push(null),
  [0x88]: (m) => m.push(true),
  [0x89]: (m) => m.push(false),
  [code("I")]: (m) => m.push(writtenNumber(m.line())),
  [code("L")]: (m) => m.push(writtenNumber(m.line())),
  [code("F")]: (m) => m.push(Number(m.line())),
  [code("J")]: (m) => m.push(m.signed()),
  [code("K")]: (m) => m.push(m.byte()),
  [code("M")]: (m) => m.push(m.number(2)),
  [0x8a]: (m) => m.push(m.long(m.byte())),
  [0x8b]: (m) => m.push(m.long(m.number(4))),
  [code("G")]: (m) => m.push(m.double()),
  [code("S")]: (m) => m.push(quoted(m.line())),
  [code("T")]: (m) => m.push(decoded(m.take(m.number(4)))),
  [code("U")]: (m) => m.push(decoded(m.take(m.byte()))),
  [code("V")]: (m) => m.push(m.line()),
  [code("X")]: (m) => m.push(decoded(m.take(m.number(4)))),
  [0x8c]: (m) => m.push(decoded(m.take(m.byte()))),
  [0x8d]: (m) => m.push(decoded(m.take(m.number(8)))),
  [code("B")]: (m) => m.push(m.take(m.number(4))),
  [code("C")]: (m) => m.push(m.take(m.byte())),
  [0x8e]: (m) => m.push(m.take(m.number(8))),
  [code("]")]: (m) => m.push([]),
  [code("l")]: (m) => m.push(m.marked()),
  [code("a")]: (m) => {
    const item = m.pop();
    listOf(m.top()).push(item);
  },
  [code("e")]: (m) => {
    const items = m.marked();
    const list = listOf(m.top());
    for (const item of items) list.push(item);
  },
  [code(")")]: (m) => m.push([]),
  [code("t")]: (m) => m.push(m.marked()),
  [0x85]: (m) => m.push([m.pop()]),
  [0x86]: (m) => {
    const [b, a] = [m.pop(), m.pop()];
    m.push([a, b]);
  },
  [0x87]: (m) => {
    const [c, b, a] = [m.pop(), m.pop(), m.pop()];
    m.push([a, b, c]);
  },
  [code("}")]: (m) => m.push(new Map()),
  [code("d")]: (m) => {
    const [items, map] = [m.marked(), new Map()];
    setItems(map, items);
    m.push(map);
  },
  [code("s")]: (m) => {
    const [value, key] = [m.pop(), m.pop()];
    setItems(m.top(), [key, value]);
  },
  [code("u")]: (m) => {
    const items = m.marked();
    setItems(m.top(), items);
  },
  [0x8f]: (m) => m.push(new Set()),
  [0x90]: (m) => {
    const [items, set] = [m.marked(), m.top()];
    if (!(set instanceof Set)) throw new CamlabError("the pickle adds to what is no set");
    for (const item of items) set.add(item);
  },
  [0x91]: (m) => m.push(new Set(m.marked())),
  [code("p")]: (m) => m.keep(Number(m.line())),
  [code("q")]: (m) => m.keep(m.byte()),
  [code("r")]: (m) => m.keep(m.number(4)),
  [0x94]: (m) => m.keep(m.memo.size),
  [code("g")]: (m) => m.recall(Number(m.line())),
  [code("h")]: (m) => m.recall(m.byte()),
  [code("j")]: (m) => m.recall(m.number(4)),
  [code("c")]: (m) => {
    const module = m.line();
    m.name(module, m.line());
  },
  [0x93]: (m) => {
    const [name, module] = [m.pop(), m.pop()];
    m.name(keyText(module), keyText(name));
  },
  [code("R")]: (m) => m.call(m.pop()),
  [0x81]: (m) => m.call(m.pop()),
  // What a container carries beside its entries (OrderedDict's _metadata) is passed over.
  [code("b")]: (m) => {
    m.pop();
    if (!(m.top() instanceof Map) && m.top() !== PASSED_OVER)
      throw new CamlabError("the pickle sets the state of what is no dictionary");
  },
  [code("Q")]: (m) => m.push(m.world.persistent(m.pop())),
  [code("P")]: (m) => m.push(m.world.persistent(m.line())),
};
