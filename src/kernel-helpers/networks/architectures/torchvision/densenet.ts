import type { Layers, Maps } from "../parts/layers.js";
import { torchvisionNetwork } from "./torchvision-network.js";

/** Maps that each layer adds. */
const GROWTH = 32;
const BLOCKS = [6, 12, 24, 16];

/** DenseNet-121: each layer reads the maps of all layers before it in its block. */
export const densenet121 = torchvisionNetwork({
  name: "densenet121",
  title: "DenseNet-121 (Huang et al. 2017)",
  classifier: "classifier.weight",
  // Old files call norm1 "norm.1" and conv2 "conv.2".
  renamed: (name) => name.replace(/(denselayer\d+\.(?:norm|relu|conv))\.(?=[12]\.)/, "$1"),
  build(layers, image, classes) {
    const first = layers.convolution("features.conv0", image, {
      channels: 64,
      kernel: 7,
      stride: 2,
      pad: 3,
      bias: false,
    });
    const normed = layers.relu(layers.batchNorm("features.norm0", first));
    let at = layers.maxPool("features.pool0", normed, { kernel: 3, stride: 2, pad: 1 });
    BLOCKS.forEach((count, i) => {
      const name = `features.denseblock${i + 1}`;
      for (let n = 1; n <= count; n++) {
        const layer = `${name}.denselayer${n}`;
        at = layers.concat(`${layer}.joined`, [at, denseLayer(layers, layer, at)]);
      }
      if (i < BLOCKS.length - 1) at = transition(layers, `features.transition${i + 1}`, at);
    });
    const maps = layers.relu(layers.batchNorm("features.norm5", at));
    return layers.linear("classifier", layers.flatten("flat", layers.globalPool("pool", maps)), classes);
  },
});

function denseLayer(layers: Layers, name: string, from: Maps): Maps {
  const read = layers.relu(layers.batchNorm(`${name}.norm1`, from));
  const narrow = layers.convolution(`${name}.conv1`, read, { channels: 4 * GROWTH, kernel: 1, bias: false });
  const normed = layers.relu(layers.batchNorm(`${name}.norm2`, narrow));
  return layers.convolution(`${name}.conv2`, normed, { channels: GROWTH, kernel: 3, pad: 1, bias: false });
}

function transition(layers: Layers, name: string, from: Maps): Maps {
  const normed = layers.relu(layers.batchNorm(`${name}.norm`, from));
  const half = layers.convolution(`${name}.conv`, normed, { channels: from.channels / 2, kernel: 1, bias: false });
  return layers.averagePool(`${name}.pool`, half, { kernel: 2, stride: 2 });
}
