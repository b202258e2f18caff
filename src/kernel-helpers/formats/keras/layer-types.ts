import { float } from "../../graph/onnx/create-graph.js";
import { CamlabError } from "../../support/errors.js";
import { activate } from "../channels-last/activations.js";
import { binary, clip, dense, normalised, softmax, unary } from "../channels-last/arithmetic.js";
import { concat, crop, flatten, pad, reshape, resize, transpose } from "../channels-last/shapes.js";
import { frontAxis, type Constant, type Value } from "../channels-last/value.js";
import {
  convolution,
  depthwise,
  globalPool,
  pool,
  transposedConvolution,
  type Pads,
  type Windows,
} from "../channels-last/windows.js";
import type { GraphBuilder } from "../graph-builder.js";
import { fieldsOf, flagIn, isFields, listOf, numberIn, pairIn, textIn, type Fields } from "./fields.js";

/** What a layer of Keras is converted with. */
export interface KerasLayer {
  readonly builder: GraphBuilder;
  readonly name: string;
  /** Its configuration, under Keras' names. */
  readonly config: Fields;
  readonly inputs: readonly Value[];
  /**
   * A learned or counted weight of the layer by its name in Keras: `kernel`, `moving_mean`, …
   *
   * @throws CamlabError when the file has none
   */
  weight(name: string): Constant;
  /** Which Keras described it: some things are called alike and are not. */
  readonly keras: 2 | 3;
}

type Convert = (layer: KerasLayer) => Value;

const first = ({ inputs, name }: KerasLayer): Value => {
  const [value] = inputs;
  if (value === undefined) throw new CamlabError(`the layer "${name}" reads nothing`);
  return value;
};

const nothing: Convert = first;

function windowsOf(config: Fields, strides = pairIn(config, "strides", 1)): Omit<Windows, "kernel"> {
  const padding = textIn(config, "padding", "valid").toLowerCase();
  if (padding !== "same" && padding !== "valid")
    throw new CamlabError(`padding ${JSON.stringify(padding)} is not known`);
  return { strides, dilations: pairIn(config, "dilation_rate", 1), padding };
}

const bias = (layer: KerasLayer) => (flagIn(layer.config, "use_bias", true) ? layer.weight("bias") : undefined);

/** With the activation that many layers carry. */
function activated(layer: KerasLayer, compute: (name: string) => Value): Value {
  const kind = activationOf(layer);
  if (kind === "linear") return compute(layer.name);
  return activate(layer.builder, kind, compute(`${layer.name}/linear`), layer.name);
}

function activationOf({ config, keras }: KerasLayer): string {
  const kind = activationNamed(config.activation);
  // Keras 2: x / 5 + 1 / 2; Keras 3: x / 6 + 1 / 2.
  return keras === 3 && /^hard_?sigmoid$/i.test(kind) ? "hard_gate" : kind;
}

/** By name, or as an object with a name. */
function activationNamed(value: unknown): string {
  if (value === null || value === undefined) return "linear";
  if (typeof value === "string") return value;
  const { class_name: name, config } = value as Fields;
  if (typeof config === "string") return config;
  return typeof name === "string" ? name : JSON.stringify(value);
}

const conv2d: Convert = (layer) =>
  activated(layer, (name) => {
    // Weights in groups: their third size is the number of channels of one group.
    const kernel = layer.weight("kernel");
    return convolution(layer.builder, first(layer), { kernel, bias: bias(layer) }, windowsOf(layer.config), name);
  });

const depthwiseConv2d: Convert = (layer) =>
  activated(layer, (name) => {
    const kernel = layer.weight("depthwise_kernel");
    return depthwise(layer.builder, first(layer), { kernel, bias: bias(layer) }, windowsOf(layer.config), name);
  });

const separableConv2d: Convert = (layer) =>
  activated(layer, (name) => {
    const { builder } = layer;
    const each = depthwise(
      builder,
      first(layer),
      { kernel: layer.weight("depthwise_kernel") },
      windowsOf(layer.config),
      `${name}/depthwise`,
    );
    const windows = { strides: [1, 1], padding: "valid" } as const;
    return convolution(builder, each, { kernel: layer.weight("pointwise_kernel"), bias: bias(layer) }, windows, name);
  });

const conv2dTranspose: Convert = (layer) =>
  activated(layer, (name) => {
    const { dilations, ...windows } = windowsOf(layer.config);
    if (dilations?.some((each) => each !== 1)) throw new CamlabError(`"${name}" dilates a transposed convolution`);
    if (layer.config.output_padding) throw new CamlabError(`"${name}" has an output_padding`);
    return transposedConvolution(
      layer.builder,
      first(layer),
      { kernel: layer.weight("kernel"), bias: bias(layer) },
      windows,
      name,
    );
  });

