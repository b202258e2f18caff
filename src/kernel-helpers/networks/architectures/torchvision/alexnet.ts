import type { Maps } from "../parts/layers.js";
import { fixedClassifier } from "./fixed-classifier.js";
import { torchvisionNetwork } from "./torchvision-network.js";

/** AlexNet in one column (Krizhevsky 2014), as torchvision has it. */
export const alexnet = torchvisionNetwork({
  name: "alexnet",
  title: "AlexNet in one column (Krizhevsky 2014)",
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
    return fixedClassifier(layers, smaller("features.12", at), { side: 6, names: [1, 4, 6], classes });
  },
});
