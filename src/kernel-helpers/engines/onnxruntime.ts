// ONNX Runtime as an engine: the default one. Its npm package holds the CPU and WebGPU code; CUDA is its own installer's.
import { existsSync } from "node:fs";
import { cpus, availableParallelism } from "node:os";
import type { InferenceSession } from "onnxruntime-node";
import type { Graph } from "../graph/onnx/graph.js";
import { check } from "../support/check.js";
import { CamlabError, messageOf } from "../support/errors.js";
import { chooseDevice, howToGet, reasonWhenAskedFor } from "./detect-devices.js";
import type { Device, Engine, Tensor, TensorInfo } from "./engine.js";
import { loadOnnxRuntime } from "./load-onnxruntime.js";
import { createKeptSession } from "./optimised-graphs.js";
import { UntilIdle } from "./until-idle.js";

/** How `createOnnxRuntimeEngine` runs a graph. */
export interface EngineOptions {
  /** Where to run: a device by name, or `auto` (the default) for the best real one on this machine. */
  readonly device?: Device | "auto";
  /**
   * CPU threads of one run. By default ONNX Runtime's own choice, one a physical core; or, where this process may use
   * fewer processors than the machine has, as many as it may use.
   */
  readonly threads?: number;
}

/**
 * Opens an ONNX model with ONNX Runtime.
 *
 * `auto` takes CUDA, then WebGPU, then the CPU: the first that is real and works here. A software adapter
 * (SwiftShader, llvmpipe, WARP) is never chosen by `auto`, since the CPU code is far quicker; `device: "webgpu"` accepts one.
 * A run works on the caller's arrays without copying them.
 *
 * @param model the bytes of an ONNX file, or its path (a path is needed when the weights lie in files beside it)
 * @throws CamlabError when the model cannot be opened, or the device asked for is missing: the message says how to get it
 * @example
 * using engine = await engines.createOnnxRuntimeEngine("model.onnx", { device: "cpu" });
 * const { y } = await engine.run({ x: { dims: [1, 3, 224, 224], data: new Float32Array(150528) } });
 */
export function createOnnxRuntimeEngine(model: Uint8Array | string, options: EngineOptions = {}): Promise<Engine> {
  return openOnnxRuntime(model, options);
}

/** As `createOnnxRuntimeEngine`, of a graph too: its bytes are not written where it is kept as it was optimised. */
export async function openOnnxRuntime(
  model: Graph | Uint8Array | string,
  { device = "auto", threads }: EngineOptions = {},
): Promise<Engine> {
  check.oneOf("device", device, ["auto", "cpu", "webgpu", "cuda"]);
  check.counts({ threads });
  if (typeof model === "string" && !existsSync(model)) throw new CamlabError(`cannot open ${model}: no such file`);
  const chosen = device === "auto" ? await chooseDevice() : { device, reason: reasonWhenAskedFor(device) };
  const session = await createSession(model, chosen.device, threads ?? defaultThreads());
  try {
    return new OnnxRuntimeEngine(session, chosen.device, chosen.reason);
  } catch (error) {
    await session.release();
    throw error;
  }
}

class OnnxRuntimeEngine implements Engine {
  readonly name = "onnxruntime";
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
  readonly #session: InferenceSession;
  readonly #held: UntilIdle;

  constructor(
    session: InferenceSession,
    readonly device: Device,
    readonly deviceReason: string,
  ) {
    this.#session = session;
    // Nothing can be done about a session that fails to free itself, and nobody waits for it.
    this.#held = new UntilIdle(() => void session.release().catch(() => {}));
    this.inputs = session.inputMetadata.map((input) => infoOf(input, "input"));
    this.outputs = session.outputMetadata.map((output) => infoOf(output, "output"));
  }

  run(inputs: Readonly<Record<string, Tensor>>): Promise<Record<string, Tensor>> {
    return this.#held.run(() => this.#run(inputs));
  }

