import { CamlabError, messageOf } from "../../support/errors.js";
import { readZip } from "../../support/files/zip.js";
import { isZip } from "../../support/files/zip-directory.js";
import type { StateDict } from "../weights/state-dict.js";
import { bytesEach, namedInWeights, StorageType, type Storage, type StorageView } from "./tensors.js";
import { keyText, unpickle, type PickleWorld } from "./unpickle.js";
import { weightsIn } from "./weights-in.js";

/** What the first of an old file's pickles holds: PyTorch's magic number. */
const MAGIC = 0x1950a86a20f9469cfc6cn;
/** The same as a pickle of protocol 2: ten bytes, least first. */
const OLD_HEAD = [0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19];
const LARGEST_PICKLE = 2 ** 28;

/** Whether a file begins as PyTorch's do: a ZIP archive, or the old form's magic number. */
export function isPytorch(head: Uint8Array): boolean {
  return isZip(head) || OLD_HEAD.every((byte, i) => head[i] === byte);
}

/**
 * The weights of a file that `torch.save` wrote: the ZIP form (PyTorch 1.6 and newer) or the old one of plain pickles. A
 * checkpoint is looked through for its state dict. Nothing of the file is executed.
 *
 * @param path what the file is called, for messages
 * @throws CamlabError when the file is damaged, is no such file, names anything but tensors and containers, or holds no
 *   state dict
 * @example
 * readPytorch(await readFile("resnet18.pth"), "resnet18.pth").tensors.get("fc.weight")!.dims; // [1000, 512]
 */
export function readPytorch(bytes: Uint8Array, path: string): StateDict {
  try {
    return weightsIn(isZip(bytes) ? zipped(bytes, path) : plain(bytes));
  } catch (error) {
    const message = messageOf(error);
    throw new CamlabError(message.startsWith("cannot read") ? message : `cannot read ${path}: ${message}`);
  }
}

function zipped(bytes: Uint8Array, path: string): unknown {
  const entries = new Map(readZip(bytes, path).map((entry) => [entry.name, entry]));
  const pickle = [...entries.keys()].find((name) => /^([^/]+\/)?data\.pkl$/.test(name));
  if (pickle === undefined)
    throw new CamlabError("this ZIP archive holds no data.pkl: it was not written by torch.save");
  const folder = pickle.slice(0, -"data.pkl".length);
  if (entries.has(`${folder}code/`) || [...entries.keys()].some((name) => name.startsWith(`${folder}code/`))) {
    throw new CamlabError("it is a TorchScript program, not weights: export it to ONNX, or save its state_dict()");
  }
  const order = entries.get(`${folder}byteorder`);
  if (order && new TextDecoder().decode(order.bytes()).trim() !== "little") {
    throw new CamlabError("its numbers were written on a machine that puts the highest byte first");
  }
  const total = [...entries.values()].reduce((sum, { size }) => sum + size, 0);
  if (total > 4 * bytes.length + LARGEST_PICKLE || entries.get(pickle)!.size > LARGEST_PICKLE) {
    throw new CamlabError(`unpacked it would be ${total} bytes large, which no file of ${bytes.length} bytes needs`);
  }
  const storages = new Map<string, Storage>();
  const world = worldOf(storages);
  const { value } = unpickle(entries.get(pickle)!.bytes(), 0, world);
  for (const storage of storages.values()) {
    const entry = entries.get(`${folder}data/${storage.key}`);
    if (!entry || entry.size < storage.count * bytesEach(storage)) {
      throw new CamlabError(`the numbers of the storage ${storage.key} are not in it`);
    }
    storage.bytes = entry.bytes();
  }
  return value;
}

/** Pickles one after the other (magic number, version, the machine's sizes, the object, the storages' names), then numbers. */
function plain(bytes: Uint8Array): unknown {
  const storages = new Map<string, Storage>();
  const world = worldOf(storages);
  const magic = unpickle(bytes, 0, world);
  if (magic.value !== MAGIC) throw new CamlabError("it was not written by torch.save");
  const version = unpickle(bytes, magic.end, world);
  const machine = unpickle(bytes, version.end, world);
  if (machine.value instanceof Map && machine.value.get("little_endian") === false) {
    throw new CamlabError("its numbers were written on a machine that puts the highest byte first");
  }
  const object = unpickle(bytes, machine.end, world);
  const keys = unpickle(bytes, object.end, world);
  if (!Array.isArray(keys.value)) throw new CamlabError("its list of storages is damaged");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = keys.end;
  for (const key of keys.value as unknown[]) {
    const storage = storages.get(keyText(key));
    if (!storage || at + 8 > bytes.length) throw new CamlabError("it is cut off, or its list of storages is damaged");
    const count = Number(view.getBigInt64(at, true));
    const end = at + 8 + count * bytesEach(storage);
    if (count !== storage.count || end > bytes.length) {
      throw new CamlabError(`the numbers of the storage ${storage.key} are not all there: get the file again`);
    }
    storage.bytes = bytes.subarray(at + 8, end);
    at = end;
  }
  return object.value;
}

/** Storages are called ("storage", type, key, device, count), in the old form with the part that is meant behind. */
function worldOf(storages: Map<string, Storage>): PickleWorld {
  return {
    named: namedInWeights,
    persistent(id): StorageView {
      const [kind, type, key, , count, part] = Array.isArray(id) ? (id as unknown[]) : [];
      const isStorage = kind === "storage" && type instanceof StorageType && Number.isSafeInteger(count);
      if (!isStorage || (count as number) < 0)
        throw new CamlabError("the pickle is damaged: a storage is not described");
      const name = keyText(key);
      const storage = storages.get(name) ?? { key: name, type: type.type, count: count as number };
      storages.set(name, storage);
      const first = Array.isArray(part) && Number.isSafeInteger(part[1]) && part[1] >= 0 ? (part[1] as number) : 0;
      return { storage, first };
    },
  };
}
