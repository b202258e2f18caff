// Which content each file held when it was last read, so that a file need not be read again to be known. One line a
// file, appended; each line carries its own check, so a line that was cut short or damaged is only forgotten.
import { appendFile, readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { sha256 } from "../../support/hash.js";
import { makeFolder } from "../../support/make-folder.js";
import type { PackedImage } from "../../images/image.js";
import { stateOf, type FileIdentity } from "./content-hash.js";
import { writeWhole } from "../../support/write-file.js";

/** Lines that later lines replaced are swept out when they are more than this and more than half. */
const MANY = 10_000;

/** The contents of files that were read before. */
export class FileIndex {
  readonly #path: string;
  readonly #known: Map<string, { state: string; hash: string }>;
  #unwritten: string[] = [];

  private constructor(path: string, known: Map<string, { state: string; hash: string }>) {
    this.#path = path;
    this.#known = known;
  }

  static async open(path: string): Promise<FileIndex> {
    const text = await readFile(path, "utf8").catch(() => "");
    const known = new Map<string, { state: string; hash: string }>();
    const lines = text.split("\n").filter((line) => line !== "");
    for (const line of lines) {
      const entry = entryOf(line);
      if (entry) known.set(entry.file, entry);
    }
    if (lines.length > MANY && lines.length > 2 * known.size) {
      const kept = [...known].map(([file, { state, hash }]) => lineOf(file, state, hash));
      await writeWhole(path, kept.join("")).catch(() => {});
    }
    return new FileIndex(path, known);
  }

  /** The content of a file that is in the state in which it was read; undefined when it must be read. */
  async hashOf(source: string | PackedImage): Promise<string | undefined> {
    const entry = this.#known.get(placeOf(source));
    if (!entry) return undefined;
    const now = await stateOf(source).catch(() => undefined);
    return now?.state === entry.state ? entry.hash : undefined;
  }

  add(source: string | PackedImage, { state, settled, hash }: FileIdentity): void {
    if (state === undefined || !settled) return;
    const path = placeOf(source);
    this.#known.set(path, { state, hash });
    this.#unwritten.push(lineOf(path, state, hash));
  }

  async flush(): Promise<void> {
    if (this.#unwritten.length === 0) return;
    const lines = this.#unwritten.splice(0);
    await makeFolder(dirname(this.#path));
    // The line break in front ends a line that another process was killed in.
    await appendFile(this.#path, `\n${lines.join("")}`);
  }
}

/** A path of a file, or of a pack and what tells the file in there from others. */
function placeOf(source: string | PackedImage): string {
  if (typeof source === "string") return resolve(source);
  const { pack, kind: _, ...within } = source;
  return `${resolve(pack)}\n${JSON.stringify(within)}`;
}

function lineOf(file: string, state: string, hash: string): string {
  const text = JSON.stringify([file, state, hash]);
  return `${checkOf(text)} ${text}\n`;
}

function entryOf(line: string): { file: string; state: string; hash: string } | undefined {
  const text = line.slice(9);
  if (line.slice(0, 8) !== checkOf(text)) return undefined;
  const [file, state, hash] = JSON.parse(text) as [string, string, string];
  return { file, state, hash };
}

function checkOf(text: string): string {
  return sha256(text).slice(0, 8);
}
