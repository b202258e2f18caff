import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test as it } from "node:test";
import { compileSvmWasm } from "../../../../scripts/build-svm-wasm.js";

it("the committed WebAssembly is what its source compiles to", async () => {
  const committed = readFileSync(
    new URL("../../../../src/kernel-helpers/svm/wasm/coordinate-descent.wasm", import.meta.url),
  );
  assert.ok(
    Buffer.from(await compileSvmWasm()).equals(committed),
    "coordinate-descent.as has changed: run `node scripts/build-svm-wasm.js`",
  );
});
