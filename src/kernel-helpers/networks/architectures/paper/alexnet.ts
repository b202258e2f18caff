import type { Layers, Maps } from "../parts/layers.js";
import { caffeNetwork, pooledAndClassified } from "./caffe-network.js";

/** conv1 to conv5 of AlexNet; in Caffe's CaffeNet, and the authors' AlexNet*, pooling comes before normalisation. */
function convolutions(layers: Layers, image: Maps, fifth: number, order: "norm, pool" | "pool, norm"): Maps {
  const smaller = (from: Maps, n: number) => {
    const pool = (maps: Maps) => layers.maxPool(`pool${n}`, maps, { kernel: 3, stride: 2, ceil: true });
    return order === "norm, pool"
      ? pool(layers.localResponse(`norm${n}`, from))
      : layers.localResponse(`norm${n}`, pool(from));
  };
  let at = layers.relu(layers.convolution("conv1", image, { channels: 96, kernel: 11, stride: 4 }));
  at = smaller(at, 1);
  at = layers.relu(layers.convolution("conv2", at, { channels: 256, kernel: 5, pad: 2, groups: 2 }));
  at = smaller(at, 2);
  at = layers.relu(layers.convolution("conv3", at, { channels: 384, kernel: 3, pad: 1 }));
  at = layers.relu(layers.convolution("conv4", at, { channels: 384, kernel: 3, pad: 1, groups: 2 }));
  return layers.relu(layers.convolution("conv5", at, { channels: fifth, kernel: 3, pad: 1, groups: 2 }));
}

/** The convolutions of AlexNet in Caffe's form. */
export const alexnetTrunk = (layers: Layers, image: Maps) => convolutions(layers, image, 256, "norm, pool");

/** AlexNet in Caffe's form: five convolutions in two groups, local response normalisation, three linear layers. */
export const bvlcAlexnet = caffeNetwork(227, {
  name: "bvlc_alexnet",
  title: "AlexNet (Krizhevsky et al. 2012), Caffe's form",
  classifier: "fc8.weight",
  build: (layers, image, classes) => pooledAndClassified(layers, alexnetTrunk(layers, image), 3, classes),
});

/**
 * AlexNet*-GAP, the form in which the authors released it (AlexNet+): conv5 with 384 outputs, pool5 with stride 1, two
 * more convolutions of 512 outputs; maps of 11×11.
 */
export const alexnetStarGap = caffeNetwork(227, {
  name: "alexnet-star-gap",
  title: "AlexNet*-GAP (Zhou et al. 2016, section 3.1; the authors' files: AlexNet+)",
  classifier: "fc9.weight",
  build(layers, image, classes) {
    const maps = convolutions(layers, image, 384, "pool, norm");
    let at = layers.maxPool("pool5", maps, { kernel: 3, ceil: true });
    for (const name of ["conv6", "conv7"]) {
      at = layers.relu(layers.convolution(name, at, { channels: 512, kernel: 3, pad: 1, groups: 2 }));
    }
    const pooled = layers.globalPool("pool8_global", at);
    return layers.linear("fc9", layers.flatten("flat", pooled), classes);
  },
});
