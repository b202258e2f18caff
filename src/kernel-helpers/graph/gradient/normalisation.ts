import { floatAttribute, intAttribute } from "../onnx/attributes.js";
import { axesFrom } from "../shapes/shape-arithmetic.js";
import { refused, unary, type GradientRule, type Step } from "./step.js";

/** Gradients of normalisations with respect to what they normalise. */
export const NORMALISATION_RULES: Readonly<Record<string, GradientRule>> = {
  BatchNormalization: unary((step, input) => {
    const { node, emit, gradient } = step;
    if (intAttribute(node, "training_mode", 0) === 1) {
      throw refused(node, "it is in training mode; export the network after eval()");
    }
    const deviation = emit.node("Sqrt", [emit.add(node.input[4], floatAttribute(node, "epsilon", 1e-5))]);
    const factor = emit.div(node.input[1], deviation);
    const scaled = emit.mul(gradient, perChannel(step, factor, input));
    emit.scaledChannels.set(scaled, { value: gradient, factor });
    return scaled;
  }),
  LayerNormalization: unary((step, input) => {
    const { node, emit, gradient } = step;
    const rank = step.shape(input).length;
    const axes = axesFrom(intAttribute(node, "axis", -1), rank);
    return normalised(step, input, axes, emit.mul(gradient, node.input[1]));
  }),
  InstanceNormalization: unary((step, input) => {
    const { node, emit, gradient } = step;
    const axes = axesFrom(2, step.shape(input).length);
    return normalised(step, input, axes, emit.mul(gradient, perChannel(step, node.input[1], input)));
  }),
  LRN: unary(localResponse),
};

/**
 * Of x̂ = (x − mean) ÷ √(variance + ε) over some axes, for the gradient g of x̂:
 * (g − mean(g) − x̂ mean(g x̂)) ÷ √(variance + ε).
 */
function normalised({ emit, node }: Step, input: string, axes: readonly number[], gradient: string): string {
  const centred = emit.sub(input, emit.mean(input, axes));
  const variance = emit.mean(emit.mul(centred, centred), axes);
  const deviation = emit.node("Sqrt", [emit.add(variance, floatAttribute(node, "epsilon", 1e-5))]);
  const unit = emit.div(centred, deviation);
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
