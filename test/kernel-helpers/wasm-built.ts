import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { compileWasm, type MODULES } from "../../scripts/build-wasm.js";

/** The committed WebAssembly of a module is what its source compiles to. */
export async function assertBuilt(module: (typeof MODULES)[keyof typeof MODULES]): Promise<void> {
  const committed = readFileSync(new URL(`../../src/kernel-helpers/${module.file}.wasm`, import.meta.url));
  const built = Buffer.from(await compileWasm(module));
  assert.ok(built.equals(committed), `${module.file}.as has changed: run \`npm run build:wasm\``);
}
