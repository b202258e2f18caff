// The pictures that a notebook's text names, as data that a page can carry.
import { readFileSync, realpathSync, statSync } from "node:fs";
import { extname, join, relative, sep } from "node:path";
import type { NotebookCell } from "../notebook.js";

const TYPES: Readonly<Record<string, string>> = {
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".jpeg": "image/jpeg",
  ".jfif": "image/jpeg",
  ".gif": "image/gif",
  ".webp": "image/webp",
  ".avif": "image/avif",
  ".svg": "image/svg+xml",
};
const KNOWN_TYPES = new Set(Object.values(TYPES));

/** Where pictures are looked for. */
export interface PictureFolder {
  /** The notebook's folder; without it only pictures attached to cells are found. */
  readonly folder?: string;
  /** Pictures of other folders are taken, too. */
  readonly anywhere?: boolean;
}

/**
 * A picture that a text cell names, as a `data:` address: attached to the cell, or a file in the notebook's folder.
 *
 * @param address as it is written in the text; a percent sign that stands for nothing is one
 * @returns undefined when there is no such picture: its address is kept then
 * @example
 * pictureOf("figures/a%20b.png", cell, { folder: "notebooks" });
 */
export function pictureOf(address: string, cell: NotebookCell, where: PictureFolder): string | undefined {
  if (address.startsWith("attachment:")) return attached(address.slice("attachment:".length), cell);
  if (where.folder === undefined || /^[a-z][a-z0-9+.-]*:|^[/\\]/i.test(address)) return undefined;
  for (const name of new Set([...spellings(address), ...spellings(address.replace(/[?#].*$/, ""))])) {
    const type = TYPES[extname(name).toLowerCase()];
    const bytes = type && fileIn(where.folder, name, where.anywhere ?? false);
    if (bytes) return `data:${type};base64,${bytes.toString("base64")}`;
  }
  return undefined;
}

/**
 * Base64 text of a picture, without its line breaks.
 *
 * @returns undefined when it is not base64
 */
export function base64Of(data: unknown): string | undefined {
  if (typeof data !== "string") return undefined;
  const text = data.replace(/\s+/g, "");
  return /^[A-Za-z0-9+/]+={0,2}$/.test(text) ? text : undefined;
}

function attached(address: string, cell: NotebookCell): string | undefined {
  const files = (cell.cell_type === "code" ? undefined : cell.attachments) ?? {};
  const name = spellings(address).find((each) => Object.hasOwn(files, each));
  if (name === undefined) return undefined;
  for (const [type, data] of Object.entries(files[name])) {
    if (!KNOWN_TYPES.has(type)) continue;
    // Other attachments are base64; an SVG may be its own text.
    const base64 = base64Of(data) ?? (type === "image/svg+xml" && typeof data === "string" ? encoded(data) : undefined);
    if (base64) return `data:${type};base64,${base64}`;
  }
  return undefined;
}

function encoded(text: string): string {
  return Buffer.from(text).toString("base64");
}

/** What an address may stand for: itself with its percent codes read as UTF-8, as Latin-1, or left as they are. */
function spellings(address: string): string[] {
  let decoded: string[];
  try {
    decoded = [decodeURIComponent(address)];
  } catch {
    decoded = [address.replace(/%([0-9a-f]{2})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))];
  }
  return [...new Set([...decoded, address])];
}

function fileIn(folder: string, name: string, anywhere: boolean): Buffer | undefined {
  try {
    const file = realpathSync(join(folder, name));
    const way = relative(realpathSync(folder), file);
    if (!anywhere && (way === ".." || way.startsWith(`..${sep}`))) return undefined;
    const found = statSync(file);
    return found.isFile() && found.size <= LARGEST ? readFileSync(file) : undefined;
  } catch {
    return undefined;
  }
}

/** Bytes of a picture that is put into a page at most. */
const LARGEST = 50_000_000;
