import type { Layers, Maps } from "../parts/layers.js";
import { convolved, mobileNetwork } from "./mobile-network.js";

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
export const mobilenetV2 = mobileNetwork({
  name: "mobilenet_v2",
  title: "MobileNetV2 (Sandler et al. 2018)",
  activation: "relu6",
  last: 18,
  blocks(layers, from) {
    let [at, i] = [from, 1];
    for (const [growth, channels, count, stride] of STAGES) {
      for (let n = 0; n < count; n++) at = block(layers, `features.${i++}`, at, growth, channels, n === 0 ? stride : 1);
    }
    return at;
  },
});

function block(layers: Layers, name: string, from: Maps, growth: number, channels: number, stride: number): Maps {
  const inner = from.channels * growth;
  let i = 0;
  let at = from;
  if (growth > 1) at = convolved(layers, `${name}.conv.${i++}`, at, { channels: inner, kernel: 1 }, "relu6");
  const windows = { channels: inner, kernel: 3, stride, pad: 1, groups: inner };
  at = convolved(layers, `${name}.conv.${i++}`, at, windows, "relu6");
  const narrow = layers.convolution(`${name}.conv.${i++}`, at, { channels, kernel: 1, bias: false });
  const branch = layers.batchNorm(`${name}.conv.${i}`, narrow);
  return stride === 1 && from.channels === channels ? layers.add(`${name}.sum`, from, branch) : branch;
}
