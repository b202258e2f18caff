import { CamlabError } from "../../support/errors.js";
import { decodeText, decodeWestern } from "../../support/decode-text.js";
import { printable } from "../../support/escape.js";

/**
 * The bytes of an XML file as text, in the encoding that a byte-order mark tells, or else the file declares, or else
 * UTF-8. (Python's names for encodings are understood where they differ.)
 *
 * @returns what was assumed when the bytes are no UTF-8 and declare nothing else
 * @throws CamlabError when the encoding is not known, or the bytes are not in it
 * @example
 * decodeXml(await readFile("latin1.xml")).text;
 */
export function decodeXml(bytes: Uint8Array): { readonly text: string; readonly assumed?: string } {
  const { text, encoding } = decodeText(bytes);
  if (encoding === "utf-16le" || encoding === "utf-16be" || hasMark(bytes)) return { text };
  const declared = declaredEncoding(bytes);
  if (declared === undefined) {
    return encoding === "windows-1252" ? { text, assumed: "Windows-1252 (Western European)" } : { text };
  }
  if (/^utf-?8$/i.test(declared)) {
    if (encoding === "utf-8") return { text };
    throw new CamlabError("its bytes are not in the encoding that it declares, UTF-8");
  }
  // It could be read as far as the declaration, so it is not of two bytes a letter.
  if (/^(?:utf-?16|ucs-?2|iso-10646)/i.test(declared)) return { text };
  if (/^(?:us-)?ascii$|^ansi$|^(?:iso[-_]?8859-1|latin-?1|l1|(?:windows|cp)-?1252)$/i.test(declared)) {
    return { text: decodeWestern(bytes) };
  }
  try {
    return { text: decoderFor(declared).decode(bytes) };
  } catch (error) {
    if (error instanceof CamlabError) throw error;
    throw new CamlabError(`its bytes are not in the encoding that it declares, ${printable(declared)}`);
  }
}

function hasMark(bytes: Uint8Array): boolean {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
}

/** Declarations are written in letters that all encodings but UTF-16 share with ASCII. */
function declaredEncoding(bytes: Uint8Array): string | undefined {
  const head = Buffer.from(bytes.subarray(0, 1024)).toString("latin1");
  return /^\s*<\?xml[^>]*?\sencoding\s*=\s*["']\s*([^"'>]*?)\s*["']/i.exec(head)?.[1];
}

function decoderFor(declared: string): TextDecoder {
  const folded = declared.toLowerCase().replaceAll("_", "-");
  try {
    return new TextDecoder(OTHER_NAMES[folded] ?? folded.replace(/^cp-?(125\d)$/, "windows-$1"), { fatal: true });
  } catch {
    throw new CamlabError(`it declares an encoding that is not known: ${printable(declared)}`);
  }
}

/** What other programs call encodings for which the Web has another name. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  "mac-roman": "macintosh",
  macroman: "macintosh",
  cp932: "shift_jis",
  ms932: "shift_jis",
  sjis: "shift_jis",
  "shift-jis": "shift_jis",
  cp936: "gbk",
  ms936: "gbk",
  cp949: "euc-kr",
  uhc: "euc-kr",
  cp950: "big5",
  "euc-jp": "euc-jp",
  eucjp: "euc-jp",
  euckr: "euc-kr",
  "big5-hkscs": "big5",
  cp866: "ibm866",
  cp874: "windows-874",
};
