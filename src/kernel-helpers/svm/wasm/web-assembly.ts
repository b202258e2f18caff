import { readFileSync } from "node:fs";
import { PAGE, type WasmMemory as Memory, type WasmModule, WebAssembly } from "../../support/wasm/web-assembly.js";

export { PAGE, type WasmModule };

/** Linear memory that threads share. */
export type WasmMemory = Memory<SharedArrayBuffer>;

/** The pages that 32-bit addresses reach: 4 GiB. */
export const MOST_PAGES = 65536;

let compiled: WasmModule | undefined;

/** coordinate-descent.wasm, compiled once a process. */
export function solverModule(): WasmModule {
  return (compiled ??= new WebAssembly.Module(readFileSync(new URL("./coordinate-descent.wasm", import.meta.url))));
}

/** Shared memory of at least `bytes` bytes. */
export function sharedMemory(bytes: number): WasmMemory {
  return new WebAssembly.Memory({ initial: Math.ceil(bytes / PAGE), maximum: MOST_PAGES, shared: true });
}

/** Memory of small problems is kept for the next one: the system clears new pages, which takes as long as solving one. */
const MOST_KEPT = 2 ** 25;
let kept: WasmMemory | undefined;

/** Memory of at least `bytes` bytes, which may hold what an earlier problem left there. */
export function borrowMemory(bytes: number): WasmMemory {
  if (!kept || kept.buffer.byteLength < bytes) return sharedMemory(bytes);
  const memory = kept;
  kept = undefined;
  return memory;
}

/** Gives memory back that nobody uses any more. */
export function returnMemory(memory: WasmMemory): void {
  const { byteLength } = memory.buffer;
  if (byteLength <= MOST_KEPT && byteLength > (kept?.buffer.byteLength ?? 0)) kept = memory;
}

/** What coordinate-descent.as exports. Addresses are byte offsets into the memory. */
export interface SolverExports {
  squaredNorms(from: number, stride: number, count: number, squares: number): void;
  multiply(from: number, stride: number, list: number, count: number, vector: number, products: number): void;
  addRows(from: number, stride: number, list: number, count: number, factors: number, sum: number): void;
  setProblem(
    x: number,
    stride: number,
    norms: number,
    rows: number,
    n: number,
    positive: number,
    costs: number,
    classes: number,
    classCosts: number,
    hinge: number,
    alpha: number,
    weights: number,
    exact: number,
    active: number,
    order: number,
    fits: number,
  ): void;
  solve(tolerance: number, budget: number, seed: number): void;
}

/** The solver's functions on a memory. */
export function instantiateSolver(module: WasmModule, memory: WasmMemory): SolverExports {
  return new WebAssembly.Instance(module, { env: { memory } }).exports as SolverExports;
}
