import { createEngine, type EngineChoice } from "../../engines/create-engine.js";
import type { Engine } from "../../engines/engine.js";
import type { GapHead } from "../../graph/head/gap-head.js";
import { headOutputs } from "../../graph/surgery/expose-head.js";
import { withOpenSides } from "../../graph/surgery/open-sides.js";
import type { Graph } from "../../graph/onnx/graph.js";
import type { Preprocessing } from "../../images/input/preprocessing.js";
import { CamlabError, messageOf } from "../../support/errors.js";

/** What sees whole pictures. */
export interface WholeView {
  readonly preprocessing: Preprocessing;
  /** The network's own engine where `graph` is absent. */
  readonly engine: Engine;
  /** The graph whose sides are open; absent where pictures are squashed to the network's own size. */
  readonly openGraph?: (exposed: Graph) => Graph;
  /** Why they are squashed. */
  readonly note?: string;
}

/** What a whole view is made of. */
export interface WholeViewParts {
  readonly head: GapHead;
  readonly preprocessing: Preprocessing;
  /** What the network runs in. */
  readonly engine: Engine;
  readonly choice: EngineChoice;
  /** Reads the graph that the engine runs once more. */
  readonly exposed: () => Promise<Graph>;
}

/**
 * Opens a network for pictures of any proportions, beside the one that is open; a network that is tied to its size stays
 * as it is, and squashes.
 */
export async function openWholeView({
  head,
  preprocessing,
  engine,
  choice,
  exposed,
}: WholeViewParts): Promise<WholeView> {
  const { resize: _resize, fill: _fill, regionFit: _regionFit, ...plain } = preprocessing;
  let opened: Engine | undefined;
  try {
    const graph = await exposed();
    const { featureMaps } = headOutputs(head);
    const openGraph = (again: Graph) => withOpenSides(again, featureMaps, preprocessing).graph;
    const { graph: open, stride } = withOpenSides(graph, featureMaps, preprocessing);
    opened = await createEngine(open, choice);
    await tryRun(opened, open, featureMaps, { ...preprocessing, stride });
    return { preprocessing: { ...plain, fit: "whole", stride }, engine: opened, openGraph };
  } catch (error) {
    opened?.dispose();
    const note =
      `view whole: pictures are squashed to ${preprocessing.width}×${preprocessing.height}, for the network takes no other ` +
      `proportions (${messageOf(error)})`;
    return { preprocessing: { ...plain, fit: "squash", regionFit: "squash" }, engine, note };
  }
}

/** Runs a picture of other proportions: an operator may be tied to its size in a way that no shape tells. */
async function tryRun(
  engine: Engine,
  { inputs: [{ name }], batch }: Graph,
  maps: string,
  { width, height, stride }: { readonly width: number; readonly height: number; readonly stride: number },
): Promise<void> {
  const count = batch === "any" ? 1 : batch;
  const dims = [count, 3, height + stride, width + 2 * stride];
  const found = await engine.run({ [name]: { dims, data: new Float32Array(dims.reduce((a, b) => a * b)) } });
  const odd = Object.entries(found).find(([, { dims }]) => dims[0] !== count);
  if (odd) throw new CamlabError(`"${odd[0]}" would be ${odd[1].dims.join("×")}`);
  const [, , rows, columns] = found[maps].dims;
  if (rows < 1 || columns < 1) throw new CamlabError(`its maps would be ${rows}×${columns}`);
}
