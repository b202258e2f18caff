// Where networks lie on a machine.
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { userCacheFolder } from "../support/files/cache-folder.js";
import { packageRoot } from "../support/package-root.js";

/** The network that `openNetwork()` opens: small, trained on drawn pictures, and part of the package. */
export const DEFAULT_NETWORK = "objects-gap";

/**
 * The folders in which a network is looked up by name, first to last; each holds one folder a network with its
 * `model.onnx`. Some may not exist.
 *
 * `$CAMLAB_MODELS`, then the user's cache folder (Linux: `$XDG_CACHE_HOME/camlab/models`, else `~/.cache/camlab/models`;
 * macOS: `~/Library/Caches/camlab/models`; Windows: `%LOCALAPPDATA%\camlab\models`), then the package's own `models`.
 *
 * @param models a folder to look in before all others
 * @example
 * networkFolders(); // ["/home/ada/.cache/camlab/models", "/home/ada/project/node_modules/camlab/models"]
 */
export function networkFolders(models?: string): string[] {
  const folders = [models, process.env.CAMLAB_MODELS, join(userCacheFolder(), "camlab", "models"), ownModels()];
  return folders.filter((folder): folder is string => Boolean(folder));
}

/**
 * Names of networks, alphabetical: those that camlab has a card for, and those whose files are here.
 *
 * @param models a folder to look in before all others
 * @returns each name and the folder of its files, absent when only its card is known
 * @example
 * networks.listNetworks(); // [{ name: "mobilenet_v1_0.75_224" }, { name: "objects-gap", folder: "…/models/objects-gap" }, …]
 */
export function listNetworks(models?: string): { name: string; folder?: string }[] {
  const names = new Set(filesIn(cardsFolder()).map((file) => file.replace(/\.json$/, "")));
  for (const folder of networkFolders(models)) {
    for (const name of filesIn(folder)) if (existsSync(join(folder, name, "model.onnx"))) names.add(name);
  }
  return [...names].sort().map((name) => ({ name, folder: folderOf(name, models) }));
}

/** The folder that holds a named network's `model.onnx`. */
export function folderOf(name: string, models?: string): string | undefined {
  return networkFolders(models)
    .map((folder) => join(folder, name))
    .find((folder) => existsSync(join(folder, "model.onnx")));
}

/** The file of the card that camlab itself keeps of a network whose weights are not its own. */
export function ownCard(name: string): string | undefined {
  const file = join(cardsFolder(), `${name}.json`);
  return existsSync(file) ? file : undefined;
}

function ownModels(): string {
  return join(packageRoot(), "models");
}

function cardsFolder(): string {
  return join(ownModels(), "cards");
}

function filesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}
