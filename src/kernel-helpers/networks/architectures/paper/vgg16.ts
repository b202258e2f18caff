import type { Layers, Maps } from "../parts/layers.js";
import { caffeNetwork, pooledAndClassified } from "./caffe-network.js";

/** Thirteen 3×3 convolutions in five groups, with a pooling between the groups. */
export function vggTrunk(layers: Layers, image: Maps): Maps {
  let at = image;
  [64, 128, 256, 512, 512].forEach((channels, i) => {
    const count = i < 2 ? 2 : 3;
    if (i > 0) at = layers.maxPool(`pool${i}`, at, { kernel: 2, stride: 2, ceil: true });
    for (let n = 1; n <= count; n++) {
      at = layers.relu(layers.convolution(`conv${i + 1}_${n}`, at, { channels, kernel: 3, pad: 1 }));
    }
  });
  return at;
}

/** VGG-16 with the names of its authors' Caffe files. */
export const vggIlsvrc16 = caffeNetwork(224, {
  name: "vgg_ilsvrc_16",
  title: "VGG-16 (Simonyan and Zisserman 2014), its authors' Caffe form",
  classifier: "fc8.weight",
  build: (layers, image, classes) => pooledAndClassified(layers, vggTrunk(layers, image), 2, classes),
});
