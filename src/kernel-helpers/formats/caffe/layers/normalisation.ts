import { float } from "../../../graph/onnx/create-graph.js";
import { floatsOf } from "../message.js";
import { axisOf, inputOf, learned, problem, type Convert } from "./conversion.js";

/**
 * Local response normalisation: over neighbouring channels, x / (k + α/n Σ x²)^β, or over a window of the same channel,
 * x / (1 + α mean x²)^β, where Caffe leaves k out.
 */
export const localResponse: Convert = (conversion) => {
  const { builder, layer } = conversion;
  const fields = layer.fields.message("lrn_param");
  const size = fields.number("local_size", 5);
  const [alpha, beta, k] = [fields.number("alpha", 1), fields.number("beta", 0.75), fields.number("k", 1)];
  if (!(size >= 1 && size < 2 ** 16 && size % 2 === 1)) throw problem(layer, `local_size is ${size}, it has to be odd`);
  const input = inputOf(conversion);
  const region = fields.text("norm_region", "ACROSS_CHANNELS");
  if (region === "ACROSS_CHANNELS") {
    const attributes = { size, alpha: float(alpha), beta: float(beta), bias: float(k) };
    return [builder.node("LRN", [input], layer.name, attributes)];
  }
  if (region !== "WITHIN_CHANNEL") throw problem(layer, `norm_region ${region} is not known`);
  const inner = (name: string) => `${layer.name}.${name}`;
  const pad = (size - 1) / 2;
  const square = builder.node("Mul", [input, input], inner("square"));
  const mean = builder.node("AveragePool", [square], inner("mean"), {
    kernel_shape: [size, size],
    strides: [1, 1],
    pads: [pad, pad, pad, pad],
    count_include_pad: 1,
  });
  const scaled = builder.node("Mul", [mean, builder.number(inner("alpha"), alpha)], inner("scaled"));
  const shifted = builder.node("Add", [scaled, builder.number(inner("one"), 1)], inner("shifted"));
  const power = builder.node("Pow", [shifted, builder.number(inner("beta"), beta)], inner("power"));
  return [builder.node("Div", [input, power], layer.name)];
};

/** (x − mean) / √(variance + ε) with the means and variances of training, which are stored as sums. */
export const batchNormalisation: Convert = (conversion) => {
  const { builder, layer } = conversion;
  const factor = floatsOf(learned(conversion, 2).data)[0];
  const scale = factor === 0 ? 0 : 1 / factor;
  const [mean, variance] = [0, 1].map((i) => floatsOf(learned(conversion, i).data).map((value) => value * scale));
  const channels = mean.length;
  const stored = (name: string, data: Float32Array) => builder.floats(`${layer.name}.${name}`, [channels], data);
  const inputs = [
    inputOf(conversion),
    stored("scale", new Float32Array(channels).fill(1)),
    stored("shift", new Float32Array(channels)),
    stored("mean", mean),
    stored("variance", variance),
  ];
  const epsilon = float(layer.fields.message("batch_norm_param").number("eps", 1e-5));
  return [builder.node("BatchNormalization", inputs, layer.name, { epsilon })];
};

/** x · scale + bias, learned or a second value, broadcast from an axis on. */
export const scale: Convert = (conversion) => {
  const { builder, layer, inputs } = conversion;
  const fields = layer.fields.message("scale_param");
  const axis = fields.number("axis", 1);
  const hasBias = fields.flag("bias_term", false);
  if (inputs.length > 1) {
    const product = builder.node("Mul", [inputs[0], broadcastFrom(conversion, inputs[1], axis)], layer.name);
    return [hasBias ? add(conversion, product, 0, axis) : product];
  }
  const product = builder.node("Mul", [inputOf(conversion), stored(conversion, "scale", 0, axis)], layer.name);
  return [hasBias ? add(conversion, product, 1, axis) : product];
};

/** x + bias. */
export const bias: Convert = (conversion) => {
  const { builder, layer, inputs } = conversion;
  const axis = layer.fields.message("bias_param").number("axis", 1);
  if (inputs.length < 2) return [add(conversion, inputOf(conversion), 0, axis)];
  return [builder.node("Add", [inputs[0], broadcastFrom(conversion, inputs[1], axis)], layer.name)];
};

type Conversion = Parameters<Convert>[0];

function add(conversion: Conversion, value: string, blob: number, axis: number): string {
  const { builder, layer } = conversion;
  return builder.node("Add", [value, stored(conversion, "bias", blob, axis)], `${layer.name}.shifted`);
}

/** A learned list with an axis of 1 for each axis of the value that comes behind it. */
function stored(conversion: Conversion, name: string, index: number, axis: number): string {
  const { dims, data } = learned(conversion, index);
  const own = dims.length === 4 && dims.slice(0, 3).every((dim) => dim === 1) ? dims.slice(3) : dims;
  const shape = [...own, ...behind(conversion, own.length, axis)];
  return conversion.builder.floats(`${conversion.layer.name}.${name}`, shape, data);
}

function behind(conversion: Conversion, own: number, axis: number): number[] {
  const input = inputOf(conversion);
  const axes = conversion.builder.shapeOf(input)?.length ?? 4;
  const rest = axes - axisOf(conversion, axis, input) - own;
  if (rest < 0) throw problem(conversion.layer, `it has ${own} axes from axis ${axis} of ${axes} on`);
  return new Array<number>(rest).fill(1);
}

function broadcastFrom(conversion: Conversion, value: string, axis: number): string {
  const { builder, layer } = conversion;
  const axes = builder.shapeOf(value)?.length;
  if (axes === undefined) throw problem(layer, "the shape of its second value is not known");
  const ones = behind(conversion, axes, axis);
  if (ones.length === 0) return value;
  const to = builder.wholeNumbers(
    `${layer.name}.axes`,
    ones.map((_, i) => axes + i),
  );
  return builder.node("Unsqueeze", [value, to], `${layer.name}.broadcast`);
}
