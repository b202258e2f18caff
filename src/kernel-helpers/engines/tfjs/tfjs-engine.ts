// TF.js as an engine: the same ONNX graph, node by node.
import { existsSync } from "node:fs";
import { setImmediate as pause } from "node:timers/promises";
import type { Tensor as TfTensor } from "@tensorflow/tfjs-core";
import type { Graph } from "../../graph/onnx/graph.js";
import { readGraph } from "../../graph/onnx/read-graph.js";
import { elementCount } from "../../graph/onnx/tensor.js";
import { CamlabError, invalid } from "../../support/errors.js";
import type { Engine, Tensor, TensorInfo, TfjsDevice } from "../engine.js";
import { activate, loadBackend, type LoadedBackend } from "./backends.js";
import { makeProgram, type Program } from "./program.js";
import { runProgram } from "./run-program.js";
import { UntilIdle } from "../until-idle.js";

/** How `createTfjsEngine` runs a graph. */
export interface TfjsEngineOptions {
  /** A backend of TF.js by name, or `auto` (the default) for the best that works here. */
  readonly device?: TfjsDevice | "auto";
}

/** Other work of the process waits at most this long for a run, in milliseconds, beyond the node under way. */
const LONGEST_STRETCH = 30;

/**
 * Opens an ONNX model with TF.js, which runs it node by node on the best backend present: `@tensorflow/tfjs-node-gpu`
 * or `@tensorflow/tfjs-node` where they are installed, else WebAssembly, else plain JavaScript. Slower than ONNX
 * Runtime (bench/tfjs has figures); it is there for what needs TF.js, and as a second opinion.
 *
 * @param model the bytes of an ONNX file, its path, or a graph
 * @throws CamlabError when the model cannot be opened, has an operator that the engine lacks (all are named, with
 *   their nodes), or the backend asked for is missing: the message says how to get it
 * @example
 * using engine = await engines.createTfjsEngine("model.onnx", { device: "wasm" });
 * const { y } = await engine.run({ x: { dims: [1, 3, 224, 224], data: new Float32Array(150528) } });
 */
export async function createTfjsEngine(
  model: Graph | Uint8Array | string,
  { device = "auto" }: TfjsEngineOptions = {},
): Promise<Engine> {
  if (typeof model === "string" && !existsSync(model)) throw new CamlabError(`cannot open ${model}: no such file`);
  const graph = typeof model === "string" || model instanceof Uint8Array ? await readGraph(model) : model;
  const inputs = portsOf(graph.inputs, "input");
  const outputs = portsOf(graph.outputs, "output");
  return new TfjsEngine(makeProgram(graph), inputs, outputs, await loadBackend(device));
}

class TfjsEngine implements Engine {
  readonly name = "tfjs";
  readonly device: TfjsDevice;
  readonly deviceReason: string;
  readonly #program: Program;
  readonly #loaded: LoadedBackend;
  readonly #held: UntilIdle;

  constructor(
    program: Program,
    readonly inputs: readonly TensorInfo[],
    readonly outputs: readonly TensorInfo[],
    loaded: LoadedBackend,
  ) {
    this.#program = program;
    this.#held = new UntilIdle(() => release(program));
    this.#loaded = loaded;
    this.device = loaded.backend;
    this.deviceReason = loaded.reason;
  }

  async run(inputs: Readonly<Record<string, Tensor>>): Promise<Record<string, Tensor>> {
    return this.#held.run(async () => {
      for (const info of this.inputs) checkInput(info, inputs[info.name]);
      return this.#run(inputs);
    });
  }

  async #run(inputs: Readonly<Record<string, Tensor>>): Promise<Record<string, Tensor>> {
    const { tf } = this.#loaded;
    const before = tf.getBackend();
    activate(this.#loaded);
    const feeds = new Map(
      this.inputs.map(({ name }) => [name, tf.keep(tf.tensor(inputs[name].data, [...inputs[name].dims], "float32"))]),
    );
    const run = runProgram(tf, this.#program, feeds);
    try {
      let since = performance.now();
      for (;;) {
        const { done, value } = run.next();
        if (done) return read(value);
        if (performance.now() - since < LONGEST_STRETCH) continue;
        if (before) void tf.setBackend(before);
        await pause();
        activate(this.#loaded);
        since = performance.now();
      }
    } finally {
      for (const tensor of feeds.values()) tensor.dispose();
      if (before) void tf.setBackend(before);
    }
  }

  dispose(): void {
    this.#held.dispose();
  }

  [Symbol.dispose](): void {
    this.#held.dispose();
  }
}

function release({ steps }: Program): void {
  for (const { prepared } of steps) {
    for (const tensor of prepared.values()) tensor.dispose();
    prepared.clear();
  }
}

function read(outputs: ReadonlyMap<string, TfTensor>): Record<string, Tensor> {
  const results: Record<string, Tensor> = {};
  for (const [name, tensor] of outputs) {
    // A copy: the plain backend hands out its own array, which an input or another output may share.
    results[name] = { dims: tensor.shape, data: Float32Array.from(tensor.dataSync()) };
    tensor.dispose();
  }
  return results;
}

function checkInput({ name, dims }: TensorInfo, given: Tensor | undefined): void {
  const expected = dims.map((dim) => (typeof dim === "number" ? dim : "any")).join(" × ");
  if (!given) throw new CamlabError(`the input "${name}" is missing (expected ${expected})`);
  const fits =
    given.dims.length === dims.length && given.dims.every((dim, i) => typeof dims[i] !== "number" || dims[i] === dim);
  if (!fits) throw invalid(`input "${name}"`, given.dims.join(" × "), expected);
  if (given.data.length !== elementCount(given.dims)) {
    throw invalid(`input "${name}"`, `${given.data.length} numbers`, `${elementCount(given.dims)}, as its sizes say`);
  }
}

function portsOf(ports: Graph["inputs"], role: string): TensorInfo[] {
  return ports.map(({ name, type, dims }) => {
    if (type !== "float32") {
      throw new CamlabError(
        `the network's ${role} ${name} is ${type}, camlab needs float32: export it with float32 inputs and outputs`,
      );
    }
    return { name, dims: (dims ?? []).map((dim, axis) => dim ?? `${name} axis ${axis}`) };
  });
}
