import { basename } from "node:path";
import { withChosenBranches } from "../../graph/surgery/chosen-branches.js";
import { withFinerMaps } from "../../graph/surgery/finer-maps.js";
import { withImagePorts } from "../../graph/surgery/image-ports.js";
import { withFixedSize, withInputSize } from "../../graph/surgery/input-size.js";
import { withJoinedScores } from "../../graph/surgery/join-scores.js";
import { withPlainEinsums } from "../../graph/surgery/plain-einsums.js";
import type { Graph } from "../../graph/onnx/graph.js";
import { CamlabError } from "../../support/errors.js";
import type { Preprocessing } from "../../images/input/preprocessing.js";
import { choosePreprocessing, type PreprocessingSources } from "../choose-preprocessing.js";
import { findNetwork, type NetworkFiles } from "../find-network.js";
import { checkedBytes, readCard, type ReadCard } from "../read-card.js";
import { exportedFacts } from "./exported-facts.js";
import { factsOf, type Facts } from "./facts.js";
import { readNetworkFile } from "./read-network-file.js";
import { freedGraph, imageInput, type ImageInput, type InputSize } from "./image-input.js";
import { normalisedOnce, normalisedTwice, ownNormalisation } from "./own-normalisation.js";
import { checkPreprocessingOptions, type PreprocessingOptions } from "./preprocessing-options.js";

/** What a network is prepared with. */
export interface PrepareOptions {
  readonly models?: string;
  readonly card?: string;
  readonly preprocessing?: PreprocessingOptions;
  readonly size?: InputSize;
  readonly maps?: "own" | "finer";
  readonly architecture?: string;
  /** Whether a size that the input leaves open becomes that of the pictures. */
  readonly fixed?: boolean;
}

/** A network's graph, fed with float32 pictures, and what is known of how they are made. */
export interface Prepared {
  readonly files: NetworkFiles;
  readonly card?: ReadCard;
  readonly facts: Facts;
  readonly input: ImageInput;
  readonly preprocessing: Preprocessing;
  readonly sources: PreprocessingSources;
  readonly notes: string[];
  readonly graph: Graph;
  /** The graph with the network's own size and maps; `graph` itself where no others were asked for. */
  readonly usual: Graph;
  /** Whether the graph is as it lies in its file. */
  readonly untouched: boolean;
  /** Reads the file once more and prepares its graph in the same way. */
  readonly graphAgain: () => Promise<Graph>;
}

/**
 * Reads a network's files: its card or what else describes it, and its graph, made to take float32 pictures of the size
 * that is wanted.
 *
 * @throws CamlabError as `openNetwork`, for everything but its head and its classes
 */
export async function prepareNetwork(
  nameOrPath: string,
  { models, card: ownCard, preprocessing: given, size, maps = "own", architecture, fixed = false }: PrepareOptions,
): Promise<Prepared> {
  if (given !== undefined) checkPreprocessingOptions(given);
  const found = findNetwork(nameOrPath, models);
  const described = ownCard === undefined ? found : { ...found, card: ownCard };
  const beside = described.card === undefined ? undefined : await readCard(described.card);
  const expectedHash = beside?.hashes[basename(found.model)];
  const bytes = expectedHash === undefined ? undefined : await checkedBytes(found.model, expectedHash);
  const imported = await readNetworkFile(found.model, architecture, bytes);
  const own = imported.graph;
  checkOperatorSet(own, found.model);
  const exported = exportedFacts(own);
  // An export may lie beside the network that it was made from, in a folder whose card is about that one.
  const isOther = exported && ownCard === undefined && expectedHash === undefined && isOfFolder(described.card);
  const [card, files] = isOther ? [undefined, { ...found, card: undefined }] : [beside, described];
  const fedOf = (graph: Graph) => withImagePorts(freedGraph(graph, files.model));
  const mappedOf = (graph: Graph) => (maps === "finer" ? withFinerMaps(graph) : graph);
  const fed = fedOf(own);
  const mapped = mappedOf(fed);
  const input = imageInput(mapped, files.model);
  const facts =
    exported ?? (card?.classes === undefined ? await factsOf(files.model, imported) : { preprocessing: [] });
  const normalisation = ownNormalisation(own, fed);
  const chosen = choosePreprocessing(input, {
    ...(card && { card: { settings: card.preprocessing, from: basename(files.card ?? "card.json") } }),
    found: normalisedOnce(facts.preprocessing, normalisation),
    given,
    size,
  });
  const { preprocessing, sources } = chosen;
  const notes = [...imported.notes, ...chosen.notes];
  const twice = normalisedTwice(preprocessing, normalisation);
  if (twice !== undefined) notes.push(twice);
  const isOwnSize =
    size === undefined || (input.width === preprocessing.width && input.height === preprocessing.height);
  const resolvedOf = (graph: Graph) => withJoinedScores(withPlainEinsums(withChosenBranches(graph)));
  // Sizes first: they may decide which branch is taken.
  const sizedOf = (graph: Graph) => {
    if (fixed) return resolvedOf(withFixedSize(graph, preprocessing));
    return resolvedOf(isOwnSize ? graph : withInputSize(graph, preprocessing));
  };
  const graph = sizedOf(mapped);
  return {
    files,
    card,
    facts,
    input,
    preprocessing,
    sources,
    notes,
    graph,
    usual: mapped === fed && (isOwnSize || fixed) ? graph : resolvedOf(fed),
    untouched: graph === own,
    graphAgain: async () => sizedOf(mappedOf(fedOf((await readNetworkFile(files.model, architecture)).graph))),
  };
}

/** Without it an operator may mean one thing here and another to an engine. */
function checkOperatorSet({ model }: Graph, file: string): void {
  if (model.opsetImport.some(({ domain }) => domain === "" || domain === "ai.onnx")) return;
  throw new CamlabError(
    `${file} names no version of the standard operators, so what they mean is not said: export the network again`,
  );
}

function isOfFolder(card: string | undefined): boolean {
  return card !== undefined && basename(card) === "card.json";
}
