import { CamlabError } from "../../support/errors.js";

/** Float32 numbers of a file as its bytes, or numbers that had to be converted. */
export type Weights = Uint8Array | Float32Array;

/** What a field holds: a number (truth is 0 or 1), a text (choices are texts), numbers in bulk, or fields of its own. */
export type Value = number | string | Weights | Message;

/** Fields by name, as a `.prototxt` or a `.caffemodel` gives them. */
export class Message {
  readonly #values = new Map<string, Value[]>();

  /** Adds a value to a field. */
  add(name: string, value: Value): void {
    const list = this.#values.get(name);
    if (list) list.push(value);
    else this.#values.set(name, [value]);
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }

  /** Every value of a field. */
  all(name: string): readonly Value[] {
    return this.#values.get(name) ?? [];
  }

  number(name: string, fallback: number): number {
    const value = this.all(name).at(-1);
    return typeof value === "number" ? value : fallback;
  }

  numbers(name: string): number[] {
    return this.all(name).filter((value) => typeof value === "number");
  }

  flag(name: string, fallback: boolean): boolean {
    return this.number(name, fallback ? 1 : 0) !== 0;
  }

  text(name: string, fallback: string): string {
    const value = this.all(name).at(-1);
    return typeof value === "string" ? value : fallback;
  }

  texts(name: string): string[] {
    return this.all(name).filter((value) => typeof value === "string");
  }

  /** The fields of a field; none where it is absent. */
  message(name: string): Message {
    return this.messages(name).at(-1) ?? new Message();
  }

  messages(name: string): Message[] {
    return this.all(name).filter((value) => value instanceof Message);
  }

  /** Numbers in bulk, however many pieces they come in. */
  weights(name: string): Weights | undefined {
    const pieces = this.all(name).filter((value) => value instanceof Uint8Array || value instanceof Float32Array);
    if (pieces.length < 2) return pieces[0];
    const floats = pieces.map(floatsOf);
    const joined = new Float32Array(floats.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const piece of floats) {
      joined.set(piece, at);
      at += piece.length;
    }
    return joined;
  }
}

/** Numbers that can be computed with; small ones mostly, since bytes without alignment are copied. */
export function floatsOf(weights: Weights): Float32Array {
  if (weights instanceof Float32Array) return weights;
  if (weights.byteLength % 4 !== 0) throw new CamlabError(`${weights.byteLength} bytes are no float32 numbers`);
  const whole = weights.byteOffset % 4 === 0 ? weights : Uint8Array.from(weights);
  return new Float32Array(whole.buffer, whole.byteOffset, whole.byteLength / 4);
}

/** How many numbers there are. */
export function countOf(weights: Weights): number {
  return weights instanceof Float32Array ? weights.length : weights.byteLength / 4;
}
