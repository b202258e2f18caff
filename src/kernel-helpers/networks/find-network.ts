// From what a person typed to the files of a network.
import { existsSync, readdirSync, statSync } from "node:fs";
import { basename, dirname, extname, join, sep } from "node:path";
import type { Format } from "../formats/format.js";
import { FORMATS } from "../formats/formats.js";
import { onnxFormat } from "../formats/onnx/onnx-format.js";
import { CamlabError, invalid } from "../support/errors.js";
import { userCacheFolder } from "../support/files/cache-folder.js";
import { zooEntry } from "./zoo/catalogue.js";
import { folderOf, listNetworks, networkFolders, ownCard } from "./network-folders.js";

/** The files of a network. */
export interface NetworkFiles {
  readonly name: string;
  /** The model file, of any format that `importGraph` reads. */
  readonly model: string;
  /** The card, when there is one. */
  readonly card?: string;
}

/**
 * Finds a network by its name, by the path of its model file, or by a folder that holds `model.onnx`, a single other
 * `.onnx` file or a single file of another format. A name goes before a folder that is called the same.
 *
 * @param models a folder to look a name up in before all others
 * @throws CamlabError that lists the known names and the folders looked in
 */
export function findNetwork(nameOrPath: string, models?: string): NetworkFiles {
  if (typeof nameOrPath !== "string" || nameOrPath === "") throw invalid("network", nameOrPath, "a name or a path");
  return looksLikePath(nameOrPath) ? findByPath(nameOrPath) : findByName(nameOrPath, models);
}

function looksLikePath(text: string): boolean {
  const isFile = existsSync(text) && statSync(text).isFile();
  return (
    isFile ||
    text.includes("/") ||
    text.includes(sep) ||
    /\.(onnx|prototxt|caffemodel|json|tflite|pth?|safetensors|h5|keras)$/i.test(text)
  );
}

function findByPath(path: string): NetworkFiles {
  if (!existsSync(path)) throw new CamlabError(`cannot open the network ${path}: no such file`);
  const model = statSync(path).isDirectory() ? modelIn(path) : path;
  const folder = dirname(model);
  const own = basename(folder) === "onnx" ? dirname(folder) : folder;
  const name = basename(model) === "model.onnx" ? basename(own) : basename(model, extname(model));
  const beside = [join(folder, `${basename(model, extname(model))}.card.json`), join(folder, "card.json")];
  return { name, model, card: beside.find((file) => existsSync(file)) };
}

/** The `model.onnx` of a folder, or the only `.onnx` file in it, or the only one of another format. */
function modelIn(folder: string): string {
  const usual = [join(folder, "model.onnx"), join(folder, "onnx", "model.onnx")].find((file) => existsSync(file));
  if (usual !== undefined) return usual;
  const files = readdirSync(folder);
  const ofFormat = ({ endings }: Format) =>
    files.filter((file) => endings.some((ending) => file.toLowerCase().endsWith(ending)));
  const models = ofFormat(onnxFormat).length > 0 ? ofFormat(onnxFormat) : [...new Set(FORMATS.flatMap(ofFormat))];
  if (models.length === 1) return join(folder, models[0]);
  const found =
    models.length === 0
      ? `no model.onnx, and no other file that ends in ${endings()}`
      : `no model.onnx, but ${models.sort().join(", ")}: name one of them`;
  throw new CamlabError(`cannot open the network ${folder}: the folder holds ${found}`);
}

function endings(): string {
  return [...new Set(FORMATS.flatMap((format) => format.endings))].join(", ");
}

function findByName(name: string, models?: string): NetworkFiles {
  const folder = folderOf(name, models);
  const card = ownCard(name);
  if (!folder && existsSync(name)) return findByPath(name);
  if (!folder && zooEntry(name)) {
    throw new CamlabError(
      `${name} is not on this machine: get it with  camlab models pull ${name}  . ${lookedIn(models)}`,
    );
  }
  if (!folder) throw new CamlabError(card ? weightsMissing(name, models) : unknownName(name, models));
  const beside = join(folder, "card.json");
  return { name, model: join(folder, "model.onnx"), card: existsSync(beside) ? beside : card };
}

function weightsMissing(name: string, models?: string): string {
  return (
    `the weights of ${name} are not on this machine, and camlab does not fetch anything. Put its model.onnx and classes.json ` +
    `into ${join(userCacheFolder(), "camlab", "models", name)}, or into a folder ${name} below $CAMLAB_MODELS. ${lookedIn(models)}`
  );
}

function unknownName(name: string, models?: string): string {
  const known = listNetworks(models).map((network) => network.name);
  return `no network is called ${JSON.stringify(name)}: known are ${known.join(", ")}; or give the path of a model file. ${lookedIn(models)}`;
}

function lookedIn(models?: string): string {
  return `Looked in: ${networkFolders(models).join(", ")}`;
}
