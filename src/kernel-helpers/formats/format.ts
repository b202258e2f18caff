import type { Graph } from "../graph/onnx/graph.js";
import type { Preprocessing } from "../images/input/preprocessing.js";
import type { StateDict } from "./weights/state-dict.js";

/** Some fields of a network's preprocessing, and where they were read. */
export interface FoundSettings {
  readonly settings: Partial<Preprocessing>;
  /** The file, as people call it. */
  readonly from: string;
}

/** A network that was read from a file of any format, as an ONNX graph. */
export interface ImportedNetwork {
  /** Takes `N × 3 × height × width`, channels first, whatever the file's own order is. */
  readonly graph: Graph;
  /** What the file and those that belong to it say of how pictures reach the network; the first that says a field wins. */
  readonly preprocessing: readonly FoundSettings[];
  /** Class names that belong to the format (not those of files beside the model, which any network may have). */
  readonly classes?: { readonly names: readonly string[]; readonly from: string };
  /** What was assumed, changed or left out, each in one sentence for people. */
  readonly notes: readonly string[];
}

/** What a format may need beside the file. */
export interface ReadOptions {
  /** Makes a network of a file that holds weights without a graph; unless given, such files are refused. */
  readonly build?: (weights: StateDict) => ImportedNetwork;
  /** The file's bytes, where they were read already. */
  readonly bytes?: Uint8Array;
}

/** What a format decides by. */
export interface FirstBytes {
  readonly path: string;
  /** The file's first bytes, 64 KiB at the most. */
  readonly head: Uint8Array;
  /** The file's size in bytes. */
  readonly size: number;
}

/** A file format that networks come in. One folder a format; the list of them is data (`formats.ts`). */
export interface Format {
  /** What people call it: "Caffe". */
  readonly name: string;
  /** How the names of its model files end, in lower case; a folder that holds exactly one such file is opened by it. */
  readonly endings: readonly string[];
  /** Whether a file is of this format, by its content: names lie. */
  recognises(file: FirstBytes): boolean;
  /**
   * Reads it.
   *
   * @param head as `recognises` saw it
   * @throws CamlabError when the file is damaged, or holds what cannot be said as an ONNX graph
   */
  read(path: string, head: Uint8Array, options?: ReadOptions): Promise<ImportedNetwork>;
}
