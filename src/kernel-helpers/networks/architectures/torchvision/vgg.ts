import type { Architecture } from "../architecture.js";
import { fixedClassifier } from "./fixed-classifier.js";
import { torchvisionNetwork } from "./torchvision-network.js";

/** How many convolutions stand before each of the five poolings. */
const DEPTHS = { 11: [1, 1, 2, 2, 2], 13: [2, 2, 2, 2, 2], 16: [2, 2, 3, 3, 3], 19: [2, 2, 4, 4, 4] } as const;

/** VGG with 11, 13, 16 or 19 layers, plain and with batch normalisation (`vgg16_bn`). */
export const vggs: readonly Architecture[] = [11, 13, 16, 19].flatMap((depth) => [
  vgg(depth as keyof typeof DEPTHS, false),
  vgg(depth as keyof typeof DEPTHS, true),
]);

function vgg(depth: keyof typeof DEPTHS, normalised: boolean): Architecture {
  return torchvisionNetwork({
    name: `vgg${depth}${normalised ? "_bn" : ""}`,
    title: `VGG-${depth}${normalised ? " with batch normalisation" : ""} (Simonyan and Zisserman 2014)`,
    classifier: "classifier.6.weight",
    build(layers, image, classes) {
      let at = image;
      let i = 0;
      DEPTHS[depth].forEach((count, stage) => {
        for (let n = 0; n < count; n++) {
          at = layers.convolution(`features.${i++}`, at, { channels: Math.min(512, 64 << stage), kernel: 3, pad: 1 });
          if (normalised) at = layers.batchNorm(`features.${i++}`, at);
          at = layers.relu(at);
          i++;
        }
        at = layers.maxPool(`features.${i++}`, at, { kernel: 2, stride: 2 });
      });
      return fixedClassifier(layers, at, { side: 7, names: [0, 3, 6], classes });
    },
  });
}
