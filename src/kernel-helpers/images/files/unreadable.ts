import { CamlabError, messageOf } from "../../support/errors.js";
import { readableName } from "./readable-name.js";

/** What sharp said, in the words of someone who has a file that will not open. */
export function unreadable(name: string, error: unknown): CamlabError {
  if (error instanceof CamlabError) return error;
  const said = messageOf(error);
  if (error instanceof RangeError) return cutShort(name, error);
  const line = readableName(said.trim().split("\n").at(-1) ?? "");
  return new CamlabError(`cannot read ${name}: ${reason(said, line)}`, { cause: error });
}

/** For a picture of which only a part is there. */
export function cutShort(name: string, cause?: unknown): CamlabError {
  return new CamlabError(`cannot read ${name}: ${CUT_SHORT}`, { cause });
}

const CUT_SHORT = "it is damaged or cut short, get it again from where it came from";

function reason(said: string, line: string): string {
  if (NO_MEMORY.test(said)) return `there is not enough memory to decode it (${line})`;
  if (NOT_READ.test(said)) return `it is of a kind that is not read (${line}), convert it to PNG or JPEG first`;
  return HALF.test(said) ? CUT_SHORT : `it is damaged (${line})`;
}

const NO_MEMORY = /out of memory|memory allocation|alloc(?:ate|ation)? (?:failed|memory)|bad_alloc|unable to allocate/i;
/** What decoders say of sound files that they were not made for. */
const NOT_READ =
  /unsupported(?! image format)|not supported|not implemented|not configured|bad labq|unimplemented|sorry|no .*(?:decoder|plugin|codec)/i;
/** "Unsupported image format" is what sharp says where not even the header makes sense: the first bytes were looked at. */
const HALF =
  /unsupported image format|premature end|unexpected end|end of file|too small|truncat|read error|unknown error|unable to parse|huffman|extraneous bytes|arithmetic code|\bRST\d/i;
