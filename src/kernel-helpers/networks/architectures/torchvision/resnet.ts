import type { Architecture } from "../architecture.js";
import type { Convolution, Layers, Maps } from "../parts/layers.js";
import { torchvisionNetwork } from "./torchvision-network.js";

/** Blocks of the four stages, by depth; from 50 layers on each block is a bottleneck. */
const DEPTHS: Readonly<Record<number, readonly number[]>> = {
  18: [2, 2, 2, 2],
  34: [3, 4, 6, 3],
  50: [3, 4, 6, 3],
  101: [3, 4, 23, 3],
  152: [3, 8, 36, 3],
};

/** ResNet with 18, 34, 50, 101 or 152 layers. In bottlenecks the 3×3 convolution strides (version 1.5). */
export const resnets: readonly Architecture[] = [18, 34, 50, 101, 152].map((depth) =>
  torchvisionNetwork({
    name: `resnet${depth}`,
    title: `ResNet-${depth} (He et al. 2016)`,
    classifier: "fc.weight",
    build(layers, image, classes) {
      const block = depth >= 50 ? bottleneck : basic;
      const first = layers.convolution("conv1", image, { channels: 64, kernel: 7, stride: 2, pad: 3, bias: false });
      let at = layers.maxPool("maxpool", layers.relu(layers.batchNorm("bn1", first)), { kernel: 3, stride: 2, pad: 1 });
      DEPTHS[depth].forEach((count, stage) => {
        for (let n = 0; n < count; n++) {
          at = block(layers, `layer${stage + 1}.${n}`, at, 64 << stage, stage > 0 && n === 0 ? 2 : 1);
        }
      });
      return layers.linear("fc", layers.flatten("flat", layers.globalPool("avgpool", at)), classes);
    },
  }),
);

function basic(layers: Layers, name: string, from: Maps, channels: number, stride: number): Maps {
  const inner = normalised(layers, name, 1, from, { channels, kernel: 3, stride, pad: 1 });
  const branch = normalised(layers, name, 2, layers.relu(inner), { channels, kernel: 3, pad: 1 });
  return layers.relu(layers.add(`${name}.sum`, branch, shortcut(layers, name, from, channels, stride)));
}

function bottleneck(layers: Layers, name: string, from: Maps, channels: number, stride: number): Maps {
  const narrow = normalised(layers, name, 1, from, { channels, kernel: 1 });
  const middle = normalised(layers, name, 2, layers.relu(narrow), { channels, kernel: 3, stride, pad: 1 });
  const branch = normalised(layers, name, 3, layers.relu(middle), { channels: 4 * channels, kernel: 1 });
  return layers.relu(layers.add(`${name}.sum`, branch, shortcut(layers, name, from, 4 * channels, stride)));
}

function normalised(layers: Layers, name: string, n: number, from: Maps, convolution: Convolution): Maps {
  return layers.batchNorm(
    `${name}.bn${n}`,
    layers.convolution(`${name}.conv${n}`, from, { ...convolution, bias: false }),
  );
}

/** The input itself, or a 1×1 convolution of it where the block changes its shape. */
function shortcut(layers: Layers, name: string, from: Maps, channels: number, stride: number): Maps {
  if (stride === 1 && from.channels === channels) return from;
  const projected = layers.convolution(`${name}.downsample.0`, from, { channels, kernel: 1, stride, bias: false });
  return layers.batchNorm(`${name}.downsample.1`, projected);
}
