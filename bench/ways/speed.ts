// From a JPEG to a map beside pytorch-grad-cam and torch-cam: the same photographs, weights and processor, in turn; medians
// and ratios, which say something even of a machine that is not quiet.
//
//     CAMLAB_REAL=FOLDER node --import tsx bench/ways/speed.ts --python PYTHON [--network resnet18|mobilenet_v2] [--rounds 15] [--score-rounds 2, or 0 for none]
//
// PYTHON has torch, torchvision, onnx, grad-cam and torchcam. The first round warms up and is not counted.
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { boxes, openNetwork } from "../../src/index.js";
import { median } from "../../src/kernel-helpers/support/statistics.js";
import { benchArguments } from "../arguments.js";

/** Milliseconds before each measurement: threads of whoever worked last go on spinning for a while, on either side. */
const PAUSE = 500;

/** The network's run and nothing around it: what no way to look can be quicker than. */
const ALONE = "network";

/** Ours, theirs, and how many times as fast ours should be. */
const PAIRS = [
  { ours: "cam", theirs: "pytorch-grad-cam grad-cam", wanted: 8 },
  { ours: ALONE, theirs: "pytorch-grad-cam grad-cam", wanted: 8 },
  { ours: "cam", theirs: "torch-cam cam", wanted: 1.5 },
  { ours: "grad-cam", theirs: "pytorch-grad-cam grad-cam", wanted: 1.5 },
  { ours: "grad-cam", theirs: "torch-cam grad-cam", wanted: 1.5 },
  { ours: "score-cam", theirs: "pytorch-grad-cam score-cam", wanted: 1.5 },
  { ours: "score-cam", theirs: "torch-cam score-cam", wanted: 1.5 },
];

async function main(): Promise<void> {
  const { values } = benchArguments({ python: "python3", network: "resnet18", rounds: "15", "score-rounds": "2" });
  const real = process.env.CAMLAB_REAL;
  if (!real) throw new Error("set CAMLAB_REAL to the folder of the real photographs");
  const photos = join(real, "data", "imagenet-photos");
  const files = readdirSync(photos).map((name) => join(photos, name));
  const work = mkdtempSync(join(tmpdir(), "camlab-ways-"));
  const model = join(work, "network.onnx");
  const peer = spawn(
    values.python,
    [fileURLToPath(new URL("speed_peers.py", import.meta.url)), model, values.network],
    {
      stdio: ["pipe", "pipe", "ignore"],
    },
  );
  const lines = createInterface({ input: peer.stdout })[Symbol.asyncIterator]();
  const answer = async () => {
    const { value, done } = (await lines.next()) as IteratorResult<string, undefined>;
    if (done) throw new Error("the Python process ended");
    return value;
  };
  while ((await answer()) !== "ready");
  const normalised = { mean: [123.675, 116.28, 103.53] as const, std: [58.395, 57.12, 57.375] as const };
  using network = await openNetwork(model, {
    device: "cpu",
    preprocessing: { ...normalised, width: 224, height: 224, fit: "centre-crop" },
  });
  const nothing = new Float32Array(3 * 224 * 224);
  using ways = await boxes.openWays(network);
  const ask = async (task: string, file: string): Promise<number> => {
    await sleep(PAUSE);
    if (task.includes(" ")) {
      peer.stdin.write(`${task}\t${file}\n`);
      return Number(await answer());
    }
    const began = performance.now();
    await (task === ALONE ? network.run(nothing, 1) : ways.look(file, { ways: [task] }));
    return performance.now() - began;
  };
  const taken = new Map<string, number[]>();
  const measure = async (tasks: readonly string[], rounds: number) => {
    for (let round = 0; round <= rounds; round++) {
      for (const task of tasks) {
        const milliseconds = await ask(task, files[round % files.length]);
        if (round > 0) taken.set(task, [...(taken.get(task) ?? []), milliseconds]);
      }
    }
  };
  const tasks = [...new Set(PAIRS.flatMap(({ ours, theirs }) => [ours, theirs]))];
  await measure(
    tasks.filter((task) => !task.endsWith("score-cam")),
    Number(values.rounds),
  );
  const scoreRounds = Number(values["score-rounds"]);
  if (scoreRounds > 0) {
    await measure(
      tasks.filter((task) => task.endsWith("score-cam")),
      scoreRounds,
    );
  }
  console.log(`${values.network}, 224 × 224, ${availableParallelism()} processors; milliseconds, medians in turn\n`);
  console.log("| ours | | theirs | | times as fast | wanted |\n| --- | --- | --- | --- | --- | --- |");
  for (const { ours, theirs, wanted } of PAIRS.filter((pair) => taken.has(pair.ours))) {
    const [own, other] = [median(taken.get(ours)!), median(taken.get(theirs)!)];
    const ratio = (other / own).toFixed(1);
    console.log(`| ${ours} | ${own.toFixed(1)} | ${theirs} | ${other.toFixed(1)} | ${ratio} | ≥ ${wanted} |`);
  }
  peer.stdin.end();
  peer.kill();
  rmSync(work, { recursive: true, force: true });
}

await main();
