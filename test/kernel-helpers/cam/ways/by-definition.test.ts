// The ways that ask a network for scores and gradients, on scores whose gradients are known.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { HeatMap } from "../../../../src/kernel-helpers/cam/heat-map.js";
import { contrast } from "../../../../src/kernel-helpers/cam/ways/from-maps/contrast.js";
import { wayCalled } from "../../../../src/kernel-helpers/cam/ways/look-ways.js";
import type { Copies, Looking } from "../../../../src/kernel-helpers/cam/ways/way.js";
import { WAYS } from "../../../../src/kernel-helpers/cam/ways/ways.js";
import { upsample } from "../../../../src/kernel-helpers/cam/upsample.js";
import { weightedMap } from "../../../../src/kernel-helpers/cam/weighted-map.js";
import { seededRandom } from "../../../../src/kernel-helpers/support/random.js";
import { assertNear } from "../assert-near.js";

const random = seededRandom("ways by definition");
const numbers = (length: number, make = () => 4 * random() - 2) => Float32Array.from({ length }, make);
const placement = {
  ...{ scaleX: 1, scaleY: 1, offsetX: 0, offsetY: 0 },
  ...{ imageWidth: 30, imageHeight: 25, inputWidth: 30, inputHeight: 25 },
};

interface Asked {
  readonly counts: number[];
  readonly inputs: Float32Array[];
  readonly relu: (string | undefined)[];
}

/** A score S(x), its gradient, and what is asked of them. */
function looking(
  input: Float32Array,
  size: { readonly width: number; readonly height: number },
  score: (x: Float32Array) => number,
  gradient: (x: Float32Array) => Float32Array = (x) => x,
  more: object = {},
): Looking & { readonly asked: Asked } {
  const asked: Asked = { counts: [], inputs: [], relu: [] };
  const each = (inputs: Float32Array, count: number) => {
    assert.equal(inputs.length, count * input.length, "as many as are said");
    asked.counts.push(count);
    const parts = Array.from({ length: count }, (_, i) => inputs.slice(i * input.length, (i + 1) * input.length));
    asked.inputs.push(...parts);
    return parts;
  };
  const network = {
    scoresOfCopies: async (_name: string, { count, write }: Copies) => {
      const copies = new Float32Array(count * input.length);
      for (let i = 0; i < count; i++) write(i, copies.subarray(i * input.length, (i + 1) * input.length));
      return Promise.resolve(Float32Array.from(each(copies, count), score));
    },
    inputGradients: async (inputs: Float32Array, count: number, relu?: string) => {
      asked.relu.push(relu);
      return Promise.resolve(Float32Array.from(each(inputs, count).flatMap((x) => [...gradient(x)])));
    },
  };
  const seen = { placement, logits: Float32Array.of(9, score(input)), ...more };
  return {
    seen,
    index: 1,
    input,
    size,
    random: seededRandom("looking"),
    randomOfPhoto: seededRandom("masks"),
    network,
    asked,
  } as unknown as Looking & {
    readonly asked: Asked;
  };
}

const mapOf = async (name: string, what: Looking): Promise<HeatMap> => wayCalled(name).map(what);

