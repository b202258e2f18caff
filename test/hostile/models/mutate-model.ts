import { fromBinary, toBinary, type DescField, type DescMessage, type Message } from "@bufbuild/protobuf";
import { ModelProtoSchema, type ModelProto } from "../../../src/kernel-helpers/graph/onnx/onnx.js";

/** A source of numbers from 0 to 1. */
export type Random = () => number;

/** A damaged copy of a model file, and what was done to it. */
export interface Mutant {
  readonly bytes: Uint8Array;
  readonly what: string;
}

/** Damages a model file in one to three ways that the random numbers choose. */
export function mutateModel(bytes: Uint8Array, random: Random): Mutant {
  const did: string[] = [];
  let damaged = bytes;
  for (let left = 1 + Math.floor(random() * 3); left > 0; left--) {
    const mutator = pick(MUTATORS, random);
    const { bytes: next, what } = mutator(damaged, random);
    damaged = next;
    did.push(what);
  }
  return { bytes: damaged, what: did.join(", then ") };
}

type Mutator = (bytes: Uint8Array, random: Random) => Mutant;

const MUTATORS: readonly Mutator[] = [
  flipBytes,
  cutOrGrow,
  parsed(changeField),
  parsed(changeField),
  parsed(changeField),
  parsed(changeDims),
  parsed(changeEdges),
  parsed(changeEdges),
  parsed(changeOperator),
];

function flipBytes(bytes: Uint8Array, random: Random): Mutant {
  const copy = Uint8Array.from(bytes);
  const count = 1 + Math.floor(random() * 8);
  for (let i = 0; i < count && copy.length > 0; i++) copy[below(copy.length, random)] = below(256, random);
  return { bytes: copy, what: `${count} bytes changed` };
}

function cutOrGrow(bytes: Uint8Array, random: Random): Mutant {
  const at = below(bytes.length + 1, random);
  if (random() < 0.5) return { bytes: bytes.slice(0, at), what: `cut at byte ${at}` };
  const length = below(Math.min(64, bytes.length - at + 1), random);
  const piece = bytes.slice(at, at + length);
  const joined = new Uint8Array(bytes.length + length);
  joined.set(bytes.subarray(0, at));
  joined.set(piece, at);
  joined.set(bytes.subarray(at), at + length);
  return { bytes: joined, what: `${length} bytes twice at ${at}` };
}

/** A mutator of parsed models; a file that was damaged before it could be parsed stays as it is. */
function parsed(mutate: (model: ModelProto, random: Random) => string): Mutator {
  return (bytes, random) => {
    let model: ModelProto;
    try {
      model = fromBinary(ModelProtoSchema, bytes);
    } catch {
      return { bytes, what: "nothing" };
    }
    const what = mutate(model, random);
    try {
      return { bytes: toBinary(ModelProtoSchema, model), what };
    } catch {
      return { bytes, what: "nothing" };
    }
  };
}

type Fields = Record<string, unknown>;

/** Any field of any message: taken away, doubled, or set to a value at the end of its range. */
function changeField(model: ModelProto, random: Random): string {
  const places: { message: Fields; field: DescField; way: string }[] = [];
  const collect = (message: Message, schema: DescMessage, way: string): void => {
    for (const field of schema.fields) {
      const value = (message as unknown as Fields)[field.localName];
      const name = `${way}.${field.localName}`;
      if (field.oneof || value === undefined) continue;
      places.push({ message: message, field, way: name });
      if (field.fieldKind === "message" && value) collect(value as Message, field.message, name);
      if (field.fieldKind === "list" && field.listKind === "message") {
        (value as Message[]).forEach((each, i) => collect(each, field.message, `${name}[${i}]`));
      }
    }
  };
  collect(model, ModelProtoSchema, "model");
  const { message, field, way } = pick(places, random);
  const value = message[field.localName];
  if (Array.isArray(value)) {
    const list = value as unknown[];
    const kind = below(4, random);
    if (kind === 0) list.splice(0);
    else if (kind === 1 && list.length > 0) list.push(pick(list, random));
    else if (kind === 2 && list.length > 0) list.splice(below(list.length, random), 1);
    else if (list.length > 0) {
      const at = below(list.length, random);
      list[at] = extreme(list[at], random);
    }
    return `${way} changed`;
  }
  if (random() < 0.2 && field.fieldKind !== "list") delete message[field.localName];
  else message[field.localName] = extreme(value, random);
  return `${way} changed`;
}

