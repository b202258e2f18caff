import type { Graph } from "../../graph/onnx/graph.js";
import { check, optionNames } from "../../support/check.js";
import type { InputSize } from "../opening/image-input.js";
import type { Architecture } from "./architecture.js";
import { architectureCalled } from "./architectures.js";
import { Layers } from "./parts/layers.js";
import { seededWeights, type Weights } from "./parts/weights.js";

/** What is built. */
export interface BuildNetworkOptions {
  /** How many classes; 1000 unless given. */
  readonly classes?: number;
  /** Side of the input in pixels, or both sides; the architecture's own unless given. */
  readonly size?: InputSize;
  /** Of the weights; 1 unless given. */
  readonly seed?: number | string;
}

const OPTIONS = optionNames<BuildNetworkOptions>({ classes: true, size: true, seed: true });

/**
 * A published network with random weights, as an ONNX graph: the paper's networks and their GAP versions
 * (`googlenet-gap`), torchvision's (`resnet18`), EfficientNet-Lite (`efficientnet_lite0`). Input `image` N×3×height×width,
 * output the class scores before softmax.
 *
 * Filters are drawn by He's rule (deviation √(2 / fan-in), He et al. 2015), classifiers with deviation 0.01, biases are 0
 * and scales 1; the same seed gives the same weights.
 *
 * @throws CamlabError for an unknown name, and a size that the architecture does not take
 * @example
 * const net = networks.buildNetwork("googlenet-gap", { classes: 200, size: 224 });
 * graph.findGapHead(net).summary; // 1024 maps of 14×14 → average → 200 classes
 */
export function buildNetwork(name: string, options: BuildNetworkOptions = {}): Graph {
  check.known(options, OPTIONS, "buildNetwork");
  const { classes = 1000, size, seed = 1 } = options;
  check.count("classes", classes);
  return assembled(architectureCalled(name), { classes, size, weights: seededWeights(seed) });
}

/** An architecture with weights from anywhere. */
export function assembled(
  architecture: Architecture,
  { classes, size, weights }: { readonly classes: number; readonly size?: InputSize; readonly weights: Weights },
): Graph {
  const { width, height } = sidesOf(architecture, size);
  check.counts({ width, height }, "size.");
  const layers = new Layers(weights);
  const image = { name: "image", channels: 3, height, width };
  return layers.graph(image, architecture.build(layers, image, classes));
}

/** The input's sides: those that are wanted, else the architecture's own. */
export function sidesOf(
  { preprocessing }: Architecture,
  size: InputSize | undefined,
): { readonly width: number; readonly height: number } {
  if (typeof size === "number") return { width: size, height: size };
  const { width, height } = size ?? preprocessing;
  return { width, height };
}
