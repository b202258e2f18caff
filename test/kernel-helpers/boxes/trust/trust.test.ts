import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { trust, type TrustReport } from "../../../../src/kernel-helpers/boxes/trust/trust.js";
import { randomisedNetworks } from "../../../../src/kernel-helpers/cam/faithfulness/sanity/randomised-networks.js";
import type { Network } from "../../../../src/kernel-helpers/networks/network.js";
import { openNetwork } from "../../../../src/kernel-helpers/networks/open-network.js";
import type { AnnotatedPicture, PictureSet } from "../../../../src/kernel-helpers/images/picture.js";
import { tensorFloats } from "../../../../src/kernel-helpers/graph/onnx/tensor.js";
import { drawWorld } from "../../../../src/world/draw-world.js";
import { countingRuns } from "../../networks/counting-runs.js";
import { fakeNetwork, plain } from "../../networks/fake-network.js";

const MEASURES = ["unaccounted", "deletion", "random-class", "random-weights", "pointing", "relevance-mass"];

describe("trust in ways to look", () => {
  let network: Network;
  let set: PictureSet<AnnotatedPicture>;
  let report: TrustReport;
  before(async () => {
    network = await openNetwork(undefined, { device: "cpu" });
    const drawn = await drawWorld("objects", { seed: 7, train: 0, test: 12 });
    set = { ...drawn, pictures: drawn.pictures.slice(0, 4) };
    report = await trust(network, set, { ways: ["cam", "eigen-cam", "integrated-gradients"], measures: MEASURES });
  });
  after(() => network.dispose());

  const row = (way: string, from = report) => from.rows.find((each) => each.way === way)!;

  test("has a row a way and two controls, a number a measure that has one", () => {
    assert.deepEqual(
      report.rows.map(({ way, control }) => [way, control]),
      [
        ["cam", false],
        ["eigen-cam", false],
        ["integrated-gradients", false],
        ["random", true],
        ["centre", true],
      ],
    );
    assert.deepEqual(report.notes, []);
    assert.equal(report.pictures.length, 4);
    assert.ok(Number.isNaN(row("eigen-cam").values.unaccounted.value));
    assert.equal(row("eigen-cam").counts.unaccounted, 0);
    assert.equal(row("cam").counts.deletion, 4);
    assert.equal(report.pictures[0].picture, set.pictures[0]);
  });

  test("a class activation map accounts for the whole score, integrated gradients for nearly all that the photo adds", () => {
    assert.ok(row("cam").values.unaccounted.high < 1e-4);
    assert.ok(row("integrated-gradients").values.unaccounted.high < 0.1);
  });

  test("CAM is better than a random map where the network can tell", () => {
    for (const measure of ["deletion", "pointing", "relevance-mass"]) {
      assert.ok(row("cam").overControl[measure].low > 0, measure);
      assert.equal(row("random").overControl[measure].value, 0);
    }
  });

  test("a map that asks for no class is that of any class; one of random weights is not", () => {
    assert.equal(row("eigen-cam").values["random-class"].value, 1);
    assert.ok(Math.abs(row("cam").values["random-weights"].value) < 0.4);
    assert.equal(row("centre").values["random-weights"].value, 1);
  });

  test("another class is judged by the masked photos that the first was made of", async () => {
    const counted = countingRuns(network);
    const [picture] = set.pictures;
    for (const measures of [["sparseness"], ["sparseness", "random-class"]]) {
      const before = counted.photos();
      await trust(counted.network, [picture], { ways: ["occlusion"], measures });
      assert.equal(counted.photos() - before, 1 + 256, measures.join());
    }
  });

  test("means are those of the pictures, and the same seed gives the same figures", async () => {
    const own = report.pictures.map(({ values }) => values.cam.deletion);
    assert.ok(Math.abs(row("cam").values.deletion.value - own.reduce((a, b) => a + b, 0) / 4) < 1e-12);
    const again = await trust(network, set, { ways: ["cam"], measures: ["deletion", "random-class"] });
    assert.deepEqual(row("random", again).values.deletion, row("random").values.deletion);
    const other = await trust(network, set, { ways: ["cam"], measures: ["deletion"], seed: 1 });
    assert.notDeepEqual(row("random", other).values.deletion.value, row("random").values.deletion.value);
  });

  test("one picture has figures and no interval, so that nothing is told from its control", async () => {
    const found = await trust(network, set.pictures.slice(0, 1), { ways: ["cam"], measures: ["deletion"] });
    const { values, overControl } = row("cam", found);
    assert.ok(Number.isFinite(values.deletion.value) && Number.isFinite(overControl.deletion.value));
    assert.deepEqual([values.deletion.low, values.deletion.high, overControl.deletion.low], [NaN, NaN, NaN]);
    assert.match(found.notes.join(), /one picture has no intervals/);
  });

  test("a picture that cannot be read is skipped, one without a label is judged by what the network sees, both said", async () => {
    const { file } = set.pictures[1];
    const found = await trust(network, [{ file }, { file: "missing.jpg" }], {
      ways: ["cam"],
      measures: ["sparseness", "pointing"],
    });
    assert.deepEqual(
      found.skipped.map(({ picture }) => picture.file),
      ["missing.jpg"],
    );
    assert.match(found.notes.join(), /2 of 2 pictures have no label/);
    assert.equal(row("cam", found).counts.pointing, 0);
    assert.equal(row("cam", found).counts.sparseness, 1);
  });

  test("what cannot be is refused by name", async () => {
    await assert.rejects(trust(network, set, { ways: ["cma"] }), /did you mean cam/);
    await assert.rejects(trust(network, set, { measures: ["deltion"] }), /did you mean deletion/);
    await assert.rejects(trust(network, set, { ways: [] }), /ways: \[\]/);
    await assert.rejects(trust(network, set, { measures: [] }), /measures: \[\]/);
    await assert.rejects(
      trust(network, ["missing.jpg"], { ways: ["cam"] }),
      /no picture could be judged; the first: .*missing/,
    );
    await assert.rejects(trust(network, set, { way: ["cam"] } as never), /no option "way", did you mean "ways"/);
  });

  test("a network without its graph has no random weights, and says so only when it was asked", async () => {
    const fake = fakeNetwork((red, green) => [red, green, 0]);
    const usual = await trust(fake, [{ file: plain(200, 10, 10) }], { ways: ["cam"] });
    assert.ok(!usual.measures.some(({ name }) => name === "random-weights"));
    const asked = await trust(fake, [{ file: plain(200, 10, 10) }], { ways: ["cam"], measures: ["random-weights"] });
    assert.match(asked.notes.join(), /random weights need the network's graph/);
  });

  test("weights are dealt anew within their tensors: the classifier's first, then all", async () => {
    const [classifier, , all] = await randomisedNetworks(network, 3);
    const graphs = await Promise.all([network, classifier, all].map((each) => each.graph!()));
    const changed = graphs.slice(1).map((graph) =>
      graphs[0].model.graph!.initializer.filter(({ name }) => {
        const again = graph.initializer(name);
        return (
          again !== undefined && String(tensorFloats(again)) !== String(tensorFloats(graphs[0].initializer(name)!))
        );
      }),
    );
    assert.equal(changed[0].length, 1);
    assert.ok(changed[1].length > 5);
    for (const { name } of changed[1]) {
      const sorted = (graph: (typeof graphs)[number]) =>
        [...tensorFloats(graph.initializer(name)!)].sort((a, b) => a - b);
      assert.deepEqual(sorted(graphs[2]), sorted(graphs[0]));
    }
    [classifier, all].forEach((each) => each.dispose());
  });
});
