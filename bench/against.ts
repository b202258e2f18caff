// What everyday work costs beside another checkout of camlab, interleaved in one run: the median over rounds of the ratio of
// times by the clock, and of processor time, which a busy machine disturbs less. Both checkouts must be built.
//   CAMLAB_REAL=… node --import tsx bench/against.ts OTHER_CHECKOUT [ROUNDS] [WORK]
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { median } from "../src/kernel-helpers/support/statistics.js";
import { answerQuestions, askInTurn, checkout, forkCheckouts } from "./two-checkouts.js";

/** What both checkouts have, by the same name and in the same form. */
interface Camlab {
  openNetwork(name?: string, options?: object): Promise<{ readonly preprocessing: unknown; dispose(): void }>;
  look(network: unknown, photo: string): Promise<unknown>;
  lookAtAll(network: unknown, photos: readonly string[]): AsyncIterable<unknown>;
  cam(seen: unknown, index: number): unknown;
  boxOf(map: unknown): unknown;
  extractFeatures(network: unknown, photos: readonly string[], options?: object): Promise<unknown>;
  readonly images: { prepareImage(photo: string, preprocessing: unknown): Promise<unknown> };
  trainLinearSvm(rows: object, labels: readonly string[], options?: object): Promise<unknown>;
}

const real = process.env.CAMLAB_REAL ?? "";

if (checkout) await answer(checkout);
else await compare();

type Work = () => Promise<unknown>;

async function workOf(camlab: Camlab): Promise<Record<string, Work>> {
  const folder = join(real, "data/imagenet-photos");
  const photos = readdirSync(folder)
    .filter((name) => /\.jpe?g$/i.test(name))
    .sort()
    .slice(0, 48)
    .map((name) => join(folder, name));
  const network = await camlab.openNetwork("mobilenet_v1_0.75_224", { models: join(real, "models"), device: "cpu" });
  const embedded = await camlab.openNetwork(undefined, { device: "cpu" });
  const seen = await camlab.look(network, photos[0]);
  const [rows, columns] = [1200, 256];
  const data = Float32Array.from({ length: rows * columns }, (_, i) => Math.sin(i * i + (i % 7)));
  const labels = Array.from({ length: rows }, (_, i) => `class ${i % 6}`);
  return {
    "open the embedded network": async () => (await camlab.openNetwork(undefined, { device: "cpu" })).dispose(),
    "photographs as inputs, one by one": async () => {
      for (const photo of photos) await camlab.images.prepareImage(photo, network.preprocessing);
    },
    "look at one photograph": () => camlab.look(network, photos[1]),
    "a hundred maps and boxes": () => {
      for (let index = 0; index < 100; index++) camlab.boxOf(camlab.cam(seen, index));
      return Promise.resolve();
    },
    "look at 48 photographs": async () => {
      for await (const each of camlab.lookAtAll(network, photos)) void each;
    },
    "features of 48 photographs": () => camlab.extractFeatures(network, photos, { cache: false }),
    "features of them, embedded network": () => camlab.extractFeatures(embedded, photos, { cache: false }),
    "train an SVM of six classes": () =>
      camlab.trainLinearSvm({ rows, columns, data }, labels, { C: 1, threads: 1, probabilities: false }),
  };
}

/** Does what it is told to, and says what it cost. */
async function answer(folder: string): Promise<void> {
  const work = await workOf((await import(pathToFileURL(join(folder, "dist/esm/index.js")).href)) as Camlab);
  answerQuestions(Object.keys(work), async (name) => {
    const [start, used] = [performance.now(), process.cpuUsage()];
    await work[name]();
    const { user, system } = process.cpuUsage(used);
    return [performance.now() - start, (user + system) / 1000];
  });
}

async function compare(): Promise<void> {
  const [other, rounds = "9", only = ""] = process.argv.slice(2);
  if (!other || !real) throw new Error("usage: CAMLAB_REAL=… bench/against.ts OTHER_CHECKOUT [ROUNDS] [WORK]");
  const { sides, ready: names } = await forkCheckouts<string[]>(fileURLToPath(import.meta.url), other);
  console.log("work: ms by the clock here and there, ratio; ms of processors here and there, ratio");
  for (const name of names.filter((each) => each.includes(only))) {
    // The first round warms up.
    const all = await askInTurn<[number, number]>(sides, name, 1 + Number(rounds));
    const costs = all.map((each) => each.slice(1));
    console.log(`${name}: ${[0, 1].map((unit) => comparison(costs, unit)).join("; ")}`);
  }
  for (const side of sides) side.disconnect();
}

function comparison([here, there]: readonly (readonly [number, number])[][], unit: number): string {
  const ratios = here.map((cost, i) => cost[unit] / there[i][unit]);
  const costs = [here, there].map((side) => median(side.map((cost) => cost[unit])).toFixed(1));
  const spread = [Math.min(...ratios), Math.max(...ratios)].map((ratio) => ratio.toFixed(2)).join("–");
  return `${costs.join(" and ")}, ratio ${median(ratios).toFixed(3)} (${spread})`;
}
