// Attention rollout and LeGrad on a small transformer, against the same network in plain numbers.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { trust } from "../../../../../src/kernel-helpers/boxes/trust/trust.js";
import { lookWays } from "../../../../../src/kernel-helpers/cam/ways/look-ways.js";
import { Questioner } from "../../../../../src/kernel-helpers/cam/ways/questions.js";
import type { Image } from "../../../../../src/kernel-helpers/images/image.js";
import { seededRandom } from "../../../../../src/kernel-helpers/support/random.js";
import { assertNear } from "../../assert-near.js";
import { smallNetwork } from "../../../graph/build-graph.js";
import { openGraph, PLAIN } from "../../../networks/open-small.js";
import { SmallTransformer } from "./small-transformer.js";

const random = seededRandom("attention ways");
const PHOTO: Image = { width: 10, height: 8, data: Uint8Array.from({ length: 240 }, () => 256 * random()) };
const INPUT = Float32Array.from({ length: 240 }, (_, i) => {
  const [c, p] = [Math.floor(i / 80), i % 80];
  return (PHOTO.data[3 * p + c] - 127.5) / 127.5;
});
const CLASS = 1;
const WAYS = ["attention-rollout", "legrad"];

const CASES = [
  { name: "scores from the mean of the tokens", small: new SmallTransformer(false) },
  { name: "scores from the mean of the patches, a class token left behind", small: new SmallTransformer(true, true) },
  { name: "scores from a class token", small: new SmallTransformer(true), options: { head: "tokens" } },
] as const;

for (const { name, small, ...more } of CASES) {
  describe(name, () => {
    const { tokens } = small;
    const first = tokens - 4;
    const open = () => openGraph(small.graph(), "options" in more ? more.options : {});

    test("the rollout is the product of what each layer mixes", async () => {
      using network = await open();
      const { maps } = await lookWays(network, PHOTO, { ways: WAYS.slice(0, 1), classes: [CLASS] });
      const mixing = small
        .scores(INPUT)
        .attention.map((heads) =>
          heads[0].map((row, i) => row.map((_, j) => (heads[0][i][j] + heads[1][i][j]) / 4 + Number(i === j) / 2)),
        );
      const all = mixing[1].map((row) =>
        row.map((_, j) => row.reduce((sum, weight, k) => sum + weight * mixing[0][k][j], 0)),
      );
      const rows = "options" in more ? [all[0]] : all.slice(first);
      const expected = all[0].map((_, j) => rows.reduce((sum, row) => sum + row[j] / rows.length, 0)).slice(first);
      assertNear(maps[0].map.data, expected, 1e-5);
      assert.equal(maps[0].map.width, 2);
      assert.equal(maps[0].passes, 1);
    });

    test("LeGrad is what each block's own score gains by attention, where it gains", async () => {
      using network = await open();
      const { maps } = await lookWays(network, PHOTO, { ways: WAYS.slice(1), classes: [CLASS] });
      const expected = Array.from({ length: tokens }, () => 0);
      const STEP = 1e-5;
      for (const layer of [0, 1]) {
        const { attention } = small.scores(INPUT, layer);
        attention[layer].forEach((rows, h) =>
          rows.forEach((row, i) =>
            row.forEach((_, j) => {
              const [up, down] = [STEP, -STEP].map((step) => {
                const moved = structuredClone(attention);
                moved[layer][h][i][j] += step;
                return small.scores(INPUT, layer, moved).scores[CLASS];
              });
              expected[j] += Math.max(0, (up - down) / (2 * STEP)) / (2 * 2 * tokens);
            }),
          ),
        );
      }
      assertNear(maps[0].map.data, expected.slice(first), 1e-4);
      assert.ok(expected.some((value) => value > 1e-3));
    });

    test("the class is the strongest of the network's own scores, unless given", async () => {
      using network = await open();
      const { scores } = small.scores(INPUT);
      const { maps } = await lookWays(network, PHOTO, { ways: WAYS });
      const best = scores.indexOf(Math.max(...scores));
      assert.deepEqual(
        maps.map(({ index, label }) => [index, label]),
        WAYS.map(() => [best, `class ${best}`]),
      );
      await assert.rejects(lookWays(network, PHOTO, { ways: WAYS, classes: [3] }), /invalid class: 3/);
    });
  });
}

