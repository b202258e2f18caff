// From an engine's output to feature vectors. It imports little: threads load it.
import type { Engine } from "../engines/engine.js";
import { pooled, type Pooling } from "./pooling.js";

/** Which output of a graph becomes vectors, and how. */
export interface VectorOutput {
  /** The output's name: `batch × channels`, or feature maps that are still to be pooled. */
  readonly output: string;
  /** Columns of the input, where a run does not say another number. */
  readonly width: number;
  /** Rows of the input, likewise. */
  readonly height: number;
  /** Values a vector. */
  readonly channels: number;
  readonly pooling: Pooling;
}

/** The size of the pictures of one batch. */
export interface InputSize {
  readonly width: number;
  readonly height: number;
}

/**
 * What turns a batch of inputs into feature vectors. A graph that takes a fixed number of images is run as often as
 * need be, its last run filled up with zeros.
 *
 * @returns a function of `count × 3 × height × width` inputs that gives `count × channels` values
 * @example
 * const run = engineVectors(engine, { output: "relu5", width: 224, height: 224, channels: 512, pooling: "average" });
 * const vectors = await run(batch, 4);
 */
export function engineVectors(
  engine: Engine,
  { output, width, height, channels, pooling }: VectorOutput,
): (batch: Float32Array, count: number, size?: InputSize) => Promise<Float32Array> {
  const [{ name: input, dims }] = engine.inputs;
  const perRun = typeof dims[0] === "number" ? dims[0] : undefined;
  const runOnce = async (data: Float32Array, images: number, pixels: InputSize) => {
    const dims = [images, 3, pixels.height, pixels.width];
    const { [output]: result } = await engine.run({ [input]: { dims, data } });
    const isPooled = result.data.length === images * channels;
    return isPooled ? result.data : pooled(result.data, images * channels, pooling);
  };
  return async (batch, count, pixels = { width, height }) => {
    const size = 3 * pixels.width * pixels.height;
    if (perRun === undefined) return runOnce(batch.subarray(0, count * size), count, pixels);
    const vectors = new Float32Array(count * channels);
    const piece = new Float32Array(perRun * size);
    for (let start = 0; start < count; start += perRun) {
      const images = Math.min(perRun, count - start);
      piece.set(batch.subarray(start * size, (start + images) * size));
      const some = await runOnce(piece.fill(0, images * size), perRun, pixels);
      vectors.set(some.subarray(0, images * channels), start * channels);
    }
    return vectors;
  };
}
