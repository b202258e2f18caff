import type { Graph } from "../../../../src/kernel-helpers/graph/onnx/graph.js";
import { elementCount } from "../../../../src/kernel-helpers/graph/onnx/tensor.js";
import { architectureCalled } from "../../../../src/kernel-helpers/networks/architectures/architectures.js";
import { assembled } from "../../../../src/kernel-helpers/networks/architectures/build-network.js";
import type { Weights } from "../../../../src/kernel-helpers/networks/architectures/parts/weights.js";
import { gaussian, seededRandom } from "../../../../src/kernel-helpers/support/random.js";

/** With He's own deviation the clipped layers of deep networks are full, and the least difference grows on its way. */
const TAME = 0.7;

/** As after training: no bias is 0, no scale 1, no running mean or variance as it began. */
export const livelyWeights: Weights = {
  take(name, dims, role) {
    const numbers = gaussian(
      seededRandom(`lively ${name}`),
      elementCount(dims),
      "filled" in role ? 0.1 : role.deviation * TAME,
    );
    if (!("filled" in role)) return numbers;
    return name.endsWith("running_var")
      ? numbers.map((value) => 0.5 + Math.abs(value))
      : numbers.map((value) => role.filled + value);
  },
};

/** The networks whose scores are compared, and the side of their input: small, so that it takes no time. */
export const COMPARED: Readonly<Record<string, number>> = {
  nin_imagenet: 99,
  bvlc_googlenet: 64,
  "alexnet-gap": 67,
  "alexnet-star-gap": 67,
  "googlenet-gap": 64,
  "googlenet-gmp": 64,
  resnet18: 64,
  resnet50: 64,
  googlenet: 64,
  mobilenet_v2: 64,
  densenet121: 64,
  squeezenet1_0: 64,
  squeezenet1_1: 64,
  efficientnet_b0: 64,
  efficientnet_lite0: 64,
  efficientnet_lite2: 75,
};

export const CLASSES = 5;

/** One of these networks with lively weights. */
export function livelyNetwork(name: string): Graph {
  return assembled(architectureCalled(name), { classes: CLASSES, size: COMPARED[name], weights: livelyWeights });
}
