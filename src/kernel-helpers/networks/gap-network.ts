import type { Engine } from "../engines/engine.js";
import { headOutputs } from "../graph/surgery/expose-head.js";
import { check } from "../support/check.js";
import { CamlabError, invalid } from "../support/errors.js";
import type { Network, NetworkOutputs } from "./network.js";

/** What a network that runs in an engine is made of. */
export interface GapNetworkParts extends Pick<
  Network,
  "name" | "card" | "classes" | "notes" | "head" | "fingerprint" | "modelFile" | "threads" | "graph" | "sources"
> {
  /** Runs the graph that `exposeHead` made. */
  readonly engine: Engine;
  readonly inputName: string;
  /** How many images the graph takes at once. */
  readonly batch: number | "any";
}

/** A network that runs in an engine, which it owns. */
export function gapNetwork({ engine, inputName, batch: piece, graph, ...parts }: GapNetworkParts): Network {
  const { head } = parts;
  const { preprocessing } = parts.card;
  const { width, height } = preprocessing;
  const size = 3 * height * width;
  let disposed = false;

  const runOnce = async (data: Float32Array, count: number): Promise<NetworkOutputs> => {
    const results = await engine.run({ [inputName]: { dims: [count, 3, height, width], data } });
    const names = headOutputs(head);
    const maps = results[names.featureMaps];
    const [, channels, rows, columns] = maps.dims;
    return {
      featureMaps: { channels, height: rows, width: columns, data: maps.data },
      features: results[names.features].data,
      logits: head.logits.classes > 0 ? results[names.logits].data : new Float32Array(0),
    };
  };

  /** For a graph that takes exactly so many images: the last piece is filled up with zeros. */
  const runInPieces = async (batch: Float32Array, count: number, each: number): Promise<NetworkOutputs> => {
    const pieces: NetworkOutputs[] = [];
    for (let start = 0; start < count; start += each) {
      let data = batch.subarray(start * size, (start + each) * size);
      if (start + each > count) {
        const filled = new Float32Array(each * size);
        filled.set(batch.subarray(start * size, count * size));
        data = filled;
      }
      pieces.push(await runOnce(data, each));
    }
    const join = (of: (outputs: NetworkOutputs) => Float32Array) => joined(pieces.map(of), count, each);
    return {
      featureMaps: { ...pieces[0].featureMaps, data: join(({ featureMaps }) => featureMaps.data) },
      features: join(({ features }) => features),
      logits: join(({ logits }) => logits),
    };
  };

  const dispose = (): void => {
    disposed = true;
    engine.dispose();
  };

  return {
    ...parts,
    preprocessing,
    engine: engine.name,
    device: engine.device,
    deviceReason: engine.deviceReason,
    ...(graph && { graph: () => (disposed ? Promise.reject(new CamlabError(DISPOSED)) : graph()) }),
    async run(batch, count) {
      check.count("count", count);
      if (batch.length < count * size) {
        throw invalid("batch", batch, `at least ${count} × 3 × ${height} × ${width} numbers`);
      }
      if (piece === "any" || piece === count) return runOnce(batch.subarray(0, count * size), count);
      return runInPieces(batch, count, piece);
    },
    dispose,
    [Symbol.dispose]: dispose,
  };
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
