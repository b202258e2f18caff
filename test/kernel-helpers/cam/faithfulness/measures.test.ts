// Measures of a map against Quantus, SciPy and pytorch-grad-cam on the same numbers, and against what they must be.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import type { Network } from "../../../../src/kernel-helpers/networks/network.js";
import { upsample } from "../../../../src/kernel-helpers/cam/upsample.js";
import { giniIndex } from "../../../../src/kernel-helpers/cam/faithfulness/sparseness.js";
import { MEASURES } from "../../../../src/kernel-helpers/cam/faithfulness/measures.js";
import { blurred } from "../../../../src/kernel-helpers/cam/faithfulness/perturbing/blurred.js";
import { deletionCurve } from "../../../../src/kernel-helpers/cam/faithfulness/perturbing/curve.js";
import { imputed } from "../../../../src/kernel-helpers/cam/faithfulness/perturbing/noisy-imputation.js";
import { descendingOrder } from "../../../../src/kernel-helpers/cam/faithfulness/perturbing/order.js";
import { rankCorrelation } from "../../../../src/kernel-helpers/cam/faithfulness/rank-correlation.js";
import type { Judged } from "../../../../src/kernel-helpers/cam/faithfulness/judged.js";
import type { Box } from "../../../../src/kernel-helpers/images/box.js";
import { softmax } from "../../../../src/kernel-helpers/networks/softmax.js";
import { mean } from "../../../../src/kernel-helpers/support/statistics.js";
import { seededRandom } from "../../../../src/kernel-helpers/support/random.js";
import { judgedCase, mapNumber, PICTURE, scoresOf, SIDE } from "./judged-case.js";

interface Reference {
  readonly cases: readonly {
    readonly map: number;
    readonly label: number;
    readonly box: Box;
    readonly sparseness: number;
    readonly relevanceMass: number;
    readonly relevanceRank: number;
    readonly pointing: number;
    readonly flipped: readonly number[];
  }[];
  readonly spearman: number;
  readonly spearmanTied: number;
  readonly imputed: readonly { readonly missing: readonly number[]; readonly filled: readonly number[] }[];
}

const reference = JSON.parse(
  readFileSync(new URL("../../../fixtures/cam/faithfulness.json", import.meta.url), "utf8"),
) as Reference;
const size = { width: SIDE, height: SIDE };
const near = (found: number, expected: number, tolerance = 1e-5) =>
  assert.ok(Math.abs(found - expected) <= tolerance, `${found} against ${expected}`);
const valueOf = async (name: string, judged: Judged): Promise<number> =>
  MEASURES.find((each) => each.name === name)!.value(judged);

describe("measures as Quantus has them", () => {
  for (const { map, label, box, ...expected } of reference.cases) {
    test(`map ${map}`, async () => {
      const judged = judgedCase(mapNumber(map), { index: label, boxes: [box] });
      near(await valueOf("sparseness", judged), expected.sparseness);
      near(await valueOf("relevance-mass", judged), expected.relevanceMass);
      near(await valueOf("relevance-rank", judged), expected.relevanceRank);
      near(await valueOf("pointing", judged), expected.pointing);
      const { scores, probabilities } = await deletionCurve(judged);
      assert.equal(scores.length, expected.flipped.length + 1);
      near(scores[0], scoresOf(PICTURE)[label]);
      expected.flipped.forEach((probability, i) => near(probabilities[i + 1], probability));
      near(probabilities[28], softmax(new Float32Array(4))[label]);
      const area = (curve: Float64Array) => (mean(curve.subarray(0, 28)) + mean(curve.subarray(1))) / 2;
      near(await valueOf("deletion", judged), area(probabilities));
      near(await valueOf("pixel-flipping", judged), area(scores) / Math.abs(scores[0]));
    });
  }

  test("rank correlation is SciPy's, with ties and without", () => {
    const [a, b] = [mapNumber(0), mapNumber(1)];
    const halves = (values: Float32Array) => values.map((value) => Math.round(value * 2) / 2);
    near(rankCorrelation(a, b), reference.spearman);
    near(rankCorrelation(halves(a), halves(b)), reference.spearmanTied);
    assert.ok(Number.isNaN(rankCorrelation(a, new Float32Array(a.length))));
    assert.throws(() => rankCorrelation(a, a.slice(1)), /195/);
  });
});

describe("ROAD's imputation", () => {
  test("is pytorch-grad-cam's but for the noise, which is 0.01", () => {
    for (const { missing, filled } of reference.imputed) {
      const found = imputed(PICTURE, size, Uint8Array.from(missing), seededRandom(1));
      const differences = found.map((value, i) => value - filled[i]);
      differences.forEach((difference, i) => missing[i % (SIDE * SIDE)] === 0 && near(difference, 0, 1e-6));
      const noise = differences.filter((_, i) => missing[i % (SIDE * SIDE)] === 1);
      near(mean(noise), 0, 0.002);
      near(Math.sqrt(mean(noise.map((value) => value * value))), 0.01, 0.002);
    }
  });

  test("of nothing known is noise around the mean colour, of nothing missing the picture", () => {
    const all = imputed(PICTURE, size, new Uint8Array(SIDE * SIDE).fill(1), seededRandom(1));
    assert.ok(all.every((value) => Math.abs(value) < 0.06));
    assert.deepEqual(imputed(PICTURE, size, new Uint8Array(SIDE * SIDE), seededRandom(1)), PICTURE);
  });

  test("a map that is better turned round has the other sign", async () => {
    const map = mapNumber(0);
    const [one, other] = [judgedCase(map), judgedCase(map.map((value) => -value))];
    near(await valueOf("road", one), -(await valueOf("road", other)), 5e-3);
  });
});

