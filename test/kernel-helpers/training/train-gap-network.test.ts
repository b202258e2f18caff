import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { createEngine } from "../../../src/kernel-helpers/engines/create-engine.js";
import { changedGraph } from "../../../src/kernel-helpers/graph/onnx/changed-graph.js";
import { makeNode, makeTensor } from "../../../src/kernel-helpers/graph/onnx/create-graph.js";
import { constantOf } from "../../../src/kernel-helpers/graph/onnx/constants.js";
import { findGapHead } from "../../../src/kernel-helpers/graph/head/find-gap-head.js";
import { writeGraph } from "../../../src/kernel-helpers/graph/onnx/write-graph.js";
import { toGapNetwork } from "../../../src/kernel-helpers/networks/architectures/to-gap-network.js";
import { look } from "../../../src/kernel-helpers/networks/look.js";
import { openNetwork } from "../../../src/kernel-helpers/networks/open-network.js";
import { fineTune } from "../../../src/kernel-helpers/training/fine-tune.js";
import { gapArchitecture } from "../../../src/kernel-helpers/training/parameters/gap-architecture.js";
import { gaussian, seededRandom } from "../../../src/kernel-helpers/support/random.js";
import type { Image } from "../../../src/kernel-helpers/images/image.js";
import { trainGapNetwork } from "../../../src/kernel-helpers/training/train-gap-network.js";
import type { TrainedNetwork } from "../../../src/kernel-helpers/training/trained-network.js";
import type { TrainingEvent } from "../../../src/kernel-helpers/training/loop/training-events.js";
import { smallTraining } from "./small-training.js";
import { SIDE, striped, STRIPES } from "./stripes.js";

let folder: string;
let undisturbed: TrainedNetwork;
const events: TrainingEvent[] = [];

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "camlab-training-"));
  undisturbed = await trainGapNetwork(smallTraining({ onEvent: (event) => events.push(event) }));
});

after(() => rm(folder, { recursive: true, force: true }));

test("the loss falls, and every step and epoch is told", () => {
  const { history } = undisturbed;
  assert.deepEqual(
    history.map(({ epoch }) => epoch),
    [1, 2, 3, 4],
  );
  // What it came to before pictures could have regions.
  [1.067788, 1.087783, 0.874021, 0.659308].forEach((loss, i) => assert.ok(Math.abs(history[i].loss - loss) < 1e-4));
  assert.ok(history[3].loss < 0.7 * history[0].loss, history.map(({ loss }) => loss).join(" "));
  assert.ok(history[3].validation!.accuracy! > 0.6, `accuracy ${history[3].validation!.accuracy}`);
  // 36 images to learn from in batches of 8: 4 steps an epoch.
  assert.equal(events.filter(({ kind }) => kind === "step").length, 16);
  assert.equal(events.filter(({ kind }) => kind === "epoch").length, 4);
});

