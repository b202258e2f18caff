// Ways over feature maps and gradients that are given, by their equations, place by place.
import assert from "node:assert/strict";
import { assertNear } from "../assert-near.js";
import { describe, test } from "node:test";
import type { HeatMap } from "../../../../src/kernel-helpers/cam/heat-map.js";
import { strongestOther } from "../../../../src/kernel-helpers/cam/ways/from-maps/contrast.js";
import { firstComponent } from "../../../../src/kernel-helpers/cam/ways/from-maps/eigen-cam.js";
import { lookWays, wayCalled } from "../../../../src/kernel-helpers/cam/ways/look-ways.js";
import type { Looking } from "../../../../src/kernel-helpers/cam/ways/way.js";
import { fakeNetwork, plain } from "../../networks/fake-network.js";
import { randomNumbers, randomSource } from "../cam-source.js";

const [CHANNELS, HEIGHT, WIDTH] = [4, 2, 3];
const AREA = HEIGHT * WIDTH;
const source = randomSource([CHANNELS, HEIGHT, WIDTH], ["a", "b", "c"]);
const { data } = source.featureMaps;
const { weights } = source.network.head;
const gradients = randomNumbers(data.length, 7);
const placement = { scaleX: 2, scaleY: 1, offsetX: 0, offsetY: 0 };
const LOGITS = Float32Array.of(0.5, -2, 1.5);

const looking = (index: number): Looking =>
  ({
    seen: { ...source, placement, logits: LOGITS },
    index,
    network: { mapGradients: () => Promise.resolve({ ...source.featureMaps, data: gradients }) },
  }) as unknown as Looking;

/** Σ_k of something at each place. */
const places = (term: (f: number, g: number, k: number) => number) =>
  Array.from({ length: AREA }, (_, p) => {
    let sum = 0;
    for (let k = 0; k < CHANNELS; k++) sum += term(data[k * AREA + p], gradients[k * AREA + p], k);
    return sum;
  });
const over = (k: number, term: (f: number, g: number) => number) => {
  let sum = 0;
  for (let p = 0; p < AREA; p++) sum += term(data[k * AREA + p], gradients[k * AREA + p]);
  return sum;
};
const total = (k: number) => over(k, (f) => f);
const w = (c: number, k: number) => weights[c * CHANNELS + k];
const cut = (values: readonly number[]) => values.map((value) => Math.max(0, value));

