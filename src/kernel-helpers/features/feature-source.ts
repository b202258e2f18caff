import { createEngine, type EngineChoice } from "../engines/create-engine.js";
import type { Engine } from "../engines/engine.js";
import { withOutputs } from "../graph/cut-graph.js";
import { withFloatPorts } from "../graph/float-ports.js";
import { listLayers } from "../graph/list-layers.js";
import type { Graph } from "../graph/graph.js";
import { readGraph } from "../graph/read-graph.js";
import type { Network } from "../networks/network.js";
import { CamlabError, invalid } from "../support/errors.js";
import { pooled, type Pooling } from "./pooling.js";

/** What turns a batch of inputs into feature vectors. */
export interface FeatureSource extends Disposable {
  /** The value of the graph that is pooled. */
  readonly layer: string;
  readonly pooling: Pooling;
  /** Values a vector. */
  readonly channels: number;
  /** @returns `count × channels` */
  run(batch: Float32Array, count: number): Promise<Float32Array>;
}

/**
 * Opens the features of a network: its GAP head's, unless another layer or pooling is asked for.
 *
 * @throws CamlabError for a layer that does not exist or has no maps, and for a network that was not opened from a file
 */
export async function openFeatureSource(network: Network, layer?: string, pooling?: Pooling): Promise<FeatureSource> {
  const { head } = network;
  if (pooling !== undefined && pooling !== "average" && pooling !== "max") {
    throw invalid("pooling", pooling, "average or max");
  }
  if (layer !== undefined && layer !== head.featureMaps.name) {
    return openLayer(network, layer, pooling ?? "average");
  }
  const wanted = pooling ?? head.pooling;
  const { channels } = head.featureMaps;
  return {
    layer: head.featureMaps.name,
    pooling: wanted,
    channels,
    async run(batch, count) {
      const { features, featureMaps } = await network.run(batch, count);
      return wanted === head.pooling ? features : pooled(featureMaps.data, count * channels, wanted);
    },
    [Symbol.dispose]() {},
  };
}

/** Another layer: the network's file once more, cut after that layer. */
async function openLayer(network: Network, layer: string, pooling: Pooling): Promise<FeatureSource> {
  if (network.modelFile === undefined) {
    throw new CamlabError(
      `cannot take features of the layer ${layer}: ${network.name} was not opened from a file, and only its last feature maps can be read`,
    );
  }
  const graph = await readGraph(network.modelFile);
  if (!graph.producer(layer)) throw invalid("layer", layer, `a value of the network, such as ${someLayers(graph)}`);
  const engine = await createEngine(withFloatPorts(withOutputs(graph, [layer])), {
    engine: network.engine as EngineChoice["engine"],
    device: network.device as EngineChoice["device"],
  });
  try {
    return await sourceOf(engine, network, layer, pooling);
  } catch (error) {
    engine.dispose();
    throw error;
  }
}

async function sourceOf(engine: Engine, network: Network, layer: string, pooling: Pooling): Promise<FeatureSource> {
  const { width, height } = network.preprocessing;
  const size = 3 * width * height;
  const [{ name: input, dims: inputDims }] = engine.inputs;
  const [{ name: output }] = engine.outputs;
  const perRun = typeof inputDims[0] === "number" ? inputDims[0] : undefined;
  const run = async (data: Float32Array, count: number) => {
    const { [output]: result } = await engine.run({ [input]: { dims: [count, 3, height, width], data } });
    return result;
  };
  const first = await run(new Float32Array((perRun ?? 1) * size), perRun ?? 1);
  const [, channels] = first.dims;
  if (first.dims.length !== 4 && first.dims.length !== 2) {
    throw invalid("layer", layer, `feature maps, batch × channels × height × width, not ${first.dims.join(" × ")}`);
  }
  return {
    layer,
    pooling,
    channels,
    async run(batch, count) {
      if (perRun === undefined)
        return pooled((await run(batch.subarray(0, count * size), count)).data, count * channels, pooling);
      const result = new Float32Array(count * channels);
      const piece = new Float32Array(perRun * size);
      for (let start = 0; start < count; start += perRun) {
        piece.set(batch.subarray(start * size, Math.min(start + perRun, count) * size));
        const vectors = pooled((await run(piece, perRun)).data, perRun * channels, pooling);
        result.set(vectors.subarray(0, Math.min(perRun, count - start) * channels), start * channels);
      }
      return result;
    },
    [Symbol.dispose]: () => engine.dispose(),
  };
}

function someLayers(graph: Graph): string {
  const names = listLayers(graph)
    .filter(({ op }) => /Relu|Conv|Concat|Add/.test(op))
    .flatMap(({ outputs }) => outputs.map(({ name }) => name));
  return names.slice(-4).join(", ");
}
