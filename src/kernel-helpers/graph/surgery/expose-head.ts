import { CamlabError } from "../../support/errors.js";
import { makeNode, makeTensor } from "../onnx/create-graph.js";
import { withOutputs } from "./cut-graph.js";
import { withFloatPorts } from "./float-ports.js";
import type { GapHead, MapsPart } from "../head/gap-head.js";
import { elementTypeOf } from "../onnx/element-type.js";

import { changedGraph } from "../onnx/changed-graph.js";
import type { Graph } from "../onnx/graph.js";
import { TensorProto_DataType, type GraphProto, type NodeProto, type TensorProto } from "../onnx/onnx.js";
import { requireGraph } from "../onnx/require-graph.js";

/** The names of the outputs that `exposeHead` gives a graph. */
export interface HeadOutputs {
  /** `batch × channels × height × width`. */
  readonly featureMaps: string;
  /** `batch × channels`, perhaps with two axes of one place behind. */
  readonly features: string;
  /** `batch × classes`, perhaps with two axes of one place behind. */
  readonly logits: string;
  /** For a small network behind the pooling: what its first layers make of the features, a row a photo. */
  readonly hidden: readonly string[];
}

/**
 * What the outputs of `exposeHead(graph, head)` are called: the values' own names where the graph has them, else names
 * that begin with `camlab_`.
 *
 * @example
 * const { features, logits } = graph.headOutputs(head);
 */
export function headOutputs(head: GapHead): HeadOutputs {
  const { name, layout, parts } = head.featureMaps;
  return {
    featureMaps: layout || parts ? "camlab_feature_maps" : name,
    features: head.features?.name ?? "camlab_features",
    logits: head.logits.name,
    hidden: head.network?.hidden.map(({ name: value }) => value) ?? [],
  };
}

/**
 * The same network with three outputs: its last feature maps (in NCHW order), the pooled features, and the class
 * scores before softmax, in this order (an embedding has no scores, and two outputs), and behind them what a small
 * network behind the pooling makes of the features; `headOutputs(head)` has their names. Whatever does not lead to them is left
 * out, a missing pooling or transposition is added, and half-precision inputs and outputs become float32. Weights are
 * neither changed nor copied.
 *
 * @throws CamlabError when the network takes whole numbers, such as 8-bit pixels
 * @example
 * const head = graph.findGapHead(net);
 * const engine = await engines.createEngine(graph.writeGraph(graph.exposeHead(net, head)));
 */
export function exposeHead(graph: Graph, head: GapHead): Graph {
  requireGraph(graph);
  const whole = graph.inputs.find(({ type }) => !type.includes("float"));
  if (whole) {
    throw new CamlabError(
      `cannot feed this network: its input "${whole.name}" is ${whole.type}, camlab feeds float32; ` +
        "export it with a float input (its conversion and scaling become preprocessing)",
    );
  }
  const outputs = headOutputs(head);
  const exposed = new Exposed(graph);
  if (outputs.featureMaps !== head.featureMaps.name) exposed.maps(head, outputs.featureMaps);
  if (!head.features) {
    const op = head.pooling === "average" ? "GlobalAveragePool" : "GlobalMaxPool";
    exposed.add(op, [outputs.featureMaps], outputs.features);
  }
  const proto = graph.model.graph as GraphProto;
  const extended = changedGraph(graph, {
    node: [...proto.node, ...exposed.nodes],
    initializer: [...proto.initializer, ...exposed.initializers],
  });
  const names = [
    outputs.featureMaps,
    outputs.features,
    ...(head.logits.classes > 0 ? [outputs.logits] : []),
    ...outputs.hidden,
  ];
  return withFloatPorts(withOutputs(extended, [...new Set(names)]));
}

const FLOAT: number = TensorProto_DataType.FLOAT;

/** The nodes that bring maps into the order N×C×H×W. */
class Exposed {
  readonly nodes: NodeProto[] = [];
  readonly initializers: TensorProto[] = [];

  constructor(readonly graph: Graph) {}

  add(op: string, inputs: readonly string[], output: string, attributes: Parameters<typeof makeNode>[3] = {}): string {
    this.nodes.push(makeNode(op, inputs, [output], attributes));
    return output;
  }

  #constant(name: string, values: readonly number[]): string {
    this.initializers.push(makeTensor(name, [values.length], values));
    return name;
  }

  /** All maps of a head under one name. */
  maps({ featureMaps }: GapHead, output: string): void {
    const { parts, height = 0, width = 0 } = featureMaps;
    if (!parts) {
      this.#ordered({ ...featureMaps, pooling: "average" }, height, width, output);
      return;
    }
    const names = parts.map((part, i) => {
      const ordered = part.layout ? this.#ordered(part, height, width, `${output}_${i}_ordered`) : part.name;
      const isFloat = elementTypeOf(this.graph, part.name) === "float32";
      const plain = isFloat ? ordered : this.add("Cast", [ordered], `${output}_${i}_float`, { to: FLOAT });
      return part.pooling === "average" ? plain : this.#peaks(plain, `${output}_${i}`);
    });
    this.add("Concat", names, output, { axis: 1 });
  }

  #ordered(
    { name, channels, layout = "NCHW", tokens }: MapsPart,
    height: number,
    width: number,
    output: string,
  ): string {
    if (!tokens)
      return this.add("Transpose", [name], output, { perm: [..."NCHW"].map((axis) => layout.indexOf(axis)) });
    const axis = layout.indexOf("P");
    let at = name;
    if (tokens.count !== height * width)
      at = this.#slice(at, axis, tokens.first, tokens.first + height * width, `${output}_grid`);
    if (axis === 1) at = this.add("Transpose", [at], `${output}_columns`, { perm: [0, 2, 1] });
    return this.add("Reshape", [at, this.#constant(`${output}_shape`, [-1, channels, height, width])], output);
  }

  #slice(value: string, axis: number, start: number, end: number, output: string): string {
    if (this.graph.opset < 10)
      return this.add("Slice", [value], output, { axes: [axis], starts: [start], ends: [end] });
    const list = (what: string, number: number) => this.#constant(`${output}_${what}`, [number]);
    return this.add("Slice", [value, list("starts", start), list("ends", end), list("axes", axis)], output);
  }

  /** H·W times the maximum of each map at its place, shared where several places hold it: the mean is the maximum. */
  #peaks(maps: string, output: string): string {
    const largest = this.add("GlobalMaxPool", [maps], `${output}_largest`);
    const less = this.add("Less", [maps, largest], `${output}_less`);
    const below = this.add("Cast", [less], `${output}_below`, { to: FLOAT });
    const share = this.add("GlobalAveragePool", [below], `${output}_below_share`);
    this.initializers.push(makeTensor(`${output}_one`, [], Float32Array.of(1)));
    const is = this.add("Sub", [`${output}_one`, below], `${output}_is`);
    const holds = this.add("Sub", [`${output}_one`, share], `${output}_holds`);
    const each = this.add("Div", [largest, holds], `${output}_each`);
    return this.add("Mul", [each, is], output);
  }
}