describe("the order of pixels", () => {
  test("is by heat, and equal ones have no favourite corner", () => {
    const values = Float32Array.from({ length: 400 }, (_, i) => (i === 7 ? 2 : i === 9 ? -1 : 0));
    const order = descendingOrder(values, seededRandom(3));
    assert.equal(order[0], 7);
    assert.equal(order[399], 9);
    assert.equal(new Set(order).size, 400);
    near(mean(order.subarray(1, 200)), 200, 25);
  });
});

describe("what measures must be", () => {
  test("a photo out of focus keeps its mean, and a flat one all", () => {
    const flat = new Float32Array(3 * 30 * 40).fill(0.5);
    blurred(flat, { width: 40, height: 30 }).forEach((value) => near(value, 0.5));
    const point = new Float32Array(3 * 31 * 31);
    point[15 * 31 + 15] = 1;
    const soft = blurred(point, { width: 31, height: 31 });
    near(
      soft.subarray(0, 961).reduce((a, b) => a + b, 0),
      1,
    );
    near(soft[15 * 31 + 14], soft[14 * 31 + 15]);
    assert.ok(soft[15 * 31 + 15] < 0.8 && soft.subarray(961).every((value) => value === 0));
  });

  test("average drop and increase see the photo through the positive part of the map", async () => {
    const map = mapNumber(2);
    const most = Math.max(...map);
    const through = PICTURE.map((value, i) => (value * Math.max(0, map[i % (SIDE * SIDE)])) / most);
    for (const index of [0, 1, 2, 3]) {
      const judged = judgedCase(map, { index });
      const [before, after] = [softmax(scoresOf(PICTURE))[index], softmax(scoresOf(through))[index]];
      near(await valueOf("average-drop", judged), Math.max(0, before - after) / before);
      assert.equal(await valueOf("average-increase", judged), Number(after > before));
    }
  });

  test("another class, and noise: what changes with neither is 1 and 0", async () => {
    const data = mapNumber(0);
    const asked: unknown[] = [];
    const same = judgedCase(data, {
      mapOf: (other) => {
        asked.push(other);
        return Promise.resolve({ ...size, data });
      },
    });
    near(await valueOf("random-class", same), 1);
    near(await valueOf("noise-sensitivity", same), 0);
    const [{ index }, ...noisy] = asked as { index?: number; input?: Float32Array }[];
    assert.ok(index !== undefined && index > 0 && index < 4);
    assert.equal(noisy.length, 4);
    for (const { input } of noisy) {
      const noise = input!.map((value, i) => value - PICTURE[i]);
      assert.ok(noise.every((value) => Math.abs(value) <= 0.1001) && Math.max(...noise) > 0.09);
    }
    const doubled = judgedCase(data, { mapOf: () => Promise.resolve({ ...size, data: data.map((value) => -value) }) });
    near(await valueOf("random-class", doubled), -1);
    near(await valueOf("noise-sensitivity", doubled), 2);
  });

  test("every measure says what it is", () => {
    assert.equal(new Set(MEASURES.map(({ name }) => name)).size, MEASURES.length);
    for (const { definition, range, citation, title } of MEASURES) {
      assert.ok([definition, range, citation, title].every((text) => text.length > 3));
    }
  });
});

describe("what a random map gets", () => {
  const random = seededRandom("random maps");
  const uniform = () => Float32Array.from({ length: SIDE * SIDE }, () => random());
  const box = { x: 2, y: 3, width: 7, height: 9 };
  const share = (box.width * box.height) / (SIDE * SIDE);
  const another = () => Promise.resolve({ width: SIDE, height: SIDE, data: uniform() });
  const meanOf = async (name: string, count = 200) => {
    const values: number[] = [];
    for (let i = 0; i < count; i++) {
      const parts = { boxes: [box], mapOf: another, randomised: () => Promise.resolve([{} as Network]) };
      values.push(await valueOf(name, judgedCase(uniform(), { ...parts, seed: `${i}` })));
    }
    return mean(values);
  };

  test("every measure says it in words", () => {
    for (const { name, random: said, range, better } of MEASURES)
      assert.ok(said.length > 5 && range.length > 5 && /^(higher|lower)$/.test(better), name);
  });

  test("the share of the boxes where there is a truth", async () => {
    for (const name of ["pointing", "relevance-mass", "relevance-rank"]) {
      assert.match(MEASURES.find((each) => each.name === name)!.random, /share of the photo that the boxes cover/);
      near(await meanOf(name), share, name === "pointing" ? 0.1 : 0.03);
    }
  });

  test("about 0 of ROAD and where another map is compared with, a third of sparseness, 0.5 to 0.8 by noise", async () => {
    near(await meanOf("road", 40), 0, 0.05);
    near(await meanOf("random-class"), 0, 0.03);
    near(await meanOf("random-weights"), 0, 0.03);
    near(await meanOf("sparseness"), 1 / 3, 0.02);
    const noise = await meanOf("noise-sensitivity");
    assert.ok(noise > 0.5 && noise < 0.8, String(noise));
    const stretched: number[] = [];
    for (let i = 0; i < 50; i++) {
      const data = Float32Array.from({ length: 49 }, () => random());
      stretched.push(giniIndex(upsample({ width: 7, height: 7, data }, { width: 56, height: 56 }).data));
    }
    near(mean(stretched), 0.2, 0.04);
    assert.ok(Number.isNaN(await valueOf("unaccounted", judgedCase(uniform()))));
  });

  test("the same of deletion and pixel flipping whichever it is, between nothing and all of insertion", async () => {
    for (const name of ["deletion", "insertion", "pixel-flipping", "average-drop", "average-increase"]) {
      const [one, other] = [await meanOf(name, 60), await meanOf(name, 60)];
      near(one, other, 0.1);
    }
  });
});
