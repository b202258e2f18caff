import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { graphOf, type Dim, type Graph, type Port } from "./graph.js";
import {
  AttributeProto_AttributeType as Type,
  AttributeProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  TensorProto_DataType as DataType,
  TensorProtoSchema,
  ValueInfoProtoSchema,
  type AttributeProto,
  type NodeProto,
  type TensorProto,
  type ValueInfoProto,
} from "./onnx_pb.js";
import { dataTypeOf } from "./tensor.js";

/** What an attribute of a node may be. A number is an integer when it is whole: write `float(1)` for a real one. */
export type AttributeValue =
  | number
  | readonly number[]
  | string
  | TensorProto
  | { readonly float: number }
  | { readonly floats: readonly number[] };

/** A real-number attribute, for a number that may be whole. */
export function float(value: number): { readonly float: number } {
  return { float: value };
}

/**
 * A node of a graph.
 *
 * @example
 * makeNode("Conv", ["image", "weight"], ["maps"], { pads: [1, 1, 1, 1] });
 */
export function makeNode(
  opType: string,
  input: readonly string[],
  output: readonly string[],
  attributes: Readonly<Record<string, AttributeValue>> = {},
  more: { readonly name?: string; readonly domain?: string } = {},
): NodeProto {
  return create(NodeProtoSchema, {
    opType,
    name: more.name ?? output[0],
    ...(more.domain !== undefined && { domain: more.domain }),
    input: [...input],
    output: [...output],
    attribute: Object.entries(attributes).map(([name, value]) => makeAttribute(name, value)),
  });
}

/**
 * A stored constant. Float32 data is shared, not copied.
 *
 * @param data float32 (`Float32Array`), 64-bit integers (`BigInt64Array` or plain numbers), or bytes
 * @example
 * makeTensor("weight", [64, 3, 7, 7], new Float32Array(64 * 3 * 7 * 7));
 */
export function makeTensor(
  name: string,
  dims: readonly number[],
  data: Float32Array | Float64Array | Int32Array | BigInt64Array | Int8Array | Uint8Array | readonly number[],
): TensorProto {
  const stored = ArrayBuffer.isView(data) ? data : BigInt64Array.from(data, BigInt);
  return create(TensorProtoSchema, {
    name,
    dims: dims.map(BigInt),
    dataType: storedType(stored),
    rawData: new Uint8Array(stored.buffer as ArrayBuffer, stored.byteOffset, stored.byteLength),
  });
}

/**
 * A stored constant from the bytes of a file, little-endian: they are shared, not copied, and need no alignment.
 *
 * @param type what they are: `"float32"`, `"float16"`, …
 */
export function makeStoredTensor(
  name: string,
  dims: readonly number[],
  type: string,
  rawData: Uint8Array,
): TensorProto {
  return create(TensorProtoSchema, { name, dims: dims.map(BigInt), dataType: dataTypeOf(type), rawData });
}

/** An input or output of a graph, as the file describes it. */
export function makePort(name: string, dims: readonly Dim[] | undefined, type = "float32"): ValueInfoProto {
  const dim = dims?.map((size) => ({
    value:
      typeof size === "number"
        ? { case: "dimValue" as const, value: BigInt(size) }
        : size === null
          ? { case: undefined }
          : { case: "dimParam" as const, value: size },
  }));
  return create(ValueInfoProtoSchema, {
    name,
    type: { value: { case: "tensorType", value: { elemType: dataTypeOf(type), ...(dim && { shape: { dim } }) } } },
  });
}

/** What `makeGraph` puts together. */
export interface GraphParts {
  readonly inputs: readonly (Omit<Port, "type"> & { readonly type?: string })[];
  readonly outputs: readonly (Omit<Port, "type"> & { readonly type?: string })[];
  readonly nodes: readonly NodeProto[];
  readonly initializers?: readonly TensorProto[];
  /** Version of the standard operator set; 13 unless given. */
  readonly opset?: number;
  readonly name?: string;
  /** Notes that travel in the file, by key. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/**
 * A graph from its parts, for importers and small hand-made networks.
 *
 * @example
 * makeGraph({
 *   inputs: [{ name: "image", dims: ["N", 3, 8, 8] }],
 *   outputs: [{ name: "pooled", dims: ["N", 3, 1, 1] }],
 *   nodes: [makeNode("GlobalAveragePool", ["image"], ["pooled"])],
 * });
 */
export function makeGraph({
  inputs,
  outputs,
  nodes,
  initializers = [],
  opset = 13,
  name = "camlab",
  metadata = {},
}: GraphParts): Graph {
  const ports = (list: GraphParts["inputs"]) => list.map((port) => makePort(port.name, port.dims, port.type));
  const model: MessageInitShape<typeof ModelProtoSchema> = {
    irVersion: BigInt(opset > 19 ? 10 : 8),
    producerName: "camlab",
    opsetImport: [{ domain: "", version: BigInt(opset) }],
    metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
    graph: { name, node: [...nodes], initializer: [...initializers], input: ports(inputs), output: ports(outputs) },
  };
  return graphOf(create(ModelProtoSchema, model));
}

function makeAttribute(name: string, value: AttributeValue): AttributeProto {
  const fields: MessageInitShape<typeof AttributeProtoSchema> =
    typeof value === "string"
      ? { type: Type.STRING, s: new TextEncoder().encode(value) }
      : typeof value === "number"
        ? Number.isInteger(value)
          ? { type: Type.INT, i: BigInt(value) }
          : { type: Type.FLOAT, f: value }
        : isList(value)
          ? { type: Type.INTS, ints: value.map(BigInt) }
          : "float" in value
            ? { type: Type.FLOAT, f: value.float }
            : "floats" in value
              ? { type: Type.FLOATS, floats: [...value.floats] }
              : { type: Type.TENSOR, t: value };
  return create(AttributeProtoSchema, { name, ...fields });
}

function isList(value: AttributeValue): value is readonly number[] {
  return Array.isArray(value);
}

function storedType(data: ArrayBufferView): DataType {
  if (data instanceof Float32Array) return DataType.FLOAT;
  if (data instanceof Float64Array) return DataType.DOUBLE;
  if (data instanceof Int32Array) return DataType.INT32;
  if (data instanceof BigInt64Array) return DataType.INT64;
  return data instanceof Int8Array ? DataType.INT8 : DataType.UINT8;
}
