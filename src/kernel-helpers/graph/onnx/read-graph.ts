import { readFile } from "node:fs/promises";
import { fromBinary } from "@bufbuild/protobuf";
import { CamlabError, messageOf } from "../../support/errors.js";
import { loadExternalData } from "./external-data.js";
import { graphOf, type Graph } from "./graph.js";
import { checkMessageCost } from "./message-cost.js";
import { changed } from "./messages.js";
import { inExecutionOrder } from "./order-nodes.js";
import { wholeFileSize } from "./whole-file.js";
import { ModelProtoSchema, type ModelProto } from "./onnx_pb.js";

const LARGEST = 2 ** 31 - 1;

/**
 * Reads an ONNX model. Weights stay views of the file's bytes; those that lie in separate files beside the model
 * ("external data") are read too.
 *
 * @param source path of a `.onnx` file, or its bytes (then without external data)
 * Nodes come in an order of execution, even where the file keeps none.
 *
 * @throws CamlabError when the file is missing, truncated, not ONNX, larger than 2 GiB, refers to weights that are not
 *   there, or holds nodes that wait for each other
 * @example
 * const net = await graph.readGraph("resnet18.onnx");
 * net.inputs; // [{ name: "input", type: "float32", dims: ["batch", 3, 224, 224] }]
 */
export async function readGraph(source: string | Uint8Array): Promise<Graph> {
  if (typeof source === "string") return readGraphFile(source);
  return graphOf(await loadExternalData(parse(source, "these bytes"), undefined));
}

/**
 * As `readGraph` of a path.
 *
 * @param bytes the file's, where they were read already
 */
export async function readGraphFile(path: string, bytes?: Uint8Array): Promise<Graph> {
  return graphOf(await loadExternalData(parse(bytes ?? (await bytesOf(path)), path), path));
}

async function bytesOf(path: string): Promise<Uint8Array> {
  const size = await wholeFileSize(path, `the model ${path}`);
  if (size > LARGEST) {
    throw new CamlabError(`cannot read the model ${path}: it has ${size} bytes, an ONNX file at most 2 GiB`);
  }
  try {
    return await readFile(path);
  } catch (error) {
    throw new CamlabError(`cannot read the model ${path}: ${messageOf(error)}`);
  }
}

function parse(bytes: Uint8Array, label: string): ModelProto {
  if (bytes.byteLength === 0) throw new CamlabError(`cannot read ${label} as ONNX: it is empty`);
  checkMessageCost(bytes, label);
  let model: ModelProto;
  try {
    model = fromBinary(ModelProtoSchema, bytes);
  } catch (error) {
    throw new CamlabError(
      `cannot read ${label} as ONNX: it is truncated or another kind of file (${messageOf(error)}); ` +
        "copy or download it again, or export the model to .onnx",
    );
  }
  if (!model.graph || (model.graph.node.length === 0 && model.graph.output.length === 0)) {
    throw new CamlabError(`cannot read ${label} as ONNX: it holds no graph; is it another kind of file?`);
  }
  try {
    return changed(model, { graph: inExecutionOrder(model.graph) });
  } catch (error) {
    if (error instanceof CamlabError) throw new CamlabError(`cannot use ${label}: ${error.message}`);
    throw error;
  }
}