const pooling =
  (kind: "max" | "mean"): Convert =>
  (layer) => {
    const kernel = pairIn(layer.config, "pool_size", 2);
    const strides = layer.config.strides === null ? kernel : pairIn(layer.config, "strides", kernel[0]);
    const { padding } = windowsOf(layer.config, strides);
    return pool(layer.builder, kind, first(layer), { kernel, strides, padding }, layer.name);
  };

const globalPooling =
  (kind: "max" | "mean"): Convert =>
  (layer) =>
    globalPool(layer.builder, kind, first(layer), layer.name, flagIn(layer.config, "keepdims", false));

const batchNormalization: Convert = (layer) => {
  const { builder, config, name } = layer;
  const axis = Array.isArray(config.axis) ? Number(config.axis[0]) : numberIn(config, "axis", -1);
  const statistics = {
    mean: layer.weight("moving_mean"),
    variance: layer.weight("moving_variance"),
    ...(flagIn(config, "scale", true) && { scale: layer.weight("gamma") }),
    ...(flagIn(config, "center", true) && { shift: layer.weight("beta") }),
  };
  return normalised(builder, first(layer), statistics, numberIn(config, "epsilon", 1e-3), name, axis);
};

/** What Keras' Normalization has seen, or was told. */
const normalization: Convert = (layer) => {
  const { builder, config, name } = layer;
  const told = (value: unknown, weight: string) =>
    value === null || value === undefined ? layer.weight(weight).data : numbersIn(value);
  const [mean, variance] = [told(config.mean, "mean"), told(config.variance, "variance")];
  const vector = (data: Float32Array): Constant => ({ shape: data.length === 1 ? [] : [data.length], data });
  const deviations = Float32Array.from(variance, (value) => Math.max(Math.sqrt(value), 1e-7));
  const centred = binary(builder, "Sub", first(layer), vector(Float32Array.from(mean)), `${name}/centred`);
  if (config.invert === true) throw new CamlabError(`"${name}" turns normalisation round`);
  return binary(builder, "Div", centred, vector(deviations), name);
};

/** One number, a list, or lists in lists. */
function numbersIn(value: unknown): Float32Array {
  const list: unknown[] = [value].flat(8);
  if (list.every((each) => typeof each === "number" && Number.isFinite(each)))
    return Float32Array.from(list as number[]);
  throw new CamlabError("it has something else where numbers should be");
}

const denseLayer: Convert = (layer) =>
  activated(layer, (name) => dense(layer.builder, first(layer), layer.weight("kernel"), bias(layer), name));

const relu: Convert = (layer) => {
  const { builder, config, name } = layer;
  const slope = Array.isArray(config.negative_slope)
    ? Number(config.negative_slope[0])
    : numberIn(config, "negative_slope", 0);
  if (numberIn(config, "threshold", 0) !== 0) throw new CamlabError(`"${name}" has a threshold other than 0`);
  const most = typeof config.max_value === "number" ? config.max_value : undefined;
  if (most !== undefined) {
    if (slope !== 0) throw new CamlabError(`"${name}" has a largest value and a slope`);
    return clip(builder, first(layer), 0, most, name);
  }
  return slope === 0
    ? unary(builder, "Relu", first(layer), name)
    : unary(builder, "LeakyRelu", first(layer), name, { alpha: float(slope) });
};

const leakyRelu: Convert = (layer) => {
  const { builder, config, name } = layer;
  const alpha = numberIn(config, "alpha", numberIn(config, "negative_slope", 0.3));
  return unary(builder, "LeakyRelu", first(layer), name, { alpha: float(alpha) });
};

const prelu: Convert = (layer) => binary(layer.builder, "PRelu", first(layer), layer.weight("alpha"), layer.name);

const elu: Convert = (layer) =>
  unary(layer.builder, "Elu", first(layer), layer.name, { alpha: float(numberIn(layer.config, "alpha", 1)) });

/** [[top, bottom], [left, right]], two numbers, or one. */
function padsOf(value: unknown, name: string): Pads {
  const [rows, columns] = Array.isArray(value) ? (value as unknown[]) : [value, value];
  const both = (side: unknown) => (Array.isArray(side) ? (side as unknown[]) : [side, side]);
  const sides = [...both(rows), ...both(columns)];
  if (
    sides.length !== 4 ||
    !sides.every((side) => Number.isSafeInteger(side) && Number(side) >= 0 && Number(side) < 2 ** 16)
  ) {
    throw new CamlabError(`"${name}" has the padding ${JSON.stringify(value)}`);
  }
  const [top, bottom, left, right] = sides as number[];
  return { top, bottom, left, right };
}

