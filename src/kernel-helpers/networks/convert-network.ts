import { statSync } from "node:fs";
import { basename, dirname } from "node:path";
import type { Graph } from "../graph/onnx/graph.js";
import { writeGraphFile } from "../graph/onnx/write-graph.js";
import { check, namesWithout, optionNames } from "../support/check.js";
import { CamlabError, invalid, messageOf } from "../support/errors.js";
import { sha256OfFile } from "../support/hash.js";
import { makeFolder } from "../support/make-folder.js";
import { writeWhole } from "../support/write-file.js";
import { classesOf, namesOf } from "./class-names/classes-of.js";
import { findNetwork } from "./find-network.js";
import type { NetworkSources } from "./network.js";
import type { OpenNetworkOptions } from "./open-network.js";
import { prepareNetwork } from "./opening/prepare.js";
import { readNetworkFile } from "./opening/read-network-file.js";
import { CARD_OPTIONS, cardBeside, type WriteCardOptions, type WrittenCard } from "./write-card.js";

/** What a conversion says over what is found. */
export interface ConvertNetworkOptions extends Pick<
  OpenNetworkOptions,
  "preprocessing" | "classes" | "probabilities" | "card" | "models" | "architecture"
> {
  /** Whether a file and a card that are there are overwritten. */
  readonly force?: boolean;
}

/** A network that was written as ONNX. */
export interface ConvertedNetwork {
  readonly file: string;
  readonly inputs: Graph["inputs"];
  readonly outputs: Graph["outputs"];
  /** The card beside it; absent for a network that does not take pictures. */
  readonly card?: WrittenCard["card"] & { readonly file: string };
  readonly notes: readonly string[];
}

const OPTIONS = optionNames<ConvertNetworkOptions, Exclude<keyof WriteCardOptions, "size" | "out">>(
  { architecture: true },
  namesWithout(CARD_OPTIONS, "size", "out"),
);

/**
 * Writes a network of any format that camlab reads as an ONNX file, and beside it a card that says how pictures reach it and
 * what its classes are called. It needs no GAP head.
 *
 * @param out the `.onnx` file; its card is `card.json` beside a `model.onnx`, `NAME.card.json` beside a `NAME.onnx`
 * @throws CamlabError when the network cannot be read, or there is a file or a card already
 * @example
 * await networks.convertNetwork("bvlc_googlenet.caffemodel", "googlenet.onnx", { classes: "synset_words.txt" });
 */
export async function convertNetwork(
  nameOrPath: string,
  out: string,
  options: ConvertNetworkOptions = {},
): Promise<ConvertedNetwork> {
  check.known(options, OPTIONS, "convertNetwork");
  if (typeof out !== "string" || !/\.onnx$/i.test(out)) throw invalid("out", out, "the path of an .onnx file");
  const { force = false, ...opening } = options;
  const card = cardBeside(out);
  const kept = force ? undefined : [card, out].find((path) => statSync(path, { throwIfNoEntry: false })?.isFile());
  if (kept !== undefined) {
    throw new CamlabError(`refused to overwrite ${kept}: give another path, or force (--force) to overwrite it`);
  }
  const read = await readDescribed(nameOrPath, opening);
  const { graph, notes } = read;
  await makeFolder(dirname(out));
  await writeGraphFile(graph, out);
  const ports = { file: out, inputs: graph.inputs, outputs: graph.outputs };
  if (!read.card) return { ...ports, notes };
  const content = { ...read.card, hashes: { [basename(out)]: await sha256OfFile(out) } };
  const text = `${JSON.stringify({ ...content, sources: read.sources }, undefined, 2)}\n`;
  await writeWhole(card, text).catch((error: unknown) => {
    throw new CamlabError(`${out} is written, but not its card: ${messageOf(error)}`, { cause: error });
  });
  return { ...ports, card: { ...content, file: card }, notes };
}

interface Described {
  readonly graph: Graph;
  readonly card?: Omit<WrittenCard["card"], "hashes">;
  readonly sources?: NetworkSources;
  readonly notes: readonly string[];
}

async function readDescribed(nameOrPath: string, options: Omit<ConvertNetworkOptions, "force">): Promise<Described> {
  let prepared;
  try {
    prepared = await prepareNetwork(nameOrPath, options);
  } catch (error) {
    // What takes no pictures has no preprocessing either; what is damaged is refused here again.
    const { graph, notes } = await readNetworkFile(findNetwork(nameOrPath, options.models).model, options.architecture);
    if (Object.values(options).some((value) => value !== undefined)) throw error;
    return { graph, notes: [...notes, `no card was written: ${messageOf(error)}`] };
  }
  const { files, card, facts, graph, preprocessing, sources } = prepared;
  const notes = [...prepared.notes];
  const elsewhere = options.card !== undefined;
  const { names, from } = await namesOf(files, { card, facts, given: options.classes, elsewhere });
  const scores = graph.outputs.at(-1)?.dims?.at(1);
  const classes =
    names && typeof scores === "number" && names.length > 0 ? classesOf(names, scores, files.model, notes) : names;
  const probabilities = options.probabilities ?? card?.probabilities ?? facts.probabilities;
  return {
    graph,
    card: {
      name: card?.name ?? files.name,
      title: card?.title ?? files.name,
      preprocessing,
      ...(classes && { classes }),
      ...(probabilities && { probabilities }),
      licence: card?.licence ?? "not stated",
      origin: card?.origin ?? `converted from ${basename(files.model)}`,
    },
    sources: { preprocessing: sources, classes: from ?? "assumed" },
    notes,
  };
}
