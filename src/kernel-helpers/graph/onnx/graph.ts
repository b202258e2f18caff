import { CamlabError } from "../../support/errors.js";
import type { GraphProto, ModelProto, NodeProto, TensorProto, ValueInfoProto } from "./onnx_pb.js";
import { typeName } from "./tensor.js";

/** A size of one axis: a number, a symbol such as `"N"` that stands for any number, or `null` when nothing is known. */
export type Dim = number | string | null;

/** An input or an output of a graph. */
export interface Port {
  readonly name: string;
  /** Element type, e.g. `"float32"`. */
  readonly type: string;
  /** Absent when the file does not give a shape. */
  readonly dims?: readonly Dim[];
}

/**
 * A network as data: an ONNX model and the look-ups that one needs to walk through it. Never changed in place:
 * functions such as `cutAfter` return a new graph that shares the weights' bytes with the old one.
 */
export interface Graph {
  /** The file's contents as protobuf messages; treat as read-only. */
  readonly model: ModelProto;
  /** Version of the standard operator set. */
  readonly opset: number;
  /** First axis of the first input: how many images at once. `"any"` when the file leaves it open. */
  readonly batch: number | "any";
  /** What must be fed: initializers that old files repeat as inputs are left out. */
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
  /** In the file's order, which is an order of execution. */
  readonly nodes: readonly NodeProto[];
  /** A stored constant (weights), by value name. */
  initializer(name: string): TensorProto | undefined;
  /** The node that computes a value. */
  producer(name: string): NodeProto | undefined;
  /** The nodes that read a value. */
  consumers(name: string): readonly NodeProto[];
}

/**
 * Wraps an ONNX model message. Look-up tables are made when first needed.
 *
 * @throws CamlabError when the model holds no graph
 * @example
 * const net = graphOf(fromBinary(ModelProtoSchema, bytes));
 */
export function graphOf(model: ModelProto): Graph {
  const proto = model.graph;
  if (!proto) throw new CamlabError("this ONNX file holds no graph: export the model again");
  const initializers = once(() => new Map(proto.initializer.map((tensor) => [tensor.name, tensor])));
  const producers = once(() => new Map(proto.node.flatMap((node) => node.output.map((name) => [name, node] as const))));
  const consumers = once(() => consumersOf(proto));
  const inputs = proto.input.filter((input) => !initializers().has(input.name)).map(portOf);
  const first = inputs[0]?.dims?.[0];
  return {
    model,
    opset: opsetOf(model),
    inputs,
    outputs: proto.output.map(portOf),
    nodes: proto.node,
    batch: typeof first === "number" ? first : "any",
    initializer: (name) => initializers().get(name),
    producer: (name) => (name === "" ? undefined : producers().get(name)),
    consumers: (name) => consumers().get(name) ?? [],
  };
}

/** What a person calls a node: its name, else its first output. */
export function nodeLabel(node: NodeProto): string {
  return node.name || node.output.find((name) => name !== "") || node.opType;
}

/** The operator with its vendor, when it is not of the standard set. */
export function operator(node: NodeProto): string {
  return isStandard(node) ? node.opType : `${node.domain}.${node.opType}`;
}

/** Whether a node's operator is of the standard set, rather than some vendor's. */
export function isStandard(node: NodeProto): boolean {
  return node.domain === "" || node.domain === "ai.onnx";
}

function opsetOf(model: ModelProto): number {
  const standard = model.opsetImport.find(({ domain }) => domain === "" || domain === "ai.onnx");
  return Number(standard?.version ?? 1n);
}

/** A value with its type and shape, as a graph tells them. */
export function portOf(info: ValueInfoProto): Port {
  const value = info.type?.value;
  if (value?.case !== "tensorType") return { name: info.name, type: value?.case ?? "unknown" };
  const { elemType, shape } = value.value;
  const dims = shape?.dim.map((dim): Dim => {
    // Old exporters write 0 or −1 for a size that is open.
    if (dim.value.case === "dimValue") return dim.value.value > 0n ? Number(dim.value.value) : null;
    return dim.value.case === "dimParam" && dim.value.value !== "" ? dim.value.value : null;
  });
  return { name: info.name, type: typeName(elemType), ...(dims && { dims }) };
}

function consumersOf(proto: GraphProto): Map<string, NodeProto[]> {
  const consumers = new Map<string, NodeProto[]>();
  for (const node of proto.node) {
    for (const name of new Set(node.input)) {
      const list = consumers.get(name);
      if (list) list.push(node);
      else consumers.set(name, [node]);
    }
  }
  return consumers;
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
