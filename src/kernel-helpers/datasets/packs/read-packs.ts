import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { readableName } from "../../images/files/readable-name.js";
import type { PackedPicture, PictureSet } from "../../images/picture.js";
import { CamlabError } from "../../support/errors.js";
import { isTarHeader } from "../../support/files/tar-files.js";
import { isToolName } from "../../support/files/tool-names.js";
import { joinSets } from "../sets/join-sets.js";
import { openArchive } from "./open-archive.js";
import { readAddresses } from "./read-addresses.js";
import { readTar, readZip } from "./read-archives.js";
import { readParquet } from "./read-parquet.js";

/** What pictures are stored in. */
export type PackKind = "parquet" | "tar" | "zip" | "addresses";

/**
 * What a file is by its content, whatever it is called; undefined for anything that holds no pictures.
 *
 * @example
 * await readers.packKind("train-00000.parquet"); // "parquet"
 */
export async function packKind(path: string): Promise<PackKind | undefined> {
  const head = await headOf(path);
  const first = head.toString("latin1", 0, 4);
  if (first === "PAR1") return "parquet";
  if (first === "PK\x03\x04" || first === "PK\x05\x06") return "zip";
  if (isTarHeader(head)) return "tar";
  const text = head.toString("utf8").replace(/^\uFEFF/, "");
  if (/^(?:\s|#.*\n)*https?:\/\/\S/i.test(text)) return "addresses";
  return /^"?(?:url|address|image_url)"?[,;\t].*\r?\n[^\n]*https?:\/\//i.test(text) ? "addresses" : undefined;
}

/** The first bytes of a file; none of anything else. */
async function headOf(path: string): Promise<Buffer> {
  if (!(await stat(path).catch(() => undefined))?.isFile()) return Buffer.alloc(0);
  await using archive = await openArchive(path);
  return archive.bytesAt(0, 512);
}

/**
 * Reads pictures as they are stored: Parquet files, tar and zip archives, lists of addresses, recognised by their content;
 * or a folder that holds such files and no others, as the folder `data` of a data set of Hugging Face does.
 *
 * @throws CamlabError when something else is among them, or no picture can be found
 * @example
 * const set = await readers.readPacks(["train-00000-of-00002.parquet", "train-00001-of-00002.parquet"]);
 */
export async function readPacks(
  paths: string | readonly string[],
  {
    folders,
  }: {
    /** In archives, labels are the folders that pictures lie in. */
    readonly folders?: boolean;
  } = {},
): Promise<PictureSet<PackedPicture>> {
  const files = (await Promise.all([paths].flat().map(packsAt))).flat();
  const sets: PictureSet<PackedPicture>[] = [];
  for (let start = 0; start < files.length;) {
    const { kind } = files[start];
    let end = start + 1;
    while (kind !== "addresses" && files[end]?.kind === kind) end += 1;
    const some = files.slice(start, end).map(({ path }) => path);
    sets.push(await readAll(kind, some, folders));
    start = end;
  }
  return sets.length === 1 ? sets[0] : joinSets(...sets);
}

function readAll(kind: PackKind, paths: readonly string[], folders: boolean | undefined) {
  if (kind === "parquet") return readParquet(paths);
  if (kind === "addresses") return readAddresses(paths[0]);
  return kind === "tar" ? readTar(paths, { folders }) : readZip(paths, { folders });
}

async function packsAt(path: string): Promise<{ path: string; kind: PackKind }[]> {
  const kind = await packKind(path);
  if (kind) return [{ path, kind }];
  const inside = await packsIn(path);
  if (inside) return inside;
  const compressed = await compressionOf(path);
  throw new CamlabError(
    compressed === undefined
      ? `${readableName(path)} is no Parquet file, no tar or zip archive and no list of addresses`
      : `${readableName(path)} is compressed as a whole (${compressed}), so that no picture in it can be read without those before: unpack it to .tar`,
  );
}

/** How a file is compressed as a whole: what tar archives are sent in. */
async function compressionOf(path: string): Promise<string | undefined> {
  const head = await headOf(path);
  return COMPRESSIONS.find(([, start]) => head.subarray(0, start.length / 2).toString("hex") === start)?.[0];
}

const COMPRESSIONS = [
  ["gzip", "1f8b08"],
  ["bzip2", "425a68"],
  ["xz", "fd377a585a00"],
  ["zstd", "28b52ffd"],
] as const;

/** The packs in a folder, in the order of their names; undefined unless it holds some, and no images. */
async function packsIn(folder: string): Promise<{ path: string; kind: PackKind }[] | undefined> {
  const names = await readdir(folder).catch(() => []);
  const order = new Intl.Collator("en", { numeric: true });
  const likely = names.filter((name) => /\.(?:parquet|tar|zip)$/i.test(name)).sort(order.compare);
  if (!names.every((name) => likely.includes(name) || isToolName(name) || BESIDE.test(name))) return undefined;
  const packs: { path: string; kind: PackKind }[] = [];
  for (const name of likely) {
    const path = join(folder, name);
    const kind = await packKind(path);
    if (kind) packs.push({ path, kind });
  }
  return packs.length > 0 ? packs : undefined;
}

/** What stands beside packs and is none. */
const BESIDE = /\.(?:md|txt|json|jsonl|ya?ml|idx|sha256)$/i;

/** Whether a path is a file of packed pictures, or a folder that holds some. */
export async function isPackPath(path: string): Promise<boolean> {
  return (await packKind(path)) !== undefined || (await packsIn(path)) !== undefined;
}
