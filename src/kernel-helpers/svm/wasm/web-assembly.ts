import { readFileSync } from "node:fs";

/** A compiled module: it can be sent to another thread. */
export type WasmModule = object;

/** Linear memory that threads share. */
export interface WasmMemory {
  readonly buffer: SharedArrayBuffer;
  grow(pages: number): number;
}

/** The part of WebAssembly's JavaScript interface that is used here; Node's own types leave it out. */
interface WebAssemblyInterface {
  readonly Module: new (bytes: Uint8Array) => WasmModule;
  readonly Instance: new (
    module: WasmModule,
    imports: { env: { memory: WasmMemory } },
  ) => { readonly exports: Record<string, unknown> };
  readonly Memory: new (size: { initial: number; maximum: number; shared: true }) => WasmMemory;
}

const { WebAssembly } = globalThis as unknown as { WebAssembly: WebAssemblyInterface };

/** Bytes in a page of WebAssembly memory, and the pages that 32-bit addresses reach: 4 GiB. */
export const PAGE = 65536;
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
  return new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as SolverExports;
}
