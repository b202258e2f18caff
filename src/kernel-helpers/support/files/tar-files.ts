import { CamlabError } from "../errors.js";
import type { ArchiveBytes } from "./archive-bytes.js";

/** A file in a tar archive. */
export interface TarFile {
  readonly name: string;
  /** Where its bytes begin. */
  readonly start: number;
  readonly size: number;
  /** Why it is no file whose bytes are there: a link, a device, cut short. */
  readonly reason?: string;
}

const BLOCK = 512;
/** Long names and extended headers larger than this are none. */
const LARGEST_HEADER = 2 ** 20;

/**
 * The files of a tar archive in their order: POSIX, GNU and old tar, long names and large files included. Only headers
 * are read; folders are passed over.
 *
 * @throws CamlabError where a header is damaged: what stands behind it cannot be found
 */
export async function* tarFiles({ size: end, bytesAt }: ArchiveBytes): AsyncGenerator<TarFile> {
  let said: Said = {};
  for (let at = 0; at + BLOCK <= end;) {
    const header = await bytesAt(at, BLOCK);
    if (header.every((byte) => byte === 0)) return;
    checkHeader(header, at);
    const type = String.fromCharCode(header[156] || 48);
    const own = numberIn(header, 124, 12);
    const size = Number(said.size ?? own);
    if (!Number.isSafeInteger(size) || size < 0) throw damaged(at);
    const start = at + BLOCK;
    at = start + Math.ceil(size / BLOCK) * BLOCK;
    if ("xgLK".includes(type)) {
      if (size > LARGEST_HEADER || start + size > end) throw damaged(start);
      const text = (await bytesAt(start, size)).toString("utf8");
      if (type === "x") said = { ...said, ...extended(text) };
      if (type === "L") said = { ...said, path: text.replace(/\0.*$/s, "") };
      continue;
    }
    const name = said.path ?? nameIn(header);
    const kind = said.hasHoles ? "S" : type;
    said = {};
    if (kind === "5") continue;
    const reason = start + size > end ? "the archive is cut short there" : OTHERS[kind];
    const isFile = kind === "0" || kind === "7";
    yield { name, start, size, ...(!isFile || start + size > end ? { reason: reason ?? "no file" } : undefined) };
  }
}

const OTHERS: Readonly<Record<string, string>> = {
  "1": "a link",
  "2": "a link",
  "3": "a device",
  "4": "a device",
  "6": "a pipe",
  S: "a file with holes",
};

interface Said {
  readonly path?: string;
  readonly size?: string;
  /** Between its parts are holes that the archive does not hold: its bytes are not the file's. */
  readonly hasHoles?: boolean;
}

/** "27 path=a/b.jpg\n…": the length counts itself. */
function extended(text: string): Said {
  const said: Record<string, string> = {};
  let rest = Buffer.from(text, "utf8");
  while (rest.length > 0) {
    const length = Number.parseInt(rest.subarray(0, 20).toString("latin1"), 10);
    if (!(length > 3 && length <= rest.length)) break;
    const record = rest.subarray(0, length - 1).toString("utf8");
    const [, key, value] = /^\d+ ([^=]+)=([\s\S]*)$/.exec(record) ?? [];
    if (key !== undefined) said[key] = value;
    rest = rest.subarray(length);
  }
  const path = said["GNU.sparse.name"] ?? said.path;
  return {
    ...(path !== undefined && { path }),
    ...(said.size !== undefined && { size: said.size }),
    ...(Object.keys(said).some((key) => key.startsWith("GNU.sparse.")) && { hasHoles: true }),
  };
}

function nameIn(header: Buffer): string {
  const text = (start: number, length: number) => header.toString("utf8", start, start + length).replace(/\0.*$/s, "");
  const prefix = header.toString("latin1", 257, 262) === "ustar" && header[262] === 0 ? text(345, 155) : "";
  return prefix === "" ? text(0, 100) : `${prefix}/${text(0, 100)}`;
}

/** Octal digits; or, of large files, a number of base 256. */
function numberIn(header: Buffer, start: number, length: number): number {
  if (header[start] & 0x80) {
    let value = 0;
    for (let i = start + 1; i < start + length; i++) value = value * 256 + header[i];
    return value;
  }
  return Number.parseInt(header.toString("latin1", start, start + length).replace(/[\0 ]+$/, "") || "0", 8);
}

/**
 * Whether some bytes are the header of a tar archive: its checksum says so.
 *
 * @param header 512 bytes
 */
export function isTarHeader(header: Buffer): boolean {
  if (header.length < BLOCK) return false;
  let sum = 0;
  for (let i = 0; i < BLOCK; i++) sum += i >= 148 && i < 156 ? 32 : header[i];
  return numberIn(header, 148, 8) === sum && header[0] !== 0;
}

function checkHeader(header: Buffer, at: number): void {
  if (!isTarHeader(header)) throw damaged(at);
}

function damaged(at: number): CamlabError {
  return new CamlabError(`it is damaged at byte ${at}: what comes after cannot be found`);
}
