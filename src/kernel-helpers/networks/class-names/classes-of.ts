import { existsSync } from "node:fs";
import { realpath } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, relative } from "node:path";
import { CamlabError, invalid } from "../../support/errors.js";
import type { NetworkFiles } from "../find-network.js";
import type { ReadCard } from "../read-card.js";
import type { Facts } from "../opening/facts.js";
import { readClasses } from "./read-class-names.js";

/** Where names lie beside a model that has no card, first to last. */
const BESIDE = [
  "classes.json",
  "classes.txt",
  "class_index.json",
  "class_names.json",
  "class_names.txt",
  "labels.json",
  "labels.txt",
  "synset.txt",
];

/**
 * The class names of a network, one for each of its scores; without any, "class 0" and on.
 *
 * @param names as `namesOf` found them
 * @param count how many scores the network has
 * @param model the network's file, for the message
 * @param notes where to say what was assumed
 * @throws CamlabError when there are more or fewer names than scores
 */
export function classesOf(
  names: readonly string[] | undefined,
  count: number,
  model: string,
  notes: string[],
): readonly string[] {
  if (names === undefined && count === 0) {
    notes.push("classes: none, because the network gives an embedding and no class scores");
    return [];
  }
  if (names === undefined) {
    notes.push(
      `classes: no names given and no classes.json beside the model, so they are called "class 0" to "class ${count - 1}"`,
    );
    return Array.from({ length: count }, (_, index) => `class ${index}`);
  }
  if (names.length === count) return names;
  if (names.length === count + 1 && /^(background|__background__|dummy|unlabell?ed)$/i.test(names[0])) {
    notes.push(
      `classes: the first name, ${JSON.stringify(names[0])}, was left out, because the network has no score for it`,
    );
    return names.slice(1);
  }
  throw new CamlabError(
    `invalid classes: ${names.length} names (expected ${count}, one for each logit of ${model})${adviceOn(names, count)}`,
  );
}

/** Class names, and where they were read; neither where there are none. */
export interface KnownNames {
  readonly names?: readonly string[];
  readonly from?: string;
}

/**
 * The class names that are known of a network: those that were given, else its card's, else those of a file beside the
 * model, else what a hub or the model's file says.
 */
export async function namesOf(
  { model, card: cardFile }: NetworkFiles,
  {
    card,
    facts,
    given,
    elsewhere = false,
  }: {
    readonly card?: ReadCard;
    readonly facts?: Facts;
    readonly given?: readonly string[] | string;
    /** Whether the card lies in a folder of its own, and with it the names that it speaks of. */
    readonly elsewhere?: boolean;
  },
): Promise<KnownNames> {
  const folder = dirname(model);
  if (typeof given === "string") return { names: await readClasses(given), from: "options" };
  if (given !== undefined) {
    const isList = Array.isArray(given) && given.every((name) => typeof name === "string");
    if (!isList) throw invalid("classes", given, "a list of names, or the path of a file that lists them");
    return { names: given, from: "options" };
  }
  if (card?.classes && !("file" in card.classes))
    return { names: card.classes, from: basename(cardFile ?? "card.json") };
  if (card?.classes && "file" in card.classes) {
    const base = elsewhere && cardFile !== undefined ? cardFile : model;
    const path = join(dirname(base), card.classes.file);
    await checkWithin(base, path);
    return { names: await readClasses(path), from: basename(cardFile ?? "card.json") };
  }
  if (facts?.isExport && facts.classes) return facts.classes;
  const beside = BESIDE.find((file) => existsSync(join(folder, file)));
  if (beside !== undefined) return { names: await readClasses(join(folder, beside)), from: beside };
  return { ...facts?.classes };
}

/** A link beside the card could lead elsewhere; but hubs' caches keep a model and its files as links into one folder. */
async function checkWithin(model: string, path: string): Promise<void> {
  if (!existsSync(path)) return;
  const found = await realpath(path);
  const folders = [await realpath(dirname(model)), dirname(await realpath(model))];
  const within = (folder: string) =>
    !/^\.\.(?![^/\\])/.test(relative(folder, found)) && !isAbsolute(relative(folder, found));
  if (folders.some(within)) return;
  throw new CamlabError(`refused to read class names from ${path}: it leads out of the card's own folder`);
}

function adviceOn(names: readonly string[], count: number): string {
  if (count === 1 && names.length === 2) {
    return ": a single score says how much it is one thing; give the name of that, the second of yours in most frameworks";
  }
  if (names.length === count - 1) {
    return ': the network may know a "background" beside them, mostly as its first class; give its name as well';
  }
  return "";
}
