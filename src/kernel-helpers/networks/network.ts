import type { GapHead } from "../graph/head/gap-head.js";
import type { Graph } from "../graph/onnx/graph.js";
import type { Preprocessing } from "../images/input/preprocessing.js";
import type { NetworkCard } from "./network-card.js";
import type { View } from "./views/view.js";
import type { InputSize } from "./opening/image-input.js";

/**
 * A GAP network that is open and ready to look at photos. It owns native memory: `dispose()` it, or use `using`.
 *
 * @example
 * using opened: Network = await openNetwork();
 * opened.classes.length;
 */
export interface Network extends Disposable {
  readonly name: string;
  readonly card: NetworkCard;
  /** Class names, in the order of the logits. */
  readonly classes: readonly string[];
  readonly preprocessing: Preprocessing;
  readonly head: GapHead;
  readonly engine: string;
  readonly device: string;
  readonly deviceReason: string;
  /**
   * SHA-256 of the graph that runs, weights included, in hexadecimal: two networks that share it compute the same of the
   * same input. All views of a network share it.
   * Absent for a network that is not a graph.
   */
  readonly fingerprint?: string;
  /**
   * SHA-256 of the graph with the network's own size and maps, weights included: networks that share it differ in the
   * size that pictures are brought to, or in how fine their maps are, if in anything.
   */
  readonly weights?: string;
  /** The model file that it was opened from, when it was. */
  readonly modelFile?: string;
  /** What of a picture it sees, where that was asked for; as `card` where it was not. */
  readonly view?: View;
  /**
   * The same network in another view: the two share weights and life, and `dispose` of one is that of both. Absent for a
   * network that has one view only.
   *
   * @example
   * const whole = await network.inView!("whole");
   */
  inView?(view: View): Promise<Network>;
  /** CPU threads of one run, when they were asked for. */
  readonly threads?: number;
  /**
   * The graph that `run` runs, read once more from its file: for running it elsewhere too, as in threads of one's own.
   * Absent for a network that did not come from a file.
   *
   * @throws CamlabError when the network was disposed, and when the file is gone or holds another network by now
   */
  graph?(): Promise<Graph>;
  /**
   * The graph with the outputs of its file, read once more: the class scores of a network whose tokens were asked for
   * (`head: "tokens"`) are among them. Absent for every other network.
   *
   * @throws CamlabError as `graph` does
   */
  ownGraph?(): Promise<Graph>;
  /**
   * Opens the same network once more, for pictures of another size; whoever calls it disposes of what it gives. Absent
   * where the caller of `openNetwork` chose the size or the maps, and for a network that did not come from a file.
   *
   * @throws CamlabError when the network cannot take that size, or its file holds another network by now
   */
  atSize?(size: InputSize): Promise<Network>;
  /**
   * Where preprocessing and class names were read. Absent for a network that was not opened from a file.
   *
   * @example
   * network.sources?.preprocessing.mean; // "preprocessor_config.json"
   */
  readonly sources?: NetworkSources;
  /** What had to be assumed or was overridden when it was opened, one sentence each; empty for a network with a card. */
  readonly notes: readonly string[];
  /**
   * Runs a batch that is already preprocessed.
   *
   * @param batch `count × 3 × height × width`
   * @param size of the batch's pictures in the view `whole`, where it may differ from the network's own
   * @returns maps `count × channels × h × w`, features `count × channels`, logits `count × classes`
   */
  run(
    batch: Float32Array,
    count: number,
    size?: { readonly width: number; readonly height: number },
  ): Promise<NetworkOutputs>;
  dispose(): void;
}

/**
 * Where what is not in a network's weights was read: the name of a file beside it, `options`, `the graph`, `the notes in
 * the ONNX file`, or `assumed`.
 */
export interface NetworkSources {
  /** By field. */
  readonly preprocessing: Readonly<Partial<Record<keyof Preprocessing, string>>>;
  readonly classes: string;
}

/** What a network computes for a batch, each `count ×` what its name says. */
export interface NetworkOutputs {
  readonly featureMaps: {
    readonly channels: number;
    readonly height: number;
    readonly width: number;
    readonly data: Float32Array;
  };
  readonly features: Float32Array;
  readonly logits: Float32Array;
}
