// A small GAP network trained from scratch on photographs in folders of classes (train/ and test/), once a seed.
//   CAMLAB_REAL=… npx tsx bench/training/scenes6.ts OUT [--device cpu|tfjs-node|wasm] [--seeds 1,2,3] [--epochs 30]
// OUT gets camlab-DEVICE.json with every epoch; scenes6.py does the same with PyTorch, curves.ts draws both.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readFolderPerClass } from "../../src/kernel-helpers/datasets/classes/folder-per-class.js";
import type { Device, TfjsDevice } from "../../src/kernel-helpers/engines/engine.js";
import { median } from "../../src/kernel-helpers/support/statistics.js";
import { gapArchitecture } from "../../src/kernel-helpers/training/parameters/gap-architecture.js";
import { benchArguments } from "../arguments.js";
import { trainGapNetwork } from "../../src/kernel-helpers/training/train-gap-network.js";

const { values, positionals } = benchArguments({ device: "cpu", seeds: "1,2,3", epochs: "30" });
const [out] = positionals;
if (!out || !process.env.CAMLAB_REAL) {
  console.error(
    "usage: CAMLAB_REAL=… npx tsx bench/training/scenes6.ts OUT [--device …] [--seeds 1,2,3] [--epochs 30]",
  );
  process.exit(2);
}
const { pictures, classes } = await readFolderPerClass(join(process.env.CAMLAB_REAL, "data/scenes6"));
const runs: object[] = [];
for (const seed of values.seeds.split(",").map(Number)) {
  const steps: number[] = [];
  let last = performance.now();
  const started = last;
  const trained = await trainGapNetwork({
    graph: gapArchitecture({
      classes: classes.length,
      size: 64,
      stages: [
        { channels: 32, stride: 2 },
        { channels: 64, stride: 2 },
        { channels: 128, blocks: 2, stride: 2 },
      ],
      normalisation: "batch",
      seed,
    }),
    pictures: pictures.filter(({ split }) => split === "train"),
    validation: pictures.filter(({ split }) => split === "test"),
    classes,
    epochs: Number(values.epochs),
    batchSize: 32,
    optimizer: { kind: "sgd", momentum: 0.9, nesterov: true },
    learningRate: 0.1,
    schedule: { kind: "one-cycle", warmup: 0.2 },
    weightDecay: 5e-4,
    augmentation: { scale: [0.6, 1], flip: true },
    seed,
    device: values.device as Device | TfjsDevice,
    onEvent: (event) => {
      const now = performance.now();
      if (event.kind === "step" && event.step > 1) steps.push(now - last);
      last = performance.now();
    },
  });
  const history = trained.history.map(({ epoch, loss, validation }) => ({
    epoch,
    loss,
    accuracy: validation?.accuracy ?? 0,
    validationLoss: validation?.loss ?? 0,
  }));
  const stepMs = median(steps);
  runs.push({ seed, history, stepMs, seconds: (performance.now() - started) / 1000 });
  console.log(
    `seed ${seed}: accuracy ${(100 * (history.at(-1)?.accuracy ?? 0)).toFixed(1)} %, loss ${history.at(-1)?.loss.toFixed(3)}, ${stepMs.toFixed(0)} ms a step`,
  );
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, `camlab-${values.device}.json`), JSON.stringify({ name: `camlab, ${values.device}`, runs }));
}
