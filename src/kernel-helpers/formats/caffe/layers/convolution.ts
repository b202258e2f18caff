import { elementCount } from "../../../graph/onnx/tensor.js";
import type { Blob } from "../blob.js";
import { bothSides, inputOf, learned, problem, type Conversion, type Convert } from "./conversion.js";

/** Convolution and, with `transposed`, Deconvolution: kernels are out × in / group × rows × columns (in × out / group). */
export const convolution =
  (transposed = false): Convert =>
  (conversion) => {
    const { builder, layer } = conversion;
    const fields = layer.fields.message("convolution_param");
    const sides = (repeated: string, stem: string, usual: number | undefined, least: number) =>
      bothSides({ fields, layer }, { repeated, stem }, usual, least);
    const kernel = sides("kernel_size", "kernel", undefined, 1);
    const [top, left] = sides("pad", "pad", 0, 0);
    const group = fields.number("group", 1);
    const outputs = fields.number("num_output", 0);
    if (fields.number("axis", 1) !== 1) throw problem(layer, "it convolves over other axes than rows and columns");
    const weights = learned(conversion, 0);
    const inputs = [
      inputOf(conversion),
      builder.floats(
        `${layer.name}.weight`,
        kernelDims(conversion, weights, { outputs, group, kernel, transposed }),
        weights.data,
      ),
    ];
    if (fields.flag("bias_term", true))
      inputs.push(builder.floats(`${layer.name}.bias`, [outputs], learned(conversion, 1).data));
    return [
      builder.node(transposed ? "ConvTranspose" : "Conv", inputs, layer.name, {
        kernel_shape: kernel,
        strides: sides("stride", "stride", 1, 1),
        dilations: sides("dilation", "dilation", 1, 1),
        pads: [top, left, top, left],
        group,
      }),
    ];
  };

/** The kernel's sizes: what the layer leaves open is told by the number of its weights. */
function kernelDims(
  { layer }: Conversion,
  { dims }: Blob,
  {
    outputs,
    group,
    kernel,
    transposed,
  }: { outputs: number; group: number; kernel: readonly number[]; transposed: boolean },
): number[] {
  if (!(outputs > 0 && group > 0 && outputs % group === 0)) {
    throw problem(layer, `num_output is ${outputs} and group is ${group}`);
  }
  const fixed = (transposed ? outputs / group : outputs) * kernel[0] * kernel[1];
  const open = elementCount(dims) / fixed;
  if (!Number.isInteger(open)) {
    throw problem(
      layer,
      `its weights are ${dims.join("×")}, which do not fit ${outputs} outputs of ${kernel.join("×")}`,
    );
  }
  return transposed ? [open, outputs / group, ...kernel] : [outputs, open, ...kernel];
}
