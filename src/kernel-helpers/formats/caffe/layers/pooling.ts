import { bothSides, inputOf, problem, type Conversion, type Convert } from "./conversion.js";

/**
 * Pooling. Caffe rounds the number of windows up, and leaves out one that would begin behind the picture and its padding.
 * The mean of a window counts the padding, but not what lies behind it: hence zeros are put around first where windows may
 * reach further.
 */
export const pooling: Convert = (conversion) => {
  const { builder, layer } = conversion;
  const fields = layer.fields.message("pooling_param");
  const way = fields.text("pool", "MAX");
  if (way !== "MAX" && way !== "AVE") throw problem(layer, `pooling "${way}" is not supported`);
  const input = inputOf(conversion);
  if (fields.flag("global_pooling", false)) {
    return [builder.node(way === "MAX" ? "GlobalMaxPool" : "GlobalAveragePool", [input], layer.name)];
  }
  const sides = (repeated: string, stem: string, usual: number | undefined, least: number) =>
    bothSides({ fields, layer }, { repeated, stem }, usual, least);
  const kernel = sides("kernel_size", "kernel", undefined, 1);
  const strides = sides("stride", "stride", 1, 1);
  const [top, left] = sides("pad", "pad", 0, 0);
  if (top >= kernel[0] || left >= kernel[1])
    throw problem(layer, `it pads ${top}×${left} around windows of ${kernel.join("×")}`);
  const rounds = fields.text("round_mode", "CEIL") === "CEIL" && strides.some((stride) => stride > 1);
  const window = { kernel_shape: kernel, strides };
  const pads = [top, left, top, left];
  checkWindows(conversion, input, { kernel, strides, pads: [top, left], rounds });
  if (way === "MAX") {
    return [builder.node("MaxPool", [input], layer.name, { ...window, pads, ...(rounds && { ceil_mode: 1 }) })];
  }
  if (!rounds) return [builder.node("AveragePool", [input], layer.name, { ...window, pads, count_include_pad: 1 })];
  if (top + left === 0) return [builder.node("AveragePool", [input], layer.name, { ...window, ceil_mode: 1 })];
  const padded = zerosAround(conversion, input, [top, left]);
  const behind = [2, 3].map((axis, i) => {
    const size = builder.shapeOf(input)?.[axis];
    if (typeof size !== "number") throw problem(layer, "the size of what it pools is not known: give the input's size");
    const reach = (windowsOf(size, kernel[i], strides[i], pads[i], true) - 1) * strides[i] + kernel[i];
    return Math.max(0, reach - size - 2 * pads[i]);
  });
  return [builder.node("AveragePool", [padded], layer.name, { ...window, pads: [0, 0, ...behind] })];
};

/** How many windows there are along a side; where either side is padded, Caffe leaves out the last one of both. */
function windowsOf(size: number, kernel: number, stride: number, pad: number, isPadded: boolean): number {
  const count = Math.ceil((size + 2 * pad - kernel) / stride) + 1;
  return isPadded && (count - 1) * stride >= size + pad ? count - 1 : count;
}

interface Windows {
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly pads: readonly number[];
  readonly rounds: boolean;
}

/** Caffe computes nonsense for a window that lies wholly behind the picture; there is no right way to say that. */
function checkWindows({ builder, layer }: Conversion, input: string, { kernel, strides, pads, rounds }: Windows): void {
  [2, 3].forEach((axis, i) => {
    const size = builder.shapeOf(input)?.[axis];
    if (typeof size !== "number") return;
    if (size + 2 * pads[i] < kernel[i]) throw problem(layer, `windows of ${kernel[i]} do not fit into ${size} places`);
    if (
      rounds &&
      (windowsOf(size, kernel[i], strides[i], pads[i], pads[0] + pads[1] > 0) - 1) * strides[i] - pads[i] >= size
    ) {
      throw problem(layer, `its last window lies wholly behind the ${size} places that it pools`);
    }
  });
}

function zerosAround({ builder, layer }: Conversion, input: string, [top, left]: readonly [number, number]): string {
  const pads = builder.wholeNumbers(`${layer.name}.pads`, [0, 0, top, left, 0, 0, top, left]);
  return builder.node("Pad", [input, pads, builder.number(`${layer.name}.zero`, 0)], `${layer.name}.padded`);
}
