import type { Convolution, Layers, Maps } from "../parts/layers.js";
import { EFFICIENTNET_STAGES } from "../parts/efficientnet-stages.js";
import { torchvisionNetwork } from "./torchvision-network.js";

/** EfficientNet-B0: inverted bottlenecks that weigh their channels by what is in the whole picture. */
export const efficientnetB0 = torchvisionNetwork({
  name: "efficientnet_b0",
  title: "EfficientNet-B0 (Tan and Le 2019)",
  classifier: "classifier.1.weight",
  build(layers, image, classes) {
    let at = unit(layers, "features.0", image, { channels: 32, kernel: 3, stride: 2, pad: 1 });
    EFFICIENTNET_STAGES.forEach(({ growth, kernel, stride, channels, count }, stage) => {
      for (let n = 0; n < count; n++) {
        const name = `features.${stage + 1}.${n}`;
        at = block(layers, name, at, { growth, kernel, stride: n === 0 ? stride : 1, channels });
      }
    });
    at = unit(layers, "features.8", at, { channels: 1280, kernel: 1 });
    return layers.linear("classifier.1", layers.flatten("flat", layers.globalPool("avgpool", at)), classes);
  },
});

interface Block {
  readonly growth: number;
  readonly kernel: number;
  readonly stride: number;
  readonly channels: number;
}

function block(layers: Layers, name: string, from: Maps, { growth, kernel, stride, channels }: Block): Maps {
  const inner = from.channels * growth;
  let i = 0;
  let at = from;
  if (growth > 1) at = unit(layers, `${name}.block.${i++}`, at, { channels: inner, kernel: 1 });
  at = unit(layers, `${name}.block.${i++}`, at, {
    channels: inner,
    kernel,
    stride,
    pad: (kernel - 1) / 2,
    groups: inner,
  });
  at = weighed(layers, `${name}.block.${i++}`, at, from.channels / 4);
  const narrow = layers.convolution(`${name}.block.${i}.0`, at, { channels, kernel: 1, bias: false });
  const branch = layers.batchNorm(`${name}.block.${i}.1`, narrow);
  return stride === 1 && from.channels === channels ? layers.add(`${name}.sum`, branch, from) : branch;
}

/** Squeeze and excitation (Hu et al. 2018). */
function weighed(layers: Layers, name: string, from: Maps, squeezed: number): Maps {
  const mean = layers.globalPool(`${name}.avgpool`, from);
  const narrow = layers.silu(layers.convolution(`${name}.fc1`, mean, { channels: Math.floor(squeezed), kernel: 1 }));
  const weights = layers.sigmoid(layers.convolution(`${name}.fc2`, narrow, { channels: from.channels, kernel: 1 }));
  return layers.multiply(`${name}.scaled`, from, weights);
}

/** Convolution without bias, normalisation, x · sigmoid(x). */
function unit(layers: Layers, name: string, from: Maps, convolution: Convolution): Maps {
  const maps = layers.convolution(`${name}.0`, from, { ...convolution, bias: false });
  return layers.silu(layers.batchNorm(`${name}.1`, maps));
}
