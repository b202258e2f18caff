/** Numbers with a shape, row-major. */
export interface Tensor {
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

/** What runs a graph. Made by `createOnnxRuntimeEngine` (and, later, by other engines); owns native memory. */
export interface Engine extends Disposable {
  /** Which engine: "onnxruntime". */
  readonly name: string;
  /** The device it runs on. */
  readonly device: "cpu" | "webgpu" | "cuda";
  /** Why this device, in words a person can use: "WebGPU: no adapter found". */
  readonly deviceReason: string;
  /** Runs the graph on the named inputs and returns all of the graph's outputs by name. */
  run(inputs: Readonly<Record<string, Tensor>>): Promise<Record<string, Tensor>>;
  /** Frees the native memory; any later `run` throws. Safe to call twice. */
  dispose(): void;
}
