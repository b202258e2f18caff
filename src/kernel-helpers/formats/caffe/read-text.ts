import { CamlabError } from "../../support/errors.js";
import { Message, type Value } from "./message.js";
import { Fields, type FieldType } from "./schema.js";

/** Messages in each other; Caffe's lie at most four deep. */
const DEEPEST = 32;
/** More than any network takes that a person or a program wrote. */
const MOST_VALUES = 2 ** 20;

/**
 * Reads a `.prototxt`: protobuf's text form, with comments. Fields that camlab does not know are read and left out.
 *
 * @param label what the file is called in the message
 * @throws CamlabError naming the line
 */
export function readText(text: string, fields: Fields, label: string): Message {
  return fieldsUntil(new Tokens(text, label), undefined, fields, 0);
}

function fieldsUntil(tokens: Tokens, end: string | undefined, fields: Fields | undefined, depth: number): Message {
  if (depth > DEEPEST) throw tokens.wrong(`messages lie more than ${DEEPEST} deep in each other`);
  const message = new Message();
  for (;;) {
    const token = tokens.next();
    if (token === undefined) {
      if (end === undefined) return message;
      throw tokens.wrong(`it ends where "${end}" is missing`);
    }
    if (token.text === end && !token.quoted) return message;
    if (token.text === "," || token.text === ";") continue;
    const name = nameOf(token, tokens);
    const type = fields?.byName.get(name);
    for (const value of valuesOf(tokens, name, type, depth)) if (type !== undefined) message.add(name, value);
  }
}

function nameOf(token: Token, tokens: Tokens): string {
  if (token.quoted) throw tokens.wrong("a text stands where a field's name should");
  if (/^[A-Za-z_]\w*$/.test(token.text)) return token.text;
  if (token.text !== "[") throw tokens.wrong(`${JSON.stringify(token.text)} is no field's name`);
  // An extension: [some.name]: it is none of Caffe's.
  for (let next = tokens.next(); next?.text !== "]"; next = tokens.next()) {
    if (next === undefined) throw tokens.wrong('it ends where "]" is missing');
  }
  return "[]";
}

function* valuesOf(
  tokens: Tokens,
  name: string,
  type: FieldType | undefined,
  depth: number,
): Generator<Value, void, undefined> {
  const inner = type instanceof Fields ? type : undefined;
  let token = tokens.need();
  if (token.text === ":" && !token.quoted) token = tokens.need();
  else if (token.text !== "{" && token.text !== "<") throw tokens.wrong(`":" is missing behind ${name}`);
  if (token.text === "[" && !token.quoted) {
    for (token = tokens.need(); token.text !== "]" || token.quoted; token = tokens.need()) {
      if (token.text === "," && !token.quoted) continue;
      yield one(token);
    }
    return;
  }
  yield one(token);

  function one(token: Token): Value {
    if (!token.quoted && (token.text === "{" || token.text === "<")) {
      if (type !== undefined && !inner) throw tokens.wrong(`${name} takes no fields`);
      return fieldsUntil(tokens, token.text === "{" ? "}" : ">", inner, depth + 1);
    }
    if (inner) throw tokens.wrong(`${name} takes fields in braces`);
    return valueOf(token, name, type, tokens);
  }
}

function valueOf(token: Token, name: string, type: FieldType | undefined, tokens: Tokens): Value {
  const { text, quoted } = token;
  if (!quoted && /^[{}<>[\]:,;]$/.test(text)) throw tokens.wrong(`the value of ${name} is missing`);
  if (type === "text" || type === undefined) {
    return type === "text" && quoted ? tokens.restOfText(text) : text;
  }
  if (type === "flag") {
    const flag = FLAGS.get(text.toLowerCase());
    if (flag === undefined) throw tokens.wrong(`${name} should be true or false, not ${JSON.stringify(text)}`);
    return flag;
  }
  if (typeof type === "object") {
    const choices = "choices" in type ? type.choices : {};
    return /^\d+$/.test(text) ? (choices[Number(text)] ?? text) : text;
  }
  const number = numberIn(text);
  if (number === undefined || quoted || (type === "whole" && !Number.isSafeInteger(number))) {
    throw tokens.wrong(`${name} should be a ${type === "whole" ? "whole " : ""}number, not ${JSON.stringify(text)}`);
  }
  return type === "reals" || type === "doubles" ? Float32Array.of(number) : number;
}

const FLAGS: ReadonlyMap<string, number> = new Map([
  ["true", 1],
  ["t", 1],
  ["1", 1],
  ["false", 0],
  ["f", 0],
  ["0", 0],
]);

function numberIn(text: string): number | undefined {
  const plain = text.replace(/^-\s*/, "");
  const sign = plain === text ? 1 : -1;
  if (/^inf(inity)?f?$/i.test(plain)) return sign * Infinity;
  if (/^nanf?$/i.test(plain)) return NaN;
  if (/^0x[\da-f]+$/i.test(plain)) return sign * Number.parseInt(plain, 16);
  if (/^0[0-7]+$/.test(plain)) return sign * Number.parseInt(plain, 8);
  return /^(\d+\.?\d*|\.\d+)(e[+-]?\d+)?f?$/i.test(plain) ? sign * Number.parseFloat(plain) : undefined;
}

interface Token {
  readonly text: string;
  readonly quoted: boolean;
}

const TOKEN =
  /\s+|#[^\n]*|"([^"\\\n]*(?:\\.[^"\\\n]*)*)"|'([^'\\\n]*(?:\\.[^'\\\n]*)*)'|([{}<>[\]:,;])|(-?\s*[\w.+-]+)/y;

class Tokens {
  readonly #text: string;
  readonly #label: string;
  #at = 0;
  #count = 0;
  #waiting: Token | undefined;

  constructor(text: string, label: string) {
    this.#text = text;
    this.#label = label;
  }

  next(): Token | undefined {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    return waiting ?? this.#read();
  }

  need(): Token {
    const token = this.next();
    if (token === undefined) throw this.wrong("it ends in the middle of a field");
    return token;
  }

  /** A text and those that follow it directly, which belong to it. */
  restOfText(first: string): string {
    let text = first;
    for (;;) {
      const token = this.next();
      if (!token?.quoted) {
        this.#waiting = token;
        return text;
      }
      text += token.text;
    }
  }

  wrong(what: string): CamlabError {
    const line = this.#text.slice(0, this.#at).split("\n").length;
    return new CamlabError(`cannot read ${this.#label} as a network of Caffe's: line ${line}: ${what}`);
  }

  #read(): Token | undefined {
    while (this.#at < this.#text.length) {
      TOKEN.lastIndex = this.#at;
      const found = TOKEN.exec(this.#text);
      if (!found) throw this.wrong(`${JSON.stringify(this.#text[this.#at])} can't stand here`);
      this.#at = TOKEN.lastIndex;
      const [, double, single, mark, word] = found;
      const quoted = double ?? single;
      if (quoted === undefined && mark === undefined && word === undefined) continue;
      if (++this.#count > 4 * MOST_VALUES) throw this.wrong("it is longer than any network");
      return quoted === undefined ? { text: mark ?? word, quoted: false } : { text: unescaped(quoted), quoted: true };
    }
    return undefined;
  }
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r" };

function unescaped(text: string): string {
  return text.replace(/\\(.)/g, (_, character: string) => ESCAPES[character] ?? character);
}
