// Which prefixes the kernel was registered below: no Jupyter but theirs looks there, so nothing else remembers them.
import { readFile, rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { makeFolder } from "../../kernel-helpers/support/make-folder.js";
import { writeWhole } from "../../kernel-helpers/support/write-file.js";
import { userDataFolder } from "./jupyter-paths.js";

/** The prefixes below which this user registered the kernel, latest last. */
export async function knownPrefixes(): Promise<string[]> {
  try {
    const known: unknown = JSON.parse(await readFile(recordFile(), "utf8"));
    return Array.isArray(known) ? known.filter((each) => typeof each === "string") : [];
  } catch {
    return [];
  }
}

/** Remembers a prefix. Where nothing can be written it is forgotten: the registration holds all the same. */
export async function rememberPrefix(prefix: string): Promise<void> {
  const known = await knownPrefixes();
  if (!known.includes(resolve(prefix))) await write([...known, resolve(prefix)]);
}

/** Forgets a prefix. */
export async function forgetPrefix(prefix: string): Promise<void> {
  const known = await knownPrefixes();
  if (known.includes(resolve(prefix))) await write(known.filter((each) => each !== resolve(prefix)));
}

async function write(prefixes: readonly string[]): Promise<void> {
  try {
    if (prefixes.length === 0) return await rm(recordFile(), { force: true });
    await makeFolder(dirname(recordFile()));
    await writeWhole(recordFile(), `${JSON.stringify(prefixes, null, 2)}\n`);
  } catch {
    return;
  }
}

function recordFile(): string {
  return join(userDataFolder(), "camlab-prefixes.json");
}
