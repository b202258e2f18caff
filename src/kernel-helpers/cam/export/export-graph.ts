import { headOutputs } from "../../graph/surgery/expose-head.js";
import { notLocalized } from "../../graph/head/gap-head.js";
import { withExportedOutputs, withNotes, type ExportedOutput } from "../../graph/export/exported.js";
import type { MapSources } from "../../graph/export/map-sources.js";
import { withPixelInput } from "../../graph/export/pixel-input.js";
import { REPLACED_NOTES, WRITTEN_NOTES } from "../../graph/export/written-notes.js";
import { makePort } from "../../graph/onnx/create-graph.js";
import { changedGraph } from "../../graph/onnx/changed-graph.js";
import type { Dim, Graph } from "../../graph/onnx/graph.js";
import type { GraphProto } from "../../graph/onnx/onnx.js";
import type { Emitter } from "../../graph/gradient/emitter.js";
import type { Preprocessing } from "../../images/input/preprocessing.js";
import { inView } from "../../networks/views/in-view.js";
import type { Network } from "../../networks/network.js";
import { check } from "../../support/check.js";
import { CamlabError, invalid } from "../../support/errors.js";
import { sha256OfFile } from "../../support/hash.js";
import { packageVersion } from "../../support/package-root.js";
import type { LinearSvm } from "../../svm/linear-svm.js";
import { classIndexOf } from "../class-index.js";
import { dividedByMaximum, stretched } from "./heat-nodes.js";
import { checkProbe, networkScores, probeScores, type ExportedScores } from "./exported-scores.js";

/** What `exportGraph` puts into a file. */
export interface ExportGraphOptions {
  /** A linear SVM on the network's features: its decision values and maps come out instead of the network's own. */
  readonly probe?: LinearSvm;
  /** The classes that get a map, by name or index, in this order; all of them unless given. Scores are of all classes. */
  readonly classes?: readonly (string | number)[];
  /** Whether each map comes out stretched to the input and over its maximum as well; not unless given. */
  readonly heat?: boolean;
  /** Whether the input is pixels as they are, `N × height × width × 3` in 8 bits, RGB; not unless given. */
  readonly pixels?: boolean;
}

/**
 * A network as one graph that draws its own class activation maps: what `look` and `cam` compute, for whoever runs ONNX
 * files without camlab. Its outputs, for N photos:
 *
 * - `scores`, N × classes: softmax or sigmoid of the logits, as the network's card says; a probe's decision values, of two
 *   classes first the one whose value has its sign turned.
 * - `maps`, N × maps × height × width: M_c(x, y) = Σ_k w_k f_k(x, y) (the paper's equation 2), raw and signed, at the
 *   resolution of the last feature maps, exactly as `cam` gives it for every form of head.
 * - `heat`, N × maps × input height × input width, where it was asked for: `normalise(upsample(map), "max")`. The largest
 *   value is 1, negative values are evidence against; a map without a positive value is all zeros.
 * - `logits`, N × classes: the scores before softmax or sigmoid; not for a probe.
 * - `probabilities`, N × classes: of a probe that was trained with them.
 *
 * The input is one batch of pictures at the network's own size: floats as the card's preprocessing makes them, or 8-bit
 * pixels with that inside. To bring a picture to that size is left to the caller: resizing differs from library to library,
 * and the notes in the file say how camlab does it. The notes also hold the class names, camlab's version and the source's
 * hash; `openNetwork` reads them, so that the file opens again with the same names, preprocessing and maps.
 *
 * @returns a graph for `graph.writeGraphFile`, with all weights inside
 * @throws CamlabError for a network whose maps are a single place, or that has no classes and no probe; a probe that was
 *   trained on other features; a class that there is none of; a network that did not come from a file
 * @example
 * const whole = await graph.exportGraph(network, { classes: ["tabby, tabby cat"], heat: true });
 * await graph.writeGraphFile(whole, "cat.onnx");
 */
export async function exportGraph(network: Network, options: ExportGraphOptions = {}): Promise<Graph> {
  check.known(options, ["probe", "classes", "heat", "pixels"], "exportGraph");
  if (options.probe) checkProbe(network, options.probe);
  return exportedGraph(network, options);
}

/** As `exportGraph`, for a probe that is known to fit. */
export async function exportedGraph(
  given: Network,
  { probe, classes, heat = false, pixels = false }: ExportGraphOptions,
): Promise<Graph> {
  const network = await inView(given, "card");
  const { head, preprocessing } = network;
  const unlocalized = notLocalized(head);
  if (unlocalized) throw new CamlabError(`cannot export maps: ${unlocalized}`);
  if (!probe && head.logits.classes === 0) {
    throw new CamlabError(
      `cannot export maps of ${network.name}: it has no classes, it is an embedding (${head.summary}). Train a probe on its ` +
        "features and export that: camlab probe train, or { probe }",
    );
  }
  if (!network.graph) {
    throw new CamlabError(`cannot export ${network.name}: it is no graph that was opened from a file`);
  }
  const names = probe ? probe.classes.map(String) : network.classes;
  const rows = rowsOf(names, classes);
  const size = await mapSize(network);
  const graph = withFixedInput(await network.graph(), preprocessing);
  const batch = graph.inputs[0].dims?.[0] ?? "N";
  const own = headOutputs(head);
  const { channels } = head.featureMaps;
  const whole = withExportedOutputs(graph, (emit) => {
    const features = emit.reshape(own.features, [null, channels, 1, 1]);
    const sources: MapSources = { maps: own.featureMaps, features, channels, ...size };
    const made = probe ? probeScores(emit, probe, sources, rows) : networkScores(emit, network, sources, rows);
    return outputsOf(emit, made, { batch, names, rows, size, input: preprocessing, heat });
  });
  const noted = withNotes(whole, await notesOf(network, { names, rows, probe, pixels }), REPLACED_NOTES, {
    name: "camlab",
    version: packageVersion(),
  });
  return pixels ? withPixelInput(noted, preprocessing) : noted;
}

