import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test as it } from "node:test";
import { compileWasm, MODULES } from "../../../../scripts/build-wasm.js";

it("the committed WebAssembly is what its source compiles to", async () => {
  const committed = readFileSync(
    new URL("../../../../src/kernel-helpers/svm/wasm/coordinate-descent.wasm", import.meta.url),
  );
  assert.ok(
    Buffer.from(await compileWasm(MODULES.solver)).equals(committed),
    "coordinate-descent.as has changed: run `npm run build:wasm`",
  );
});
