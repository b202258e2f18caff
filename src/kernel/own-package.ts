import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of the camlab package that this file runs from, and its version. */
export function ownPackage(): { readonly root: string; readonly version: string } {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const file = join(folder, "package.json");
    if (existsSync(file)) {
      const { name, version } = JSON.parse(readFileSync(file, "utf8")) as { name?: string; version?: string };
      if (name === "camlab") return { root: folder, version: version ?? "0.0.0" };
    }
    if (dirname(folder) === folder) return { root: folder, version: "0.0.0" };
  }
}