test("names, titles and grains: what options, figures and boxes go by", () => {
  assert.deepEqual(
    WAYS.map(({ name, title, grain }) => `${name}: ${title}, ${grain}`),
    [
      "cam: CAM, regions",
      "clamped-cam: CAM, negative weights clamped, regions",
      "thresholded-cam: CAM, thresholded pooling, regions",
      "contrast: Contrast, regions",
      "ablation-cam: Ablation-CAM, regions",
      "shapley-cam: Shapley-CAM, regions",
      "eigen-cam: Eigen-CAM, regions",
      "grad-cam: Grad-CAM, regions",
      "grad-cam++: Grad-CAM++, regions",
      "xgrad-cam: XGrad-CAM, regions",
      "layer-cam: LayerCAM, regions",
      "hires-cam: HiResCAM, regions",
      "refine-cam: RefineCAM, regions",
      "attention-rollout: Attention rollout, regions",
      "legrad: LeGrad, regions",
      "saliency: Saliency, pixels",
      "input-x-gradient: Input × gradient, pixels",
      "guided-backprop: Guided backprop, pixels",
      "deconvnet: Deconvnet, pixels",
      "smooth-grad: SmoothGrad, pixels",
      "integrated-gradients: Integrated gradients, pixels",
      "occlusion: Occlusion, regions",
      "score-cam: Score-CAM, regions",
      "rise: RISE, regions",
    ],
  );
  for (const { equation } of WAYS) assert.match(equation, /[A-Zf].*\(|∂|A\^l/);
});

describe("of gradients", () => {
  const size = { width: 5, height: 3 };
  const area = size.width * size.height;
  const input = numbers(3 * area);
  const slopes = numbers(3 * area);
  const linear = () =>
    looking(
      input,
      size,
      () => 0,
      () => slopes,
    );
  const colours = (values: Float32Array, p: number) => [values[p], values[area + p], values[2 * area + p]];
  const perPixel = (of: (p: number) => number) => Float32Array.from({ length: area }, (_, p) => of(p));

  test("saliency is the largest slope of a pixel's colours; SmoothGrad is that of a score without bends", async () => {
    const largest = perPixel((p) => Math.max(...colours(slopes, p).map(Math.abs)));
    const found = await mapOf("saliency", linear());
    assertNear(found.data, largest, 1e-6);
    assert.deepEqual([found.width, found.height, found.placement], [5, 3, placement]);
    assertNear((await mapOf("smooth-grad", linear())).data, largest, 1e-5);
  });

  test("SmoothGrad's noise has 0.15 of the input's range as deviation, and its mean is over 24 copies", async () => {
    const [width, height] = [40, 50];
    const flat = new Float32Array(3 * width * height).fill(-3);
    flat[0] = 5;
    const way = looking(flat, { width, height }, () => 0);
    const noise: number[] = [];
    const map = await mapOf("smooth-grad", way);
    assert.equal(way.asked.inputs.length, 24);
    for (const noisy of way.asked.inputs) noisy.forEach((value, i) => noise.push(value - flat[i]));
    const mean = noise.reduce((a, b) => a + b, 0) / noise.length;
    const moment = (power: number) => noise.reduce((sum, value) => sum + (value - mean) ** power, 0) / noise.length;
    assert.ok(Math.abs(mean) < 0.02 && Math.abs(Math.sqrt(moment(2)) - 1.2) < 0.02, `${mean} ${moment(2)}`);
    // Of a normal distribution the fourth moment is three times the square of the second.
    assert.ok(Math.abs(moment(4) / moment(2) ** 2 - 3) < 0.1 && Math.abs(moment(3)) < 0.05);
    const expected = (p: number) =>
      Math.max(
        ...[0, 1, 2].map((c) =>
          Math.abs(way.asked.inputs.reduce((sum, each) => sum + each[c * width * height + p], 0) / 24),
        ),
      );
    assertNear(
      map.data,
      Float32Array.from({ length: width * height }, (_, p) => expected(p)),
      1e-4,
    );
  });

  test("input × gradient is their product's sum over the colours", async () => {
    const expected = perPixel((p) => colours(input, p).reduce((sum, x, c) => sum + x * colours(slopes, p)[c], 0));
    assertNear((await mapOf("input-x-gradient", linear())).data, expected, 1e-5);
  });

  test("integrated gradients of a bent score are exact where the gradient is linear", async () => {
    // S(x) = Σ b x² / 2 has the gradient b x; from 0 to x each pixel adds b x² / 2.
    const bent = looking(
      input,
      size,
      () => 0,
      (x) => x.map((value, i) => value * slopes[i]),
    );
    const expected = perPixel((p) =>
      colours(input, p).reduce((sum, x, c) => sum + (x * x * colours(slopes, p)[c]) / 2, 0),
    );
    assertNear((await mapOf("integrated-gradients", bent)).data, expected, 1e-4);
    const shares = bent.asked.inputs.map((x) => x[7] / input[7]);
    const steps = shares.length;
    assertNear(
      shares,
      Array.from({ length: steps }, (_, i) => (i + 0.5) / steps),
      1e-5,
    );
  });

  test("guided backprop and deconvnet ask for another rule at ReLU, the others for none", async () => {
    for (const [name, rule] of [
      ["guided-backprop", "guided"],
      ["deconvnet", "deconvolution"],
      ["saliency", undefined],
      ["input-x-gradient", undefined],
    ] as const) {
      const way = linear();
      const { data } = await mapOf(name, way);
      assert.deepEqual([way.asked.relu, way.asked.counts, data.length], [[rule], [1], area], name);
      assert.deepEqual(way.asked.inputs[0], input, name);
    }
  });
});

describe("of what is covered or seen through a mask", () => {
  test("occlusion is the mean of what the score loses over the squares that cover a cell", async () => {
    for (const [width, height] of [
      [14, 15],
      [17, 11],
    ]) {
      const input = numbers(3 * width * height);
      const slopes = numbers(3 * width * height);
      const score = (x: Float32Array) => x.reduce((sum, value, i) => sum + value * slopes[i], 0);
      const way = looking(input, { width, height }, score);
      const found = await mapOf("occlusion", way);
      assert.deepEqual([found.width, found.height, found.placement], [14, 14, placement]);
      assert.equal(way.asked.inputs.length, 256);
      const [sums, counts] = [new Float64Array(196), new Float64Array(196)];
      const edge = (cell: number, length: number) => Math.round((Math.max(0, Math.min(14, cell)) * length) / 14);
      for (let top = -2; top < 14; top++) {
        for (let left = -2; left < 14; left++) {
          let lost = 0;
          for (let i = 0; i < input.length; i++) {
            const [x, y] = [i % width, Math.floor(i / width) % height];
            const isInside = (at: number, from: number, length: number) =>
              at >= edge(from, length) && at < edge(from + 3, length);
            if (isInside(x, left, width) && isInside(y, top, height)) lost += input[i] * slopes[i];
          }
          for (let y = top; y < top + 3; y++) {
            for (let x = left; x < left + 3; x++) {
              if (x < 0 || y < 0 || x > 13 || y > 13) continue;
              sums[y * 14 + x] += lost;
              counts[y * 14 + x] += 1;
            }
          }
        }
      }
      assertNear(
        found.data,
        sums.map((sum, i) => sum / counts[i]),
        1e-3,
      );
    }
  });

  test("Score-CAM weighs each map by the softmax of the score seen through it", async () => {
    const [channels, width, height, size] = [11, 3, 2, { width: 7, height: 5 }];
    const data = numbers(channels * width * height);
    data.fill(2, 4 * 6, 5 * 6); // A flat map lets nothing through.
    const input = numbers(3 * 35);
    const slopes = numbers(3 * 35);
    const score = (x: Float32Array) => x.reduce((sum, value, i) => sum + value * slopes[i], 0);
    const featureMaps = { channels, width, height, data };
    const way = looking(input, size, score, undefined, { featureMaps });
    const found = await mapOf("score-cam", way);
    assert.deepEqual(
      way.asked.counts.reduce((a, b) => a + b, 0),
      channels,
    );
    const scores = Array.from({ length: channels }, (_, k) => {
      const large = upsample({ width, height, data: data.slice(6 * k, 6 * k + 6) }, size).data;
      const [low, high] = [Math.min(...large), Math.max(...large)];
      const mask = (p: number) => (high > low ? (large[p] - low) / (high - low) : 0);
      return score(input.map((value, i) => value * mask(i % 35)));
    });
    const powers = scores.map((each) => Math.exp(each));
    const sum = powers.reduce((a, b) => a + b, 0);
    const expected = Array.from({ length: 6 }, (_, p) =>
      Math.max(
        0,
        powers.reduce((all, power, k) => all + (power / sum) * data[6 * k + p], 0),
      ),
    );
    assertNear(found.data, expected, 1e-4);
    assert.deepEqual([found.width, found.height, found.placement], [3, 2, placement]);
  });

  test("RISE is the mean of its masks, each weighed by its score above the mean; masks are half open, and cut anywhere", async () => {
    const [width, height] = [20, 16];
    const input = new Float32Array(3 * width * height).fill(1);
    const slopes = numbers(input.length);
    const score = (x: Float32Array) => x.reduce((sum, value, i) => sum + value * slopes[i], 0);
    const way = looking(input, { width, height }, score);
    const found = await mapOf("rise", way);
    const masks = way.asked.inputs;
    assert.equal(masks.length, 400);
    const scores = masks.map(score);
    const mean = scores.reduce((a, b) => a + b, 0) / 400;
    const expected = Float64Array.from({ length: width * height }, (_, p) =>
      masks.reduce((sum, mask, i) => sum + ((scores[i] - mean) * mask[p]) / 200, 0),
    );
    assertNear(found.data, expected, 1e-2);
    const all = masks.flatMap((mask) => [...mask.subarray(0, width * height)]);
    assert.ok(all.every((value) => value >= 0 && value <= 1));
    assert.ok(Math.abs(all.reduce((a, b) => a + b, 0) / all.length - 0.5) < 0.01);
    for (const mask of masks.slice(0, 9)) {
      for (let c = 1; c < 3; c++) {
        assert.deepEqual(mask.slice(c * width * height, (c + 1) * width * height), mask.slice(0, width * height));
      }
    }
    // A cell is ⌈20 / 7⌉ by ⌈16 / 7⌉, three by three pixels, of which the middle one is plain; its edges fall anywhere.
    const isPlain = (value: number) => value === 0 || value === 1;
    for (const axis of [width, height]) {
      const shares = [0, 1, 2].map((phase) => {
        const values = masks.flatMap((mask) =>
          [...mask.subarray(0, width * height)].filter(
            (_, p) => (axis === width ? p % width : Math.floor(p / width)) % 3 === phase,
          ),
        );
        return values.filter(isPlain).length / values.length;
      });
      assert.ok(Math.max(...shares) < 1.3 * Math.min(...shares) && Math.min(...shares) > 0.05, shares.join(" "));
    }
  });
});

test("contrast of the only class is its plain map", () => {
  const featureMaps = { channels: 2, width: 2, height: 1, data: Float32Array.of(1, 2, 3, 4) };
  const head = {
    ...{ form: "pool-then-classify", weights: Float32Array.of(2, -1), featureMaps: { name: "m", channels: 2 } },
    logits: { name: "y", classes: 1 },
  };
  const seen = {
    featureMaps,
    logits: Float32Array.of(3),
    features: Float32Array.of(1.5, 3.5),
    placement,
    network: { head },
  };
  const found = contrast.map({ seen, index: 0 } as unknown as Looking) as HeatMap;
  assert.deepEqual(
    { ...found, placement: undefined },
    { ...weightedMap(featureMaps, Float64Array.of(2, -1)), placement: undefined },
  );
  assert.equal(found.placement, placement);
});
