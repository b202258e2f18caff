import { CamlabError } from "../../../support/errors.js";
import type { Layers, Maps } from "../parts/layers.js";
import { threeLinear } from "../parts/three-linear.js";

/**
 * The classifier of torchvision's AlexNet and VGG: three linear layers on maps of a fixed size.
 *
 * @param names their numbers in its `classifier`
 * @throws CamlabError for an input that gives maps of another size, which PyTorch would average into this one
 */
export function fixedClassifier(
  layers: Layers,
  from: Maps,
  {
    side,
    names: [first, second, third],
    classes,
  }: { readonly side: number; readonly names: readonly [number, number, number]; readonly classes: number },
): Maps {
  if (from.width !== side || from.height !== side) {
    throw new CamlabError(
      `its linear layers take maps of ${side}×${side}, this input gives ${from.width}×${from.height}: leave the size as it is, ` +
        "or make a GAP network of it (toGapNetwork), which takes any",
    );
  }
  return threeLinear(layers, from, [`classifier.${first}`, `classifier.${second}`, `classifier.${third}`], classes);
}