interface Shapes {
  readonly batch: Dim;
  readonly names: readonly string[];
  readonly rows: readonly number[];
  readonly size: { readonly width: number; readonly height: number };
  readonly input: { readonly width: number; readonly height: number };
  readonly heat: boolean;
}

function outputsOf(
  emit: Emitter,
  { scores, maps, logits, probabilities }: ExportedScores,
  { batch, names, rows, size, input, heat }: Shapes,
): ExportedOutput[] {
  const ofClasses: readonly Dim[] = [batch, names.length];
  const ofMaps = (of: { readonly width: number; readonly height: number }): readonly Dim[] => [
    batch,
    rows.length,
    of.height,
    of.width,
  ];
  return [
    { name: "scores", value: scores, dims: ofClasses },
    { name: "maps", value: maps, dims: ofMaps(size) },
    ...(heat
      ? [{ name: "heat", value: dividedByMaximum(emit, stretched(emit, maps, size, input)), dims: ofMaps(input) }]
      : []),
    ...(logits === undefined ? [] : [{ name: "logits", value: logits, dims: ofClasses }]),
    ...(probabilities === undefined ? [] : [{ name: "probabilities", value: probabilities, dims: ofClasses }]),
  ];
}

/** The classes that get a map, by their place among the scores. */
function rowsOf(names: readonly string[], classes: ExportGraphOptions["classes"]): number[] {
  if (classes === undefined) return names.map((_, row) => row);
  if (!Array.isArray(classes) || classes.length === 0) throw invalid("classes", classes, "a list of names or indices");
  const rows = classes.map((wanted: string | number) => classIndexOf(names, wanted));
  const twice = rows.find((row, i) => rows.indexOf(row) < i);
  if (twice !== undefined)
    throw invalid("classes", classes, `each class once, but ${JSON.stringify(names[twice])} is there twice`);
  return rows;
}

/** The size of the maps; where it does not follow from the graph it is seen in a run. */
async function mapSize(network: Network): Promise<{ width: number; height: number }> {
  const { width, height } = network.head.featureMaps;
  if (width !== undefined && height !== undefined) return { width, height };
  const { preprocessing } = network;
  const { featureMaps } = await network.run(new Float32Array(3 * preprocessing.height * preprocessing.width), 1);
  return { width: featureMaps.width, height: featureMaps.height };
}

/** The input at the network's own size, where the file leaves it open: maps are stretched to it. */
function withFixedInput(graph: Graph, { width, height }: Preprocessing): Graph {
  const [image] = graph.inputs;
  const proto = graph.model.graph as GraphProto;
  const port = makePort(image.name, [image.dims?.[0] ?? "N", 3, height, width], image.type);
  return changedGraph(graph, { input: proto.input.map((one) => (one.name === image.name ? port : one)) });
}

interface Noted {
  readonly names: readonly string[];
  readonly rows: readonly number[];
  readonly probe?: LinearSvm;
  readonly pixels: boolean;
}

async function notesOf(network: Network, { names, rows, probe, pixels }: Noted): Promise<Record<string, string>> {
  const { preprocessing, modelFile, head } = network;
  const ofProbe = probe?.kind === "multilabel" ? "sigmoid" : "softmax";
  const probabilities = probe ? ofProbe : (network.card.probabilities ?? "softmax");
  const plain = { ...preprocessing, channelOrder: "RGB", mean: [0, 0, 0], std: [1, 1, 1] };
  const hash = modelFile === undefined ? network.fingerprint : await sha256OfFile(modelFile);
  return {
    [WRITTEN_NOTES.software]: `camlab ${packageVersion()}`,
    [WRITTEN_NOTES.source]: network.name,
    ...(hash !== undefined && { [WRITTEN_NOTES.sourceHash]: hash }),
    [WRITTEN_NOTES.head]: probe ? `${head.summary}; a ${probe.kind} linear SVM on its features` : head.summary,
    [WRITTEN_NOTES.names]: JSON.stringify(names),
    [WRITTEN_NOTES.mapNames]: JSON.stringify(rows.map((row) => names[row])),
    [WRITTEN_NOTES.preprocessing]: JSON.stringify(pixels ? plain : preprocessing),
    [WRITTEN_NOTES.scores]: probe ? "decision values" : probabilities,
    [WRITTEN_NOTES.probabilities]: probabilities,
  };
}
