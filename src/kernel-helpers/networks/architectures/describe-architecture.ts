import { countMacs } from "../../graph/count-macs.js";
import { countParameters } from "../../graph/list-layers.js";
import type { Graph } from "../../graph/onnx/graph.js";
import { inferShapes } from "../../graph/shapes/infer-shapes.js";
import type { Preprocessing } from "../../images/input/preprocessing.js";
import { check, optionNames } from "../../support/check.js";
import { architectureCalled, ARCHITECTURES } from "./architectures.js";
import { assembled, sidesOf, type BuildNetworkOptions } from "./build-network.js";
import { notedWeights } from "./parts/weights.js";

/** What is known of an architecture without any weights. */
export interface ArchitectureFacts {
  readonly name: string;
  readonly title: string;
  /** How pictures reach it, its own size included. */
  readonly preprocessing: Preprocessing;
  /** The maps that are pooled (of networks that classify before they pool: the classes' maps), or that linear layers read. */
  readonly maps: { readonly channels: number; readonly width: number; readonly height: number };
  /** Whether it ends in global pooling: class activation maps need nothing else. */
  readonly pooled: boolean;
  /** Learned numbers. */
  readonly parameters: number;
  /** Multiplications and additions for one picture. */
  readonly macs: number;
}

const OPTIONS = optionNames<Pick<BuildNetworkOptions, "classes" | "size">>({ classes: true, size: true });

/**
 * What is known of an architecture: the size of its maps, parameters, multiplications.
 *
 * @throws CamlabError for an unknown name, and a size that it does not take
 * @example
 * networks.describeArchitecture("googlenet-gap").maps; // { channels: 1024, width: 14, height: 14 }
 */
export function describeArchitecture(
  name: string,
  options: Pick<BuildNetworkOptions, "classes" | "size"> = {},
): ArchitectureFacts {
  check.known(options, OPTIONS, "describeArchitecture");
  const { classes = 1000, size } = options;
  check.count("classes", classes);
  const architecture = architectureCalled(name);
  const graph = assembled(architecture, { classes, size, weights: notedWeights() });
  const { title, preprocessing } = architecture;
  return {
    name,
    title,
    preprocessing: { ...preprocessing, ...sidesOf(architecture, size) },
    ...mapsOf(graph),
    parameters: countParameters(graph),
    macs: countMacs(graph)!,
  };
}

/**
 * The names of all architectures: the paper's networks and their GAP versions, torchvision's, EfficientNet-Lite.
 *
 * @example
 * networks.listArchitectures(); // ["bvlc_alexnet", "vgg_ilsvrc_16", …, "googlenet-gap", …, "resnet18", …]
 */
export function listArchitectures(): string[] {
  return ARCHITECTURES.map(({ name }) => name);
}

function mapsOf(graph: Graph): Pick<ArchitectureFacts, "maps" | "pooled"> {
  const shapes = inferShapes(graph, { N: 1 });
  const pooling = [...graph.nodes].reverse().find(({ opType }) => opType.startsWith("Global"));
  const last = pooling ?? graph.nodes.find(({ opType }) => opType === "Flatten");
  const [, channels, height, width] = shapes.get(last!.input[0]) as number[];
  return { maps: { channels, width, height }, pooled: pooling !== undefined };
}
