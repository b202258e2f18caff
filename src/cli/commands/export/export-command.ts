import { stat } from "node:fs/promises";
import { exportedGraph } from "../../../kernel-helpers/cam/export/export-graph.js";
import type { Graph } from "../../../kernel-helpers/graph/onnx/graph.js";
import { writeGraph } from "../../../kernel-helpers/graph/onnx/write-graph.js";
import { writeWhole } from "../../../kernel-helpers/support/write-file.js";
import { printable } from "../../../kernel-helpers/support/escape.js";
import { loadLinearSvm } from "../../../kernel-helpers/svm/linear-svm-file.js";
import { knownClass } from "../../known-class.js";
import { networkJson } from "../../network-json.js";
import { openFlagged, type NetworkFlags } from "../../network-flags.js";
import { openForProbe } from "../probe/probe-network.js";
import { say } from "../../terminal.js";
import { tellNotes } from "../../notes.js";
import { UsageError } from "../../usage-error.js";

/** Flags of `camlab export`, as parsed. */
export interface ExportFlags extends Omit<NetworkFlags, "classes"> {
  readonly out: string;
  readonly classes?: readonly string[];
  readonly names?: string;
  readonly heat?: boolean;
  readonly pixels?: boolean;
  readonly json?: boolean;
}

/**
 * `camlab export`: a network, or a probe on top of its network, as one ONNX file with maps among its outputs.
 *
 * @returns 0
 * @throws UsageError for a class that there is not, and for a file that is not called .onnx
 */
export async function exportCommand(source: string, flags: ExportFlags): Promise<number> {
  if (!/\.onnx$/i.test(flags.out))
    throw new UsageError(`--out ${flags.out} should end in .onnx: it becomes an ONNX file`);
  const probe = (await isProbe(source)) ? await loadLinearSvm(source) : undefined;
  if (!probe && flags.network !== undefined) {
    throw new UsageError(`--network belongs to a probe (a .json file); ${source} is the network that is exported`);
  }
  const shared: NetworkFlags = { ...flags, classes: flags.names };
  using network = probe ? await openForProbe(shared, probe) : await openFlagged({ ...shared, network: source });
  const names = probe ? probe.classes.map(String) : network.classes;
  const classes = flags.classes?.map((name) => knownClass(names, name));
  const { heat, pixels } = flags;
  const graph = await exportedGraph(network, { probe, classes, heat, pixels });
  const bytes = writeGraph(graph);
  await writeWhole(flags.out, bytes);
  const notes = heatNotes(graph);
  tellNotes(notes);
  const maps = classes?.map((row) => names[row]) ?? names;
  if (flags.json)
    say(`${JSON.stringify(exportJson(flags, graph, { ...networkJson(network) }, names, maps, bytes.length))}\n`);
  else say(exportText(flags.out, graph, maps, bytes.length));
  return 0;
}

async function isProbe(source: string): Promise<boolean> {
  if (!/\.json$/i.test(source)) return false;
  return stat(source).then(
    (found) => found.isFile(),
    () => true,
  );
}

function exportJson(
  { out }: ExportFlags,
  graph: Graph,
  about: Readonly<Record<string, unknown>>,
  classes: readonly string[],
  maps: readonly string[],
  bytes: number,
) {
  const port = ({ name, type, dims }: Graph["inputs"][number]) => ({ name, type, dims });
  return { out, bytes, ...about, inputs: graph.inputs.map(port), outputs: graph.outputs.map(port), classes, maps };
}

/** What stretched maps of so many classes take, in bytes a photo, is worth a word. */
const LARGE_HEAT = 64e6;

function heatNotes(graph: Graph): string[] {
  const heat = graph.outputs.find(({ name }) => name === "heat");
  const bytes = heat?.dims?.slice(1).reduce((product: number, size) => product * Number(size), 4) ?? 0;
  if (bytes <= LARGE_HEAT) return [];
  return [
    `heat of all these classes takes ${(bytes / 1e6).toFixed(0)} MB a photo; --classes says whose maps are wanted`,
  ];
}

function exportText(out: string, graph: Graph, maps: readonly string[], bytes: number): string {
  const ports = (list: Graph["inputs"]) => list.map(({ name, dims }) => `${name} ${dims?.join("×")}`).join(", ");
  const shown = maps.slice(0, 5).map((name) => printable(name));
  const more = maps.length > shown.length ? `, and ${maps.length - shown.length} more` : "";
  return (
    `wrote ${printable(out)} (${(bytes / 1e6).toFixed(1)} MB)\n` +
    `takes ${ports(graph.inputs)}${graph.inputs[0].type === "uint8" ? ", RGB in 8 bits" : ""}\n` +
    `gives ${ports(graph.outputs)}\n` +
    `maps of ${shown.join("; ")}${more}\n`
  );
}
