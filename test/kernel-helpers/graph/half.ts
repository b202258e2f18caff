import { graphOf, type Graph } from "../../../src/kernel-helpers/graph/onnx/graph.js";
import { makePort } from "../../../src/kernel-helpers/graph/onnx/create-graph.js";
import { changed } from "../../../src/kernel-helpers/graph/onnx/messages.js";
import {
  TensorProto_DataType,
  type GraphProto,
  type TensorProto,
} from "../../../src/kernel-helpers/graph/onnx/onnx.js";
import { roundToHalf, tensorFloats } from "../../../src/kernel-helpers/graph/onnx/tensor.js";

/** The same graph in half precision: its weights, its input and its outputs. */
export function halved(graph: Graph): Graph {
  const proto = graph.model.graph as GraphProto;
  return graphOf(
    changed(graph.model, {
      graph: changed(proto, {
        initializer: proto.initializer.map((tensor) =>
          tensor.dataType === (TensorProto_DataType.FLOAT as number) ? halfTensor(tensor) : tensor,
        ),
        input: graph.inputs.map(({ name, dims }) => makePort(name, dims, "float16")),
        output: graph.outputs.map(({ name, dims }) => makePort(name, dims, "float16")),
      }),
    }),
  );
}

function halfTensor(tensor: TensorProto): TensorProto {
  const rawData = new Uint8Array(Uint16Array.from(tensorFloats(tensor), bitsOf).buffer);
  return changed(tensor, { dataType: TensorProto_DataType.FLOAT16, rawData });
}

/** Sign, exponent and fraction of a number that half precision can hold: no subnormal ones. */
function bitsOf(number: number): number {
  const value = roundToHalf(number);
  const sign = value < 0 ? 0x8000 : 0;
  const exponent = Math.floor(Math.log2(Math.abs(value)));
  if (value === 0 || exponent < -14) return sign;
  return sign | ((exponent + 15) << 10) | Math.round((Math.abs(value) / 2 ** exponent - 1) * 1024);
}
