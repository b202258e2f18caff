import { makeNode, makePort } from "../onnx/create-graph.js";
import { changedGraph } from "../onnx/changed-graph.js";
import type { Graph, Port } from "../onnx/graph.js";
import { changed } from "../onnx/messages.js";
import { TensorProto_DataType as DataType, type GraphProto, type NodeProto } from "../onnx/onnx.js";
import { dataTypeOf } from "../onnx/tensor.js";

const CONVERTED = ["float16", "bfloat16", "float64"];

/**
 * The same network with float32 inputs and outputs, where they were of half or double precision: conversions are
 * added at its ends, under the old names. Everything inside computes as before.
 *
 * @example
 * withFloatPorts(await graph.readGraph("resnet18-fp16.onnx")).inputs[0].type; // "float32"
 */
export function withFloatPorts(graph: Graph): Graph {
  const inputs = graph.inputs.filter(isConverted);
  const outputs = graph.outputs.filter(isConverted);
  if (inputs.length === 0 && outputs.length === 0) return graph;
  const proto = graph.model.graph as GraphProto;
  const inner = new Map([...inputs, ...outputs].map(({ name }) => [name, innerName(name)]));
  const rename = (name: string) => inner.get(name) ?? name;
  const nodes = proto.node.map((node) =>
    changed(node, { input: node.input.map(rename), output: node.output.map(rename) }),
  );
  const float = (port: Port) => makePort(port.name, port.dims, "float32");
  return changedGraph(graph, {
    input: proto.input.map((info) => replaced(info, inputs, float)),
    output: proto.output.map((info) => replaced(info, outputs, float)),
    node: [
      ...inputs.map(({ name, type }) => cast(name, rename(name), dataTypeOf(type))),
      ...nodes,
      ...outputs.map(({ name }) => cast(rename(name), name, DataType.FLOAT)),
    ],
  });
}

/** The value that computes an output of `withFloatPorts`: the output itself, unless it was converted. */
export function computedValue(graph: Graph, output: string): string {
  return graph.producer(innerName(output)) ? innerName(output) : output;
}

function innerName(port: string): string {
  return `camlab_inner_${port}`;
}

function isConverted({ type }: Port): boolean {
  return CONVERTED.includes(type);
}

function replaced<T extends { readonly name: string }>(info: T, ports: readonly Port[], make: (port: Port) => T): T {
  const port = ports.find(({ name }) => name === info.name);
  return port ? make(port) : info;
}

function cast(from: string, to: string, type: number): NodeProto {
  return makeNode("Cast", [from], [to], { to: type }, { name: `camlab_cast_${from}_to_${to}` });
}
