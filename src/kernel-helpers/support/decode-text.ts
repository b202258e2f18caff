/** A text, and what its bytes were taken for. */
export interface DecodedText {
  readonly text: string;
  /** As a byte-order mark or the bytes themselves say; "windows-1252" where they are no UTF-8, which is a guess. */
  readonly encoding: "utf-8" | "utf-16le" | "utf-16be" | "windows-1252";
}

/**
 * Bytes as text: by their byte-order mark, which is no part of the text; else as UTF-16 where every other byte is zero,
 * else as UTF-8, and what is no UTF-8 as Windows' Western code page.
 *
 * @example
 * decodeText(await readFile("labels.csv")).text;
 */
export function decodeText(bytes: Uint8Array): DecodedText {
  const encoding = markOf(bytes) ?? unmarkedUtf16(bytes);
  if (encoding) return { text: new TextDecoder(encoding).decode(bytes), encoding };
  try {
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(bytes), encoding: "utf-8" };
  } catch {
    return { text: decodeWestern(bytes), encoding: "windows-1252" };
  }
}

/**
 * Bytes of Windows' Western code page, of which ISO 8859-1 is most, as text. (Node's own decoder of that name reads ISO
 * 8859-1: it has no dashes, no typographic quotes and no euro.)
 *
 * @example
 * decodeWestern(Uint8Array.of(0x80, 0xe9)); // "€é"
 */
export function decodeWestern(bytes: Uint8Array): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
  return text.replace(/[\x80-\x9f]/g, (character) => WINDOWS[character.charCodeAt(0) - 0x80] ?? character);
}

/** From 0x80 on; five have no character. */
const WINDOWS = [..."€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ"];

function markOf(bytes: Uint8Array): DecodedText["encoding"] | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
  return undefined;
}

/** Text of mostly Western letters in UTF-16 has a zero byte in each of them, UTF-8 has none at all. */
function unmarkedUtf16(bytes: Uint8Array): DecodedText["encoding"] | undefined {
  if (bytes.length < 4 || bytes.length % 2 !== 0) return undefined;
  if (bytes[0] !== 0 && bytes[1] === 0 && bytes[2] !== 0 && bytes[3] === 0) return "utf-16le";
  if (bytes[0] === 0 && bytes[1] !== 0 && bytes[2] === 0 && bytes[3] !== 0) return "utf-16be";
  return undefined;
}
