// What a file's messages would take once parsed, told from its bytes before anything is built: a file of 10 MB may
// hold millions of empty messages or numbers of one byte, each of which becomes an object.
import { ScalarType, type DescField, type DescMessage } from "@bufbuild/protobuf";
import { CamlabError } from "../../support/errors.js";
import { ModelProtoSchema } from "./onnx_pb.js";

/** More than the networks that people exchange take, and less than a machine has. */
const LARGEST = 2 ** 29;
/** No export nests messages further. */
const DEEPEST = 100;

/** Bytes that JavaScript takes for a message, for a text or a run of bytes, and for a number in a list. */
const [MESSAGE, TEXT, NUMBER, BIG_NUMBER] = [400, 60, 8, 24];
const BIG: ReadonlySet<ScalarType> = new Set([ScalarType.INT64, ScalarType.UINT64, ScalarType.SINT64]);

/**
 * Refuses an ONNX file whose messages would fill the memory, or lie so deep in each other that reading them would. What
 * is no protobuf at all is left to the parser.
 *
 * @param label what the file is called in the message
 * @throws CamlabError
 */
export function checkMessageCost(bytes: Uint8Array, label: string): void {
  let cost = 0;
  const spend = (more: number) => {
    cost += more;
    if (cost <= LARGEST) return;
    throw new CamlabError(
      `cannot read ${label} as ONNX: its nodes and lists would take more than ${LARGEST / 2 ** 20} MB of memory beside its ` +
        "weights; no network is like that, so the file is damaged or made to do harm",
    );
  };
  const walk = (from: number, to: number, schema: DescMessage, depth: number): void => {
    if (depth > DEEPEST)
      throw new CamlabError(`cannot read ${label} as ONNX: its messages lie ${depth} deep in each other`);
    const fields = fieldsOf(schema);
    for (let at = from; at < to;) {
      const [tag, afterTag] = varint(bytes, at, to);
      const field = fields.get(Math.floor(tag / 8));
      const wire = tag % 8;
      if (wire === 2) {
        const [length, start] = varint(bytes, afterTag, to);
        at = start + length;
        if (at > to) return;
        if (field?.message) {
          spend(MESSAGE);
          walk(start, at, field.message, depth + 1);
        } else spend(field && isPacked(field) ? packedCost(bytes, start, at, field) : TEXT);
      } else if (wire === 0) {
        [, at] = varint(bytes, afterTag, to);
        spend(BIG_NUMBER);
      } else if (wire === 1 || wire === 5) {
        at = afterTag + (wire === 1 ? 8 : 4);
        spend(NUMBER);
      } else return;
    }
  };
  walk(0, bytes.length, ModelProtoSchema, 0);
}

const known = new Map<DescMessage, ReadonlyMap<number, DescField>>();

function fieldsOf(schema: DescMessage): ReadonlyMap<number, DescField> {
  let fields = known.get(schema);
  if (!fields) known.set(schema, (fields = new Map(schema.fields.map((field) => [field.number, field]))));
  return fields;
}

function isPacked({ scalar }: DescField): boolean {
  return scalar !== undefined && scalar !== ScalarType.STRING && scalar !== ScalarType.BYTES;
}

function packedCost(bytes: Uint8Array, from: number, to: number, { scalar }: DescField): number {
  if (scalar === ScalarType.FLOAT) return ((to - from) / 4) * NUMBER;
  if (scalar === ScalarType.DOUBLE) return to - from;
  let count = 0;
  for (let at = from; at < to; at++) if (bytes[at] < 0x80) count++;
  return count * (scalar !== undefined && BIG.has(scalar) ? BIG_NUMBER : NUMBER);
}

/** A number and where it ends; the end of the file when it is cut. */
function varint(bytes: Uint8Array, from: number, to: number): [number, number] {
  let value = 0;
  for (let at = from, factor = 1; at < to && at < from + 10; at++, factor *= 128) {
    value += (bytes[at] & 0x7f) * factor;
    if (bytes[at] < 0x80) return [value, at + 1];
  }
  return [0, to];
}
