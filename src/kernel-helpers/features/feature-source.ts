import { createEngine, type EngineChoice } from "../engines/create-engine.js";
import type { Engine } from "../engines/engine.js";
import { withOutputs } from "../graph/surgery/cut-graph.js";
import { headOutputs } from "../graph/surgery/expose-head.js";
import { withFloatPorts } from "../graph/surgery/float-ports.js";
import { withOpenSides } from "../graph/surgery/open-sides.js";
import { listLayers } from "../graph/list-layers.js";
import type { Graph } from "../graph/onnx/graph.js";
import { readNetworkFile } from "../networks/opening/read-network-file.js";
import { writeGraph } from "../graph/onnx/write-graph.js";
import type { Network } from "../networks/network.js";
import { CamlabError, invalid } from "../support/errors.js";
import { engineVectors, type InputSize, type VectorOutput } from "./engine-vectors.js";
import { pooled, type Pooling } from "./pooling.js";

/** What turns a batch of inputs into feature vectors. */
export interface FeatureSource extends Disposable {
  /** The value of the graph that is pooled. */
  readonly layer: string;
  readonly pooling: Pooling;
  /** Values a vector. */
  readonly channels: number;
  /** @returns `count × channels` */
  run(batch: Float32Array, count: number, size?: InputSize): Promise<Float32Array>;
  /** The same to be run elsewhere; absent for a network that did not come from a file. */
  model?(): Promise<SourceModel>;
}

/** What `engineVectors` needs to compute a source's vectors in an engine of its own. */
export interface SourceModel extends VectorOutput {
  /** An ONNX file's bytes. */
  readonly bytes: Uint8Array;
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
  const { features, featureMaps } = headOutputs(head);
  const output = wanted === head.pooling ? features : featureMaps;
  const { width, height } = network.preprocessing;
  const how: VectorOutput = { output, width, height, channels, pooling: wanted };
  return {
    layer: head.featureMaps.name,
    pooling: wanted,
    channels,
    async run(batch, count, size) {
      const { features, featureMaps } = await network.run(batch, count, size);
      return wanted === head.pooling ? features : pooled(featureMaps.data, count * channels, wanted);
    },
    ...(network.graph && {
      model: async () => ({ bytes: writeGraph(alone(await network.graph!(), output)), ...how }),
    }),
    [Symbol.dispose]() {},
  };
}

/** Another layer: the network's file once more, cut after that layer. */
async function openLayer(network: Network, layer: string, pooling: Pooling): Promise<FeatureSource> {
  const { modelFile } = network;
  if (modelFile === undefined) {
    throw new CamlabError(
      `cannot take features of the layer ${layer}: ${network.name} was not opened from a file, and only its last feature maps can be read`,
    );
  }
  const read = async () => layerGraph((await readNetworkFile(modelFile)).graph, layer, network);
  const { graph } = await readNetworkFile(modelFile);
  if (!graph.producer(layer)) throw invalid("layer", layer, `a value of the network, such as ${someLayers(graph)}`);
  const engine = await createEngine(layerGraph(graph, layer, network), {
    engine: network.engine as EngineChoice["engine"],
    device: network.device as EngineChoice["device"],
    threads: network.threads,
  });
  try {
    const { run, ...how } = await vectorsOf(engine, network, pooling);
    return {
      ...how,
      layer,
      run,
      model: async () => ({ ...how, bytes: writeGraph(await read()) }),
      [Symbol.dispose]: () => engine.dispose(),
    };
  } catch (error) {
    engine.dispose();
    throw error;
  }
}

async function vectorsOf(engine: Engine, { preprocessing }: Network, pooling: Pooling) {
  const { width, height } = preprocessing;
  const [{ name: input, dims }] = engine.inputs;
  const [{ name: output }] = engine.outputs;
  const images = typeof dims[0] === "number" ? dims[0] : 1;
  const data = new Float32Array(images * 3 * height * width);
  const { [output]: first } = await engine.run({ [input]: { dims: [images, 3, height, width], data } });
  if (first.dims.length !== 4 && first.dims.length !== 2) {
    throw invalid("layer", output, `feature maps, batch × channels × height × width, not ${first.dims.join(" × ")}`);
  }
  const how: VectorOutput = { output, width, height, channels: first.dims[1], pooling };
  return { ...how, run: engineVectors(engine, how) };
}

/** The part of a graph that computes one value. */
function alone(graph: Graph, value: string): Graph {
  return withFloatPorts(withOutputs(graph, [value]));
}

/** The part that computes a layer, for pictures of any proportions where the network sees them whole. */
function layerGraph(graph: Graph, layer: string, { preprocessing }: Network): Graph {
  const part = alone(graph, layer);
  return preprocessing.fit === "whole" ? withOpenSides(part, part.outputs[0].name, preprocessing).graph : part;
}

function someLayers(graph: Graph): string {
  const names = listLayers(graph)
    .filter(({ op }) => /Relu|Conv|Concat|Add/.test(op))
    .flatMap(({ outputs }) => outputs.map(({ name }) => name));
  return names.slice(-4).join(", ");
}
