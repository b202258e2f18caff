import type { Architecture } from "../architecture.js";
import type { Layers, Maps } from "../parts/layers.js";
import { caffeInput } from "../parts/preprocessing.js";
import { threeLinear } from "../parts/three-linear.js";

/** A network as its authors' Caffe files have it, fed with pictures of this side as Caffe feeds its networks. */
export function caffeNetwork(side: number, own: Omit<Architecture, "preprocessing">): Architecture {
  return { ...own, preprocessing: caffeInput(side) };
}

/** What AlexNet and VGG end in in Caffe's form: pool5 with windows of so many places, then fc6 to fc8. */
export function pooledAndClassified(layers: Layers, maps: Maps, kernel: number, classes: number): Maps {
  const pooled = layers.maxPool("pool5", maps, { kernel, stride: 2, ceil: true });
  return threeLinear(layers, pooled, ["fc6", "fc7", "fc8"], classes);
}
