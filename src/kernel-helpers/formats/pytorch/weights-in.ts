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
  const place = placeOf(value, 0);
  if (!place) {
    const names = value instanceof Map ? [...value.keys()].slice(0, 10).map(keyText) : [];
    const found = names.length > 0 ? `a dictionary of ${names.join(", ")}` : whatItIs(value);
    throw new CamlabError(`it holds no state dict, but ${found}: torch.save(model.state_dict(), PATH) writes one`);
  }
  const notes = place.keys.map((key) => `weights: those under "${key}" of the checkpoint`);
  const tensors = new Map<string, StoredTensor>();
  const others: string[] = [];
  checkTensorCount(place.dict.size);
  for (const [key, tensor] of place.dict) {
    const name = keyText(key);
    if (tensor instanceof PickledTensor) tensors.set(name, gathered(name, tensor));
    else others.push(name);
  }
  if (others.length > 0) notes.push(`passed over what is no tensor: ${others.slice(0, 10).join(", ")}`);
  return { tensors, notes };
}

/**
 * A checkpoint may hold a tensor beside its state dict (the best accuracy so far), or an empty dictionary under one of the
 * keys; a state dict holds no dictionaries.
 */
function placeOf(
  value: unknown,
  depth: number,
): { readonly dict: ReadonlyMap<unknown, unknown>; readonly keys: readonly string[] } | undefined {
  if (!(value instanceof Map)) return undefined;
  const map: ReadonlyMap<unknown, unknown> = value;
  for (const key of depth < DEEPEST ? KEYS : []) {
    const inner = placeOf(map.get(key), depth + 1);
    if (inner) return { dict: inner.dict, keys: [key, ...inner.keys] };
  }
  return holdsTensors(map) ? { dict: map, keys: [] } : undefined;
}

const DEEPEST = 3;

function whatItIs(value: unknown): string {
  if (value instanceof PickledTensor) return "one tensor without a name";
  if (value instanceof Map) return "an empty dictionary";
  return Array.isArray(value) ? "a list, whose parts have no names" : "something else";
}

function holdsTensors(map: ReadonlyMap<unknown, unknown>): boolean {
  return [...map.values()].some((value) => value instanceof PickledTensor);
}
