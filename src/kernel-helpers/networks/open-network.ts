import { createEngine, type EngineChoice } from "../engines/create-engine.js";
import { storedGraph } from "../engines/graph-model.js";
import { exposeHead } from "../graph/surgery/expose-head.js";
import { findGapHead } from "../graph/head/find-gap-head.js";
import { tokenHead } from "../graph/head/token-head.js";
import type { GapHead } from "../graph/head/gap-head.js";
import type { Graph } from "../graph/onnx/graph.js";
import { checkSizes } from "../graph/shapes/check-sizes.js";
import { CamlabError, invalid, messageOf } from "../support/errors.js";
import { gapNetwork, type GapNetworkParts } from "./gap-network.js";
import type { NetworkCard } from "./network-card.js";
import { DEFAULT_NETWORK } from "./network-folders.js";
import type { Network } from "./network.js";
import { classesOf, namesOf } from "./class-names/classes-of.js";
import { check, optionNames } from "../support/check.js";
import type { InputSize } from "./opening/image-input.js";
import { prepareNetwork } from "./opening/prepare.js";
import type { PreprocessingOptions } from "./opening/preprocessing-options.js";
import { inView } from "./views/in-view.js";
import { checkView, type View } from "./views/view.js";
import { openWholeView } from "./views/whole-view.js";
import { confirmTokenOrder, isAssumed } from "./opening/token-order.js";

/** How `openNetwork` opens a network. */
export interface OpenNetworkOptions extends EngineChoice {
  /** For a model without a card, or to override its card: any of the fields. */
  readonly preprocessing?: PreprocessingOptions;
  /**
   * Class names in the order of the logits, or the path of a file that lists them (see `readClasses`); none (`[]`) when its
   * outputs are an embedding.
   */
  readonly classes?: readonly string[] | string;
  /**
   * How logits become probabilities, over what the card or the graph says: `softmax` where exactly one class is right,
   * `sigmoid` where each class is right or not by itself.
   */
  readonly probabilities?: "softmax" | "sigmoid";
  /**
   * `tokens`: the mean of the last patch tokens as features, and no classes, for a network whose scores come from a class
   * token (ViT, DeiT); unless given, the head that is found in the graph.
   */
  readonly head?: "tokens";
  /** `finer` takes the last stride away, so that maps have more places (see `withFinerMaps`); `own` unless given. */
  readonly maps?: "own" | "finer";
  /**
   * Side in pixels of the square that pictures are brought to, or both sides, instead of the network's own size: larger
   * pictures give larger maps (see `withInputSize`); at most 4096 each.
   */
  readonly size?: InputSize;
  /** What of a picture it sees, whoever looks: `card` or `whole`. What is made with it has a default of its own unless given. */
  readonly view?: View;
  /** For a file that holds weights alone (`.pth`, safetensors): which architecture, unless it is recognised. */
  readonly architecture?: string;
  /** The path of a card, instead of the one beside the network. */
  readonly card?: string;
  /** A folder to look names up in before all others: it holds one folder a network. */
  readonly models?: string;
}

const OPTIONS = optionNames<OpenNetworkOptions>({
  engine: true,
  device: true,
  threads: true,
  preprocessing: true,
  classes: true,
  probabilities: true,
  head: true,
  maps: true,
  size: true,
  view: true,
  architecture: true,
  card: true,
  models: true,
});

/**
 * Opens a GAP network: finds its files, its GAP head and a device, and makes feature maps, pooled features and logits
 * its outputs. Its weights are not touched.
 *
 * @param nameOrPath a name (looked up in `models`, `$CAMLAB_MODELS`, the user's cache folder and camlab's own models),
 * the path of a model file (`.onnx`, or another format of docs/formats.md), or a folder that holds one; without it, the embedded network, which knows 30 kinds of drawn things
 * @throws CamlabError when there is no such network, its files are not what its card describes, or it has no GAP head
 * @example
 * using network = await openNetwork("resnet18.onnx", { classes: "imagenet-classes.json" });
 * console.log(network.head.summary, network.notes);
 */
