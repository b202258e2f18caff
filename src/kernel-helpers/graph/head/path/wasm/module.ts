import { readFileSync } from "node:fs";
import { PAGE, type WasmMemory, type WasmModule, WebAssembly } from "../../../../support/wasm/web-assembly.js";

/** What matrix-products.as exports. Addresses are byte offsets into the memory. */
export interface ProductExports {
  multiply(matrix: number, rows: number, stride: number, vectors: number, count: number, products: number): void;
  multiplyTransposed(matrix: number, rows: number, stride: number, vectors: number, count: number, sums: number): void;
  fetch(from: number, bytes: number): number;
  multiplySingle(matrix: number, rows: number, stride: number, vector: number, products: number): void;
  pack(
    source: number,
    first: number,
    count: number,
    rows: number,
    panels: number,
    packed: number,
    factors: number,
  ): void;
  transposedPacked(
    packed: number,
    factors: number,
    rows: number,
    panels: number,
    list: number,
    count: number,
    ahead: number,
    step: number,
    sums: number,
  ): number;
}

let compiled: WasmModule | undefined;

/** matrix-products.wasm with a memory of its own, of so many bytes; it is compiled once a process. */
export function instantiate(bytes: number): { readonly memory: WasmMemory; readonly exports: ProductExports } {
  compiled ??= new WebAssembly.Module(readFileSync(new URL("./matrix-products.wasm", import.meta.url)));
  const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / PAGE) });
  const { exports } = new WebAssembly.Instance(compiled, { env: { memory } });
  return { memory, exports: exports as ProductExports };
}
