import type { Engine } from "../engines/engine.js";
import { headOutputs } from "../graph/surgery/expose-head.js";
import type { GapHead } from "../graph/head/gap-head.js";
import type { Graph } from "../graph/onnx/graph.js";
import type { Preprocessing } from "../images/input/preprocessing.js";
import { check } from "../support/check.js";
import { CamlabError, invalid } from "../support/errors.js";
import type { NetworkCard } from "./network-card.js";
import type { Network, NetworkOutputs, NetworkSources } from "./network.js";

/** What a `GapNetwork` is made of. */
export interface GapNetworkParts {
  readonly name: string;
  readonly card: NetworkCard;
  readonly classes: readonly string[];
  readonly notes: readonly string[];
  readonly head: GapHead;
  /** Runs the graph that `exposeHead` made. */
  readonly engine: Engine;
  readonly inputName: string;
  /** How many images the graph takes at once. */
  readonly batch: number | "any";
  readonly fingerprint?: string;
  readonly modelFile?: string;
  readonly threads?: number;
  readonly graph?: () => Promise<Graph>;
  readonly sources?: NetworkSources;
}

/** A network that runs in an engine. */
export class GapNetwork implements Network {
  readonly name: string;
  readonly card: NetworkCard;
  readonly classes: readonly string[];
  readonly notes: readonly string[];
  readonly preprocessing: Preprocessing;
  readonly head: GapHead;
  readonly engine: string;
  readonly device: string;
  readonly deviceReason: string;
  readonly fingerprint?: string;
  readonly modelFile?: string;
  readonly threads?: number;
  readonly graph?: () => Promise<Graph>;
  readonly sources?: NetworkSources;
  readonly #engine: Engine;
  readonly #inputName: string;
  readonly #batch: number | "any";
  #disposed = false;

  constructor({ name, card, classes, notes, head, engine, inputName, batch, ...origin }: GapNetworkParts) {
    this.fingerprint = origin.fingerprint;
    this.modelFile = origin.modelFile;
    this.threads = origin.threads;
    this.sources = origin.sources;
    const { graph } = origin;
    this.graph = graph && (() => (this.#disposed ? Promise.reject(new CamlabError(DISPOSED)) : graph()));
    this.name = name;
    this.card = card;
    this.classes = classes;
    this.notes = notes;
    this.preprocessing = card.preprocessing;
    this.head = head;
    this.engine = engine.name;
    this.device = engine.device;
    this.deviceReason = engine.deviceReason;
    this.#engine = engine;
    this.#inputName = inputName;
    this.#batch = batch;
  }

  async run(batch: Float32Array, count: number): Promise<NetworkOutputs> {
    const { width, height } = this.preprocessing;
    const size = 3 * height * width;
    check.count("count", count);
    if (batch.length < count * size) {
      throw invalid("batch", batch, `at least ${count} × 3 × ${height} × ${width} numbers`);
    }
    if (this.#batch === "any" || this.#batch === count) return this.#runOnce(batch.subarray(0, count * size), count);
    return this.#runInPieces(batch, count, this.#batch);
  }

  dispose(): void {
    this.#disposed = true;
    this.#engine.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  async #runOnce(data: Float32Array, count: number): Promise<NetworkOutputs> {
    const { width, height } = this.preprocessing;
    const results = await this.#engine.run({ [this.#inputName]: { dims: [count, 3, height, width], data } });
    const names = headOutputs(this.head);
    const maps = results[names.featureMaps];
    const [, channels, rows, columns] = maps.dims;
    return {
      featureMaps: { channels, height: rows, width: columns, data: maps.data },
      features: results[names.features].data,
      logits: this.head.logits.classes > 0 ? results[names.logits].data : new Float32Array(0),
    };
  }

  /** For a graph that takes exactly `piece` images: the last piece is filled up with zeros. */
  async #runInPieces(batch: Float32Array, count: number, piece: number): Promise<NetworkOutputs> {
    const size = 3 * this.preprocessing.height * this.preprocessing.width;
    const pieces: NetworkOutputs[] = [];
    for (let start = 0; start < count; start += piece) {
      let data = batch.subarray(start * size, (start + piece) * size);
      if (start + piece > count) {
        const filled = new Float32Array(piece * size);
        filled.set(batch.subarray(start * size, count * size));
        data = filled;
      }
      pieces.push(await this.#runOnce(data, piece));
    }
    const join = (of: (outputs: NetworkOutputs) => Float32Array) => joined(pieces.map(of), count, piece);
    return {
      featureMaps: { ...pieces[0].featureMaps, data: join(({ featureMaps }) => featureMaps.data) },
      features: join(({ features }) => features),
      logits: join(({ logits }) => logits),
    };
  }
}

const DISPOSED = "this network was disposed: open it again";

function joined(parts: readonly Float32Array[], count: number, piece: number): Float32Array {
  const each = parts[0].length / piece;
  if (!Number.isInteger(each)) throw new CamlabError(`the network's outputs do not divide into ${piece} images`);
  const whole = new Float32Array(count * each);
  parts.forEach((part, i) => {
    const start = i * piece * each;
    whole.set(part.subarray(0, Math.min(part.length, whole.length - start)), start);
  });
  return whole;
}
