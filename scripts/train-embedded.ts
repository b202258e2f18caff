// Trains the embedded network, and its twin that pools maxima, from random weights on the objects part of the drawn
// world: pictures and which classes are present, nothing else. It goes on where it was stopped.
//   npm run train:embedded [gap|gmp]      (wants @tensorflow/tfjs-node; FOLDER=… for another place than out/embedded)
import { existsSync } from "node:fs";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { cpus } from "node:os";
import { join } from "node:path";
import { labelClasses } from "../src/world/classes.js";
import { drawings } from "../src/world/drawings.js";
import type { WorldSplit } from "../src/world/drawing.js";
import { float, makeNode, makeTensor } from "../src/kernel-helpers/graph/onnx/create-graph.js";
import { type Graph, graphOf } from "../src/kernel-helpers/graph/onnx/graph.js";
import { changed } from "../src/kernel-helpers/graph/onnx/messages.js";
import type { GraphProto } from "../src/kernel-helpers/graph/onnx/onnx.js";
import { readGraph } from "../src/kernel-helpers/graph/onnx/read-graph.js";
import { prepareImage } from "../src/kernel-helpers/images/input/prepare-image.js";
import type { Preprocessing } from "../src/kernel-helpers/images/input/preprocessing.js";
import { gapArchitecture } from "../src/kernel-helpers/training/parameters/gap-architecture.js";
import { trainGapNetwork } from "../src/kernel-helpers/training/train-gap-network.js";
import type { Recipe } from "../src/kernel-helpers/training/train-options.js";
import { trainedNetwork, type TrainedNetwork } from "../src/kernel-helpers/training/trained-network.js";
import type { TrainingEvent } from "../src/kernel-helpers/training/loop/training-events.js";
import type { Picture } from "../src/kernel-helpers/images/picture.js";

const SEED = 1;
const SIZE = 168;
const CHANNELS = 192;
const ORIGIN =
  "trained from random weights by scripts/train-embedded.ts on the drawn world's objects, image-level labels only";
const work = process.env.FOLDER ?? "out/embedded";

const grey = [127.5, 127.5, 127.5] as const;
const preprocessing: Preprocessing = {
  width: SIZE,
  height: SIZE,
  fit: "squash",
  channelOrder: "RGB",
  mean: grey,
  std: [63.75, 63.75, 63.75],
};

const recipe: Recipe = {
  loss: "sigmoid",
  batchSize: 16,
  optimizer: { kind: "adamw", beta1: 0.9, beta2: 0.98 },
  schedule: { kind: "cosine", warmup: 0.05 },
  weightDecay: 0.05,
  clipNorm: 0.2,
  augmentation: { flip: true },
  seed: SEED,
};

// A picture's average hides a small thing among the rest, so that hardly anything is learned at first; its maximum does
// not. Both networks therefore begin as one that pools maxima; then one goes on with averages, its twin with maxima.
const images = [...(await drawn("train", 12_000)), ...(await drawn("val", 600))];
const begun = await beginning();
const goOn = { learningRate: 2e-3, epochs: 6 };
const SMALL = { learningRate: 1.5e-3, epochs: 2, augmentation: { scale: [0.8, 4], flip: true } } as const;
const wanted = process.argv.slice(2);
if (wanted.length === 0 || wanted.includes("gap")) {
  const gap = await trained("gap", { graph: averaging(begun), ...goOn });
  const small = await trained("gap-small", { graph: gap.graph, ...SMALL });
  await withSpreadMaps(small).save("models/objects-gap", {
    name: "objects-gap",
    title: "30 drawn everyday things: a small network that ends in global average pooling",
    licence: "MIT, as camlab itself",
    origin: `${ORIGIN}; begun with maxima, gone on with averages`,
  });
  await addToCard("models/objects-gap", ["the last maps smoothed with a fixed 3×3 binomial filter"]);
}
if (wanted.length === 0 || wanted.includes("gmp")) {
  const gmp = await trained("gmp", { graph: begun, ...goOn });
  const small = await trained("gmp-small", { graph: gmp.graph, ...SMALL });
  // Its maps stay as they are: smoothed, a maximum is another number.
  await small.save("bench/embedded/objects-gmp", {
    name: "objects-gmp",
    title: "The embedded network's twin: maxima are pooled, everything else is alike",
    licence: "MIT, as camlab itself",
    origin: `${ORIGIN}; pools maxima throughout`,
  });
  await addToCard("bench/embedded/objects-gmp", []);
}

