import type { Architecture } from "../architecture.js";
import type { Convolution, Layers, Maps } from "../parts/layers.js";

/** Outputs of an inception module: 1×1; reduction and 3×3, twice; behind the pooling. */
type Inception = readonly [string, number, number, number, number, number, number];

const THIRD: readonly Inception[] = [
  ["inception3a", 64, 96, 128, 16, 32, 32],
  ["inception3b", 128, 128, 192, 32, 96, 64],
];
const FOURTH: readonly Inception[] = [
  ["inception4a", 192, 96, 208, 16, 48, 64],
  ["inception4b", 160, 112, 224, 24, 64, 64],
  ["inception4c", 128, 128, 256, 24, 64, 64],
  ["inception4d", 112, 144, 288, 32, 64, 64],
  ["inception4e", 256, 160, 320, 32, 128, 128],
];
const FIFTH: readonly Inception[] = [
  ["inception5a", 256, 160, 320, 32, 128, 128],
  ["inception5b", 384, 192, 384, 48, 128, 128],
];

/** GoogLeNet as torchvision has it: batch normalisation, and 3×3 convolutions where the paper has 5×5. */
export const googlenet: Architecture = {
  name: "googlenet",
  title: "GoogLeNet (Szegedy et al. 2015) with batch normalisation, torchvision's form",
  // Its published weights are for colours from −1 to 1, which torchvision brings about inside the network.
  preprocessing: {
    width: 224,
    height: 224,
    fit: "centre-crop",
    resize: { shorterSide: 256 },
    channelOrder: "RGB",
    mean: [127.5, 127.5, 127.5],
    std: [127.5, 127.5, 127.5],
  },
  classifier: "fc.weight",
  passedOver: /^aux[12]\./,
  build(layers, image, classes) {
    const smaller = (name: string, from: Maps, kernel = 3) =>
      layers.maxPool(name, from, { kernel, stride: 2, ceil: true });
    let at = unit(layers, "conv1", image, { channels: 64, kernel: 7, stride: 2, pad: 3 });
    at = unit(layers, "conv2", smaller("maxpool1", at), { channels: 64, kernel: 1 });
    at = smaller("maxpool2", unit(layers, "conv3", at, { channels: 192, kernel: 3, pad: 1 }));
    for (const module of THIRD) at = inception(layers, at, module);
    at = smaller("maxpool3", at);
    for (const module of FOURTH) at = inception(layers, at, module);
    at = smaller("maxpool4", at, 2);
    for (const module of FIFTH) at = inception(layers, at, module);
    return layers.linear("fc", layers.flatten("flat", layers.globalPool("avgpool", at)), classes);
  },
};

function inception(layers: Layers, from: Maps, [name, one, reduce2, two, reduce3, three, behindPool]: Inception): Maps {
  const branch = (part: string, at: Maps, channels: number, kernel = 1) =>
    unit(layers, `${name}.${part}`, at, { channels, kernel, pad: (kernel - 1) / 2 });
  const pooled = layers.maxPool(`${name}.branch4.0`, from, { kernel: 3, pad: 1, ceil: true });
  return layers.concat(name, [
    branch("branch1", from, one),
    branch("branch2.1", branch("branch2.0", from, reduce2), two, 3),
    branch("branch3.1", branch("branch3.0", from, reduce3), three, 3),
    branch("branch4.1", pooled, behindPool),
  ]);
}

/** Convolution without bias, normalisation, ReLU. */
function unit(layers: Layers, name: string, from: Maps, convolution: Convolution): Maps {
  const maps = layers.convolution(`${name}.conv`, from, { ...convolution, bias: false });
  return layers.relu(layers.batchNorm(`${name}.bn`, maps, 1e-3));
}
