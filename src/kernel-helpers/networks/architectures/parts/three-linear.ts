import type { Layers, Maps } from "./layers.js";

/** The classifier of AlexNet and VGG: three linear layers, the first two of 4,096 outputs with ReLU. */
export function threeLinear(
  layers: Layers,
  from: Maps,
  [first, second, third]: readonly [string, string, string],
  classes: number,
): Maps {
  const sixth = layers.relu(layers.linear(first, layers.flatten("flat", from), 4096));
  return layers.linear(third, layers.relu(layers.linear(second, sixth, 4096)), classes);
}