/** Maps of 14 × 14 whose cells look at about half of the picture. */
function architecture(): Graph {
  const network = gapArchitecture({
    classes: labelClasses("objects").length,
    size: SIZE,
    stages: [
      { channels: 24, stride: 3 },
      { channels: 56, stride: 2 },
      { channels: 112, stride: 2, blocks: 2 },
      { channels: CHANNELS },
    ],
    pooling: "max",
    normalisation: "batch",
    seed: SEED,
  });
  return withPooledNormalisation(network);
}

/**
 * A batch normalisation between pooling and classifier: of the pooled values only the little that differs from picture
 * to picture is worth anything to the classifier. It is linear: a class's weights are still one a channel.
 */
function withPooledNormalisation(graph: Graph): Graph {
  const proto = graph.model.graph as GraphProto;
  const at = proto.node.findIndex(({ output }) => output[0] === "pooled");
  const [pooling, flatten, ...rest] = proto.node.slice(at);
  const stored = { scale: 1, shift: 0, mean: 0, variance: 1 };
  const names = Object.keys(stored).map((part) => `pooled.norm.${part}`);
  const normalise = makeNode("BatchNormalization", ["pooled", ...names], ["pooled_norm"], { epsilon: float(1e-5) });
  const node = [...proto.node.slice(0, at), pooling, normalise, changed(flatten, { input: ["pooled_norm"] }), ...rest];
  const tensors = Object.values(stored).map((value, i) =>
    makeTensor(names[i], [CHANNELS], new Float32Array(CHANNELS).fill(value)),
  );
  return graphOf(
    changed(graph.model, { graph: changed(proto, { node, initializer: [...proto.initializer, ...tensors] }) }),
  );
}

/** The same network with averages pooled. */
function averaging(graph: Graph): Graph {
  const proto = graph.model.graph as GraphProto;
  const node = proto.node.map((step) =>
    step.opType === "GlobalMaxPool" ? changed(step, { opType: "GlobalAveragePool" }) : step,
  );
  return graphOf(changed(graph.model, { graph: changed(proto, { node }) }));
}

/**
 * The last maps smoothed with the binomial filter (1 2 1)ᵀ(1 2 1) ÷ 16. Averages, and so scores, stay what they are but for
 * the maps' rim; yet a class's map covers the thing and not only the parts that tell it best.
 */
function withSpreadMaps(network: TrainedNetwork): TrainedNetwork {
  const proto = network.graph.model.graph as GraphProto;
  const at = proto.node.findIndex(({ opType }) => opType.startsWith("Global"));
  const pooling = proto.node[at];
  const filter = Float32Array.from({ length: CHANNELS * 9 }, (_, i) => [1, 2, 1, 2, 4, 2, 1, 2, 1][i % 9] / 16);
  const attributes = { kernel_shape: [3, 3], pads: [1, 1, 1, 1], group: CHANNELS };
  const spread = makeNode("Conv", [pooling.input[0], "spread.filter"], ["spread_maps"], attributes);
  const rest = proto.node.slice(at + 1);
  const node = [...proto.node.slice(0, at), spread, changed(pooling, { input: ["spread_maps"] }), ...rest];
  const initializer = [...proto.initializer, makeTensor("spread.filter", [CHANNELS, 1, 3, 3], filter)];
  const graph = graphOf(changed(network.graph.model, { graph: changed(proto, { node, initializer, valueInfo: [] }) }));
  return trainedNetwork({ ...network, graph });
}

/** The network that both begin as; once it is there, it is not trained again. */
async function beginning(): Promise<Graph> {
  const folder = join(work, "begun");
  if (!existsSync(join(folder, "card.json"))) {
    await (await trained("begin", { graph: architecture(), learningRate: 3e-3, epochs: 5 })).save(folder);
  }
  return await readGraph(join(folder, "model.onnx"));
}