test("gradients of a class token's scores reach the photo; ways that need weights say what is missing", async () => {
  const small = new SmallTransformer(true);
  using network = await openGraph(small.graph(), { head: "tokens" });
  const { maps, notes } = await lookWays(network, PHOTO, {
    ways: ["saliency", "cam", "occlusion", "grad-cam", "contrast"],
    classes: [CLASS],
  });
  assert.deepEqual(
    maps.map(({ way }) => way),
    ["saliency", "occlusion"],
  );
  const { data } = maps[0].map;
  const pixel = data.indexOf(Math.max(...data));
  const slopes = [0, 1, 2].map((c) => {
    const [up, down] = [1e-4, -1e-4].map((step) => {
      const moved = Float32Array.from(INPUT);
      moved[c * 80 + pixel] += step;
      return small.scores(moved).scores[CLASS];
    });
    return Math.abs(up - down) / 2e-4;
  });
  assert.ok(Math.abs(Math.max(...slopes) - data[pixel]) < 0.01 * data[pixel]);
  assert.match(notes.join("\n"), /CAM is left out: .*no classes/);
  assert.match(notes.join("\n"), /Grad-CAM is left out: .*does not depend on its last patch tokens/);
});

test("a class token's scores are asked for what is covered, and by trust", async () => {
  const small = new SmallTransformer(true);
  using network = await openGraph(small.graph(), { head: "tokens" });
  using questioner = new Questioner(network);
  const darker = (copy: number) => INPUT.map((value) => value * (1 - copy / 12));
  const copies = { count: 9, write: (copy: number, to: Float32Array) => to.set(darker(copy)) };
  const scores = await questioner.of(CLASS, INPUT, PLAIN).scoresOfCopies("darker", copies);
  for (const copy of [0, 5, 8]) assertNear([scores[copy]], [small.scores(darker(copy)).scores[CLASS]], 1e-4);
  const { maps } = await lookWays(network, PHOTO, { ways: ["occlusion"], classes: [CLASS] });
  assert.ok(maps[0].map.data.every(Number.isFinite) && maps[0].map.data.some((value) => Math.abs(value) > 1e-4));
  const report = await trust(network, [{ file: PHOTO }], { ways: ["legrad"], measures: ["deletion", "random-class"] });
  assert.match(report.pictures[0].label, /^class [012]$/);
  assert.deepEqual(report.rows[0].counts, { deletion: 1, "random-class": 1 });
});

test("ways that ask for no attention look at a network whose attention cannot be read", async () => {
  const small = new SmallTransformer(true);
  using network = await openGraph(small.graph(), { head: "tokens" });
  const hidden = {
    ...network,
    head: { ...network.head, featureMaps: { ...network.head.featureMaps, tokens: undefined } },
  };
  const { maps, notes } = await lookWays(hidden, PHOTO, { ways: ["saliency", "occlusion", "attention-rollout"] });
  assert.deepEqual(
    maps.map(({ way }) => way),
    ["saliency", "occlusion"],
  );
  assert.match(notes.join(), /Attention rollout is left out/);
});

test("a network without attention, and one that is no graph, are refused by name", async () => {
  using network = await openGraph(
    smallNetwork((build, maps) =>
      build.node("MatMul", [build.node("Flatten", [build.node("GlobalAveragePool", [maps])]), build.floats([5, 6])]),
    ),
  );
  await assert.rejects(lookWays(network, PHOTO, { ways: ["legrad"] }), /needs a transformer, whose places are tokens/);
  const { notes, maps } = await lookWays(network, PHOTO, { ways: ["cam", "attention-rollout"] });
  assert.equal(maps.length, 1);
  assert.match(notes[0], /Attention rollout is left out/);
});

test("attention stops when it is told to", async () => {
  using network = await openGraph(new SmallTransformer(false).graph());
  using questioner = new Questioner(network);
  const questions = questioner.of(0, INPUT, { width: 10, height: 8 }, AbortSignal.abort());
  await assert.rejects(questions.attention(), { name: "AbortError" });
  await assert.rejects(questions.attentionGradients(), { name: "AbortError" });
  await assert.rejects(questions.layers(), { name: "AbortError" });
  await assert.rejects(questions.mapGradients({ channels: 4, width: 2, height: 2, data: new Float32Array(16) }), {
    name: "AbortError",
  });
});
