import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";
import { CamlabError, messageOf } from "../../support/errors.js";
import { Message } from "./message.js";
import { Fields, type FieldType } from "./schema.js";

/** More messages and single numbers than any network has. */
const MOST_VALUES = 2 ** 20;
/** Weights that are written one by one, which Caffe does not do, cost memory as a list. */
const MOST_SINGLE = 2 ** 24;

/**
 * Reads a message of Caffe's from its bytes. Weights stay views of them.
 *
 * @param label what the file is called in the message
 * @throws CamlabError when it is cut, damaged, or made of more small values than memory is worth
 */
export function readBinary(bytes: Uint8Array, fields: Fields, label: string): Message {
  let left = MOST_VALUES;
  const spend = (count = 1) => {
    left -= count;
    if (left < 0) throw new CamlabError(`it holds more than ${MOST_VALUES} values beside its weights`);
  };
  try {
    return readMessage(bytes, fields, spend);
  } catch (error) {
    throw new CamlabError(
      `cannot read ${label}: it is truncated, damaged or no file of Caffe's (${messageOf(error)}); copy or download it again`,
    );
  }
}

function readMessage(bytes: Uint8Array, { byNumber }: Fields, spend: (count?: number) => void): Message {
  const reader = new BinaryReader(bytes);
  const message = new Message();
  const single = new Map<string, number[]>();
  while (reader.pos < reader.len) {
    const [number, wire] = reader.tag();
    const field = byNumber.get(number);
    if (!field) {
      reader.skip(wire, number);
      continue;
    }
    const { name, type } = field;
    if (type instanceof Fields || type === "text") {
      expect(wire === WireType.LengthDelimited, name);
      spend();
      message.add(name, type === "text" ? reader.string() : readMessage(reader.bytes(), type, spend));
    } else if (type === "reals" || type === "doubles") {
      if (wire === WireType.LengthDelimited) {
        spend();
        const piece = reader.bytes();
        message.add(name, type === "reals" ? piece : fromDoubles(piece));
      } else {
        // A writer that does not pack: one tag a number.
        const list = single.get(name) ?? [];
        single.set(name, list);
        if (list.length === MOST_SINGLE) throw new CamlabError(`it holds more than ${MOST_SINGLE} weights one by one`);
        list.push(type === "reals" ? fixed(wire, WireType.Bit32, name, () => reader.float()) : reader.double());
      }
    } else if (wire === WireType.LengthDelimited) {
      const packed = new BinaryReader(reader.bytes());
      while (packed.pos < packed.len) {
        spend();
        message.add(name, numberOf(packed, type));
      }
    } else {
      expect(wire === (type === "real" ? WireType.Bit32 : WireType.Varint), name);
      spend();
      message.add(name, numberOf(reader, type));
    }
  }
  for (const [name, list] of single) message.add(name, Float32Array.from(list));
  return message;
}

function numberOf(reader: BinaryReader, type: FieldType): number | string {
  if (type === "real") return reader.float();
  const value = Number(reader.int64());
  if (!Number.isSafeInteger(value)) throw new CamlabError(`the number ${value} is too large`);
  return typeof type === "object" && "choices" in type ? (type.choices[value] ?? `number ${value}`) : value;
}

function fixed(wire: WireType, expected: WireType, name: string, read: () => number): number {
  expect(wire === expected, name);
  return read();
}

function fromDoubles(bytes: Uint8Array): Float32Array {
  if (bytes.byteLength % 8 !== 0) throw new CamlabError(`${bytes.byteLength} bytes are no float64 numbers`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const floats = new Float32Array(bytes.byteLength / 8);
  for (let i = 0; i < floats.length; i++) floats[i] = view.getFloat64(8 * i, true);
  return floats;
}

function expect(holds: boolean, name: string): void {
  if (!holds) throw new CamlabError(`its field ${name} is of another kind`);
}
