// A widget's state travels as JSON, and the bytes in it beside it.
import type { BufferPath } from "./comm.js";

/** A state without its bytes, where they belong, and they themselves. */
export interface SplitState {
  readonly state: Record<string, unknown>;
  readonly bufferPaths: BufferPath[];
  readonly buffers: Uint8Array[];
}

/** Takes the bytes (typed arrays, array buffers, data views) out of a state, however deep they lie. */
export function splitBuffers(state: Readonly<Record<string, unknown>>): SplitState {
  const bufferPaths: BufferPath[] = [];
  const buffers: Uint8Array[] = [];
  const without = (value: unknown, path: BufferPath): unknown => {
    const bytes = bytesOf(value);
    if (bytes) {
      bufferPaths.push(path);
      buffers.push(bytes);
      return undefined;
    }
    if (Array.isArray(value)) {
      // A list keeps its places: JSON writes null where bytes were.
      return value.map((each, index) => without(each, [...path, index]));
    }
    if (!isPlain(value)) return value;
    const entries = Object.entries(value).map(([name, each]) => [name, without(each, [...path, name])] as const);
    return Object.fromEntries(entries.filter(([, each]) => each !== undefined));
  };
  return { state: without(state, []) as Record<string, unknown>, bufferPaths, buffers };
}

/** Puts bytes back where they belong; paths that lead nowhere are left out. */
export function joinBuffers(
  state: Readonly<Record<string, unknown>>,
  bufferPaths: unknown,
  buffers: readonly Uint8Array[],
): Record<string, unknown> {
  const joined = structuredClone(state) as Record<string, unknown>;
  if (!Array.isArray(bufferPaths)) return joined;
  for (const [index, path] of (bufferPaths as unknown[]).entries()) {
    const bytes = buffers[index];
    if (!bytes || !Array.isArray(path) || !path.length) continue;
    const names = path as unknown[];
    let holder: unknown = joined;
    for (const name of names.slice(0, -1)) holder = isHolder(holder) ? own(holder, name) : undefined;
    const last = names.at(-1);
    if (isHolder(holder) && (typeof last === "string" || typeof last === "number") && last !== "__proto__") {
      (holder as Record<string, unknown>)[last] = bytes;
    }
  }
  return joined;
}

function own(holder: object, name: unknown): unknown {
  const key = String(name);
  return Object.hasOwn(holder, key) ? (holder as Record<string, unknown>)[key] : undefined;
}

function isHolder(value: unknown): value is object {
  return value !== null && typeof value === "object";
}

function isPlain(value: unknown): value is object {
  if (value === null || typeof value !== "object") return false;
  const shape: unknown = Object.getPrototypeOf(value);
  return shape === null || Object.getPrototypeOf(shape) === null;
}

function bytesOf(value: unknown): Uint8Array | undefined {
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  return ArrayBuffer.isView(value) ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength) : undefined;
}
