export function compileSvmWasm(): Promise<Uint8Array>;