  async #run(inputs: Readonly<Record<string, Tensor>>): Promise<Record<string, Tensor>> {
    try {
      const { Tensor: OrtTensor } = await loadOnnxRuntime();
      const feeds: Record<string, InstanceType<typeof OrtTensor>> = {};
      for (const [name, { data, dims }] of Object.entries(inputs)) feeds[name] = new OrtTensor("float32", data, dims);
      const results = await this.#session.run(feeds);
      const outputs: Record<string, Tensor> = {};
      for (const { name } of this.outputs) {
        outputs[name] = { dims: results[name].dims, data: results[name].data as Float32Array };
      }
      return outputs;
    } catch (error) {
      throw new CamlabError(`ONNX Runtime could not run the network on ${this.device}: ${plain(error)}`);
    }
  }

  dispose(): void {
    this.#held.dispose();
  }

  [Symbol.dispose](): void {
    this.#held.dispose();
  }
}

async function createSession(
  model: Graph | Uint8Array | string,
  device: Device,
  threads: number,
): Promise<InferenceSession> {
  // NVIDIA's libraries read it when they start. Rounded to 10 bits, maps would be a hundredth off.
  if (device === "cuda") process.env.NVIDIA_TF32_OVERRIDE ??= "0";
  const { InferenceSession: Session, env } = await loadOnnxRuntime();
  const options: InferenceSession.SessionOptions = {
    executionProviders: [device],
    intraOpNumThreads: threads,
    logSeverityLevel: 4,
    // Threads that wait for work sleep rather than spin: a third less processor time, and photos decode meanwhile.
    extra: { session: { intra_op: { allow_spinning: "0" } } },
  };
  try {
    const create = (of: Uint8Array | string, how: InferenceSession.SessionOptions) =>
      typeof of === "string" ? Session.create(of, how) : Session.create(of, how);
    if (device === "webgpu") return await create(await (await graphModels()).forWebGpu(model), options);
    if (typeof model === "string") return await create(model, options);
    if (device !== "cpu") return await create((await graphModels()).bytesOf(model), options);
    const stored = model instanceof Uint8Array ? model : await (await graphModels()).storedGraph(model);
    return await createKeptSession(stored, options, create, env.versions.node ?? env.versions.common);
  } catch (error) {
    if (device !== "cpu" && isAboutDevice(error)) {
      throw new CamlabError(`${howToGet(device)} (ONNX Runtime: ${plain(error)})`);
    }
    const what = typeof model === "string" ? model : "the model";
    throw new CamlabError(`ONNX Runtime cannot open ${what}: ${plain(error)}`);
  }
}

/** Threads that are given bytes do without. */
function graphModels() {
  return import("./graph-model.js");
}

/** Whether a session failed for want of its device rather than for its model. */
function isAboutDevice(error: unknown): boolean {
  return /adapter|WebGPU|Dawn|shared library|CUDA|cudnn|execution ?provider|backend/i.test(messageOf(error));
}

function infoOf(value: InferenceSession.ValueMetadata, role: string): TensorInfo {
  if (!value.isTensor || value.type !== "float32") {
    const found = value.isTensor ? value.type : "not a tensor";
    throw new CamlabError(
      `the network's ${role} ${value.name} is ${found}, camlab needs float32: export it with float32 inputs and outputs`,
    );
  }
  return { name: value.name, dims: value.shape };
}

/** 0 leaves the choice to ONNX Runtime. */
function defaultThreads(): number {
  const allowed = availableParallelism();
  return allowed < cpus().length ? allowed : 0;
}

/** ONNX Runtime's message without the build machine's paths and function signatures. */
function plain(error: unknown): string {
  return messageOf(error)
    .replace(/\/onnxruntime_src\/\S+ .*? was false\. /s, "")
    .replace(/\/onnxruntime_src\/\S+ /g, "")
    .replace(/\s+/g, " ")
    .trim();
}
