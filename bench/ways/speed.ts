// From a JPEG to a map beside pytorch-grad-cam and torch-cam: the same photographs, weights and processor, in turn; medians
// and ratios, which say something even of a machine that is not quiet. One photograph after a pause, and many in a row: ours by
// what looks at many, theirs one after the other, and as batches of 8.
//
//     CAMLAB_REAL=FOLDER node --import tsx bench/ways/speed.ts --python PYTHON [--network resnet18|mobilenet_v2|efficientnet_lite0]
//         [--rounds 15] [--row 48, photographs in a row] [--row-rounds 5] [--score-rounds 2]     (0 rounds for none)
//
// PYTHON has torch, torchvision, timm, onnx, grad-cam and torchcam. The first round warms up and is not counted.
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { boxes, cam, isSkipped, lookAtAll, type Network, openNetwork } from "../../src/index.js";
import { median } from "../../src/kernel-helpers/support/statistics.js";
import { benchArguments } from "../arguments.js";

/** Milliseconds before each measurement: threads of whoever worked last go on spinning for a while, on either side. */
const PAUSE = 500;

/** The network's run and nothing around it: what no way to look can be quicker than. */
const ALONE = "network";

/** Ours, theirs, and how many times as fast ours should be; in a row also beside batches of theirs, which promise nothing. */
const PAIRS = [
  { ours: "cam", theirs: "pytorch-grad-cam grad-cam", wanted: 8 },
  { ours: ALONE, theirs: "pytorch-grad-cam grad-cam", wanted: 8 },
  { ours: "cam", theirs: "torch-cam cam", wanted: 1.5 },
  { ours: "grad-cam", theirs: "pytorch-grad-cam grad-cam", wanted: 1.5 },
  { ours: "grad-cam", theirs: "torch-cam grad-cam", wanted: 1.5 },
  { ours: "score-cam", theirs: "pytorch-grad-cam score-cam", wanted: 1.5 },
  { ours: "score-cam", theirs: "torch-cam score-cam", wanted: 1.5 },
];
const BATCHED = ", batches of 8";
const IN_A_ROW = PAIRS.filter(({ ours }) => ours === "cam" || ours === "grad-cam").flatMap((pair) => [
  pair,
  { ...pair, theirs: `${pair.theirs}${BATCHED}`, wanted: undefined },
]);

/** The maps of many photographs. */
async function lookInARow(
  network: Network,
  ways: boxes.OpenWays,
  way: string,
  files: readonly string[],
): Promise<void> {
  let made = 0;
  if (way === "cam") {
    for await (const seen of lookAtAll(network, files)) {
      if (!isSkipped(seen)) made += Number(cam(seen, seen.top[0].index).data.length > 0);
    }
  } else {
    for await (const one of ways.lookAtAll(files, { ways: [way] })) if (!isSkipped(one)) made += one.maps.length;
  }
  if (made !== files.length) throw new Error(`${made} maps of ${files.length} photographs`);
}

async function main(): Promise<void> {
  const { values } = benchArguments({
    ...{ python: "python3", network: "resnet18", rounds: "15" },
    ...{ row: "48", "row-rounds": "5", "score-rounds": "2" },
  });
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
  const looked = (task: string, asked: readonly string[]) => {
    if (task === ALONE) return network.run(nothing, 1);
    return asked.length === 1 ? ways.look(asked[0], { ways: [task] }) : lookInARow(network, ways, task, asked);
  };
  const ask = async (task: string, asked: readonly string[]): Promise<number> => {
    await sleep(PAUSE);
    if (task.includes(" ")) {
      peer.stdin.write(`${[task, ...asked].join("\t")}\n`);
      return Number(await answer()) / asked.length;
    }
    const began = performance.now();
    await looked(task, asked);
    return (performance.now() - began) / asked.length;
  };
  const measure = async (pairs: typeof IN_A_ROW, rounds: number, count: number) => {
    if (rounds === 0 || pairs.length === 0) return;
    const taken = new Map<string, number[]>();
    for (let round = 0; round <= rounds; round++) {
      const asked = Array.from({ length: count }, (_, i) => files[(round * count + i) % files.length]);
      for (const task of new Set(pairs.flatMap(({ ours, theirs }) => [ours, theirs]))) {
        const milliseconds = await ask(task, asked);
        if (round > 0) taken.set(task, [...(taken.get(task) ?? []), milliseconds]);
      }
    }
    console.log(`\n${count === 1 ? "One photograph" : `${count} photographs in a row, each`}\n`);
    console.log("| ours | | theirs | | times as fast | wanted |\n| --- | --- | --- | --- | --- | --- |");
    for (const { ours, theirs, wanted } of pairs) {
      const [own, other] = [median(taken.get(ours)!), median(taken.get(theirs)!)];
      const goal = wanted === undefined ? "" : `≥ ${wanted}`;
      console.log(
        `| ${ours} | ${own.toFixed(1)} | ${theirs} | ${other.toFixed(1)} | ${(other / own).toFixed(1)} | ${goal} |`,
      );
    }
  };
  console.log(`${values.network}, 224 × 224, ${availableParallelism()} processors; milliseconds, medians in turn`);
  const isScore = ({ ours }: { readonly ours: string }) => ours === "score-cam";
  await measure(
    PAIRS.filter((pair) => !isScore(pair)),
    Number(values.rounds),
    1,
  );
  await measure(IN_A_ROW, Number(values["row-rounds"]), Number(values.row));
  await measure(PAIRS.filter(isScore), Number(values["score-rounds"]), 1);
  peer.stdin.end();
  peer.kill();
  rmSync(work, { recursive: true, force: true });
}

await main();
