import { CamlabError } from "../../support/errors.js";
import { checkTensorCount, type StateDict, type StoredTensor } from "../weights/state-dict.js";
import { gathered, PickledTensor } from "./tensors.js";
import { keyText } from "./unpickle.js";

/** Where checkpoints of training keep the state dict. */
const KEYS = [
  "state_dict_ema",
  "model_ema",
  "ema_state_dict",
  "state_dict",
  "model_state_dict",
  "model",
  "net",
  "module",
];

/**
 * The state dict in what a file holds: the object itself, or the part of a checkpoint that is one.
 *
 * @throws CamlabError when there is none
 */
export function weightsIn(value: unknown): StateDict {
  const notes: string[] = [];
  let dict = value;
  for (let depth = 0; depth < 3 && dict instanceof Map && !holdsTensors(dict); depth++) {
    const held: Map<unknown, unknown> = dict;
    const key = KEYS.find((each) => held.get(each) instanceof Map);
    if (key === undefined) break;
    notes.push(`weights: those under "${key}" of the checkpoint`);
    dict = held.get(key);
  }
  if (!(dict instanceof Map) || !holdsTensors(dict)) {
    const names = value instanceof Map ? [...value.keys()].slice(0, 10).map(keyText) : [];
    const found = names.length > 0 ? `a dictionary of ${names.join(", ")}` : "something else";
    throw new CamlabError(`it holds no state dict, but ${found}`);
  }
  const tensors = new Map<string, StoredTensor>();
  const others: string[] = [];
  checkTensorCount(dict.size);
  for (const [key, tensor] of dict as Map<unknown, unknown>) {
    const name = keyText(key);
    if (tensor instanceof PickledTensor) tensors.set(name, gathered(name, tensor));
    else others.push(name);
  }
  if (others.length > 0) notes.push(`passed over what is no tensor: ${others.slice(0, 10).join(", ")}`);
  return { tensors, notes };
}

function holdsTensors(map: Map<unknown, unknown>): boolean {
  return [...map.values()].some((value) => value instanceof PickledTensor);
}