test("a training that was killed goes on from its checkpoint to the very same weights", async () => {
  const checkpoint = { folder: join(folder, "killed") };
  const script = fileURLToPath(new URL("./killed-training.ts", import.meta.url));
  const child = spawn(process.execPath, ["--import", "tsx", script, checkpoint.folder], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let text = "";
  for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
    text += chunk.toString();
    // In the midst of the second epoch.
    if (text.split("step of epoch 2").length > 2) child.kill("SIGKILL");
  }
  assert.ok(!text.includes("epoch of epoch 4"), "it was killed before its end");
  const steps: TrainingEvent[] = [];
  const resumed = await trainGapNetwork(smallTraining({ checkpoint, onEvent: (event) => steps.push(event) }));
  assert.ok(steps.filter(({ kind }) => kind === "step").length < 16, "it did not begin anew");
  assert.deepEqual(writeGraph(resumed.graph), writeGraph(undisturbed.graph));
  assert.deepEqual(
    resumed.history.map(({ loss }) => loss),
    undisturbed.history.map(({ loss }) => loss),
  );

  const other = trainGapNetwork(smallTraining({ checkpoint, learningRate: 0.01 }));
  await assert.rejects(other, /another training's \(other network, settings or backend\)/);
  // The same bytes at another width are other pictures.
  const pictures = striped(16).map((item) => {
    const { width, height, data } = item.file as Image;
    return { ...item, file: { width: 2 * width, height: height / 2, data } };
  });
  await assert.rejects(trainGapNetwork(smallTraining({ checkpoint, pictures })), /another training's/);
});

test("images that do not fit into memory are decoded again in every epoch, to the same end", async () => {
  const streamed = await trainGapNetwork(smallTraining({ memory: 1 }));
  assert.deepEqual(writeGraph(streamed.graph), writeGraph(undisturbed.graph));
});

test("what is saved is a network that openNetwork opens, with a card that says how it came about", async () => {
  const saved = join(folder, "saved");
  await undisturbed.save(saved, { title: "Stripes" });
  using network = await openNetwork(saved);
  assert.deepEqual(network.classes, STRIPES);
  assert.match(network.head.summary, /^GMP head: stage2_2_relu 12×8×8 → max → classifier 3$/);
  const { training, title } = JSON.parse(await readFile(join(saved, "card.json"), "utf8")) as Record<
    string,
    Record<string, unknown>
  >;
  assert.equal(title, "Stripes");
  assert.deepEqual(training.imagesOfClass, [12, 12, 12]);
  assert.deepEqual(training.images, { learnedFrom: 36, validation: 12, unreadable: 0 });
  const validation = striped(16).filter(({ split }) => split === "val");
  let right = 0;
  for (const { file, label } of validation) if ((await look(network, file)).top[0].name === label) right++;
  assert.equal(right / validation.length, undisturbed.history[3].validation!.accuracy);
});

test("the export computes what was trained, batch normalisation too", async () => {
  const stages = [
    { channels: 6, stride: 2 },
    { channels: 6, blocks: 2, residual: true },
  ];
  const graph = gapArchitecture({ classes: 3, size: SIDE, stages, normalisation: "batch", normalisePooled: true });
  const { graph: trained, history } = await trainGapNetwork(smallTraining({ graph, epochs: 2, average: undefined }));
  assert.equal(findGapHead(trained).pooling, "average");
  const mean = constantOf(trained, "pooled.norm.mean")!.data;
  assert.ok(
    mean.some((value) => Math.abs(value) > 1e-3),
    "running averages moved",
  );
  assert.ok(Number.isFinite(history[1].loss));
  const data = gaussian(seededRandom("input"), 2 * 3 * SIDE * SIDE, 1);
  const logits = async (engine: "onnxruntime" | "tfjs") => {
    using opened = await createEngine(trained, { engine, ...(engine === "tfjs" && { device: "wasm" as const }) });
    return (await opened.run({ image: { dims: [2, 3, SIDE, SIDE], data } })).logits.data;
  };
  const [one, other] = [await logits("onnxruntime"), await logits("tfjs")];
  one.forEach((score, i) => assert.ok(Math.abs(score - other[i]) < 1e-4, `${score} ${other[i]}`));
});

test("head-only fine-tuning learns new classes on features that stay as they are", async () => {
  // The trained stripes, asked another question: is the square level or not?
  const pictures = striped(16).map(({ file, label, split }) => ({
    file,
    split,
    label: label === "level" ? "level" : "not level",
  }));
  const tuned = await fineTune({ network: undisturbed.graph, pictures, device: "wasm", epochs: 30, batchSize: 12 });
  assert.deepEqual(tuned.classes, ["level", "not level"]);
  assert.ok(
    tuned.history.at(-1)!.validation!.accuracy! >= 0.75,
    `accuracy ${tuned.history.at(-1)!.validation!.accuracy}`,
  );
  const filters = (graph: TrainedNetwork["graph"]) => constantOf(graph, "stage2_2.weight")!.data;
  assert.deepEqual(filters(tuned.graph), filters(undisturbed.graph));
  // What it was judged by is what the export answers: the scale of the features is folded in.
  const saved = join(folder, "tuned");
  await tuned.save(saved);
  using network = await openNetwork(saved);
  const judged = pictures.filter(({ split }) => split === "val");
  let right = 0;
  for (const { file, label } of judged) if ((await look(network, file)).top[0].name === label) right++;
  assert.equal(right / judged.length, tuned.history.at(-1)!.validation!.accuracy);
});

test("a network that was cut and given a new head (toGapNetwork) learns its classes: the head alone, and all of it", async () => {
  const gap = toGapNetwork(undisturbed.graph, { after: "stage2_1_relu", conv: 16, classes: STRIPES.length });
  const common = { network: gap, pictures: striped(16), batchSize: 8, epochs: 12 } as const;
  for (const trainable of ["head", "all"] as const) {
    const tuned = await fineTune({ ...common, trainable, ...(trainable === "all" && { learningRate: 0.05 }) });
    assert.equal(findGapHead(tuned.graph).featureMaps.channels, 16);
    const [first, last] = [tuned.history[0], tuned.history.at(-1)!];
    assert.ok(last.loss < first.loss, `${trainable}: ${first.loss} → ${last.loss}`);
    assert.ok(last.validation!.accuracy! >= 0.6, `${trainable}: accuracy ${last.validation!.accuracy}`);
    const saved = join(folder, `gap-${trainable}`);
    await tuned.save(saved);
    using network = await openNetwork(saved);
    assert.deepEqual(network.classes, STRIPES);
  }
});

test("only the last layers learn when only they shall", async () => {
  const { graph } = await trainGapNetwork(smallTraining({ trainable: { last: 1 }, epochs: 1 }));
  const start = smallTraining().graph;
  const moved = (name: string) => {
    const [now, then] = [constantOf(graph, name)!.data, constantOf(start, name)!.data];
    return now.some((value, i) => Math.abs(value - then[i]) > 1e-6);
  };
  assert.deepEqual(["stage1_1.weight", "stage2_1.weight", "stage2_2.weight", "classifier.weight"].map(moved), [
    false,
    false,
    true,
    true,
  ]);
});

test("several labels an image: sigmoid, mean average precision, and the best epoch is kept", async () => {
  const pictures = striped(16).map(({ file, label, split }) => ({
    file,
    split,
    labels: label === "upright" ? [] : [label!, "stripes"],
  }));
  const graph = gapArchitecture({ classes: 3, size: SIDE, stages: [{ channels: 6, stride: 4 }] });
  const trained = await trainGapNetwork({
    graph,
    pictures,
    epochs: 6,
    batchSize: 12,
    patience: 1,
    learningRate: 1e-6,
  });
  assert.equal(trained.provenance.recipe.loss, "sigmoid");
  assert.deepEqual(trained.classes, ["level", "slanted", "stripes"]);
  const figures = trained.history.map(({ validation }) => validation!.meanAveragePrecision!);
  assert.ok(figures.every((figure) => figure > 0 && figure <= 1));
  assert.ok(trained.history.length < 6, "nothing is learned at such a rate, so it stops");
  assert.equal(figures[trained.provenance.epoch - 1], Math.max(...figures));
});

test("unreadable images are named and left out; a loss that is no number ends it with advice; so does an abort", async () => {
  const broken = join(folder, "broken.png");
  await writeFile(broken, "no image");
  const pictures = [...striped(4), { file: broken, label: "level" }];
  const graph = gapArchitecture({ classes: 3, size: SIDE, stages: [{ channels: 4, stride: 4 }] });
  const options = { graph, pictures, epochs: 1, batchSize: 64 };
  const { skipped, history } = await trainGapNetwork(options);
  assert.deepEqual(
    skipped.map(({ picture }) => picture),
    [pictures.at(-1)],
  );
  assert.match(skipped[0].error, /broken\.png/);
  assert.equal(history.length, 1, "fewer images than a batch holds are one batch");
  await assert.rejects(
    trainGapNetwork({ ...options, epochs: 20, learningRate: 1e20, schedule: { kind: "constant" } }),
    /is no number any more, in step 1 of epoch \d+: lower the learning rate \(now 100000000000000000000\).*images: the image/,
  );
  const stop = new AbortController();
  const aborted = trainGapNetwork({
    ...options,
    signal: stop.signal,
    onEvent: () => stop.abort(new Error("enough")),
    epochs: 3,
  });
  await assert.rejects(aborted, /enough/);
});

test("a layer that has a gradient in TF.js alone is trained there, and that is said", async () => {
  const small = gapArchitecture({ classes: STRIPES.length, size: SIDE, stages: [{ channels: 4, stride: 4 }] });
  const proto = small.model.graph!;
  const at = proto.node.findIndex(({ opType }) => opType === "GlobalAveragePool");
  const [maps] = proto.node[at].input;
  const graph = changedGraph(small, {
    node: [
      ...proto.node.slice(0, at),
      makeNode("Mod", [maps, "hundred"], ["rest"], { fmod: 1 }),
      makeNode("GlobalAveragePool", ["rest"], [...proto.node[at].output]),
      ...proto.node.slice(at + 1),
    ],
    initializer: [...proto.initializer, makeTensor("hundred", [], Float32Array.of(100))],
  });
  const { provenance } = await trainGapNetwork({ graph, pictures: striped(8), epochs: 1, batchSize: 8 });
  assert.match(provenance.backend, /^(?:wasm|tfjs-node).*cannot differentiate .*\(Mod\)/);
  await assert.rejects(
    trainGapNetwork({ graph, pictures: striped(8), epochs: 1, batchSize: 8, engine: "onnxruntime" }),
    /cannot differentiate .*\(Mod\)/,
  );
  await assert.rejects(
    trainGapNetwork({ graph, pictures: striped(8), engine: "torch" as never }),
    /invalid engine: "torch" \(expected "onnxruntime" or "tfjs"\)/,
  );
});
