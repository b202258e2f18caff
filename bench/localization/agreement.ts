// node --import tsx bench/localization/agreement.ts [--cases 1000] [--python python3]: the figures of `wsol2020` for random maps
// on random truth, boxes, masks and regions that do not count, beside those that NumPy, SciPy and scikit-learn give by the
// published definitions (agreement.py). Fails where they differ.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { type Box, boxes, type HeatMap, openNetwork, type Picture } from "../../src/index.js";
import { regionsOf } from "../../src/kernel-helpers/images/masks/masks.js";
import { seededRandom } from "../../src/kernel-helpers/support/random.js";
import { benchArguments } from "../arguments.js";

/** Columns and rows of photos, maps and the grid: nothing is stretched, which the fixtures of the tests hold. */
const SIDE = 24;

const { values } = benchArguments({ cases: "1000", python: "python3" });
const random = seededRandom("agreement");
const whole = (from: number, to: number) => from + Math.floor(random() * (to - from + 1));

function randomMap(i: number): Float32Array {
  if (i % 50 === 0) return new Float32Array(SIDE * SIDE).fill(i % 100 === 0 ? 0 : 3);
  const rough = Float32Array.from({ length: SIDE * SIDE }, () => whole(-8, 24));
  if (i % 3 === 0) return rough;
  // Sums of 3 × 3 whole numbers: smooth, with many equal values.
  return rough.map((_, p) => {
    const [x, y] = [p % SIDE, Math.floor(p / SIDE)];
    let sum = 0;
    for (let j = -1; j <= 1; j++) {
      for (let k = -1; k <= 1; k++) {
        const [column, row] = [Math.min(SIDE - 1, Math.max(0, x + k)), Math.min(SIDE - 1, Math.max(0, y + j))];
        sum += rough[row * SIDE + column];
      }
    }
    return sum;
  });
}

function randomBox(): Box {
  const [x, y] = [whole(0, SIDE - 2), whole(0, SIDE - 2)];
  return { x, y, width: whole(1, SIDE - x), height: whole(1, SIDE - y) };
}

function maskOf(share: number) {
  const pixels = Uint8Array.from({ length: SIDE * SIDE }, () => Number(random() < share));
  pixels[whole(0, pixels.length - 1)] = 1;
  return { pixels, mask: regionsOf(pixels, SIDE, SIDE).get(1)!.mask };
}

using network = await openNetwork();
const [label] = network.classes;
const cases = Array.from({ length: Number(values.cases) }, (_, i) => {
  const truth = Array.from({ length: whole(1, 3) }, randomBox);
  const [thing, ignored] = [maskOf(0.4), maskOf(0.2)];
  return { map: randomMap(i), truth, thing, ignored, split: i % 2 ? "val" : "test" };
});
const pictures = cases.map(({ truth, thing, ignored, split }, i): Picture => ({
  ...{ id: String(i), label, split },
  file: { width: SIDE, height: SIDE, data: new Uint8Array(3 * SIDE * SIDE).fill(i % 256) },
  objects: [
    ...truth.map((box, k) => ({ name: label, box, ...(k === 0 && { mask: thing.mask }) })),
    { name: label, box: truth[0], mask: ignored.mask, difficult: true },
  ],
}));
const way: boxes.WayToLook = {
  name: "random",
  map: ({ picture, placement }): HeatMap => {
    return { width: SIDE, height: SIDE, data: cases[Number(picture.id)].map, placement };
  },
};
const report = await boxes.evaluateLocalization(network, pictures, {
  ...{ protocol: "wsol2020", way, cache: false, guesses: 1 },
  conventions: { grid: SIDE },
});
const ours = {
  pxAP: report.pxAP!.value,
  pointing: report.pointing.value,
  meanIou: report.meanIou.value,
  maxBoxAcc: [report.maxBoxAcc.threshold, report.maxBoxAcc.accuracy.value, report.maxBoxAcc.bestOnReported.accuracy],
  maxBoxAccV2: report.maxBoxAccV2.at.map(({ threshold, accuracy }) => [threshold, accuracy.value]),
};
const overlaps = report.judged.map(({ largest, best }) => [[...largest!], [...best!]]);
const given = cases.map(({ map, truth, thing, ignored, split }) => ({
  ...{ map: [...map], split, truth: truth.map(({ x, y, width, height }) => [x, y, width, height]) },
  ...{ inside: [...thing.pixels], ignored: [...ignored.pixels] },
}));
const script = fileURLToPath(new URL("agreement.py", import.meta.url));
const { status, stdout, stderr } = spawnSync(values.python, [script], {
  input: JSON.stringify({ side: SIDE, cases: given, ours, overlaps }),
  encoding: "utf8",
  maxBuffer: 2 ** 28,
});
process.stdout.write(stdout + stderr);
process.exitCode = status ?? 1;