async function trained(name: string, own: Recipe & { graph: Graph }): Promise<TrainedNetwork> {
  const checkpoint = { folder: join(work, name), everySeconds: 120 };
  const onEvent = (event: TrainingEvent) => say(name, event);
  return await trainGapNetwork({
    ...recipe,
    ...own,
    pictures: images,
    classes: labelClasses("objects"),
    preprocessing,
    checkpoint,
    onEvent,
    memory: 4e9,
  });
}

function say(name: string, event: TrainingEvent): void {
  if (event.kind === "epoch") {
    const { epoch, epochs, loss, validation, seconds } = event;
    const figure = validation && "meanAveragePrecision" in validation ? validation.meanAveragePrecision : undefined;
    const mAP = figure === undefined ? "" : `, mAP ${(100 * figure).toFixed(1)}`;
    console.log(`${name}: epoch ${epoch} of ${epochs}, loss ${loss.toFixed(4)}${mAP}, ${Math.round(seconds)} s`);
  } else if (event.step % 100 === 0) {
    const { epoch, step, steps, loss, imagesPerSecond, secondsLeft } = event;
    const pace = `${Math.round(imagesPerSecond)} images/s, ${Math.round(secondsLeft / 60)} min left`;
    console.log(`${name}: epoch ${epoch}, step ${step} of ${steps}, loss ${loss.toFixed(4)}, ${pace}`);
  }
}

/** What the last stage's own record does not say. */
async function addToCard(folder: string, last: readonly string[]): Promise<void> {
  const path = join(folder, "card.json");
  const card = JSON.parse(await readFile(path, "utf8")) as object;
  const more = {
    data: `the drawn world's objects, seed ${SEED}: 12,000 pictures to learn from, 600 to watch by, each with the list of classes that are present; no box, no mask, no picture or label of another part`,
    stages: [
      "5 epochs, maxima pooled, learning rate 3e-3",
      `${goOn.epochs} epochs, averages pooled (the twin: maxima), learning rate ${goOn.learningRate}`,
      `${SMALL.epochs} epochs, pictures shrunk to as little as a quarter of the frame, learning rate ${SMALL.learningRate}: what "training" tells of`,
      ...last,
    ],
    hardware: `${cpus().length} × ${cpus()[0].model.trim()}, no graphics card`,
    figures:
      "measured by bench/embedded/evaluate.ts on another seed; see README.md beside this card and docs/results.md",
    limits:
      "knows 30 drawn things and nothing of photographs; not calibrated; letters and bird species it tells poorly without seeing closer",
  };
  await writeFile(path, `${JSON.stringify({ ...card, ...more }, undefined, 2)}\n`);
}

/** Pictures of the objects part at the network's size; drawn once, a thousand at a time, and kept. */
async function drawn(split: WorldSplit, count: number): Promise<Picture[]> {
  const AT_ONCE = 1000;
  const bytes = SIZE * SIZE * 3;
  const items: Picture[] = [];
  await mkdir(work, { recursive: true });
  for (let start = 0; start < count; start += AT_ONCE) {
    const few = Math.min(AT_ONCE, count - start);
    const path = join(work, `objects-${split}-${SEED}-${start}-${few}-${SIZE}`);
    if (!existsSync(`${path}.json`)) {
      const pixels = Buffer.alloc(few * bytes);
      const labels: (readonly string[])[] = [];
      for await (const picture of drawings("objects", { seed: SEED, split, start, count: few })) {
        pixels.set((await prepareImage(picture.image, preprocessing)).pixels, labels.length * bytes);
        labels.push(picture.labels);
      }
      await writeFile(`${path}.pixels`, pixels);
      await writeFile(`${path}.unfinished`, JSON.stringify(labels));
      await rename(`${path}.unfinished`, `${path}.json`);
      console.log(`drawn: ${start + few} of ${count} (${split})`);
    }
    const pixels = await readFile(`${path}.pixels`);
    const labels = JSON.parse(await readFile(`${path}.json`, "utf8")) as string[][];
    labels.forEach((present, i) => {
      const data = new Uint8Array(pixels.buffer, pixels.byteOffset + i * bytes, bytes);
      items.push({ file: { width: SIZE, height: SIZE, data }, labels: present, split });
    });
  }
  return items;
}
