import { CamlabError } from "../../support/errors.js";
import { writeWhole } from "../../support/write-file.js";
import type { Graph } from "./graph.js";
import { modelBytes, modelPieces } from "./model-bytes.js";
import { requireGraph } from "./require-graph.js";

const LARGEST = 2 ** 31 - 1;

/**
 * The bytes of an ONNX file with all weights inside. What camlab does not know in a file that it read is kept.
 *
 * @throws CamlabError when the model would pass protobuf's limit of 2 GiB
 * @example
 * await writeFile("network.onnx", graph.writeGraph(net));
 */
export function writeGraph(graph: Graph): Uint8Array {
  checkSize(graph);
  return modelBytes(graph.model);
}

/**
 * What `writeGraph` gives, in pieces: weights are not copied.
 *
 * @throws CamlabError as `writeGraph`
 */
export function graphPieces(graph: Graph): Uint8Array[] {
  checkSize(graph);
  return modelPieces(graph.model);
}

/**
 * Writes an ONNX file in one step: a reader meets the old file or the new one, never a part.
 *
 * @example
 * await graph.writeGraphFile(graph.exposeHead(net, graph.findGapHead(net)), "exposed.onnx");
 */
export async function writeGraphFile(graph: Graph, path: string): Promise<void> {
  await writeWhole(path, graphPieces(graph));
}

function checkSize(graph: Graph): void {
  requireGraph(graph);
  const weights = graph.model.graph?.initializer.reduce((sum, tensor) => sum + tensor.rawData.byteLength, 0) ?? 0;
  if (weights > LARGEST) {
    throw new CamlabError(
      `cannot write this network as one ONNX file: its weights take ${(weights / 2 ** 30).toFixed(1)} GiB, ` +
        "and one file holds at most 2 GiB",
    );
  }
}
