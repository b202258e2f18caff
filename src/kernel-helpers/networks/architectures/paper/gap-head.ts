import type { Layers, Maps } from "../parts/layers.js";

/**
 * What the paper puts behind a network that was cut: a 3×3 convolution with 1024 outputs in 2 groups, ReLU, global
 * pooling, one linear classifier (section 3.1; the authors' files call its layers CAM_…).
 */
export function gapHead(layers: Layers, from: Maps, classes: number, pooling: "average" | "max" = "average"): Maps {
  const convolution = layers.convolution("CAM_conv", from, { channels: 1024, kernel: 3, pad: 1, groups: 2 });
  const pooled = layers.globalPool("CAM_pool", layers.relu(convolution), pooling);
  return layers.linear("CAM_fc", layers.flatten("CAM_flat", pooled), classes);
}
