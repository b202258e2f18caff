import { CamlabError } from "../../support/errors.js";
import type { Hdf5File } from "../hdf5/hdf5-file.js";
import { DEEPEST, isOperation } from "./calls.js";
import { layerName, textIn, type Fields } from "./fields.js";
import { layersOf, type WeightsOf } from "./keras-graph.js";
import { placeOfWeight } from "./weight-order.js";

/**
 * The weights of a `.keras` file, which lie by kinds of layers (`layers/conv2d_1/vars/0`), numbered within a model in the
 * order of its description.
 */
export function weightsByPlace(file: Hdf5File, model: Fields): WeightsOf {
  const places = new Map<Fields, string>();
  const outer = ["layers", "_layer_checkpoint_dependencies"].find((name) => file.has(name)) ?? "layers";
  const walk = (container: Fields, at: string, depth: number) => {
    if (depth > DEEPEST) return;
    const used = new Map<string, number>();
    for (const layer of layersOf(container)) {
      // Operations of Keras 3 are no layers, and are not numbered.
      if (isOperation(layer) && layer.class_name !== "TFOpLambda") continue;
      const kind = snakeCase(textIn(layer, "class_name", ""));
      const times = used.get(kind) ?? 0;
      used.set(kind, times + 1);
      const place = `${at}${outer}/${times === 0 ? kind : `${kind}_${times}`}`;
      places.set(layer, place);
      walk(layer, `${place}/`, depth + 1);
    }
  };
  walk(model, "", 0);
  return (layer, weight) => {
    const place = places.get(layer);
    const index = placeOfWeight(layer, weight);
    return place === undefined || index < 0 ? undefined : file.numbers(`${place}/vars/${index}`);
  };
}

/** The weights of an `.h5` file: in a group for each layer of the outermost model, with a list of their names. */
export function weightsByName(file: Hdf5File, model: Fields): WeightsOf {
  const groups = new Map<Fields, { readonly group: string; readonly isOwn: boolean }>();
  const walk = (layer: Fields, group: string, isOwn: boolean, depth: number) => {
    groups.set(layer, { group, isOwn });
    if (depth <= DEEPEST) for (const inner of layersOf(layer)) walk(inner, group, false, depth + 1);
  };
  for (const layer of layersOf(model)) walk(layer, layerName(layer), true, 0);
  const root = file.has("model_weights") ? "model_weights/" : "";
  const lists = new Map<string, readonly string[]>();
  const listOf = (group: string) => {
    const known = lists.get(group) ?? weightNames(file, root + group);
    lists.set(group, known);
    return known;
  };
  return (layer, weight) => {
    const place = groups.get(layer);
    if (!place) return undefined;
    const names = listOf(place.group);
    const name = nameAmong(names, layer, weight, place.isOwn);
    return name === undefined ? undefined : file.numbers(`${root}${place.group}/${name}`);
  };
}

/** Weights are called LAYER/WEIGHT:0, or with more in front; a layer that was renamed has them under its first name. */
function nameAmong(names: readonly string[], layer: Fields, weight: string, isOwn: boolean): string | undefined {
  const [own, ...rest] = names.filter((name) => {
    const parts = name.replace(/:\d+$/, "").split("/");
    return parts.at(-1) === weight && (isOwn || parts.includes(layerName(layer)));
  });
  if (own === undefined) return isOwn ? names.at(placeOrNone(layer, weight, names.length)) : undefined;
  if (rest.length === 0) return own;
  if (isOwn) return names.at(placeOrNone(layer, weight, names.length));
  throw new CamlabError(`the file has several weights "${weight}" for it (${[own, ...rest].join(", ")})`);
}

/** Beyond the list where the layer has no such weight. */
function placeOrNone(layer: Fields, weight: string, beyond: number): number {
  const place = placeOfWeight(layer, weight);
  return place < 0 ? beyond : place;
}

/** A long list is cut into several attributes, numbered from 0. */
function weightNames(file: Hdf5File, group: string): readonly string[] {
  const whole = file.texts(group, "weight_names");
  if (whole) return whole;
  const parts: string[] = [];
  for (let i = 0; ; i++) {
    const part = file.texts(group, `weight_names${i}`);
    if (!part || part.length === 0) return parts;
    parts.push(...part);
  }
}

/** Conv2D → conv2d, PReLU → p_re_lu: as Keras does. */
function snakeCase(name: string): string {
  return name
    .replace(/\W+/g, "")
    .replace(/(.)([A-Z][a-z]+)/g, "$1_$2")
    .replace(/([a-z])([A-Z])/g, "$1_$2")
    .toLowerCase();
}
