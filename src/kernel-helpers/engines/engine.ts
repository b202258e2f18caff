/** Numbers with a shape, row-major. */
export interface Tensor {
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

/** What ONNX Runtime can run a graph on. */
export type Device = "cpu" | "webgpu" | "cuda";

/** What TF.js can run a graph on, best first: its two native packages, WebAssembly, plain JavaScript. */
export type TfjsDevice = "tfjs-node-gpu" | "tfjs-node" | "wasm" | "cpu";

/** An input or output of a graph: a number is a fixed size, a text names a size that may vary, such as the batch. */
export interface TensorInfo {
  readonly name: string;
  readonly dims: readonly (number | string)[];
}

/** What runs a graph. Made by `createEngine`; owns native memory. */
export interface Engine extends Disposable {
  /** Which engine: "onnxruntime" or "tfjs". */
  readonly name: string;
  /** The device it runs on. */
  readonly device: Device | TfjsDevice;
  /** Why this device, in words a person can use: "WebGPU: no adapter found". */
  readonly deviceReason: string;
  /** The graph's inputs, in its order. */
  readonly inputs: readonly TensorInfo[];
  /** The graph's outputs, in its order. */
  readonly outputs: readonly TensorInfo[];
  /** Runs the graph on the named inputs and returns all of the graph's outputs by name. */
  run(inputs: Readonly<Record<string, Tensor>>): Promise<Record<string, Tensor>>;
  /** Frees the native memory; any later `run` throws. Safe to call twice, and while a run is under way. */
  dispose(): void;
}
