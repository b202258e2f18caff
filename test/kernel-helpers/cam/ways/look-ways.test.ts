// The ways on the embedded network, each against what its definition demands.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { cam } from "../../../../src/kernel-helpers/cam/cam.js";
import type { HeatMap } from "../../../../src/kernel-helpers/cam/heat-map.js";
import { strongestOther } from "../../../../src/kernel-helpers/cam/ways/from-maps/contrast.js";
import { lookWays, type SeenWays } from "../../../../src/kernel-helpers/cam/ways/look-ways.js";
import { WAYS } from "../../../../src/kernel-helpers/cam/ways/ways.js";
import { prepareImage } from "../../../../src/kernel-helpers/images/input/prepare-image.js";
import { fillInput } from "../../../../src/kernel-helpers/images/input/fill-input.js";
import type { Network } from "../../../../src/kernel-helpers/networks/network.js";
import { openNetwork } from "../../../../src/kernel-helpers/networks/open-network.js";
import { drawWorld } from "../../../../src/world/draw-world.js";
import { assertNear } from "../assert-near.js";
import { countingRuns } from "../../networks/counting-runs.js";
import { fakeNetwork } from "../../networks/fake-network.js";

const CHEAP = WAYS.map(({ name }) => name).filter(
  (name) => !["score-cam", "rise", "occlusion", "attention-rollout", "legrad"].includes(name),
);

