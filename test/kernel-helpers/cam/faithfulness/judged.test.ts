import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { cam } from "../../../../src/kernel-helpers/cam/cam.js";
import { centredBlob, randomMap } from "../../../../src/kernel-helpers/cam/faithfulness/control-ways.js";
import { MEASURES } from "../../../../src/kernel-helpers/cam/faithfulness/measures.js";
import { descendingOrder } from "../../../../src/kernel-helpers/cam/faithfulness/perturbing/order.js";
import { unaccounted } from "../../../../src/kernel-helpers/cam/faithfulness/unaccounted.js";
import type { HeatMap } from "../../../../src/kernel-helpers/cam/heat-map.js";
import type { Looking, Total, Way } from "../../../../src/kernel-helpers/cam/ways/way.js";
import { WAYS } from "../../../../src/kernel-helpers/cam/ways/ways.js";
import type { Seen } from "../../../../src/kernel-helpers/networks/seen.js";
import { mean } from "../../../../src/kernel-helpers/support/statistics.js";
import { seededRandom } from "../../../../src/kernel-helpers/support/random.js";
import { randomSource } from "../cam-source.js";
import { judgedCase, mapNumber, PICTURE, scoresOf, SIDE } from "./judged-case.js";

const near = (found: number, expected: number, within = 1e-6) =>
  assert.ok(Math.abs(found - expected) <= within, `${found} against ${expected}`);

test("each measure's name, title, direction, what it needs and what it is held against", () => {
  assert.deepEqual(
    MEASURES.map(({ name, title, better, needs = "-", control = "-" }) =>
      [name, title, better, needs, control].join(", "),
    ),
    [
      "unaccounted, Unaccounted, lower, -, -",
      "deletion, Deletion, lower, -, -",
      "insertion, Insertion, higher, -, -",
      "pixel-flipping, Pixel flipping, lower, -, -",
      "average-drop, Average drop, lower, -, -",
      "average-increase, Average increase, higher, -, -",
      "road, ROAD, higher, -, -",
      "random-class, Same for another class, lower, -, centre",
      "random-weights, Same for random weights, lower, -, centre",
      "noise-sensitivity, Change by noise, lower, -, -",
      "sparseness, Sparseness, higher, -, -",
      "pointing, Pointing, higher, boxes, -",
      "relevance-mass, Heat in the box, higher, boxes, -",
      "relevance-rank, Hottest in the box, higher, boxes, -",
    ],
  );
});

test("what each way's map adds up to, where it claims to", () => {
  assert.deepEqual(
    [...WAYS, randomMap, centredBlob].flatMap(({ name, total }) =>
      total ? [`${name}: ${total.as} without ${total.without}`] : [],
    ),
    [
      "cam: mean without the maps",
      "clamped-cam: mean without the maps",
      "grad-cam: sum without the maps",
      "xgrad-cam: sum without the maps",
      "layer-cam: sum without the maps",
      "hires-cam: sum without the maps",
      "input-x-gradient: sum without the photo",
      "integrated-gradients: sum without the photo",
    ],
  );
});

describe("controls", () => {
  const placement = { scaleX: 1, scaleY: 1, offsetX: 0, offsetY: 0 };
  const looking = (random = () => 0) =>
    ({ seen: { featureMaps: { width: 4, height: 2 }, placement }, random }) as unknown as Looking;

  test("a random map is one number of chance a place of the feature maps", () => {
    const [random, same] = [seededRandom("chance"), seededRandom("chance")];
    const map = randomMap.map(looking(random)) as HeatMap;
    assert.deepEqual(map, { width: 4, height: 2, data: Float32Array.from({ length: 8 }, same), placement });
    assert.deepEqual([randomMap.name, randomMap.title, randomMap.grain], ["random", "Random map", "regions"]);
  });

  test("say how they are made, and that they are controls", () => {
    assert.match(randomMap.equation, /uniform between 0 and 1 at each place/);
    assert.match(centredBlob.equation, /exp\(−d² \/ \(2 · 0\.25²\)\)/);
    for (const { citation } of [randomMap, centredBlob]) assert.equal(citation, "a control");
  });

  test("the blob's deviation is a quarter of each side, around the middle", () => {
    const { data, ...rest } = centredBlob.map(looking()) as HeatMap;
    assert.deepEqual(rest, { width: 4, height: 2, placement });
    const bell = (x: number, y: number) => Math.exp(-((x - 0.5) ** 2 + (y - 0.5) ** 2) / 0.125);
    [0.25, 0.75].forEach((y, row) =>
      [0.125, 0.375, 0.625, 0.875].forEach((x, column) => near(data[4 * row + column], bell(x, y))),
    );
    assert.deepEqual([centredBlob.name, centredBlob.title, centredBlob.grain], ["centre", "Centred blob", "regions"]);
  });
});

