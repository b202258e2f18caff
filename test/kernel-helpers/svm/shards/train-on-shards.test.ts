import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { FeatureTable } from "../../../../src/kernel-helpers/features/feature-table.js";
import { saveFeatures } from "../../../../src/kernel-helpers/features/feature-files.js";
import { halfToNumber, halfToNumbers, numbersToHalf } from "../../../../src/kernel-helpers/support/half-float.js";
import { seededRandom } from "../../../../src/kernel-helpers/support/random.js";
import { type LabelledRows, trainOnShards } from "../../../../src/kernel-helpers/svm/shards/train-on-shards.js";
import { runAndKill } from "../../run-and-kill.js";
import { trainLinearSvm } from "../../../../src/kernel-helpers/svm/train-linear-svm.js";

function tableOf(rows: number, columns: number, classes: number, seed: string): LabelledRows {
  const random = seededRandom(seed);
  const data = new Float32Array(rows * columns);
  const labels: string[] = [];
  for (let row = 0; row < rows; row++) {
    const label = row < classes ? row : Math.floor(random() * classes);
    labels.push(`class ${label}`);
    for (let k = 0; k < columns; k++) data[row * columns + k] = random() + (k % classes === label ? 0.35 : 0);
  }
  return { rows, columns, data, labels };
}

function slices(table: LabelledRows, count: number): LabelledRows[] {
  const edge = (i: number) => Math.floor((i * table.rows) / count);
  return Array.from({ length: count }, (_, i) => ({
    rows: edge(i + 1) - edge(i),
    columns: table.columns,
    data: table.data.slice(edge(i) * table.columns, edge(i + 1) * table.columns),
    labels: table.labels.slice(edge(i), edge(i + 1)),
  }));
}

describe("training on shards", () => {
  const folder = mkdtempSync(join(tmpdir(), "camlab-shards-"));
  after(() => rmSync(folder, { recursive: true, force: true }));
  async function* stream(tables: readonly LabelledRows[]) {
    yield* tables;
    await Promise.resolve();
  }

  for (const { classes, steps, C, bias } of [
    { classes: 2, steps: [], C: 1, bias: 1 },
    { classes: 4, steps: ["l2Normalise"], C: 30, bias: 1 },
    { classes: 3, steps: [], C: 0.01, bias: 0 },
  ] as const) {
    test(`reaches the optimum of training in memory: ${classes} classes, C ${C}, bias ${bias}`, async () => {
      const table = tableOf(3000, 24, classes, `rows ${classes}`);
      const whole = await trainLinearSvm(table, table.labels, { steps, C, bias, tolerance: 1e-7 });
      const own = join(folder, `c${classes}`);
      const svm = await trainOnShards(stream(slices(table, 7)), { folder: own, steps, C, bias, tolerance: 1e-6 });
      assert.deepEqual(svm.classes, whole.classes);
      svm.provenance.fits.forEach((fit, k) => {
        assert.ok(fit.converged && fit.gap! <= 1e-6 * fit.objective);
        const best = whole.provenance.fits[k].objective;
        assert.ok(Math.abs(fit.objective - best) <= 2e-6 * best, `${fit.objective} and ${best}`);
      });
      const far = svm.weights.data.map((w, i) => Math.abs(w - whole.weights.data[i]));
      assert.ok(Math.max(...far) < 2e-3 * Math.max(...whole.weights.data.map(Math.abs)));
      assert.deepEqual(svm.predict(table), whole.predict(table));
    });
  }

  test("float16, by name, takes half the room and reaches the optimum of the rounded rows", async () => {
    const table = tableOf(1500, 20, 3, "half");
    const data = new Float32Array(table.data.length);
    halfToNumbers(numbersToHalf(table.data), data);
    const whole = await trainLinearSvm({ ...table, data }, table.labels, { tolerance: 1e-7 });
    const own = join(folder, "half");
    const svm = await trainOnShards(stream(slices(table, 2)), { folder: own, storage: "float16", tolerance: 1e-6 });
    assert.equal(statSync(join(own, "rows.bin")).size, 1500 * 20 * 2);
    svm.provenance.fits.forEach((fit, k) => {
      const best = whole.provenance.fits[k].objective;
      assert.ok(Math.abs(fit.objective - best) <= 2e-6 * best);
    });
    const large = { ...table, data: table.data.map((value) => value * 1e5) };
    await assert.rejects(
      trainOnShards(stream([large]), { folder: join(folder, "large"), storage: "float16" }),
      /row 0, column \d+: .*at most 65504, for float16/,
    );
  });

  test("files that have changed are read anew, also under the same names; a file that is gone is named", async () => {
    const own = join(folder, "changed");
    const files = [join(folder, "one.arrow"), join(folder, "two.arrow")];
    const write = async (seed: string) => {
      const table = tableOf(400, 12, 2, seed);
      for (const [i, part] of slices(table, 2).entries()) {
        const pictures = part.labels.map((label, row) => ({ file: `${i} ${row}.png`, label }));
        await saveFeatures(new FeatureTable({ ...part, pictures, skipped: [] }), files[i]);
      }
      return trainLinearSvm(table, table.labels, { steps: [], tolerance: 1e-7 });
    };
    for (const seed of ["before", "after"]) {
      const whole = await write(seed);
      const svm = await trainOnShards(files, { folder: own, steps: [], tolerance: 1e-6 });
      const [best] = whole.provenance.fits;
      assert.ok(Math.abs(svm.provenance.fits[0].objective - best.objective) <= 2e-6 * best.objective, seed);
    }
    const stopped = trainOnShards(files, { folder: own, steps: [], signal: AbortSignal.abort() });
    await assert.rejects(stopped, { name: "AbortError" });
    rmSync(files[1]);
    await assert.rejects(trainOnShards(files, { folder: own, steps: [] }), /cannot read .*two\.arrow: /);
  });

  test("stopped and taken up again it goes on from its checkpoint, to the same weights", async () => {
    const table = tableOf(1200, 16, 3, "checkpoint");
    const files: string[] = [];
    for (const [i, part] of slices(table, 3).entries()) {
      const { rows, columns, data, labels } = part;
      const pictures = labels.map((label, row) => ({ file: `${i}-${row}.jpg`, label }));
      files.push(join(folder, `part-${i}.arrow`));
      await saveFeatures(new FeatureTable({ rows, columns, data, pictures }), files[i]);
    }
    const straight = await trainOnShards(files, { folder: join(folder, "straight"), tolerance: 1e-8 });
    const controller = new AbortController();
    const own = join(folder, "stopped");
    let steps = 0;
    await assert.rejects(
      trainOnShards(files, {
        folder: own,
        tolerance: 1e-8,
        signal: controller.signal,
        onProgress: () => ++steps === 3 && controller.abort(),
      }),
      /abort/i,
    );
    assert.ok(existsSync(join(own, "checkpoint.json")));
    assert.equal((JSON.parse(readFileSync(join(own, "checkpoint.json"), "utf8")) as { steps: number }).steps, 2);
    const again = await trainOnShards(files, { folder: own, tolerance: 1e-8 });
    assert.deepEqual(again.weights.data, straight.weights.data);
  });
});

