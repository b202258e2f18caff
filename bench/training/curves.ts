// Draws what scenes6.ts and scenes6.py wrote into FOLDER side by side: loss and accuracy of every epoch.
//   npx tsx bench/training/curves.ts FOLDER docs/images/training-scenes6.png
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { trainingCurve } from "../../src/widgets/training/training-curve.js";

interface Measured {
  readonly name: string;
  readonly runs: readonly {
    readonly seed: number;
    readonly stepMs: number;
    readonly history: readonly { epoch: number; loss: number; accuracy: number; validationLoss: number }[];
  }[];
}

const [folder, out] = process.argv.slice(2);
if (!folder || !out) {
  console.error("usage: npx tsx bench/training/curves.ts FOLDER PICTURE.png");
  process.exit(2);
}
const measured = readdirSync(folder)
  .filter((file) => file.endsWith(".json"))
  .sort()
  .map((file) => JSON.parse(readFileSync(join(folder, file), "utf8")) as Measured);
const curve = trainingCurve(
  measured.flatMap(({ name, runs }) =>
    runs.map(({ history }) => ({
      name,
      history: history.map(({ epoch, loss, accuracy, validationLoss }) => ({
        epoch,
        loss,
        validation: { loss: validationLoss, accuracy },
      })),
    })),
  ),
  { title: "One recipe, from scratch, on scenes6" },
);
writeFileSync(out, await curve.toPng({ scale: 2 }));
for (const { name, runs } of measured) {
  const last = runs.map(({ history }) => 100 * history[history.length - 1].accuracy);
  const mean = last.reduce((sum, value) => sum + value, 0) / last.length;
  console.log(`${name}: ${last.map((value) => value.toFixed(1)).join(", ")} %, mean ${mean.toFixed(1)} %`);
}
