import { CamlabError } from "../../../support/errors.js";
import type { Architecture } from "../architecture.js";
import type { Layers, Maps } from "../parts/layers.js";
import { torchvisionInput } from "../parts/preprocessing.js";

/** AlexNet in one column (Krizhevsky 2014), as torchvision has it. */
export const alexnet: Architecture = {
  name: "alexnet",
  title: "AlexNet in one column (Krizhevsky 2014), torchvision's form",
  preprocessing: torchvisionInput(),
  classifier: "classifier.6.weight",
  build(layers, image, classes) {
    const smaller = (name: string, from: Maps) => layers.maxPool(name, from, { kernel: 3, stride: 2 });
    const first = layers.convolution("features.0", image, { channels: 64, kernel: 11, stride: 4, pad: 2 });
    let at = smaller("features.2", layers.relu(first));
    at = layers.relu(layers.convolution("features.3", at, { channels: 192, kernel: 5, pad: 2 }));
    at = smaller("features.5", at);
    for (const [i, channels] of [
      [6, 384],
      [8, 256],
      [10, 256],
    ]) {
      at = layers.relu(layers.convolution(`features.${i}`, at, { channels, kernel: 3, pad: 1 }));
    }
    return threeLinear(layers, smaller("features.12", at), { side: 6, names: [1, 4, 6], classes });
  },
};

/**
 * The classifier of AlexNet and VGG: three linear layers on maps of a fixed size.
 *
 * @throws CamlabError for an input that gives maps of another size, which PyTorch would average into this one
 */
export function threeLinear(
  layers: Layers,
  from: Maps,
  {
    side,
    names,
    classes,
  }: { readonly side: number; readonly names: readonly [number, number, number]; readonly classes: number },
): Maps {
  if (from.width !== side || from.height !== side) {
    throw new CamlabError(
      `its linear layers take maps of ${side}×${side}, this input gives ${from.width}×${from.height}: leave the size as it is, ` +
        "or make a GAP network of it (toGapNetwork), which takes any",
    );
  }
  const [first, second, third] = names.map((name) => `classifier.${name}`);
  const sixth = layers.relu(layers.linear(first, layers.flatten("flat", from), 4096));
  return layers.linear(third, layers.relu(layers.linear(second, sixth, 4096)), classes);
}