test("killed while it trains, again and again, it goes on from its checkpoint to the weights of an undisturbed run", async () => {
  const folder = mkdtempSync(join(tmpdir(), "camlab-killed-shards-"));
  const files: string[] = [];
  for (const [i, { rows, columns, data, labels }] of slices(tableOf(1200, 16, 3, "killed"), 3).entries()) {
    const pictures = labels.map((label, row) => ({ file: `${i}-${row}.jpg`, label }));
    files.push(join(folder, `part-${i}.arrow`));
    await saveFeatures(new FeatureTable({ rows, columns, data, pictures }), files[i]);
  }
  const child = new URL("./train-child.ts", import.meta.url);
  const weightsIn = (said: string) => /^weights .*$/m.exec(said)?.[0];
  const straight = await runAndKill(child, [join(folder, "straight"), ...files]);
  const steps = straight.said.match(/^done/gm)!.length;
  const own = [join(folder, "killed"), ...files];
  let killed = 0;
  for (let i = 0; i < 3; i++) if ((await runAndKill(child, own, 2)).killed) killed += 1;
  assert.ok(killed >= 2, `${killed} kills`);
  const { steps: kept } = JSON.parse(readFileSync(join(own[0], "checkpoint.json"), "utf8")) as { steps: number };
  assert.ok(kept >= killed - 1);
  const again = await runAndKill(child, own);
  assert.ok(again.said.match(/^done/gm)!.length < steps);
  assert.ok(weightsIn(straight.said));
  assert.equal(weightsIn(again.said), weightsIn(straight.said));
  rmSync(folder, { recursive: true });
});

test("every binary16 number comes back, and numbers between go to the nearest, of two the even one", () => {
  const finite = Array.from({ length: 65536 }, (_, bits) => bits).filter((bits) => ((bits >> 10) & 31) !== 31);
  const values = Float32Array.from(finite, halfToNumber);
  assert.deepEqual(Array.from(numbersToHalf(values)), finite);
  const halfway = new Float32Array([1 + 1 / 2048, 1 + 3 / 2048, 2 ** -25, 3 * 2 ** -25, 65519, 65520, -70000, NaN]);
  assert.deepEqual(Array.from(numbersToHalf(halfway)), [0x3c00, 0x3c02, 0, 2, 0x7bff, 0x7c00, 0xfc00, 0x7e00]);
});
