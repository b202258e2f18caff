import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { CamlabError } from "./errors.js";

let root: string | undefined;

/**
 * The folder of the camlab package itself (where `package.json`, `models/` and `jupyter/` lie), whether this code runs
 * from `dist/`, from `src/`, or as a part of a bundle beside which camlab is installed.
 *
 * @throws CamlabError when this code was put into a bundle and camlab is not installed there
 * @example
 * join(packageRoot(), "models");
 */
export function packageRoot(): string {
  return (root ??= rootFrom(ownUrl()));
}

/**
 * The folder of the camlab package, looked for above a file, then among the packages that are installed there and in the
 * working directory.
 *
 * @param url where the code that asks lies, if that is known
 */
export function rootFrom(url: string | undefined): string {
  const place = url?.startsWith("file:") ? dirname(fileURLToPath(url)) : process.cwd();
  for (let folder = place; ; folder = dirname(folder)) {
    if (isCamlab(folder)) return folder;
    if (dirname(folder) === folder) break;
  }
  const found = [place, process.cwd()].map(installedFrom).find((folder) => folder !== undefined);
  if (found !== undefined) return found;
  throw new CamlabError(
    `camlab's own files (models, fonts, the kernel) were not found from ${place}: its code was put into a bundle. ` +
      "Leave camlab out of the bundle (esbuild: --external:camlab; webpack: externals; Vite: ssr.external) and install it beside",
  );
}

/** Undefined where a bundler made another kind of module of this one. */
function ownUrl(): string | undefined {
  return import.meta.url;
}

function installedFrom(folder: string): string | undefined {
  try {
    return dirname(createRequire(join(folder, "any.js")).resolve("camlab/package.json"));
  } catch {
    return undefined;
  }
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
  if (!existsSync(join(folder, "package.json"))) return false;
  try {
    return readPackage(folder).name === "camlab";
  } catch {
    return false;
  }
}

function readPackage(folder: string): { name?: string; version: string } {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { name?: string; version: string };
}
