import type { Engine } from "../engines/engine.js";
import { headOutputs } from "../graph/surgery/expose-head.js";
import { keepRun } from "../graph/head/path/kept-runs.js";
import { check } from "../support/check.js";
import { CamlabError, invalid } from "../support/errors.js";
import type { Preprocessing } from "../images/input/preprocessing.js";
import type { Network, NetworkOutputs } from "./network.js";
import { tellDisposed } from "./opening/when-disposed.js";
import { type View, VIEWS } from "./views/view.js";
import type { WholeView } from "./views/whole-view.js";

/** What a network that runs in an engine is made of. */
export interface GapNetworkParts extends Pick<
  Network,
  | "name"
  | "card"
  | "classes"
  | "notes"
  | "head"
  | "fingerprint"
  | "weights"
  | "modelFile"
  | "threads"
  | "graph"
  | "ownGraph"
  | "atSize"
  | "sources"
> {
  /** Runs the graph that `exposeHead` made. */
  readonly engine: Engine;
  readonly inputName: string;
  /** How many images the graph takes at once. */
  readonly batch: number | "any";
  /** Opens what sees whole pictures, when it is first asked for. */
  readonly whole: () => Promise<WholeView>;
}

/** A network that runs in an engine, which it owns; it sees as its card says. */
export function gapNetwork({ whole, ...parts }: GapNetworkParts): Network {
  let disposed = false;
  let opened: Promise<WholeView> | undefined;
  const openWhole = () => {
    if (disposed) throw new CamlabError(DISPOSED);
    return (opened ??= whole());
  };
  const dispose = (): void => {
    disposed = true;
    parts.engine.dispose();
    void opened?.then(({ engine }) => engine.dispose()).catch(() => undefined);
    tellDisposed(dispose);
  };
  const isDisposed = () => disposed;
  const inView = async (view: View): Promise<Network> => {
    check.oneOf("view", view, VIEWS);
    if (view === "card") return asCard;
    const found = await openWhole();
    return (asWhole ??= wholeNetwork(parts, found, { isDisposed, dispose, inView }));
  };
  let asWhole: Network | undefined;
  const common = { isDisposed, dispose, inView };
  const asCard = networkIn(parts, parts.card.preprocessing, { ...common, view: "card" });
  return networkIn(parts, parts.card.preprocessing, common);
}

type ViewParts = Omit<GapNetworkParts, "whole">;

/** What the views of a network share: they are one network, and end together. */
interface Shared extends Required<Pick<Network, "inView" | "dispose">> {
  readonly isDisposed: () => boolean;
}

function wholeNetwork(parts: ViewParts, { openGraph, note, ...found }: WholeView, shared: Shared): Network {
  const { graph } = parts;
  const open = { ...parts, engine: found.engine, ...(note !== undefined && { notes: [...parts.notes, note] }) };
  const seen = openGraph && graph && { graph: async () => openGraph(await graph()) };
  return networkIn({ ...open, ...seen }, found.preprocessing, { ...shared, view: "whole" });
}

function networkIn(
  { engine, inputName, batch: piece, graph, ...parts }: ViewParts,
  preprocessing: Preprocessing,
  { isDisposed, ...shared }: Shared & Pick<Network, "view">,
): Network {
  const { head } = parts;
  const isFixed = preprocessing.fit !== "whole";

  const runOnce = async (data: Float32Array, count: number, { width, height }: Sides): Promise<NetworkOutputs> => {
    const results = await engine.run({ [inputName]: { dims: [count, 3, height, width], data } });
    const names = headOutputs(head);
    const maps = results[names.featureMaps];
    const [, channels, rows, columns] = maps.dims;
    const { data: features } = results[names.features];
    if (head.network && names.hidden.length > 0) {
      const hidden = names.hidden.map((name) => results[name].data);
      keepRun(head.network, features, hidden);
    }
    return {
      featureMaps: { channels, height: rows, width: columns, data: maps.data },
      features,
      logits: head.logits.classes > 0 ? results[names.logits].data : new Float32Array(0),
    };
  };

  /** For a graph that takes exactly so many images: the last piece is filled up with zeros. */
  const runInPieces = async (
    batch: Float32Array,
    count: number,
    each: number,
    sides: Sides,
  ): Promise<NetworkOutputs> => {
    const size = 3 * sides.width * sides.height;
    const pieces: NetworkOutputs[] = [];
    for (let start = 0; start < count; start += each) {
      let data = batch.subarray(start * size, (start + each) * size);
      if (start + each > count) {
        const filled = new Float32Array(each * size);
        filled.set(batch.subarray(start * size, count * size));
        data = filled;
      }
      pieces.push(await runOnce(data, each, sides));
    }
    const join = (of: (outputs: NetworkOutputs) => Float32Array) => joined(pieces.map(of), count, each);
    return {
      featureMaps: { ...pieces[0].featureMaps, data: join(({ featureMaps }) => featureMaps.data) },
      features: join(({ features }) => features),
      logits: join(({ logits }) => logits),
    };
  };

  return {
    ...parts,
    preprocessing,
    engine: engine.name,
    device: engine.device,
    deviceReason: engine.deviceReason,
    ...(graph && { graph: () => (isDisposed() ? Promise.reject(new CamlabError(DISPOSED)) : graph()) }),
    async run(batch, count, sides = preprocessing) {
      check.count("count", count);
      const { width, height } = sides;
      if (isFixed && (width !== preprocessing.width || height !== preprocessing.height)) {
        throw invalid(
          "size",
          `${width}×${height}`,
          `${preprocessing.width}×${preprocessing.height}, the network's own`,
        );
      }
      const size = 3 * height * width;
      if (batch.length < count * size) {
        throw invalid("batch", batch, `at least ${count} × 3 × ${height} × ${width} numbers`);
      }
      if (piece === "any" || piece === count) return runOnce(batch.subarray(0, count * size), count, sides);
      return runInPieces(batch, count, piece, sides);
    },
    ...shared,
    [Symbol.dispose]: shared.dispose,
  };
}

type Sides = { readonly width: number; readonly height: number };

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