describe("ways to look at a drawn picture", () => {
  let network: Network;
  let file: string;
  let input: Float32Array;
  let all: SeenWays;
  let label: string;

  before(async () => {
    network = await openNetwork(undefined, { device: "cpu" });
    const { pictures } = await drawWorld("objects", { seed: 7, train: 0, test: 8 });
    file = pictures[1].file;
    all = await lookWays(network, file, { ways: CHEAP });
    [{ label }] = all.maps;
    const { width, height } = network.preprocessing;
    input = new Float32Array(3 * width * height);
    fillInput(input, 0, (await prepareImage(file, network.preprocessing)).pixels, network.preprocessing);
  });
  after(() => network.dispose());

  const mapOf = (way: string, from = all): HeatMap => from.maps.find((each) => each.way === way)!.map;
  const score = async (inputs: Float32Array) => (await network.run(inputs, 1)).logits[network.classes.indexOf(label)];

  test("every way gives a map of its own size that is finite, placed, named and not flat", () => {
    assert.deepEqual(
      all.maps.map(({ way }) => way),
      CHEAP,
    );
    assert.deepEqual(all.notes, []);
    for (const { map, way } of all.maps) {
      assert.equal(map.data.length, map.width * map.height, way);
      assert.ok(map.data.every(Number.isFinite), way);
      assert.ok(new Set(map.data).size > 20, way);
      assert.equal(map.label, label);
      assert.equal(map.placement, all.seen.placement);
    }
  });

  test("behind a GAP head Grad-CAM and HiResCAM are the positive part of CAM over the number of places", () => {
    const { data } = cam(all.seen, label);
    for (const way of ["grad-cam", "hires-cam"]) {
      const found = mapOf(way).data;
      const largest = Math.max(...found);
      data.forEach((value, p) =>
        assert.ok(Math.abs(found[p] - Math.max(0, value) / data.length) <= 1e-5 * largest, `${way} ${p}`),
      );
    }
  });

  test("weights of one's own are looked at as a class with the same weights, but by ways that need the network's own classes", async () => {
    const index = network.classes.indexOf(label);
    const { channels } = all.seen.featureMaps;
    const weights = network.head.weights.subarray(index * channels, (index + 1) * channels);
    const ways = [
      "cam",
      "clamped-cam",
      "ablation-cam",
      "eigen-cam",
      "grad-cam",
      "grad-cam++",
      "layer-cam",
      "occlusion",
    ];
    const [own, theirs] = await Promise.all(
      [weights, index].map((wanted) =>
        lookWays(network, file, { ways: [...ways, "contrast", "shapley-cam", "saliency"], classes: [wanted] }),
      ),
    );
    assert.deepEqual(
      own.maps.map(({ way, index: at, label: name }) => [way, at, name]),
      ways.map((way) => [way, -1, "weights"]),
    );
    assert.match(own.notes.join(), /Contrast is for classes.*Shapley-CAM.*probability.*gradient of a class/);
    for (const way of ways) {
      const [found, wanted] = [mapOf(way, own).data, mapOf(way, theirs).data];
      // The share of the score that ablation speaks of is without the bias here.
      const scale = way === "ablation-cam" ? Math.max(...wanted) / Math.max(...found) : 1;
      const largest = Math.max(...wanted);
      wanted.forEach((value, p) => assert.ok(Math.abs(found[p] * scale - value) < 1e-3 * largest, `${way} ${p}`));
    }
    assert.equal(own.seen.logits.length, network.classes.length);
    await assert.rejects(lookWays(network, file, { classes: [new Float32Array(3)] }), /3 numbers/);
    await assert.rejects(
      lookWays(network, file, { ways: ["saliency"], classes: [weights] }),
      /a weight vector is none/,
    );
  });

  test("CAM's relatives by their equations, from the class weights alone", () => {
    const { seen } = all;
    const index = network.classes.indexOf(label);
    const { channels, data } = seen.featureMaps;
    const area = data.length / channels;
    const weights = network.head.weights.subarray(index * channels, (index + 1) * channels);
    const other = strongestOther({ seen, index })!;
    const others = network.head.weights.subarray(other * channels, (other + 1) * channels);
    assert.equal(other, seen.top.find((each) => each.index !== index)!.index);
    const sums = (weight: (k: number) => number, each: (value: number, k: number) => number = (value) => value) =>
      Float64Array.from({ length: area }, (_, p) => {
        let sum = 0;
        for (let k = 0; k < channels; k++) sum += weight(k) * each(data[k * area + p], k);
        return sum;
      });
    const total = Float64Array.from({ length: channels }, (_, k) =>
      data.subarray(k * area, (k + 1) * area).reduce((a, b) => a + b, 0),
    );
    // Of a GAP head g = w_k / n everywhere.
    const g = (k: number) => weights[k] / area;
    const plusPlus = (k: number) => (g(k) > 0 ? (area * g(k) ** 3) / (2 * g(k) ** 2 + g(k) ** 3 * total[k]) : 0);
    const expected: Record<string, Float64Array> = {
      "clamped-cam": sums((k) => Math.max(0, weights[k])),
      contrast: sums((k) => weights[k] - 0.6 * others[k]),
      "ablation-cam": sums((k) => (weights[k] * seen.features[k]) / seen.logits[index]),
      "grad-cam++": sums(plusPlus),
      "xgrad-cam": sums((k) => (total[k] > 0 ? g(k) : 0)),
      "layer-cam": sums((k) => Math.max(0, g(k))),
    };
    for (const [way, values] of Object.entries(expected)) {
      const rectified = way === "clamped-cam" || way === "contrast" ? values : values.map((v) => Math.max(0, v));
      const found = mapOf(way).data;
      const largest = Math.max(...found);
      rectified.forEach((value, p) => assert.ok(Math.abs(found[p] - value) < 1e-3 * largest, `${way} ${p}`));
    }
  });

  test("thresholded CAM is the score that pooling over hot places gives, in its mean", () => {
    const { featureMaps } = all.seen;
    const area = featureMaps.width * featureMaps.height;
    const index = network.classes.indexOf(label);
    const weights = network.head.weights.subarray(index * featureMaps.channels, (index + 1) * featureMaps.channels);
    let pooled = 0;
    weights.forEach((weight, k) => {
      const own = [...featureMaps.data.subarray(k * area, (k + 1) * area)];
      const hot = own.filter((value) => value > 0.1 * Math.max(...own));
      if (hot.length > 0) pooled += (weight * hot.reduce((a, b) => a + b, 0)) / hot.length;
    });
    const { data } = mapOf("thresholded-cam");
    assert.ok(Math.abs(data.reduce((a, b) => a + b, 0) / area - pooled) < 1e-4 * Math.abs(pooled));
  });

  test("saliency is the slope of the score", async () => {
    const { data, width, height } = mapOf("saliency");
    const index = data.indexOf(Math.max(...data));
    const slopes: number[] = [];
    for (let colour = 0; colour < 3; colour++) {
      const [up, down] = [input.slice(), input.slice()];
      up[colour * width * height + index] += 0.01;
      down[colour * width * height + index] -= 0.01;
      slopes.push(Math.abs((await score(up)) - (await score(down))) / 0.02);
    }
    assert.ok(Math.abs(Math.max(...slopes) - data[index]) < 0.05 * data[index]);
  });

  test("integrated gradients add up to what the photo adds to an empty picture", async () => {
    const sum = mapOf("integrated-gradients").data.reduce((a, b) => a + b, 0);
    const added = (await score(input)) - (await score(new Float32Array(input.length)));
    assert.ok(Math.abs(sum - added) < 0.05 * Math.abs(added), `${sum} against ${added}`);
  });

  test("unless told otherwise: the most probable class, in the ways that cost no more than a few runs", async () => {
    const { maps, seen, notes } = await lookWays(network, file);
    assert.deepEqual(
      maps.map(({ way }) => way),
      ["cam", "grad-cam++", "layer-cam", "saliency", "guided-backprop"],
    );
    assert.ok(maps.every(({ index, passes }) => index === seen.top[0].index && passes <= 3));
    assert.deepEqual(notes, []);
  });

  test("contrast is against the class that is named; of the strongest other one it is what it is unless named", async () => {
    const index = network.classes.indexOf(label);
    const other = strongestOther({ seen: all.seen, index })!;
    const another = network.classes[[0, 1, 2].find((each) => each !== index && each !== other)!];
    const against = (one: string) => lookWays(network, file, { ways: ["contrast"], classes: [label], against: one });
    assert.deepEqual(mapOf("contrast", await against(network.classes[other])).data, mapOf("contrast").data);
    const found = mapOf("contrast", await against(another)).data;
    const [own, theirs] = [cam(all.seen, label).data, cam(all.seen, another).data];
    assertNear(
      found,
      Float32Array.from(own, (value, p) => value - 0.6 * theirs[p]),
      1e-3,
    );
    await assert.rejects(against("unicorn"), /no class is named "unicorn"/);
  });

  test("the same seed gives the same map, another one another; classes may be named", async () => {
    const options = { ways: ["smooth-grad"], classes: [label] };
    assert.deepEqual(mapOf("smooth-grad", await lookWays(network, file, options)), mapOf("smooth-grad"));
    const other = await lookWays(network, file, { ...options, seed: 1 });
    assert.notDeepEqual(mapOf("smooth-grad", other), mapOf("smooth-grad"));
    const two = await lookWays(network, file, { ways: ["cam"], classes: [label, "boat"] });
    assert.deepEqual(two.maps[1].map, cam(two.seen, "boat"));
  });

  test("what is covered or masked: the map is hot where the thing is, and runs are counted", async () => {
    const { maps, seen } = await lookWays(network, file, { ways: ["occlusion", "score-cam", "cam"] });
    const [covered, scored, plain] = maps;
    const { channels, data } = seen.featureMaps;
    const planes = Array.from({ length: channels }, (_, k) =>
      data.subarray((k * data.length) / channels, ((k + 1) * data.length) / channels),
    );
    const flat = planes.filter((plane) => plane.every((value) => value === plane[0])).length;
    assert.deepEqual(
      maps.map(({ passes }) => passes),
      [256, channels - flat + Math.min(1, flat), 0],
    );
    for (const { map, way } of [covered, scored]) assert.ok(correlation(map.data, plain.map.data) > 0.4, way);
  });

  test("what is covered or masked is run once for all classes, whose maps are those of the class alone", async () => {
    const counted = countingRuns(network);
    const ways = ["occlusion", "rise"];
    const { maps } = await lookWays(counted.network, file, { ways, classes: [label, "boat"] });
    assert.deepEqual(
      maps.map(({ passes }) => passes),
      [256, 400, 0, 0],
    );
    assert.equal(counted.photos(), 1 + 256 + 400);
    const alone = await lookWays(network, file, { ways, classes: ["boat"] });
    assert.deepEqual(
      maps.slice(2).map(({ map }) => map),
      alone.maps.map(({ map }) => map),
    );
    assert.notDeepEqual(maps[3].map.data, maps[1].map.data);
  });

  test("a way that there is not is named with its nearest; a network without a graph keeps what it can", async () => {
    await assert.rejects(
      lookWays(network, file, { ways: ["gradcam"] }),
      /no way is called "gradcam"; did you mean grad-cam\?/,
    );
    await assert.rejects(lookWays(network, file, { ways: [] }), /invalid ways/);
    const fake = fakeNetwork((red, green) => [red, green, 0]);
    const { maps, notes } = await lookWays(fake, file, { ways: ["cam", "saliency"] });
    assert.equal(maps.length, 1);
    assert.match(notes.join(), /Saliency is left out: gradients need the network's graph/);
    await assert.rejects(lookWays(fake, file, { ways: ["saliency"] }), /gradients need the network's graph/);
  });

  test("it can be stopped", async () => {
    const stop = new AbortController();
    const looking = lookWays(network, file, {
      ways: ["cam", "rise"],
      signal: stop.signal,
      onProgress: () => stop.abort(),
    });
    await assert.rejects(looking, { name: "AbortError" });
  });
});

function correlation(a: Float32Array, b: Float32Array): number {
  const mean = (values: Float32Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [ma, mb] = [mean(a), mean(b)];
  let [ab, aa, bb] = [0, 0, 0];
  a.forEach((value, i) => {
    ab += (value - ma) * (b[i] - mb);
    aa += (value - ma) ** 2;
    bb += (b[i] - mb) ** 2;
  });
  return ab / Math.sqrt(aa * bb);
}
