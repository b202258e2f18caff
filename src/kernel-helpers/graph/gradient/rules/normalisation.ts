import { floatAttribute, intAttribute } from "../../onnx/attributes.js";
import { axesFrom } from "../../shapes/shape-arithmetic.js";
import { refused, unary, unbroadcast, type GradientRule, type Step } from "../step.js";

/** Gradients of normalisations, with respect to their gains and shifts too. */
export const NORMALISATION_RULES: Readonly<Record<string, GradientRule>> = {
  BatchNormalization: (step) => {
    const { node, emit, gradient, wants } = step;
    const [input, gain, , mean, variance] = node.input;
    if (intAttribute(node, "training_mode", 0) === 1) {
      throw refused(node, "it is in training mode; export the network after eval()");
    }
    if (wants(3) || wants(4)) throw refused(node, "the gradient with respect to its statistics is not known");
    const deviation = emit.node("Sqrt", [emit.add(variance, floatAttribute(node, "epsilon", 1e-5))]);
    const unit = () => emit.div(emit.sub(input, perChannel(step, mean, input)), perChannel(step, deviation, input));
    return [
      wants(0) ? throughFactor(step, emit.div(gain, deviation)) : undefined,
      wants(1) ? overChannels(step, emit.mul(gradient, unit())) : undefined,
      wants(2) ? overChannels(step, gradient) : undefined,
    ];
  },
  LayerNormalization: (step) => {
    const { node, emit, gradient, wants } = step;
    const [input, gain, shift] = node.input;
    const axes = axesFrom(intAttribute(node, "axis", -1), step.shape(input).length);
    const found = unitOf(step, input, axes);
    return [
      wants(0) ? normalised(step, found, axes, emit.mul(gradient, gain)) : undefined,
      wants(1) ? unbroadcast(step, emit.mul(gradient, found.unit), gain) : undefined,
      wants(2) ? unbroadcast(step, gradient, shift) : undefined,
    ];
  },
  InstanceNormalization: (step) => {
    const { node, emit, gradient, wants } = step;
    const [input, gain] = node.input;
    const axes = axesFrom(2, step.shape(input).length);
    const found = unitOf(step, input, axes);
    return [
      wants(0) ? normalised(step, found, axes, emit.mul(gradient, perChannel(step, gain, input))) : undefined,
      wants(1) ? overChannels(step, emit.mul(gradient, found.unit)) : undefined,
      wants(2) ? overChannels(step, gradient) : undefined,
    ];
  },
  LRN: unary(localResponse),
};

/** The gradient times a factor per channel, which a convolution before may take over. */
function throughFactor(step: Step, factor: string): string {
  const { emit, gradient, node } = step;
  const scaled = emit.mul(gradient, perChannel(step, factor, node.input[0]));
  emit.scaledChannels.set(scaled, { value: gradient, factor });
  return scaled;
}

/** The sum of maps over photos and places: one number per channel. */
function overChannels({ emit, shape, node }: Step, maps: string): string {
  return emit.sum(maps, [0, ...axesFrom(2, shape(node.input[0]).length)], false);
}

interface Unit {
  /** x̂ = (x − mean) ÷ √(variance + ε) over some axes. */
  readonly unit: string;
  /** √(variance + ε) */
  readonly deviation: string;
}

function unitOf({ emit, node }: Step, input: string, axes: readonly number[]): Unit {
  const centred = emit.sub(input, emit.mean(input, axes));
  const variance = emit.mean(emit.mul(centred, centred), axes);
  const deviation = emit.node("Sqrt", [emit.add(variance, floatAttribute(node, "epsilon", 1e-5))]);
  return { unit: emit.div(centred, deviation), deviation };
}

/** Through x̂, for its gradient g: (g − mean(g) − x̂ mean(g x̂)) ÷ √(variance + ε). */
function normalised({ emit }: Step, { unit, deviation }: Unit, axes: readonly number[], gradient: string): string {
  const along = emit.mul(unit, emit.mean(emit.mul(gradient, unit), axes));
  return emit.div(emit.sub(emit.sub(gradient, emit.mean(gradient, axes)), along), deviation);
}

/** For y = x d^−β with d = k + (α/n) Σ x² over n neighbouring channels: g d^−β − (2αβ/n) x Σ (g y / d). */
function localResponse(step: Step, input: string, output: string): string {
  const { node, emit, gradient } = step;
  const size = intAttribute(node, "size", 1);
  const [alpha, beta] = [floatAttribute(node, "alpha", 1e-4), floatAttribute(node, "beta", 0.75)];
  const [less, more] = [Math.floor((size - 1) / 2), Math.ceil((size - 1) / 2)];
  const squares = emit.mul(neighbours(step, emit.mul(input, input), size, less, more), alpha);
  const base = emit.add(squares, floatAttribute(node, "bias", 1));
  const mixed = neighbours(step, emit.div(emit.mul(gradient, output), base), size, more, less);
  return emit.sub(emit.mul(gradient, emit.pow(base, -beta)), emit.mul(emit.mul(input, mixed), 2 * alpha * beta));
}

/** The sum over neighbouring channels, divided by their number: an average over a column of channels. */
function neighbours(step: Step, value: string, size: number, before: number, after: number): string {
  const { emit, node } = step;
  const shape = step.shape(node.input[0]);
  const columns = emit.reshape(value, [0, 1, shape[1], null]); // 0 keeps the batch's size
  const pads = [before, 0, after, 0];
  const mean = emit.node("AveragePool", [columns], { kernel_shape: [size, 1], pads, count_include_pad: 1 });
  return emit.reshapeLike(mean, node.input[0], shape);
}

/** A value per channel, shaped so that it stretches over the maps. */
function perChannel({ emit, shape }: Step, value: string, maps: string): string {
  return emit.reshape(value, [
    null,
    ...shape(maps)
      .slice(2)
      .map(() => 1),
  ]);
}
