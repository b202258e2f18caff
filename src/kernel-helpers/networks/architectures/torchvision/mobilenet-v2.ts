import type { Convolution, Layers, Maps } from "../parts/layers.js";
import { torchvisionNetwork } from "./torchvision-network.js";

/** Growth inside a block, outputs, blocks, stride of the first (Table 2 of Sandler et al. 2018). */
const STAGES = [
  [1, 16, 1, 1],
  [6, 24, 2, 2],
  [6, 32, 3, 2],
  [6, 64, 4, 2],
  [6, 96, 3, 1],
  [6, 160, 3, 2],
  [6, 320, 1, 1],
] as const;

/** MobileNetV2 of width 1. */
export const mobilenetV2 = torchvisionNetwork({
  name: "mobilenet_v2",
  title: "MobileNetV2 (Sandler et al. 2018)",
  classifier: "classifier.1.weight",
  build(layers, image, classes) {
    let at = unit(layers, "features.0", image, { channels: 32, kernel: 3, stride: 2, pad: 1 });
    let i = 1;
    for (const [growth, channels, count, stride] of STAGES) {
      for (let n = 0; n < count; n++) at = block(layers, `features.${i++}`, at, growth, channels, n === 0 ? stride : 1);
    }
    at = unit(layers, `features.${i}`, at, { channels: 1280, kernel: 1 });
    return layers.linear("classifier.1", layers.flatten("flat", layers.globalPool("pool", at)), classes);
  },
});

function block(layers: Layers, name: string, from: Maps, growth: number, channels: number, stride: number): Maps {
  const inner = from.channels * growth;
  let i = 0;
  let at = from;
  if (growth > 1) at = unit(layers, `${name}.conv.${i++}`, at, { channels: inner, kernel: 1 });
  at = unit(layers, `${name}.conv.${i++}`, at, { channels: inner, kernel: 3, stride, pad: 1, groups: inner });
  const narrow = layers.convolution(`${name}.conv.${i++}`, at, { channels, kernel: 1, bias: false });
  const branch = layers.batchNorm(`${name}.conv.${i}`, narrow);
  return stride === 1 && from.channels === channels ? layers.add(`${name}.sum`, from, branch) : branch;
}

/** Convolution without bias, normalisation, ReLU up to 6. */
function unit(layers: Layers, name: string, from: Maps, convolution: Convolution): Maps {
  const maps = layers.convolution(`${name}.0`, from, { ...convolution, bias: false });
  return layers.relu6(layers.batchNorm(`${name}.1`, maps));
}
