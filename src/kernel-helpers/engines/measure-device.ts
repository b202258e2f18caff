import { performance } from "node:perf_hooks";
import type { Device, Tensor } from "./engine.js";
import { createOnnxRuntimeEngine } from "./onnxruntime.js";

/**
 * How many images a second a network takes on a device: zeros in, decoding and preprocessing left out.
 *
 * @param model the bytes of an ONNX file, or its path
 * @param options `seconds` to measure for (default 1, after one run to warm up); `batch` images a run (default 1, used
 * where the model's batch may vary); `height` and `width` for inputs whose size may vary (default 224)
 * @throws CamlabError when the device is missing or the model cannot be opened
 * @example
 * const { imagesPerSecond } = await engines.measureDevice("model.onnx", "cpu");
 */
export async function measureDevice(
  model: Uint8Array | string,
  device: Device,
  { seconds = 1, batch = 1, threads, height = 224, width = 224 }: MeasureOptions = {},
): Promise<{ imagesPerSecond: number; images: number; seconds: number }> {
  using engine = await createOnnxRuntimeEngine(model, { device, threads });
  const feeds: Record<string, Tensor> = {};
  for (const { name, dims } of engine.inputs) {
    const standIns = [batch, 3, height, width];
    const sizes = dims.map((size, axis) => (typeof size === "number" ? size : (standIns[axis] ?? 1)));
    feeds[name] = { dims: sizes, data: new Float32Array(sizes.reduce((product, size) => product * size, 1)) };
  }
  const perRun = Object.values(feeds)[0]?.dims[0] ?? 1;
  await engine.run(feeds);
  const start = performance.now();
  for (let images = perRun; ; images += perRun) {
    await engine.run(feeds);
    const elapsed = (performance.now() - start) / 1000;
    if (elapsed >= seconds) return { imagesPerSecond: images / elapsed, images, seconds: elapsed };
  }
}

/** How `measureDevice` measures. */
export interface MeasureOptions {
  readonly seconds?: number;
  readonly batch?: number;
  readonly threads?: number;
  readonly height?: number;
  readonly width?: number;
}
