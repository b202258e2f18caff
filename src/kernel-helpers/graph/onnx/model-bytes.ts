import { clearField, type DescMessage, type Message, type MessageShape, toBinary } from "@bufbuild/protobuf";
import { changed } from "./messages.js";
import { GraphProtoSchema, type ModelProto, ModelProtoSchema, type TensorProto, TensorProtoSchema } from "./onnx_pb.js";

/**
 * The bytes that `toBinary` gives, weights copied once: it copies them anew at each level of nesting, and most of what it
 * takes to open a network would be that.
 */
export function modelBytes(model: ModelProto): Uint8Array {
  return joined(modelPieces(model));
}

/** The same bytes in pieces, weights not copied at all: for a file that is written piece by piece. */
export function modelPieces(model: ModelProto): Uint8Array[] {
  const { graph } = model;
  if (!graph) return [toBinary(ModelProtoSchema, model)];
  const tensors = graph.initializer.flatMap((tensor) => field(INITIALIZER, tensorPieces(tensor)));
  const inside = around(GraphProtoSchema, graph, INITIALIZER, tensors);
  return around(ModelProtoSchema, model, GRAPH, field(GRAPH, inside));
}

const GRAPH = 7;
const INITIALIZER = 5;
const RAW_DATA = 9;

function tensorPieces(tensor: TensorProto): Uint8Array[] {
  const { rawData } = tensor;
  if (rawData.byteLength < SMALL) return [toBinary(TensorProtoSchema, tensor)];
  return around(TensorProtoSchema, tensor, RAW_DATA, field(RAW_DATA, [rawData]));
}

/** Bytes that are no burden to copy. */
const SMALL = 1024;

/** A message whose field `number` is written already: what comes before it, it, and what comes after, unknown fields last. */
function around<S extends DescMessage>(
  schema: S,
  message: MessageShape<S>,
  number: number,
  written: readonly Uint8Array[],
): Uint8Array[] {
  const before = changed<Message>(message, { $unknown: undefined }) as MessageShape<S>;
  const after = changed<Message>(message, {}) as MessageShape<S>;
  for (const each of schema.fields) {
    if (each.number >= number) clearField(before, each);
    if (each.number <= number) clearField(after, each);
  }
  return [toBinary(schema, before), ...written, toBinary(schema, after)];
}

/** A field of the wire type that has a length. */
function field(number: number, pieces: readonly Uint8Array[]): Uint8Array[] {
  return [varint((number << 3) | 2), varint(pieces.reduce((sum, piece) => sum + piece.byteLength, 0)), ...pieces];
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return Uint8Array.from([...bytes, rest]);
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  // Every byte is written: none need be cleared before.
  const buffer = Buffer.allocUnsafeSlow(pieces.reduce((sum, piece) => sum + piece.byteLength, 0));
  const whole = new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.byteLength;
  }
  return whole;
}
