// From what a person typed to the files of a network.
import { existsSync, readdirSync, statSync } from "node:fs";
import { basename, dirname, extname, join, sep } from "node:path";
import { CamlabError, invalid } from "../support/errors.js";
import { userCacheFolder } from "../support/files/cache-folder.js";
import { folderOf, listNetworks, networkFolders, ownCard } from "./network-folders.js";

/** The files of a network. */
export interface NetworkFiles {
  readonly name: string;
  /** The ONNX file. */
  readonly model: string;
  /** The card, when there is one. */
  readonly card?: string;
}

/**
 * Finds a network by its name, by the path of its `.onnx` file, or by a folder that holds `model.onnx` or a
 * single other `.onnx` file. A name goes before a folder that is called the same.
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
    isFile || text.includes("/") || text.includes(sep) || /\.(onnx|prototxt|caffemodel|json|pth?|h5|keras)$/i.test(text)
  );
}

function findByPath(path: string): NetworkFiles {
  if (!existsSync(path)) throw new CamlabError(`cannot open the network ${path}: no such file`);
  const model = statSync(path).isDirectory() ? modelIn(path) : path;
  refuseOtherFormats(model);
  const folder = dirname(model);
  const own = basename(folder) === "onnx" ? dirname(folder) : folder;
  const name = basename(model) === "model.onnx" ? basename(own) : basename(model, extname(model));
  const beside = [join(folder, `${basename(model, extname(model))}.card.json`), join(folder, "card.json")];
  return { name, model, card: beside.find((file) => existsSync(file)) };
}

/** The `model.onnx` of a folder, or the only `.onnx` file in it. */
function modelIn(folder: string): string {
  const usual = [join(folder, "model.onnx"), join(folder, "onnx", "model.onnx")].find((file) => existsSync(file));
  if (usual !== undefined) return usual;
  const models = readdirSync(folder).filter((file) => /\.onnx$/i.test(file));
  if (models.length === 1) return join(folder, models[0]);
  const found =
    models.length === 0 ? "no model.onnx" : `no model.onnx, but ${models.sort().join(", ")}: name one of them`;
  throw new CamlabError(`cannot open the network ${folder}: the folder holds ${found}`);
}

function findByName(name: string, models?: string): NetworkFiles {
  const folder = folderOf(name, models);
  const card = ownCard(name);
  if (!folder && existsSync(name)) return findByPath(name);
  if (!folder) throw new CamlabError(card ? weightsMissing(name, models) : unknownName(name, models));
  const beside = join(folder, "card.json");
  return { name, model: join(folder, "model.onnx"), card: existsSync(beside) ? beside : card };
}

function refuseOtherFormats(path: string): void {
  if (/\.onnx$/i.test(path)) return;
  const kinds: [RegExp, string][] = [
    [/\.(prototxt|caffemodel)$/i, "Caffe networks"],
    [/\.json$/i, "TF.js networks"],
    [/\.(pth?|safetensors)$/i, "PyTorch weights"],
    [/\.(h5|keras)$/i, "Keras networks"],
  ];
  const kind = kinds.find(([pattern]) => pattern.test(path))?.[1] ?? "such files";
  throw new CamlabError(
    `cannot open ${path}: ${kind} are not supported yet; export the network to .onnx and open that`,
  );
}

function weightsMissing(name: string, models?: string): string {
  return (
    `the weights of ${name} are not on this machine, and camlab does not fetch anything. Put its model.onnx and classes.json ` +
    `into ${join(userCacheFolder(), "camlab", "models", name)}, or into a folder ${name} below $CAMLAB_MODELS. ${lookedIn(models)}`
  );
}

function unknownName(name: string, models?: string): string {
  const known = listNetworks(models).map((network) => network.name);
  return `no network is called ${JSON.stringify(name)}: known are ${known.join(", ")}; or give the path of an .onnx file. ${lookedIn(models)}`;
}

function lookedIn(models?: string): string {
  return `Looked in: ${networkFolders(models).join(", ")}`;
}
