import { findGapHead } from "../../graph/head/find-gap-head.js";
import { makeNode, makePort, makeTensor } from "../../graph/onnx/create-graph.js";
import { changedGraph } from "../../graph/onnx/changed-graph.js";
import type { Graph } from "../../graph/onnx/graph.js";
import type { GraphProto, NodeProto, TensorProto } from "../../graph/onnx/onnx.js";
import { inferShapes } from "../../graph/shapes/infer-shapes.js";
import { cutAfter } from "../../graph/surgery/cut-graph.js";
import { check, optionNames } from "../../support/check.js";
import { CamlabError } from "../../support/errors.js";
import { nearestNames } from "../../support/nearest-names.js";
import { seededWeights } from "./parts/weights.js";
import { requireGraph } from "../../graph/onnx/require-graph.js";

/** What is put behind a network that is cut. */
export interface GapNetworkOptions {
  /** The last layer that is kept, by the name of the node or of the value; the pooled maps of a GAP network unless given. */
  readonly after?: string;
  /** Outputs of the 3×3 convolution that is added; 1024 unless given, 0 for none. */
  readonly conv?: number;
  /** Groups of that convolution; 1 unless given (the authors' files have 2). */
  readonly groups?: number;
  /** `average` (GAP, the default) or `max` (GMP). */
  readonly pooling?: "average" | "max";
  /** How many classes. */
  readonly classes: number;
  /** Of the new weights; 1 unless given. */
  readonly seed?: number | string;
}

const OPTIONS = optionNames<GapNetworkOptions>({
  after: true,
  conv: true,
  groups: true,
  pooling: true,
  classes: true,
  seed: true,
});

/**
 * Makes a GAP network of any convolutional network (the paper's section 3.1): it is cut behind a layer, and gets a 3×3
 * convolution with ReLU, global pooling and a linear classifier, with seeded weights. What is kept keeps its weights. The
 * result is ready for `fineTune`, which teaches it its classes.
 *
 * @throws CamlabError when there is no such layer, or it gives no maps
 * @example
 * const vgg = networks.buildNetwork("vgg_ilsvrc_16");
 * const net = networks.toGapNetwork(vgg, { after: "conv5_3_relu", classes: 20 }); // VGGnet-GAP
 */
export function toGapNetwork(network: Graph, options: GapNetworkOptions): Graph {
  requireGraph(network);
  check.known(options, OPTIONS, "toGapNetwork");
  const { after, conv = 1024, groups = 1, pooling = "average", classes, seed = 1 } = options;
  check.wholeNumber("conv", conv);
  check.counts({ classes, groups });
  check.oneOf("pooling", pooling, ["average", "max"]);
  const last = after === undefined ? findGapHead(network).featureMaps.name : valueCalled(network, after);
  const [batch, channels, ...sides] = inferShapes(network).get(last) ?? [];
  if (typeof channels !== "number" || sides.length !== 2) {
    throw new CamlabError(`cannot pool after "${last}": it gives no maps of a known number of channels`);
  }
  if (channels % groups !== 0 || conv % groups !== 0) {
    throw new CamlabError(`invalid groups: ${groups} (expected a divisor of ${channels} channels and ${conv} outputs)`);
  }
  const cut = cutAfter(network, last);
  const proto = cut.model.graph as GraphProto;
  const added = headOn(last, channels, { conv, groups, pooling, classes, seed });
  return changedGraph(cut, {
    node: [...proto.node, ...added.nodes],
    initializer: [...proto.initializer, ...added.tensors],
    output: [makePort("gap_scores", [batch ?? "N", classes])],
  });
}

function headOn(
  last: string,
  channels: number,
  { conv, groups, pooling, classes, seed }: Required<Omit<GapNetworkOptions, "after">>,
): { nodes: NodeProto[]; tensors: TensorProto[] } {
  const weights = seededWeights(seed);
  const nodes: NodeProto[] = [];
  const tensors: TensorProto[] = [];
  const weight = (name: string, dims: readonly number[], deviation?: number) => {
    const role = deviation === undefined ? { filled: 0 } : { deviation };
    tensors.push(makeTensor(name, dims, weights.take(name, dims, role)));
    return name;
  };
  let maps = last;
  if (conv > 0) {
    const each = channels / groups;
    const inputs = [
      last,
      weight("gap_conv.weight", [conv, each, 3, 3], Math.sqrt(2 / (9 * each))),
      weight("gap_conv.bias", [conv]),
    ];
    nodes.push(
      makeNode("Conv", inputs, ["gap_conv"], { kernel_shape: [3, 3], pads: [1, 1, 1, 1], group: groups }),
      makeNode("Relu", ["gap_conv"], ["gap_maps"]),
    );
    maps = "gap_maps";
  }
  const wide = conv > 0 ? conv : channels;
  const fc = [weight("gap_fc.weight", [classes, wide], 0.01), weight("gap_fc.bias", [classes])];
  nodes.push(
    makeNode(pooling === "average" ? "GlobalAveragePool" : "GlobalMaxPool", [maps], ["gap_pooled"]),
    makeNode("Flatten", ["gap_pooled"], ["gap_features"]),
    makeNode("Gemm", ["gap_features", ...fc], ["gap_scores"], { transB: 1 }),
  );
  return { nodes, tensors };
}

/** The value that a person means by the name of a value or of a node. */
function valueCalled(graph: Graph, name: string): string {
  if (graph.producer(name)) return name;
  const node = graph.nodes.find((each) => each.name === name);
  if (node) return node.output[0];
  const names = graph.nodes.flatMap((each) => [each.name, ...each.output]).filter((each) => each !== "");
  const near = nearestNames(String(name), [...new Set(names)]).slice(0, 3);
  const hint = near.length > 0 ? `, did you mean ${near.join(" or ")}?` : "; listLayers names them all";
  throw new CamlabError(`this network has no layer called ${JSON.stringify(name)}${hint}`);
}
