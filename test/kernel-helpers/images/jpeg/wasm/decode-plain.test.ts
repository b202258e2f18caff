import { test } from "node:test";
import { MODULES } from "../../../../../scripts/build-wasm.js";
import { assertBuilt } from "../../../wasm-built.js";

test("the committed WebAssembly is what its source compiles to", () => assertBuilt(MODULES.jpeg));
