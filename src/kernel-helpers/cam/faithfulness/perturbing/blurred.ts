// The photo out of focus: what insertion begins with.

/** Standard deviation of the blur, as a share of the input's longer side: 5 pixels of 224. */
const SIGMA = 5 / 224;
/** Pixels of the kernel to each side, in standard deviations: 11 pixels across at 224. */
const REACH = 1;

/**
 * An input blurred by a Gaussian, its border pixels repeated beyond the edge.
 *
 * @param input `3 × height × width`
 */
export function blurred(
  input: Float32Array,
  { width, height }: { readonly width: number; readonly height: number },
): Float32Array {
  const kernel = kernelOf(SIGMA * Math.max(width, height));
  const rows = alongLines(input, kernel, { lines: 3 * height, length: width, step: 1, between: width });
  const result = new Float32Array(input.length);
  for (let c = 0; c < 3; c++) {
    const plane = rows.subarray(c * width * height, (c + 1) * width * height);
    const blurredPlane = alongLines(plane, kernel, { lines: width, length: height, step: width, between: 1 });
    result.set(blurredPlane, c * width * height);
  }
  return result;
}

interface Lines {
  readonly lines: number;
  readonly length: number;
  /** From one number of a line to the next. */
  readonly step: number;
  /** From one line to the next. */
  readonly between: number;
}

function alongLines(from: Float32Array, kernel: Float64Array, { lines, length, step, between }: Lines): Float32Array {
  const reach = (kernel.length - 1) / 2;
  const to = new Float32Array(from.length);
  for (let line = 0; line < lines; line++) {
    for (let i = 0; i < length; i++) {
      let sum = 0;
      for (let k = -reach; k <= reach; k++) {
        const at = Math.min(length - 1, Math.max(0, i + k));
        sum += kernel[k + reach] * from[line * between + at * step];
      }
      to[line * between + i * step] = sum;
    }
  }
  return to;
}

function kernelOf(sigma: number): Float64Array {
  const reach = Math.max(1, Math.round(REACH * sigma));
  const kernel = Float64Array.from({ length: 2 * reach + 1 }, (_, i) =>
    Math.exp(-((i - reach) ** 2) / (2 * sigma ** 2)),
  );
  const sum = kernel.reduce((a, b) => a + b, 0);
  return kernel.map((value) => value / sum);
}
