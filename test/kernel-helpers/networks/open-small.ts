import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import type { Graph } from "../../../src/kernel-helpers/graph/onnx/graph.js";
import { writeGraphFile } from "../../../src/kernel-helpers/graph/onnx/write-graph.js";
import type { Preprocessing } from "../../../src/kernel-helpers/images/input/preprocessing.js";
import type { Network } from "../../../src/kernel-helpers/networks/network.js";
import { openNetwork, type OpenNetworkOptions } from "../../../src/kernel-helpers/networks/open-network.js";
import { squashed } from "../images/squashed.js";

const folder = mkdtempSync(join(tmpdir(), "camlab-small-"));
after(() => rmSync(folder, { recursive: true, force: true }));
let count = 0;

/** A file name in a folder of this test's own, which goes when the test has run. */
export function temporaryFile(name: string): string {
  return join(folder, name);
}

/** How the small networks of `build-graph.ts` are opened: pixels as they are, 10 columns and 8 rows. */
export const PLAIN: Preprocessing = squashed(10, 8, [127.5, 127.5, 127.5], [127.5, 127.5, 127.5]);

/** Writes a graph to a file and opens it on the CPU. */
export async function openGraph(graph: Graph, options: OpenNetworkOptions = {}): Promise<Network> {
  const path = temporaryFile(`${count++}.onnx`);
  await writeGraphFile(graph, path);
  return openNetwork(path, { device: "cpu", preprocessing: PLAIN, ...options });
}
