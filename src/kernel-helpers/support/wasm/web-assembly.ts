/** A compiled module: it can be sent to another thread. */
export type WasmModule = object;

/** Linear memory: of one thread, or shared. */
export interface WasmMemory<B extends ArrayBufferLike = ArrayBuffer> {
  readonly buffer: B;
  grow(pages: number): number;
}

/** The part of WebAssembly's JavaScript interface that is used here; Node's own types leave it out. */
interface WebAssemblyInterface {
  readonly Module: new (bytes: Uint8Array) => WasmModule;
  readonly Instance: new (
    module: WasmModule,
    imports: { env: { memory: WasmMemory<ArrayBufferLike> } },
  ) => { readonly exports: unknown };
  readonly Memory: {
    new (size: { initial: number }): WasmMemory;
    new (size: { initial: number; maximum: number; shared: true }): WasmMemory<SharedArrayBuffer>;
  };
}

export const { WebAssembly } = globalThis as unknown as { WebAssembly: WebAssemblyInterface };

/** Bytes in a page of WebAssembly memory. */
export const PAGE = 65536;
