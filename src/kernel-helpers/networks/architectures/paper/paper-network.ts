import type { Architecture } from "../architecture.js";
import type { Layers, Maps } from "../parts/layers.js";
import { caffeNetwork } from "./caffe-network.js";

/** One of the paper's networks: a known one that was cut, and the paper's head behind it. */
interface PaperNetwork extends Pick<Architecture, "name" | "passedOver"> {
  /** What it is called in section 3. */
  readonly title: string;
  readonly side: number;
  /** The layers that are kept. */
  readonly trunk: (layers: Layers, image: Maps) => Maps;
  readonly pooling?: "average" | "max";
}

/** A network of section 3 of the paper. */
export function paperNetwork({ title, side, trunk, pooling, ...named }: PaperNetwork): Architecture {
  return caffeNetwork(side, {
    ...named,
    title: `${title} (Zhou et al. 2016, section ${pooling === "max" ? "3.2" : "3.1"})`,
    classifier: "CAM_fc.weight",
    build: (layers, image, classes) => gapHead(layers, trunk(layers, image), classes, pooling),
  });
}

/**
 * What the paper puts behind a network that was cut: a 3×3 convolution with 1024 outputs in 2 groups, ReLU, global
 * pooling, one linear classifier (section 3.1; the authors' files call its layers CAM_…).
 */
function gapHead(layers: Layers, from: Maps, classes: number, pooling: PaperNetwork["pooling"] = "average"): Maps {
  const convolution = layers.convolution("CAM_conv", from, { channels: 1024, kernel: 3, pad: 1, groups: 2 });
  const pooled = layers.globalPool("CAM_pool", layers.relu(convolution), pooling);
  return layers.linear("CAM_fc", layers.flatten("CAM_flat", pooled), classes);
}