export async function openNetwork(
  nameOrPath: string = DEFAULT_NETWORK,
  options: OpenNetworkOptions = {},
): Promise<Network> {
  const { maps = "own", probabilities } = check.known(options, OPTIONS, "openNetwork");
  if (probabilities !== undefined && probabilities !== "softmax" && probabilities !== "sigmoid") {
    throw invalid("probabilities", probabilities, '"softmax" or "sigmoid"');
  }
  if (options.head !== undefined && options.head !== "tokens")
    throw invalid("head", options.head, '"tokens", or nothing');
  check.oneOf("maps", maps, ["own", "finer"]);
  checkView(options.view);
  const { prepared, head, headOf, names, from, onlyAtSize } = await preparedWithHead(nameOrPath, options);
  const { files, card, facts, preprocessing, notes, graph, usual } = prepared;
  if (from !== undefined && from !== "options" && !card?.classes) notes.push(`classes: from ${from}`);
  notes.push(...(head.notes ?? []));
  const classes = classesOf(
    head.form === "embedding" && !options.classes ? undefined : names,
    head.logits.classes,
    files.model,
    notes,
  );
  const exposed = exposeHead(graph, head);
  const stillThere = new WeakRef(exposed);
  const fingerprint = (await storedGraph(exposed)).fingerprint;
  const weights = usual === graph ? fingerprint : (await storedGraph(exposeHead(usual, headOf(usual)))).fingerprint;
  // Who chose maps or sizes is shown those, whatever the card says of tasks.
  const isChosen = maps !== "own" || [prepared.sources.width, prepared.sources.height].includes("options");
  const engine = await createEngine(exposed, options);
  // To keep it, or what holds it, would hold the weights in memory a second time.
  const { graphAgain: readAgain } = prepared;
  const bothAgain = async () => {
    const own = await readAgain();
    const again = exposeHead(own, head);
    if ((await storedGraph(again)).fingerprint === fingerprint) return { own, again };
    throw changedSince(files.model);
  };
  const graphAgain = async () => (await bothAgain()).again;
  const choice = { engine: options.engine, device: engine.device, threads: options.threads };
  const parts: GapNetworkParts = {
    name: card?.name ?? files.name,
    card: {
      ...(card ?? bareCard(files.name)),
      preprocessing,
      classes,
      probabilities:
        probabilities ?? card?.probabilities ?? facts.probabilities ?? head.probabilities ?? usualProbabilities(head),
    },
    classes,
    notes,
    head,
    engine,
    inputName: prepared.input.name,
    batch: graph.batch,
    sources: { preprocessing: prepared.sources, classes: from ?? (classes.length > 0 ? "assumed" : "the graph") },
    fingerprint,
    weights,
    threads: options.threads,
    graph: graphAgain,
    ...(options.head === "tokens" && { ownGraph: async () => (await bothAgain()).own }),
    // Asked for at once, as the command line does, it need not be read anew.
    whole: () =>
      openWholeView({
        ...{ head, preprocessing, engine, choice },
        exposed: () => Promise.resolve(stillThere.deref() ?? graphAgain()),
      }),
    ...(!isChosen && { atSize: (size) => againAt(nameOrPath, { ...options, size }, weights) }),
    // Other layers are read from the file, where maps and input are the network's own.
    ...(prepared.untouched && { modelFile: files.model }),
  };
  const network = gapNetwork(parts);
  try {
    if (onlyAtSize) await tryOnce(network);
    if (!isAssumed(head)) return await inView(network, options.view);
    const confirmed = await confirmTokenOrder(head, preprocessing, (batch, count) => network.run(batch, count));
    return await inView(gapNetwork({ ...parts, head: confirmed }), options.view);
  } catch (error) {
    network.dispose();
    throw error;
  }
}

/** An exporter may have followed one size alone, though the file leaves sizes open: windows are then not cut or padded. */
async function tryOnce(network: Network): Promise<void> {
  const { width, height } = network.preprocessing;
  try {
    await network.run(new Float32Array(3 * height * width), 1);
  } catch (error) {
    throw new CamlabError(
      `${network.name} cannot be run on pictures of ${width}×${height}, though its file leaves their size open: pass ` +
        `{ size } (--size) with the size that it was exported for. ${messageOf(error)}`,
      { cause: error },
    );
  }
}

async function againAt(nameOrPath: string, options: OpenNetworkOptions, weights: string): Promise<Network> {
  const network = await openNetwork(nameOrPath, options);
  if (network.weights === weights) return network;
  network.dispose();
  throw changedSince(network.name);
}

function changedSince(what: string): CamlabError {
  return new CamlabError(`${what} has changed since the network was opened: open it again`);
}

/** Softmax of a single score would be 1 whatever is in the picture. */
function usualProbabilities({ logits }: GapHead): "softmax" | "sigmoid" {
  return logits.classes === 1 ? "sigmoid" : "softmax";
}

function bareCard(name: string): Omit<NetworkCard, "preprocessing" | "classes"> {
  return { name, title: name, licence: "not stated", origin: "not stated", hashes: {} };
}

/** A network's graph and its head, at the size of its pictures where the head is known at one size alone. */
async function preparedWithHead(nameOrPath: string, options: OpenNetworkOptions) {
  let leavesSizesOpen = false;
  const open = async (fixed: boolean) => {
    const prepared = await prepareNetwork(nameOrPath, { ...options, fixed });
    const { files, card, facts, graph } = prepared;
    checkSizes(graph);
    const given = { card, facts, given: options.classes, elsewhere: options.card !== undefined };
    const { names, from } = await namesOf(files, given);
    const headOf = (of: Graph) =>
      options.head === "tokens" ? tokenHead(of) : findGapHead(of, names && { classes: names.length });
    leavesSizesOpen = graph.inputs.some(({ dims = [] }) => dims.slice(1).some((dim) => typeof dim !== "number"));
    return { prepared, headOf, head: headOf(graph), names, from, onlyAtSize: fixed };
  };
  try {
    return await open(false);
  } catch (error) {
    // A head tells sizes that it does not know as "?".
    if (!leavesSizesOpen || !messageOf(error).includes("?")) throw error;
    // Transformers that cut maps into windows are exported with sizes open; how many places there are is then not known.
    const fixed = await open(true).catch(() => undefined);
    if (!fixed) throw error;
    const { width, height } = fixed.prepared.preprocessing;
    fixed.prepared.notes.push(`the number of its places follows from the size of pictures, here ${width}×${height}`);
    return fixed;
  }
}