describe("ways over maps and gradients that are given", () => {
  const expected: Record<string, (c: number) => readonly number[]> = {
    cam: (c) => places((f, _, k) => w(c, k) * f),
    "clamped-cam": (c) => places((f, _, k) => Math.max(0, w(c, k)) * f),
    contrast: (c) => places((f, _, k) => (w(c, k) - 0.6 * w(c === 2 ? 0 : 2, k)) * f),
    "ablation-cam": (c) => cut(places((f, _, k) => ((w(c, k) * source.features[k]) / LOGITS[c]) * f)),
    "thresholded-cam": (c) => {
      const hot = Array.from({ length: CHANNELS }, (_, k) => {
        const own = [...data.subarray(k * AREA, (k + 1) * AREA)];
        const level = 0.1 * Math.max(...own);
        return { level, count: own.filter((value) => value > level).length };
      });
      return places((f, _, k) => (f > hot[k].level ? ((w(c, k) * AREA) / hot[k].count) * f : 0));
    },
    "grad-cam": () => cut(places((f, _, k) => (over(k, (_f, g) => g) / AREA) * f)),
    "hires-cam": () => cut(places((f, g) => g * f)),
    "layer-cam": () => cut(places((f, g) => Math.max(0, g) * f)),
    "xgrad-cam": () => cut(places((f, _, k) => (over(k, (f, g) => f * g) / (total(k) + 1e-7)) * f)),
    "grad-cam++": () =>
      cut(places((f, _, k) => over(k, (_f, g) => (g > 0 ? (g * g * g) / (2 * g * g + g ** 3 * total(k)) : 0)) * f)),
  };
  for (const [name, values] of Object.entries(expected)) {
    test(name, async () => {
      for (const index of [0, 1, 2]) {
        const map: HeatMap = await wayCalled(name).map(looking(index));
        assert.deepEqual([map.width, map.height, map.placement], [WIDTH, HEIGHT, placement]);
        const wanted = values(index);
        const size = Math.max(...wanted.map(Math.abs));
        assert.equal(map.data.length, AREA);
        map.data.forEach((value, p) =>
          assert.ok(Math.abs(value - wanted[p]) <= 1e-5 * size, `${name} of ${index} at ${p}: ${value}, ${wanted[p]}`),
        );
      }
    });
  }

  test("eigen-cam is the positive part of the first component, placed", async () => {
    const map: HeatMap = await wayCalled("eigen-cam").map(looking(0));
    const component = firstComponent(source.featureMaps);
    assert.ok(component.some((value) => value < 0));
    assert.deepEqual(
      { ...map, data: [...map.data] },
      {
        ...{ width: WIDTH, height: HEIGHT, placement },
        data: [...Float32Array.from(component, (value) => Math.max(0, value))],
      },
    );
  });

  for (const kind of ["softmax", "sigmoid"] as const) {
    test(`shapley-cam has the weights that the gain's derivatives give, ${kind}`, async () => {
      const scoresOf = (features: readonly number[]) =>
        [0, 1, 2].map((c) => features.reduce((sum, feature, k) => sum + w(c, k) * feature, LOGITS[c] - at(c)));
      const at = (c: number) => source.features.reduce((sum, feature, k) => sum + w(c, k) * feature, 0);
      const probabilitiesOf = (scores: readonly number[]) => {
        if (kind === "sigmoid") return scores.map((z) => 1 / (1 + Math.exp(-z)));
        const sum = scores.reduce((so, z) => so + Math.exp(z), 0);
        return scores.map((z) => Math.exp(z) / sum);
      };
      const gain = (c: number) => (features: readonly number[]) => {
        const scores = scoresOf(features);
        return scores[c] + Math.log(probabilitiesOf(scores)[c]);
      };
      const features = [...source.features];
      const probabilities = Float32Array.from(probabilitiesOf([...LOGITS]));
      for (const index of [0, 1, 2]) {
        const network = { ...source.network, card: { probabilities: kind } };
        const seen = { ...looking(index).seen, network, probabilities };
        const map: HeatMap = await wayCalled("shapley-cam").map({ seen, index } as unknown as Looking);
        const gradientAt = (t: number) =>
          gradientOf(
            gain(index),
            features.map((feature) => (1 + t) * feature),
          );
        const [here, after, before] = [gradientAt(0), gradientAt(1e-3), gradientAt(-1e-3)];
        const weights = here.map((g, k) => (g - (0.5 * (after[k] - before[k])) / 2e-3) / AREA);
        const wanted = cut(places((f, _, k) => weights[k] * f));
        const size = Math.max(...wanted);
        assert.ok(size > 0);
        map.data.forEach((value, p) => assert.ok(Math.abs(value - wanted[p]) <= 1e-4 * size, `${value}, ${wanted[p]}`));
      }
    });
  }

  test("of a score that is cut off at 0 Ablation-CAM gives what is lost, not its share", async () => {
    const { seen, ...rest } = looking(0);
    const plain = await wayCalled("ablation-cam").map({ seen, ...rest });
    const zero = { ...seen, logits: new Float32Array(seen.logits.length) };
    const found = await wayCalled("ablation-cam").map({ seen: zero, ...rest });
    assertNear(
      found.data,
      plain.data.map((value) => value * Math.max(0, seen.logits[0])),
      1e-4,
    );
  });

  test("ablation and Shapley values of a head that is not linear ask for what follows the maps", async () => {
    const heads = [{ form: "classify-then-pool" }, { normalisation: { kind: "layer", epsilon: 0 } }] as const;
    for (const changes of heads) {
      const { seen } = looking(0);
      const network = { ...seen.network, head: { ...source.network.head, ...changes } };
      const behindMaps = () => Promise.reject(new Error("behind the maps"));
      const other = { seen: { ...seen, network }, index: 0, network: { behindMaps } } as unknown as Looking;
      for (const name of ["ablation-cam", "shapley-cam"]) {
        await assert.rejects(async () => wayCalled(name).map(other), /behind the maps/);
      }
    }
  });
});

/** By central differences. */
function gradientOf(of: (features: readonly number[]) => number, features: readonly number[]): number[] {
  const step = 1e-4;
  const moved = (k: number, by: number) => of(features.map((feature, i) => (i === k ? feature + by : feature)));
  return features.map((_, k) => (moved(k, step) - moved(k, -step)) / (2 * step));
}

test("the class that one is told apart from has the highest other score; of equal ones the first", () => {
  const other = (index: number, ...scores: number[]) =>
    strongestOther({ seen: { logits: Float32Array.from(scores) }, index } as unknown as Looking);
  assert.deepEqual([other(0, 9, 1, 5), other(2, 9, 1, 5), other(1, -3, 9, -2)], [2, 0, 2]);
  assert.deepEqual([other(0, 9, 5, 5), other(1, 4, 5, 4), other(0, 1)], [1, 0, undefined]);
});