const upSampling: Convert = (layer) => {
  const { builder, config, name } = layer;
  const kind = textIn(config, "interpolation", "nearest");
  if (kind !== "nearest" && kind !== "bilinear") throw new CamlabError(`"${name}" interpolates by ${kind}`);
  const how = { kind, halfPixels: kind === "bilinear" } as const;
  return resize(builder, first(layer), { factors: pairIn(config, "size", 2) }, how, name);
};

/** What several values become one by one. */
const merging =
  (operator: string): Convert =>
  (layer) => {
    const { builder, inputs, name } = layer;
    const merged = (sum: Value, value: Value, i: number) =>
      binary(builder, operator, sum, value, i === inputs.length - 2 ? name : `${name}/part`);
    return inputs.slice(1).reduce(merged, first(layer));
  };

const average: Convert = (layer) => {
  const { builder, inputs, name } = layer;
  const sum = merging("Add")({ ...layer, name: `${name}/sum` });
  return binary(builder, "Mul", sum, { shape: [], data: Float32Array.of(1 / inputs.length) }, name);
};

const rescaling: Convert = (layer) => {
  const { builder, config, name } = layer;
  const numbers = (value: unknown, usual: number): Constant => {
    // Keras 3 wraps lists of numbers.
    const data = numbersIn((isFields(value) ? fieldsOf(value.config).value : value) ?? usual);
    return { shape: data.length === 1 ? [] : [data.length], data };
  };
  const scaled = binary(builder, "Mul", first(layer), numbers(config.scale, 1), `${name}/scaled`);
  return binary(builder, "Add", scaled, numbers(config.offset, 0), name);
};

const softmaxLayer: Convert = (layer) => {
  const axis = Array.isArray(layer.config.axis) ? Number(layer.config.axis[0]) : numberIn(layer.config, "axis", -1);
  return softmax(layer.builder, first(layer), layer.name, axis);
};

const permute: Convert = (layer) =>
  transpose(layer.builder, first(layer), [0, ...listOf(layer.config.dims).map(Number)], layer.name);

/** Keras' layers by class name. */
export const KERAS_LAYERS: ReadonlyMap<string, Convert> = new Map<string, Convert>([
  ["Activation", (layer) => activate(layer.builder, activationOf(layer), first(layer), layer.name)],
  ["ActivityRegularization", nothing],
  ["Add", merging("Add")],
  ["AlphaDropout", nothing],
  ["Average", average],
  ["AveragePooling2D", pooling("mean")],
  ["BatchNormalization", batchNormalization],
  [
    "Concatenate",
    ({ builder, inputs, config, name }) =>
      concat(builder, inputs, frontAxis(inputs[0]?.shape.length ?? 0, numberIn(config, "axis", -1)), name),
  ],
  ["Conv2D", conv2d],
  ["Conv2DTranspose", conv2dTranspose],
  ["Cropping2D", (layer) => crop(layer.builder, first(layer), padsOf(layer.config.cropping, layer.name), layer.name)],
  ["Dense", denseLayer],
  ["DepthwiseConv2D", depthwiseConv2d],
  ["Dropout", nothing],
  ["ELU", elu],
  ["Flatten", (layer) => flatten(layer.builder, first(layer), layer.name)],
  ["GaussianDropout", nothing],
  ["GaussianNoise", nothing],
  ["GlobalAveragePooling2D", globalPooling("mean")],
  ["GlobalMaxPooling2D", globalPooling("max")],
  ["LeakyReLU", leakyRelu],
  ["MaxPooling2D", pooling("max")],
  ["Normalization", normalization],
  ["Maximum", merging("Max")],
  ["Minimum", merging("Min")],
  ["Multiply", merging("Mul")],
  ["PReLU", prelu],
  ["Permute", permute],
  ["ReLU", relu],
  ...[
    ...["RandomBrightness", "RandomColorJitter", "RandomContrast", "RandomErasing", "RandomFlip", "RandomGaussianBlur"],
    ...["RandomGrayscale", "RandomHeight", "RandomHue", "RandomInvert", "RandomPosterization", "RandomRotation"],
    ...["RandomSaturation", "RandomSharpness", "RandomShear", "RandomTranslation", "RandomWidth", "RandomZoom"],
    ...["RandomElasticTransform", "RandomPerspective"],
  ].map((name) => [name, nothing] as const),
  ["Rescaling", rescaling],
  [
    "Reshape",
    (layer) =>
      reshape(
        layer.builder,
        first(layer),
        listOf(layer.config.target_shape).map((side) => (side === null ? -1 : Number(side))),
        layer.name,
      ),
  ],
  ["SeparableConv2D", separableConv2d],
  ["Softmax", softmaxLayer],
  ["SpatialDropout2D", nothing],
  ["Subtract", merging("Sub")],
  ["UpSampling2D", upSampling],
  ["ZeroPadding2D", (layer) => pad(layer.builder, first(layer), padsOf(layer.config.padding, layer.name), layer.name)],
]);
