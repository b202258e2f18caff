import type { Architecture } from "../architecture.js";
import type { Convolution, Layers, Maps } from "../parts/layers.js";
import { torchvisionNetwork } from "./torchvision-network.js";

/** What one network of inverted bottlenecks has of its own. */
interface MobileNetwork {
  readonly name: string;
  readonly title: string;
  readonly activation: Activation;
  /** The number of the layer behind the blocks, among `features`. */
  readonly last: number;
  readonly blocks: (layers: Layers, from: Maps) => Maps;
}

type Activation = "relu6" | "silu";

/** Inverted bottlenecks as torchvision has them: 32 maps of half the size, the blocks, 1,280 maps, their means, a classifier. */
export function mobileNetwork({ name, title, activation, last, blocks }: MobileNetwork): Architecture {
  return torchvisionNetwork({
    name,
    title,
    classifier: "classifier.1.weight",
    build(layers, image, classes) {
      const stem = convolved(layers, "features.0", image, { channels: 32, kernel: 3, stride: 2, pad: 1 }, activation);
      const narrow = blocks(layers, stem);
      const wide = convolved(layers, `features.${last}`, narrow, { channels: 1280, kernel: 1 }, activation);
      return layers.linear("classifier.1", layers.flatten("flat", layers.globalPool("pool", wide)), classes);
    },
  });
}

/** Convolution without bias, normalisation, activation. */
export function convolved(layers: Layers, name: string, from: Maps, windows: Convolution, then: Activation): Maps {
  const maps = layers.convolution(`${name}.0`, from, { ...windows, bias: false });
  return layers[then](layers.batchNorm(`${name}.1`, maps));
}
