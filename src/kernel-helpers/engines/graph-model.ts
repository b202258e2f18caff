// What an engine does with a graph rather than with the bytes of a file: loaded where it is needed, for it takes a while.
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Graph } from "../graph/onnx/graph.js";
import { readGraph } from "../graph/onnx/read-graph.js";
import { graphPieces, writeGraph } from "../graph/onnx/write-graph.js";
import { withEvenChannels } from "../graph/surgery/even-channels.js";
import { cacheFolder } from "../support/files/cache-folder.js";
import { sha256, sha256OfBuffer } from "../support/hash.js";
import { makeFolder } from "../support/make-folder.js";
import { writeWhole } from "../support/write-file.js";
import { FINGERPRINT_ENDING, type StoredGraph } from "./optimised-graphs.js";

/** Below so many bytes all are read in no time. */
const SMALL = 4 << 20;

/** What is no burden to read twice. */
const SMALL_PIECE = 4096;

const stored = new WeakMap<Graph, Promise<StoredGraph>>();

/**
 * What is known of the bytes that `writeGraph` gives, without writing them. The SHA-256 of a large graph is kept in the
 * cache folder under a name that is found without reading the graph's weights another time, where they are views of a
 * file that was hashed already.
 *
 * @throws CamlabError as `writeGraph`
 */
export function storedGraph(graph: Graph): Promise<StoredGraph> {
  let found = stored.get(graph);
  if (!found) stored.set(graph, (found = store(graph)));
  return found;
}

async function store(graph: Graph): Promise<StoredGraph> {
  const pieces = graphPieces(graph);
  const length = sizeOf(pieces);
  return { length, fingerprint: await fingerprintOf(pieces, length), bytes: () => writeGraph(graph) };
}

async function fingerprintOf(pieces: readonly Uint8Array[], length: number): Promise<string> {
  const held = sizeOf([...new Set(pieces.map(({ buffer }) => buffer))]);
  if (length < SMALL || held > 2 * length) return sha256(...pieces);
  const folder = cacheFolder("optimised");
  const file = join(folder, `${nameOf(pieces)}${FINGERPRINT_ENDING}`);
  const kept = await readFile(file, "latin1").catch(() => "");
  if (/^[0-9a-f]{64}$/.test(kept)) return kept;
  const found = sha256(...pieces);
  await makeFolder(folder)
    .then(() => writeWhole(file, found))
    .catch(() => undefined);
  return found;
}

function sizeOf(parts: readonly { readonly byteLength: number }[]): number {
  return parts.reduce((sum, { byteLength }) => sum + byteLength, 0);
}

/** Pieces of a large buffer are told by it and by their places in it. */
function nameOf(pieces: readonly Uint8Array[]): string {
  const hash = createHash("sha256");
  for (const { buffer, byteOffset, byteLength } of pieces) {
    const isSmall = byteLength < SMALL_PIECE;
    hash.update(isSmall ? `${byteLength}:` : `${byteOffset}+${byteLength} of ${sha256OfBuffer(buffer)};`);
    if (isSmall) hash.update(new Uint8Array(buffer, byteOffset, byteLength));
  }
  return hash.digest("hex").slice(0, 32);
}

/** The bytes of a graph; bytes as they are. */
export function bytesOf(model: Graph | Uint8Array): Uint8Array {
  return model instanceof Uint8Array ? model : writeGraph(model);
}

/** What WebGPU opens in place of a model. What cannot be read here is ONNX Runtime's to refuse. */
export async function forWebGpu(model: Graph | Uint8Array | string): Promise<Uint8Array | string> {
  const isStored = typeof model === "string" || model instanceof Uint8Array;
  const graph = isStored ? await readGraph(model).catch(() => undefined) : model;
  const even = graph && withEvenChannels(graph);
  if (even && even !== graph) return writeGraph(even);
  return typeof model === "string" ? model : bytesOf(model);
}
