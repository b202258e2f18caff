import type { Graph } from "../graph/onnx/graph.js";
import { check } from "../support/check.js";
import { invalid } from "../support/errors.js";
import type { Device, Engine, TfjsDevice } from "./engine.js";
import { openOnnxRuntime } from "./onnxruntime.js";
import { createTfjsEngine } from "./tfjs/tfjs-engine.js";

/** Which engine runs a network, and on what. */
export interface EngineChoice {
  /** ONNX Runtime (the default, and the quicker one) or TF.js. */
  readonly engine?: "onnxruntime" | "tfjs";
  /**
   * `auto` (the default) for the best that works here, or one by name: "cpu", "webgpu" or "cuda" of ONNX Runtime;
   * "tfjs-node-gpu", "tfjs-node", "wasm" or "cpu" of TF.js.
   */
  readonly device?: Device | TfjsDevice | "auto";
  /** CPU threads of one run of ONNX Runtime; TF.js does not let one choose. */
  readonly threads?: number;
}

/**
 * Opens an ONNX model with the engine of one's choice. Both compute the same.
 *
 * @param model a graph, or the bytes of an ONNX file, or its path
 * @throws CamlabError when the model cannot be opened, or the engine lacks the device or one of its operators
 * @example
 * using engine = await engines.createEngine(net, { engine: "tfjs", device: "wasm" });
 */
export async function createEngine(
  model: Graph | Uint8Array | string,
  { engine = "onnxruntime", device = "auto", threads }: EngineChoice = {},
): Promise<Engine> {
  if (engine === "tfjs") {
    if (threads !== undefined) throw invalid("threads", threads, 'none with engine "tfjs", which chooses them itself');
    // A device of the other engine is refused there, with the names of its own.
    return createTfjsEngine(model, { device: device as TfjsDevice | "auto" });
  }
  check.oneOf("engine", engine, ["onnxruntime", "tfjs"]);
  return openOnnxRuntime(model, { device: device as Device | "auto", threads });
}
