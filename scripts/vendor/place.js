import { copyFileSync, linkSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** A package.json that says what this is a copy of, without scripts, programs and dependencies. */
export function describe(from, to, fields) {
  const { name, version, license, repository } = JSON.parse(readFileSync(join(from, "package.json"), "utf8"));
  const text = JSON.stringify({ name, version, license, repository, ...fields }, null, 2);
  writeFileSync(join(to, "package.json"), `${text}\n`);
}

/** The binaries are large: where the file system can, they are linked rather than copied. */
export function place(from, to) {
  mkdirSync(dirname(to), { recursive: true });
  try {
    linkSync(from, to);
  } catch {
    copyFileSync(from, to);
  }
}
