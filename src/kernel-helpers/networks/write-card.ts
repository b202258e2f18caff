import { check, optionNames } from "../support/check.js";
import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";
import { CamlabError, messageOf } from "../support/errors.js";
import { sha256OfFile } from "../support/hash.js";
import { makeFolder } from "../support/make-folder.js";
import { writeWhole } from "../support/write-file.js";
import { findNetwork } from "./find-network.js";
import type { NetworkCard } from "./network-card.js";
import type { Network, NetworkSources } from "./network.js";
import { type OpenNetworkOptions, openNetwork } from "./open-network.js";

/** Where a card is written, and what it says over what is found. */
export interface WriteCardOptions extends Pick<
  OpenNetworkOptions,
  "preprocessing" | "classes" | "probabilities" | "size" | "card" | "models"
> {
  /** The card's path; `card.json` beside a `model.onnx`, `NAME.card.json` beside a `NAME.onnx` unless given. */
  readonly out?: string;
  /** Whether a card that is there is overwritten. */
  readonly force?: boolean;
}

/** A card that was written. */
export interface WrittenCard {
  readonly file: string;
  readonly card: Omit<NetworkCard, "classes"> & Partial<Pick<NetworkCard, "classes">>;
  readonly sources: NetworkSources;
  readonly notes: readonly string[];
}

/** The names of all options of `writeCard`. */
export const CARD_OPTIONS = optionNames<WriteCardOptions>({
  preprocessing: true,
  classes: true,
  probabilities: true,
  size: true,
  card: true,
  models: true,
  out: true,
  force: true,
});

/**
 * Writes the card of a network: what was found of it, as `openNetwork` finds it, and what is said here. Opened with it, the
 * network has the same preprocessing and classes. Names that are only numbers ("class 0") are left out of it.
 *
 * @throws CamlabError when the network cannot be opened, there is a card already, or the card could not say it
 * @example
 * await networks.writeCard("resnet18.onnx", { classes: "imagenet-classes.txt", preprocessing: { crop: 0.875 } });
 */
export async function writeCard(nameOrPath: string, options: WriteCardOptions = {}): Promise<WrittenCard> {
  const { out, force = false, ...opening } = check.known(options, CARD_OPTIONS, "writeCard");
  const { model } = findNetwork(nameOrPath, options.models);
  const file = out ?? cardBeside(model);
  if (!force && existsSync(file)) {
    throw new CamlabError(`refused to overwrite ${file}: give another path, or force (--force) to overwrite it`);
  }
  using network = await openNetwork(nameOrPath, { ...opening, device: "cpu" });
  const sources = network.sources ?? { preprocessing: {}, classes: "assumed" };
  const card = await cardOf(network, model, sources);
  await makeFolder(dirname(file));
  const draft = `${file}.${process.pid}.draft`;
  const text = `${JSON.stringify({ ...card, sources }, undefined, 2)}\n`;
  try {
    await writeWhole(draft, text);
    await checkSame(network, nameOrPath, { models: options.models, card: draft });
  } finally {
    await rm(draft, { force: true });
  }
  await writeWhole(file, text);
  return { file, card, sources, notes: network.notes };
}

/** Where `openNetwork` looks for a model's card. */
export function cardBeside(model: string): string {
  const stem = basename(model, extname(model));
  return join(dirname(model), stem === "model" ? "card.json" : `${stem}.card.json`);
}

async function cardOf(network: Network, model: string, sources: NetworkSources): Promise<WrittenCard["card"]> {
  const { name, title, preprocessing, probabilities, licence, origin, hashes, channels, tasks } = network.card;
  const named = sources.classes !== "assumed" && network.classes.length > 0;
  return {
    name,
    title,
    preprocessing,
    ...(named && { classes: network.classes }),
    ...(network.classes.length > 0 && probabilities && { probabilities }),
    licence,
    origin,
    hashes: { ...hashes, [basename(model)]: await sha256OfFile(model) },
    ...(channels && { channels }),
    ...(tasks && { tasks }),
  };
}

/** A card says what its reader understands: not, say, another size than the graph's. */
async function checkSame(network: Network, nameOrPath: string, options: OpenNetworkOptions): Promise<void> {
  let problem: string | undefined;
  try {
    using again = await openNetwork(nameOrPath, { ...options, device: "cpu" });
    const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
    if (!same(again.preprocessing, network.preprocessing)) problem = "its preprocessing would be another";
    else if (!same(again.classes, network.classes)) problem = "its classes would be others";
  } catch (error) {
    problem = messageOf(error);
  }
  if (problem === undefined) return;
  throw new CamlabError(`a card cannot say this of the network ${network.name}: opened with it, ${problem}`);
}
