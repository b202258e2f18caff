import { readFileSync } from "node:fs";
import { PAGE, type WasmMemory, type WasmModule, WebAssembly } from "./web-assembly.js";

/** Of memory that grew beyond so many bytes nothing is kept: it cannot be given back otherwise. */
const MOST_KEPT = 2 ** 26;

/** A module's one instance in this thread, whose memory grows as is asked for. It is compiled when it is first used. */
export class GrowingInstance<Exports> {
  #compiled: WasmModule | undefined;
  #instance: { readonly memory: WasmMemory; readonly exports: Exports } | undefined;

  /** @param file of the module, which imports its memory */
  constructor(private readonly file: URL) {}

  /** Whether an array lies in its memory. */
  holds({ buffer }: { readonly buffer: ArrayBufferLike }): boolean {
    return buffer === this.#instance?.memory.buffer;
  }

  /** Memory of so many bytes at the least, as it is for none: else what was there may be gone. */
  withRoom(bytes: number): { readonly memory: WasmMemory; readonly exports: Exports } {
    if (bytes > 0 && this.#instance && this.#instance.memory.buffer.byteLength > Math.max(MOST_KEPT, bytes)) {
      this.#instance = undefined;
    }
    this.#instance ??= this.#made(bytes);
    const { memory } = this.#instance;
    const missing = bytes - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
    return this.#instance;
  }

  #made(bytes: number): { readonly memory: WasmMemory; readonly exports: Exports } {
    this.#compiled ??= new WebAssembly.Module(readFileSync(this.file));
    const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / PAGE) });
    const { exports } = new WebAssembly.Instance(this.#compiled, { env: { memory } });
    return { memory, exports: exports as Exports };
  }
}
