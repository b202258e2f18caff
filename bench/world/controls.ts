// node --import tsx bench/world/controls.ts [part …]: what keeps the drawn world honest. For each part, how far colours
// and a network that learnt nothing get, beside MobileNet's features ($CAMLAB_REAL/models); for objects, how far boxes
// get that look at nothing. Ends with exit code 1 when a limit is broken. TRAIN and TEST change the numbers of pictures.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { labelClasses } from "../../src/world/classes.js";
import { drawings } from "../../src/world/drawings.js";
import type { WorldObject, WorldPart, Drawing } from "../../src/world/drawing.js";
import { extractFeatures } from "../../src/kernel-helpers/features/extract-features.js";
import type { Box } from "../../src/kernel-helpers/images/box.js";
import type { Image } from "../../src/kernel-helpers/images/image.js";
import { openNetwork } from "../../src/kernel-helpers/networks/open-network.js";
import { type Matrix, matrixOf } from "../../src/kernel-helpers/support/matrix.js";
import type { BootstrapInterval } from "../../src/kernel-helpers/svm/metrics/bootstrap-interval.js";
import { colourHistogram } from "./colour-histogram.js";
import { chanceOf, mean, probe, type Truth } from "./probe.js";
import { writeRandomNetwork } from "./random-network.js";

const PARTS = ["objects", "scenes", "activities", "birds", "text", "text-trap"] as const;
const TRAIN = Number(process.env.TRAIN ?? 1100);
const TEST = Number(process.env.TEST ?? 550);
const SEED = 1;
const KINDS = {
  objects: "several",
  scenes: "one of many",
  activities: "one of many",
  birds: "one of many",
  text: "yes or no",
  "text-trap": "yes or no",
} as const;

const failures: string[] = [];
const given = process.argv.slice(2);
const folder = await mkdtemp(join(tmpdir(), "camlab-controls-"));
try {
  const random = await writeRandomNetwork(folder);
  for (const part of PARTS.filter((name) => !given.length || given.includes(name))) await control(part, random);
} finally {
  await rm(folder, { recursive: true });
}
console.log(failures.length ? `\nbroken:\n${failures.join("\n")}` : "\nevery control holds");
process.exitCode = failures.length ? 1 : 0;

async function control(part: (typeof PARTS)[number], random: string): Promise<void> {
  console.log(`\n${part}: ${TRAIN} pictures to learn from, ${TEST} to judge by, seed ${SEED}`);
  const [train, test] = [await draw(part, "train", TRAIN), await draw(part, "test", TEST)];
  const truth: Truth = {
    kind: KINDS[part],
    classes: part.startsWith("text") ? ["text"] : labelClasses(part),
    train: train.labels,
    test: test.labels,
  };
  const chance = chanceOf(truth);
  const on = async (name: string, features: (images: readonly Image[]) => Promise<Matrix>) => {
    const figure = await probe(await features(train.images), await features(test.images), truth);
    console.log(`  ${name.padEnd(18)} ${percent(figure)}`);
    return figure.value;
  };
  console.log(`  ${"chance".padEnd(18)} ${(100 * chance).toFixed(1)}`);
  const colours = await on("colour histogram", (images) => Promise.resolve(matrixOf(images.map(colourHistogram))));
  const untaught = await on("random network", (images) => networkFeatures(random, images));
  if (part === "text") limit(part, "colour histogram's AP", colours, 0.7);
  if (part === "text-trap" && colours < 0.95)
    failures.push(`${part}: colours should betray the trap (AP ${colours.toFixed(2)}, at least 0.95)`);
  if (part === "objects") boxControls(test.objects);
  if (!process.env.CAMLAB_REAL) {
    console.log("  CAMLAB_REAL is not set: no MobileNet to compare with");
    return;
  }
  const mobilenet = join(process.env.CAMLAB_REAL, "models/mobilenet_v1_0.75_224/model.onnx");
  const seen = await on("MobileNet", (images) => networkFeatures(mobilenet, images));
  if (part.startsWith("text")) return;
  const half = chance + (seen - chance) / 2;
  limit(part, "colour histogram", colours, half);
  limit(part, "random network", untaught, half);
}

async function draw(part: WorldPart, split: "train" | "test", count: number) {
  const images: Image[] = [];
  const labels: (readonly string[])[] = [];
  const objects: WorldObject[] = [];
  for await (const picture of drawings(part, { seed: SEED, split, count })) {
    images.push(picture.image);
    labels.push(picture.labels);
    objects.push(...classObjects(picture));
  }
  return { images, labels, objects };
}

function classObjects({ labels, objects }: Drawing): WorldObject[] {
  return objects.filter(({ name }) => labels.includes(name));
}

async function networkFeatures(path: string, images: readonly Image[]): Promise<Matrix> {
  const grey = [127.5, 127.5, 127.5] as const;
  using network = await openNetwork(path, {
    preprocessing: { width: 224, height: 224, fit: "cover", channelOrder: "RGB", mean: grey, std: grey },
  });
  return await extractFeatures(network, images, { cache: false });
}

function boxControls(objects: readonly WorldObject[]): void {
  const areas = objects.map(({ box }) => (box.width * box.height) / 224 ** 2).sort((a, b) => a - b);
  const side = 224 * Math.sqrt(0.5);
  const centred = { x: (224 - side) / 2, y: (224 - side) / 2, width: side, height: side };
  const hits = (guess: Box) => mean(objects.map(({ box }) => (overlap(box, guess) >= 0.5 ? 1 : 0)));
  limit("objects", "median area of the frame", areas[Math.floor(areas.length / 2)], 0.12);
  limit("objects", "centred box of half the area, IoU ≥ 0.5", hits(centred), 0.25);
  limit("objects", "whole frame, IoU ≥ 0.5", hits({ x: 0, y: 0, width: 224, height: 224 }), 0.25);
}

function overlap(a: Box, b: Box): number {
  const width = Math.max(0, Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x));
  const height = Math.max(0, Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y));
  const both = width * height;
  return both / (a.width * a.height + b.width * b.height - both);
}

function limit(part: string, what: string, value: number, most: number): void {
  const line = `${part}: ${what} ${(100 * value).toFixed(1)} (at most ${(100 * most).toFixed(1)})`;
  console.log(`  ${value <= most ? "holds" : "BROKEN"}  ${line}`);
  if (!(value <= most)) failures.push(line);
}

function percent({ value, low, high }: BootstrapInterval): string {
  return `${(100 * value).toFixed(1)} (${(100 * low).toFixed(1)}–${(100 * high).toFixed(1)})`;
}
