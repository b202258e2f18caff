import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { CamlabError } from "../../support/errors.js";
import { folderOf } from "../network-folders.js";
import { ZOO } from "./catalogue.js";
import { packageCommand } from "./sources/fetch-package.js";
import type { ZooEntry, ZooSource } from "./zoo-entry.js";
import { isZooName, zooFolder } from "./zoo-folder.js";

/** What is known of a network that can be pulled. */
export interface ZooListing extends Pick<ZooEntry, "name" | "title" | "licence" | "origin" | "megabytes" | "tried"> {
  /** Where it comes from: addresses, or what its package client is asked. */
  readonly sources: readonly string[];
  /** The folder where it lies, when it is here. */
  readonly folder?: string;
}

/**
 * The networks that can be pulled, and which of them are here.
 *
 * @param folder where pulled networks lie, besides the folders that names are looked up in
 * @example
 * networks.listZoo().filter(({ folder }) => folder); // those that openNetwork opens by name
 */
export function listZoo(folder?: string): ZooListing[] {
  return ZOO.map(({ name, title, licence, origin, megabytes, tried, graph, weights }) => {
    const here = folderOf(name, folder);
    const sources = [...(graph ? [graph] : []), weights].map(sourceText);
    return { name, title, licence, origin, megabytes, tried, sources, ...(here !== undefined && { folder: here }) };
  });
}

/**
 * Removes a pulled network from this machine.
 *
 * @param folder where pulled networks lie, unless it is the user's own models folder
 * @returns the folder that is gone
 * @throws CamlabError when it is not among those that were pulled
 * @example
 * await networks.removeNetwork("efficientnet_lite0");
 */
export async function removeNetwork(name: string, folder?: string): Promise<string> {
  const place = zooFolder(folder);
  const path = join(place, name);
  const isName = isZooName(name);
  if (!isName || !existsSync(join(path, "model.onnx"))) {
    const elsewhere = isName ? folderOf(name, folder) : undefined;
    const where = elsewhere === undefined ? "" : `; it lies in ${elsewhere}, which camlab did not make`;
    throw new CamlabError(`no pulled network is called ${JSON.stringify(name)} in ${place}${where}`);
  }
  await rm(path, { recursive: true });
  return path;
}

function sourceText(source: ZooSource): string {
  return source.kind === "address" ? source.address : packageCommand(source);
}