const TEXTS = [
  "",
  "__proto__",
  "constructor",
  "toString",
  "image",
  "\0",
  "x".repeat(10_000),
  "💥",
  "ai.onnx",
  "com.microsoft",
];
const WHOLE = [0n, 1n, -1n, 2n, 7n, 255n, 2n ** 31n, 2n ** 40n, 2n ** 62n, -(2n ** 62n)];
const REAL = [0, -0, 1, -1, NaN, Infinity, -Infinity, 1e38, 1e-38];

function extreme(value: unknown, random: Random): unknown {
  if (typeof value === "bigint") return pick(WHOLE, random);
  if (typeof value === "number") {
    return Number.isInteger(value) && random() < 0.5 ? pick([0, 1, 7, 16, 999, -1], random) : pick(REAL, random);
  }
  if (typeof value === "string") return pick(TEXTS, random);
  if (value instanceof Uint8Array) return random() < 0.5 ? new Uint8Array(below(16, random)) : value.slice(1);
  return value;
}

const SIZES = [0n, 1n, -1n, 3n, 1000n, 100_000n, 2n ** 31n, 2n ** 40n];

function changeDims(model: ModelProto, random: Random): string {
  const graph = model.graph;
  if (!graph) return "nothing";
  const ports = [...graph.input, ...graph.output, ...graph.valueInfo];
  if (random() < 0.5 && graph.initializer.length > 0) {
    const tensor = pick(graph.initializer, random);
    if (tensor.dims.length > 0) tensor.dims[below(tensor.dims.length, random)] = pick(SIZES, random);
    return `dims of ${tensor.name}`;
  }
  const port = pick(ports, random);
  const shape = port?.type?.value.case === "tensorType" ? port.type.value.value.shape : undefined;
  if (!shape || shape.dim.length === 0) return "nothing";
  const at = below(shape.dim.length, random);
  if (random() < 0.2) shape.dim.splice(at, 1);
  else shape.dim[at].value = { case: "dimValue", value: pick(SIZES, random) };
  return `dims of ${port.name}`;
}

function changeEdges(model: ModelProto, random: Random): string {
  const nodes = model.graph?.node ?? [];
  if (!model.graph || nodes.length === 0) return "nothing";
  const names = [...nodes.flatMap(({ input, output }) => [...input, ...output]), ""];
  const node = pick(nodes, random);
  const kind = below(7, random);
  if (kind === 0) nodes.splice(nodes.indexOf(node), 1);
  else if (kind === 1) nodes.splice(below(nodes.length, random), 0, node);
  else if (kind === 2) nodes.reverse();
  else if (kind === 3 && node.input.length > 0) node.input[below(node.input.length, random)] = pick(names, random);
  else if (kind === 4 && node.output.length > 0) node.output[below(node.output.length, random)] = pick(names, random);
  else if (kind === 5 && node.input.length > 1) node.input.reverse();
  else if (node.input.length > 0 && node.output.length > 0) node.input[0] = node.output[0];
  return `edges of ${node.opType}`;
}

const OPERATORS =
  "Relu Sigmoid Softmax Add Mul Div Sub Concat Split Transpose Reshape Squeeze Unsqueeze Flatten Gather ReduceMean ReduceSum ReduceMax GlobalAveragePool GlobalMaxPool AveragePool MaxPool Conv Gemm MatMul Einsum Identity Cast Slice Pad Resize Expand Tile LayerNormalization BatchNormalization Constant If Loop constructor".split(
    " ",
  );

function changeOperator(model: ModelProto, random: Random): string {
  const nodes = model.graph?.node ?? [];
  if (nodes.length === 0) return "nothing";
  const node = pick(nodes, random);
  const before = node.opType;
  node.opType = pick(OPERATORS, random);
  return `${before} made ${node.opType}`;
}

function below(limit: number, random: Random): number {
  return Math.floor(random() * limit);
}

function pick<T>(list: readonly T[], random: Random): T {
  return list[below(list.length, random)];
}
