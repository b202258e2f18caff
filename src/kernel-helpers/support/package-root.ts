import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

let root: string | undefined;

/**
 * The folder of the camlab package itself (where `package.json`, `models/` and `jupyter/` lie), whether this code runs
 * from `dist/` or from `src/`.
 *
 * @example
 * join(packageRoot(), "models");
 */
export function packageRoot(): string {
  if (root !== undefined) return root;
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, "package.json")) || !isCamlab(folder)) folder = dirname(folder);
  return (root = folder);
}

/**
 * The version in camlab's own `package.json`.
 *
 * @example
 * packageVersion(); // "0.1.0"
 */
export function packageVersion(): string {
  return readPackage(packageRoot()).version;
}

function isCamlab(folder: string): boolean {
  return readPackage(folder).name === "camlab";
}

function readPackage(folder: string): { name?: string; version: string } {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { name?: string; version: string };
}
