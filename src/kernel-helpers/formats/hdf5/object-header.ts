import { CamlabError } from "../../support/errors.js";
import type { ByteReader } from "./byte-reader.js";

/** One message of an object: what it is about, and where its content lies. */
export interface HeaderMessage {
  readonly type: number;
  /** Stands at the content. */
  readonly content: ByteReader;
}

/** More than any object has. */
const MOST_MESSAGES = 20_000;
/** The message that says where further messages lie. */
const CONTINUATION = 0x10;
/** A flag: the content lies in another object. */
const IS_SHARED = 0x02;

/**
 * The messages of a group or a data set, in both forms that HDF5 writes.
 *
 * @throws CamlabError when they are damaged
 */
export function headerMessages(file: ByteReader, address: number): HeaderMessage[] {
  const reader = file.from(address);
  if (reader.uint(1) === 1) return messagesIn(file, oldBlock(reader), oldMessage, 8, 0);
  if (file.from(address).mark(4) !== "OHDR") throw new CamlabError("it is damaged: an object is not in its place");
  const { block, ordered } = newBlock(file.from(address + 4));
  return messagesIn(file, block, newMessage(ordered), ordered ? 6 : 4, 4);
}

interface Block {
  readonly from: number;
  readonly to: number;
}

type ReadMessage = (reader: ByteReader) => { readonly type: number; readonly size: number; readonly flags: number };

/** @param least the size of a message without content @param around bytes that mark a further block, before and after it */
function messagesIn(file: ByteReader, first: Block, read: ReadMessage, least: number, around: number): HeaderMessage[] {
  const blocks = [first];
  const seen = new Set([first.from]);
  const messages: HeaderMessage[] = [];
  for (const { from, to } of blocks) {
    const reader = file.from(from);
    while (reader.at + least <= to) {
      const { type, size, flags } = read(reader);
      const content = file.from(reader.at);
      reader.skip(size);
      if (messages.length >= MOST_MESSAGES)
        throw new CamlabError(`an object of it has more than ${MOST_MESSAGES} messages`);
      if (type !== CONTINUATION) {
        if ((flags & IS_SHARED) === 0) messages.push({ type, content });
        continue;
      }
      const [start, length] = [content.uint(8) + around, content.uint(8) - 2 * around];
      if (!seen.has(start)) blocks.push({ from: start, to: start + length });
      seen.add(start);
    }
  }
  return messages;
}

function oldBlock(reader: ByteReader): Block {
  const size = reader.skip(7).uint(4);
  const from = reader.skip(4).at;
  return { from, to: from + size };
}

const oldMessage: ReadMessage = (reader) => {
  const [type, size, flags] = [reader.uint(2), reader.uint(2), reader.uint(1)];
  reader.skip(3);
  return { type, size, flags };
};

function newBlock(reader: ByteReader): { readonly block: Block; readonly ordered: boolean } {
  const flags = reader.skip(1).uint(1);
  if (flags & 0x20) reader.skip(16);
  if (flags & 0x10) reader.skip(4);
  const size = reader.uint(2 ** (flags & 3));
  return { block: { from: reader.at, to: reader.at + size }, ordered: (flags & 0x04) !== 0 };
}

const newMessage =
  (ordered: boolean): ReadMessage =>
  (reader) => {
    const [type, size, flags] = [reader.uint(1), reader.uint(2), reader.uint(1)];
    if (ordered) reader.skip(2);
    return { type, size, flags };
  };
