import { caffeNetwork } from "./caffe-network.js";

/** How each of the four stages is read: channels of its convolution and of the two 1×1 convolutions behind it. */
const STAGES = [
  { name: "conv1", kernel: 11, stride: 4, pad: 0, channels: 96, then: ["cccp1", "cccp2"] },
  { name: "conv2", kernel: 5, stride: 1, pad: 2, channels: 256, then: ["cccp3", "cccp4"] },
  { name: "conv3", kernel: 3, stride: 1, pad: 1, channels: 384, then: ["cccp5", "cccp6"] },
  { name: "conv4-1024", kernel: 3, stride: 1, pad: 1, channels: 1024, then: ["cccp7-1024", "cccp8-1024"] },
] as const;

/**
 * Network in network, the form for ImageNet: small networks of 1×1 convolutions between the convolutions, and classes
 * that are maps themselves, 6×6 of them averaged.
 */
export const ninImagenet = caffeNetwork(224, {
  name: "nin_imagenet",
  title: "Network in network for ImageNet (Lin et al. 2014), its authors' Caffe form",
  classifier: "cccp8-1024.weight",
  build(layers, image, classes) {
    let at = image;
    STAGES.forEach(({ name, then, channels, ...windows }, stage) => {
      if (stage > 0) at = layers.maxPool(`pool${stage}`, at, { kernel: 3, stride: 2, ceil: true });
      at = layers.relu(layers.convolution(name, at, { ...windows, channels }));
      then.forEach((next, i) => {
        const isLast = stage === STAGES.length - 1 && i === then.length - 1;
        at = layers.relu(layers.convolution(next, at, { channels: isLast ? classes : channels, kernel: 1 }));
      });
    });
    return layers.flatten("scores", layers.globalPool("pool4", at));
  },
});
