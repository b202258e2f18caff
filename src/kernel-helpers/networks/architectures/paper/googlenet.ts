import type { Layers, Maps } from "../parts/layers.js";
import { caffeNetwork } from "./caffe-network.js";

/** Outputs of an inception module: 1×1; reduction and 3×3; reduction and 5×5; behind the pooling. */
type Inception = readonly [number, number, number, number, number, number];

/** Table 1 of Szegedy et al. (2015). */
const INCEPTIONS: Readonly<Record<string, Inception>> = {
  "3a": [64, 96, 128, 16, 32, 32],
  "3b": [128, 128, 192, 32, 96, 64],
  "4a": [192, 96, 208, 16, 48, 64],
  "4b": [160, 112, 224, 24, 64, 64],
  "4c": [128, 128, 256, 24, 64, 64],
  "4d": [112, 144, 288, 32, 64, 64],
  "4e": [256, 160, 320, 32, 128, 128],
  "5a": [256, 160, 320, 32, 128, 128],
  "5b": [384, 192, 384, 48, 128, 128],
};

function inception(layers: Layers, which: string, from: Maps): Maps {
  const [one, reduceThree, three, reduceFive, five, behindPool] = INCEPTIONS[which];
  const convolution = (part: string, at: Maps, channels: number, kernel = 1) =>
    layers.relu(layers.convolution(`inception_${which}/${part}`, at, { channels, kernel, pad: (kernel - 1) / 2 }));
  const pooled = layers.maxPool(`inception_${which}/pool`, from, { kernel: 3, pad: 1, ceil: true });
  return layers.concat(`inception_${which}/output`, [
    convolution("1x1", from, one),
    convolution("3x3", convolution("3x3_reduce", from, reduceThree), three, 3),
    convolution("5x5", convolution("5x5_reduce", from, reduceFive), five, 5),
    convolution("pool_proj", pooled, behindPool),
  ]);
}

/** GoogLeNet up to inception_4e: at 224 px 832 maps of 14×14. */
export function untilInception4e(layers: Layers, image: Maps): Maps {
  const smaller = (name: string, from: Maps) => layers.maxPool(name, from, { kernel: 3, stride: 2, ceil: true });
  let at = layers.relu(layers.convolution("conv1/7x7_s2", image, { channels: 64, kernel: 7, stride: 2, pad: 3 }));
  at = layers.localResponse("pool1/norm1", smaller("pool1/3x3_s2", at));
  at = layers.relu(layers.convolution("conv2/3x3_reduce", at, { channels: 64, kernel: 1 }));
  at = layers.relu(layers.convolution("conv2/3x3", at, { channels: 192, kernel: 3, pad: 1 }));
  at = smaller("pool2/3x3_s2", layers.localResponse("conv2/norm2", at));
  for (const which of ["3a", "3b"]) at = inception(layers, which, at);
  at = smaller("pool3/3x3_s2", at);
  for (const which of ["4a", "4b", "4c", "4d", "4e"]) at = inception(layers, which, at);
  return at;
}

/** The heads beside the trunk, which only training uses. */
export const trainingHeads = /^loss[12]\//;

/** GoogLeNet in Caffe's form. It ends in global average pooling by itself, over maps of 7×7. */
export const bvlcGooglenet = caffeNetwork(224, {
  name: "bvlc_googlenet",
  title: "GoogLeNet (Szegedy et al. 2015), Caffe's form",
  classifier: "loss3/classifier.weight",
  passedOver: trainingHeads,
  build(layers, image, classes) {
    let at = untilInception4e(layers, image);
    at = layers.maxPool("pool4/3x3_s2", at, { kernel: 3, stride: 2, ceil: true });
    for (const which of ["5a", "5b"]) at = inception(layers, which, at);
    const pooled = layers.globalPool("pool5/7x7_s1", at);
    return layers.linear("loss3/classifier", layers.flatten("flat", pooled), classes);
  },
});