describe("the first component", () => {
  test("is exact for two maps that a hand can decompose, also where their sum is nothing", () => {
    // Centred ±(1, −1) and ±(1, 1, −2): one direction each.
    const pair = firstComponent({ channels: 2, height: 1, width: 2, data: Float32Array.of(5, 3, -1, 1) });
    assert.ok(Math.abs(Math.abs(pair[0]) - Math.SQRT2) < 1e-12 && pair[0] === -pair[1], String(pair));
    const mixed = firstComponent({ channels: 2, height: 1, width: 3, data: Float32Array.of(2, 2, -1, 1, -1, 0) });
    // (1, 1, −2) has the larger length: √6 against √2, and they are orthogonal.
    [1, 1, -2].forEach((value, p) => assert.ok(Math.abs(mixed[p] - value) < 1e-6, String(mixed)));
  });

  test("goes on until its direction stands still", () => {
    // Squares of the singular values are 1 and 0.9: a few rounds would still hold the other direction.
    const [a, b] = [
      [1, -1, 0, 0],
      [0, 0, 1, -1],
    ];
    const maps = [...a, ...b.map((value) => value * Math.sqrt(0.9))];
    const found = firstComponent({ channels: 2, height: 2, width: 2, data: Float32Array.from(maps) });
    a.forEach((value, p) => assert.ok(Math.abs(found[p] - value) < 1e-6, String(found)));
  });
});

describe("looking in ways at a network without a graph", () => {
  const picture = plain(40, 90, 10, 4, 4);
  const network = fakeNetwork((red, green, blue) => [red, green, blue]);
  const whyNot = "gradients need the network's graph: open it from its file";

  test("unless told otherwise five ways are tried, and those that cannot be are named once, with the reason", async () => {
    const steps: string[] = [];
    const { maps, notes } = await lookWays(network, picture, {
      classes: [0, "c"],
      onProgress: ({ label, done, total }) => steps.push(`${label} ${done}/${total}`),
    });
    assert.deepEqual(
      notes,
      ["Saliency", "Guided backprop"].map((title) => `${title} is left out: ${whyNot}`),
    );
    assert.deepEqual(
      maps.map(({ way, title, grain, index, label, passes, map }) => [
        way,
        title,
        grain,
        index,
        label,
        passes,
        map.label,
      ]),
      [
        ["cam", "CAM", "regions", 0, "a", 0, "a"],
        ["grad-cam++", "Grad-CAM++", "regions", 0, "a", 0, "a"],
        ["layer-cam", "LayerCAM", "regions", 0, "a", 0, "a"],
        ["cam", "CAM", "regions", 2, "c", 0, "c"],
        ["grad-cam++", "Grad-CAM++", "regions", 2, "c", 0, "c"],
        ["layer-cam", "LayerCAM", "regions", 2, "c", 0, "c"],
      ],
    );
    assert.deepEqual(
      steps,
      Array.from({ length: 10 }, (_, i) => `looking ${i + 1}/10`),
    );
    for (const { milliseconds } of maps) assert.ok(milliseconds >= 0 && milliseconds < 60_000);
  });

  test("the most probable class is looked at, and what is asked of the network is counted", async () => {
    const { maps, seen, notes } = await lookWays(network, picture, { ways: ["occlusion", "score-cam"], top: 2 });
    assert.deepEqual(
      maps.map(({ way, index, passes }) => [way, index, passes]),
      [
        ["occlusion", 1, 256],
        ["score-cam", 1, 1], // A plain photo has flat maps, which share a run.
      ],
    );
    assert.deepEqual([notes, seen.top.length], [[], 2]);
  });

  test("chance is decided by way, class and seed", async () => {
    const noisy = async (seed: number | undefined, classes: readonly number[]) =>
      (await lookWays(network, picture, { ways: ["rise"], seed, classes })).maps.map(({ map }) => map.data);
    const [[first], [same], [other]] = [await noisy(undefined, [0]), await noisy(0, [0]), await noisy(1, [0])];
    assert.deepEqual(first, same);
    assert.notDeepEqual(first, other);
  });

  test("no other error is passed over, and a single way's is thrown", async () => {
    const broken = { ...network, graph: () => Promise.reject(new TypeError("broken")) };
    await assert.rejects(lookWays(broken, picture, { ways: ["cam", "saliency"] }), { name: "TypeError" });
    await assert.rejects(lookWays(network, picture, { ways: ["saliency"] }), { message: whyNot });
    await assert.rejects(lookWays(network, picture, { ways: [] }), /invalid ways: \[\]/);
    await assert.rejects(lookWays(network, picture, { classes: [] }), /there is no class to look at \(fake\)/);
    await assert.rejects(lookWays(network, picture, { top: 0 }), /invalid top: 0/);
    await assert.rejects(lookWays(network, picture, { way: "cam" } as object), /lookWays has no option "way"/);
  });

  test("a way that there is not is named with what is near, if anything is", () => {
    assert.throws(() => wayCalled("grad-cam+"), /no way is called "grad-cam\+"; did you mean grad-cam/);
    assert.throws(
      () => wayCalled("something else"),
      /no way is called "something else" \(there are cam, clamped-cam, /,
    );
  });
});
