import { readFile, stat } from "node:fs/promises";
import { CamlabError } from "../../support/errors.js";
import { sha256, sha256OfFile } from "../../support/hash.js";
import { SMALL_FILE } from "../../images/files/read-input.js";
import type { PackedImage } from "../../images/image.js";
import { readPacked } from "../../images/packed/read-packed.js";

/** What a file holds, and the state that it was in when that was found out. */
export interface FileIdentity {
  /** SHA-256 of the content, in hexadecimal. */
  readonly hash: string;
  /** Size, times and number of the file; absent for sources that are not files. */
  readonly state?: string;
  /** Whether the file had rested long enough for its times to tell any later change. */
  readonly settled?: boolean;
}

/**
 * What tells cheaply that a file is the one it was: its size, when content and name last changed, and its number on
 * the disk. Some file systems keep times to two seconds only.
 *
 * @throws when there is no such file, or it is a folder, a device or a pipe: some of those never end
 */
async function fileState(path: string): Promise<{ state: string; settled: boolean; size: number }> {
  const found = await stat(path, { bigint: true });
  if (!found.isFile()) throw new CamlabError(`${path} is not a regular file`);
  const { size, mtimeNs, ctimeNs, ino, mtimeMs, ctimeMs } = found;
  const newest = Number(mtimeMs > ctimeMs ? mtimeMs : ctimeMs);
  return { state: [size, mtimeNs, ctimeNs, ino].join(" "), settled: Date.now() - newest > 2000, size: Number(size) };
}

/**
 * The state of what holds an image: of its file, or of the pack that its file lies in.
 *
 * @throws when there is no such file, and for addresses, which say nothing of a later change
 */
export function stateOf(source: string | PackedImage): ReturnType<typeof fileState> {
  return fileState(typeof source === "string" ? source : source.pack);
}

/** Reads an image's file to its end and says what it holds; gives the bytes of small ones, so that they need not be read again. */
export async function identifyFile(
  source: string | PackedImage,
): Promise<FileIdentity & { readonly bytes?: Uint8Array }> {
  return typeof source === "string" ? identifyPath(source) : identifyPacked(source);
}

async function identifyPacked(source: PackedImage): Promise<FileIdentity & { readonly bytes: Uint8Array }> {
  const before = await stateOf(source).catch(() => undefined);
  const bytes = await readPacked(source);
  const { state, settled } = before ?? {};
  return { hash: sha256(bytes), state, settled, bytes };
}

async function identifyPath(path: string): Promise<FileIdentity & { readonly bytes?: Uint8Array }> {
  const { state, settled, size } = await fileState(path);
  const bytes = size <= SMALL_FILE ? await readFile(path) : undefined;
  return { hash: bytes ? sha256(bytes) : await sha256OfFile(path), state, settled, bytes };
}

/** Whether a file is still in the state in which it was identified. */
export async function sameState(path: string, { state }: FileIdentity): Promise<boolean> {
  const now = await fileState(path).catch(() => undefined);
  return now !== undefined && now.state === state;
}
