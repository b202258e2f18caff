import { float } from "../../../graph/onnx/create-graph.js";
import { inputOf, learned, problem, type Convert } from "./conversion.js";

/** A layer that is one operator of ONNX. */
export const simple =
  (operator: string): Convert =>
  (conversion) => [conversion.builder.node(operator, [inputOf(conversion)], conversion.layer.name)];

/** The layer gives on what it reads: what it does, it does while a network learns. */
export const nothing: Convert = (conversion) => conversion.layer.tops.map(() => inputOf(conversion));

/** max(x, 0), plus slope · min(x, 0). */
export const relu: Convert = (conversion) => {
  const { builder, layer } = conversion;
  const slope = layer.fields.message("relu_param").number("negative_slope", 0);
  const [operator, attributes] = slope === 0 ? ["Relu", {}] : ["LeakyRelu", { alpha: float(slope) }];
  return [builder.node(operator, [inputOf(conversion)], layer.name, attributes)];
};

/** As relu with a learned slope, one a channel or one for all. */
export const parametricRelu: Convert = (conversion) => {
  const { builder, layer } = conversion;
  const { dims, data } = learned(conversion, 0);
  const count = dims.reduce((product, dim) => product * dim, 1);
  const isShared = layer.fields.message("prelu_param").flag("channel_shared", false);
  if (isShared && count !== 1) throw problem(layer, `it shares one slope and has ${count}`);
  const axes = builder.shapeOf(inputOf(conversion))?.length ?? 4;
  const shape = isShared ? [1] : [count, ...new Array<number>(axes - 2).fill(1)];
  return [builder.node("PRelu", [inputOf(conversion), builder.floats(`${layer.name}.slope`, shape, data)], layer.name)];
};

/** x where it is above 0, else α (eˣ − 1). */
export const elu: Convert = (conversion) => {
  const { builder, layer } = conversion;
  const alpha = float(layer.fields.message("elu_param").number("alpha", 1));
  return [builder.node("Elu", [inputOf(conversion)], layer.name, { alpha })];
};

/** (shift + scale · x)^power. */
export const power: Convert = (conversion) => {
  const { builder, layer } = conversion;
  const fields = layer.fields.message("power_param");
  const steps = [
    ["Mul", "scale", 1],
    ["Add", "shift", 0],
    ["Pow", "power", 1],
  ] as const;
  let value = inputOf(conversion);
  for (const [operator, name, neutral] of steps) {
    const number = fields.number(name, neutral);
    if (number === neutral) continue;
    const label = `${layer.name}.${name}`;
    value = builder.node(operator, [value, builder.number(label, number)], `${label}d`);
  }
  return [value];
};

/** x between two numbers. */
export const clip =
  (range?: readonly [number, number]): Convert =>
  (conversion) => {
    const { builder, layer } = conversion;
    const fields = layer.fields.message("clip_param");
    const [low, high] = range ?? [fields.number("min", -Infinity), fields.number("max", Infinity)];
    const ends = [builder.number(`${layer.name}.low`, low), builder.number(`${layer.name}.high`, high)];
    return [builder.node("Clip", [inputOf(conversion), ...ends], layer.name)];
  };

/** eˣ over its sum along an axis. */
export const softmax: Convert = (conversion) => {
  const { builder, layer } = conversion;
  const axis = layer.fields.message("softmax_param").number("axis", 1);
  return [builder.node("Softmax", [inputOf(conversion)], layer.name, { axis })];
};
