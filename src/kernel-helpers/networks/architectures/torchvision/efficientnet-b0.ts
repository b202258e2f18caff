import type { Layers, Maps } from "../parts/layers.js";
import { EFFICIENTNET_STAGES } from "../parts/efficientnet-stages.js";
import { convolved, mobileNetwork } from "./mobile-network.js";

/** EfficientNet-B0: inverted bottlenecks that weigh their channels by what is in the whole picture. */
export const efficientnetB0 = mobileNetwork({
  name: "efficientnet_b0",
  title: "EfficientNet-B0 (Tan and Le 2019)",
  activation: "silu",
  last: 8,
  blocks(layers, from) {
    let at = from;
    EFFICIENTNET_STAGES.forEach(({ growth, kernel, stride, channels, count }, stage) => {
      for (let n = 0; n < count; n++) {
        const name = `features.${stage + 1}.${n}`;
        at = block(layers, name, at, { growth, kernel, stride: n === 0 ? stride : 1, channels });
      }
    });
    return at;
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
  if (growth > 1) at = convolved(layers, `${name}.block.${i++}`, at, { channels: inner, kernel: 1 }, "silu");
  const windows = { channels: inner, kernel, stride, pad: (kernel - 1) / 2, groups: inner };
  at = convolved(layers, `${name}.block.${i++}`, at, windows, "silu");
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