describe("a map that is judged", () => {
  test("is stretched once, and its pixels are ordered once, by chance that the seed decides", () => {
    const data = Float32Array.from({ length: SIDE * SIDE }, (_, i) => i % 3);
    const judged = judgedCase(data, { seed: "a" });
    assert.deepEqual(judged.heat, data);
    assert.equal(judged.heat, judged.heat);
    assert.equal(judged.order, judged.order);
    assert.deepEqual(judged.order, descendingOrder(data, seededRandom("order a")));
    assert.notDeepEqual(judged.order, judgedCase(data, { seed: "b" }).order);
    assert.notEqual(judged.random("a")(), judged.random("b")());
    assert.equal(judged.random("a")(), judged.random("a")());
  });

  test("places that were not seen speak for nothing, in another look's map as well", async () => {
    const map = { width: 2, height: 1, data: Float32Array.of(NaN, 4) };
    const asked: unknown[] = [];
    const judged = judgedCase(mapNumber(0), { mapOf: (other) => (asked.push(other), Promise.resolve(map)) });
    const heat = await judged.heatOf({ index: 3 });
    assert.deepEqual(asked, [{ index: 3 }]);
    heat.forEach((value, p) => assert.equal(value, p % SIDE < SIDE / 2 ? 0 : 4));
    assert.equal(heat.length, SIDE * SIDE);
  });

  test("what was computed under a name is kept under it", () => {
    const judged = judgedCase(mapNumber(0));
    let made = 0;
    const ask = (name: string) => judged.once(name, () => ++made);
    assert.deepEqual([ask("x"), ask("x"), ask("y"), ask("x"), ask("y")], [1, 1, 2, 1, 2]);
  });
});

describe("what a map leaves unaccounted", () => {
  const data = mapNumber(3);
  const index = 1;
  const withTotal = (total: Total | undefined): Way => ({ ...randomMap, total });

  test("of the photo: S_c(x) − S_c(mean colour), which is asked of the network once", async () => {
    const wanted = scoresOf(PICTURE)[index] - scoresOf(new Float32Array(PICTURE.length))[index];
    for (const as of ["sum", "mean"] as const) {
      const judged = judgedCase(data, { index, way: withTotal({ as, without: "the photo" }) });
      const total = as === "mean" ? mean(data) : data.reduce((a, b) => a + b, 0);
      near(await unaccounted.value(judged), Math.abs(total - wanted) / Math.abs(wanted), 1e-4);
      let asked = 0;
      Object.assign(judged.network, { answers: () => Promise.reject(new Error(`asked ${++asked} times more`)) });
      await unaccounted.value(judged);
      assert.equal(asked, 0);
    }
  });

  test("of the maps: the mean of the class's map, behind the head's activation", async () => {
    const source = randomSource([3, 2, 4], ["a", "b"], {
      form: "classify-then-pool",
      activation: { kind: "relu" },
      bias: Float32Array.of(0.2, -0.1),
    });
    const wanted = mean(cam(source, index, { activation: "after" }).data);
    assert.ok(Math.abs(wanted - mean(cam(source, index).data)) > 1e-3, "the activation makes a difference");
    const judged = judgedCase(data, {
      index,
      way: withTotal({ as: "mean", without: "the maps" }),
      seen: source as unknown as Partial<Seen>,
    });
    near(await unaccounted.value(judged), Math.abs(mean(data) - wanted) / wanted);
  });

  test("is not a number of a way that claims no total", async () => {
    assert.ok(Number.isNaN(await unaccounted.value(judgedCase(data, { way: withTotal(undefined) }))));
  });
});
