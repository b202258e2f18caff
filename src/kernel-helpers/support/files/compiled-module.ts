import { isAscii } from "node:buffer";
import { readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import Module, { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import vm from "node:vm";
import { makeFolderSync } from "../make-folder.js";
import { contentName } from "../hash.js";
import { writeWholeSync } from "../write-file.js";

/** A CommonJS file that was loaded. */
export interface CompiledModule {
  readonly exports: unknown;
  /** Keeps what V8 has compiled of it by now for the next process; does nothing when that was found. */
  readonly keep: () => void;
}

/**
 * Loads a large CommonJS file with what an earlier process compiled of it, where that is still there and of this Node: a
 * third of the time of compiling it anew. Whoever requires the file later gets the same.
 *
 * @param folder where that is kept; a folder that cannot be written keeps nothing
 * @param use what the file is used for, where each use needs other parts of it
 */
export function loadCompiled(file: string, folder: string, use?: string): CompiledModule {
  const { size, mtimeMs } = statSync(file);
  // V8 itself looks at its version and flags, and of the source at its length alone.
  const key = contentName(JSON.stringify([file, size, mtimeMs, process.version, process.arch, use]));
  const kept = join(folder, `${basename(file, ".js")}-${key}.bin`);
  const cachedData = contentOf(kept);
  const bytes = readFileSync(file);
  // A third of the time, where it says the same.
  const source = bytes.toString(isAscii(bytes) ? "latin1" : "utf8");
  const script = new vm.Script(Module.wrap(source), { filename: file, cachedData });
  const require = createRequire(file);
  const module = new Module(file);
  module.filename = file;
  require.cache[file] = module;
  const run = script.runInThisContext() as (...values: unknown[]) => void;
  run.call(module.exports, module.exports, require, module, file, dirname(file));
  module.loaded = true;
  const isUsed = cachedData !== undefined && script.cachedDataRejected === false;
  return { exports: module.exports as unknown, keep: () => (isUsed ? undefined : write(kept, script)) };
}

function contentOf(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

/** It can be made again: what goes wrong here is nobody's concern. */
function write(file: string, script: vm.Script): void {
  try {
    makeFolderSync(dirname(file));
    writeWholeSync(file, script.createCachedData(), { mode: 0o600 });
    removeOld(dirname(file));
  } catch {
    // It is made again.
  }
}

/** After so many milliseconds it is made again: most of what is as old is of versions that are gone. */
const KEPT_FOR = 60 * 86_400_000;

function removeOld(folder: string): void {
  for (const name of readdirSync(folder).filter((each) => each.endsWith(".bin"))) {
    const path = join(folder, name);
    if (Date.now() - statSync(path).mtimeMs > KEPT_FOR) rmSync(path, { force: true });
  }
}
