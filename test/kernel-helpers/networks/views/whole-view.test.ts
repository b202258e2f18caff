import assert from "node:assert/strict";
import { test } from "node:test";
import { extractFeatures } from "../../../../src/kernel-helpers/features/extract-features.js";
import type { Image } from "../../../../src/kernel-helpers/images/image.js";
import { fillInput } from "../../../../src/kernel-helpers/images/input/fill-input.js";
import { prepareImage } from "../../../../src/kernel-helpers/images/input/prepare-image.js";
import { isSkipped, lookAtAll } from "../../../../src/kernel-helpers/networks/look-at-all.js";
import { look } from "../../../../src/kernel-helpers/networks/look.js";
import type { Network } from "../../../../src/kernel-helpers/networks/network.js";
import { seededRandom } from "../../../../src/kernel-helpers/support/random.js";
import { fakeNetwork, plain } from "../fake-network.js";
import { openGraph } from "../open-small.js";
import { smallNetwork } from "../../graph/build-graph.js";

const graph = smallNetwork((builder, maps) => {
  const features = builder.node("Flatten", [builder.node("GlobalAveragePool", [maps])]);
  return builder.node("Gemm", [features, builder.floats([6, 5])], { transB: 1 });
});
const card = {
  width: 10,
  height: 8,
  fit: "cover",
  channelOrder: "RGB",
  mean: [127.5, 127.5, 127.5],
  std: [127.5, 127.5, 127.5],
} as const;

function noise(width: number, height: number): Image {
  const random = seededRandom(`${width} ${height}`);
  return { width, height, data: Uint8Array.from({ length: width * height * 3 }, () => 255 * random()) };
}

/** The network's own answer to the whole picture, run by hand. */
async function byHand(network: Network, file: Image) {
  const { pixels, placement } = await prepareImage(file, network.preprocessing);
  const size = { width: placement.inputWidth, height: placement.inputHeight };
  const input = new Float32Array(3 * size.width * size.height);
  fillInput(input, 0, pixels, { ...network.preprocessing, ...size });
  return network.run(input, 1, size);
}

test("a whole look covers the photograph in its own proportions; the card's is as it was", async () => {
  using network = await openGraph(graph, { preprocessing: card });
  const whole = await network.inView!("whole");
  assert.equal(whole.fingerprint, network.fingerprint);
  assert.deepEqual([whole.view, whole.preprocessing.fit, whole.preprocessing.stride], ["whole", "whole", 2]);
  const file = noise(90, 30);
  const seen = await look(network, file, { view: "whole" });
  assert.equal(seen.view, "whole");
  // √(80 · 3) and √(80 / 3), an even number of pixels from 10 and 8.
  assert.deepEqual([seen.placement.inputWidth, seen.placement.inputHeight], [16, 6]);
  assert.deepEqual([seen.featureMaps.width, seen.featureMaps.height], [8, 3]);
  const { featureMaps, logits } = await byHand(whole, file);
  assert.deepEqual(seen.featureMaps.data, featureMaps.data);
  assert.deepEqual(seen.logits, logits);
  const usual = await look(network, file);
  assert.equal(usual.view, undefined);
  assert.deepEqual(await look(network, file, { view: "card" }), {
    ...usual,
    view: "card",
    network: await network.inView!("card"),
  });
});

test("both views in one call: classes of the card's, maps and features of the whole", async () => {
  using network = await openGraph(graph, { preprocessing: card });
  const file = noise(40, 90);
  const [both, cards, whole] = [
    await look(network, file, { view: "both" }),
    await look(network, file),
    await look(network, file, { view: "whole" }),
  ];
  assert.deepEqual([both.view, both.top, both.logits], ["both", cards.top, cards.logits]);
  assert.deepEqual(
    [both.featureMaps, both.features, both.placement],
    [whole.featureMaps, whole.features, whole.placement],
  );
  for await (const seen of lookAtAll(network, [file, new Uint8Array(3)], { view: "both" })) {
    if (!isSkipped(seen)) assert.deepEqual({ ...seen, picture: both.picture }, both);
  }
});

test("photographs of one shape are run together, and come in order", async () => {
  using network = await openGraph(graph, { preprocessing: card });
  const whole = await network.inView!("whole");
  const runs: string[] = [];
  const counted: Network = {
    ...whole,
    run: (batch, count, size) => {
      runs.push(`${count} of ${size!.width}×${size!.height}`);
      return whole.run(batch, count, size);
    },
  };
  const files = [noise(20, 16), noise(90, 30), noise(40, 32), noise(30, 90), noise(180, 60)];
  let i = 0;
  for await (const seen of lookAtAll(counted, files)) {
    if (isSkipped(seen)) assert.fail(seen.error);
    const { featureMaps } = await byHand(whole, files[i++]);
    seen.featureMaps.data.forEach((value, p) => assert.ok(Math.abs(value - featureMaps.data[p]) < 1e-5));
  }
  assert.deepEqual(runs, ["2 of 10×8", "2 of 16×6", "1 of 6×16"]);
});

test("features of whole photographs are those that looks give, in any batch, and say their view", async () => {
  using network = await openGraph(graph, { preprocessing: card });
  const files = Array.from({ length: 30 }, (_, i) => noise(20 + 7 * (i % 9), 20 + 5 * (i % 4)));
  for (const batchSize of [1, 4]) {
    const table = await extractFeatures(network, files, { view: "whole", batchSize, cache: false });
    assert.equal(table.origin?.view, "whole");
    for (const [row, file] of files.entries()) {
      const { features } = await look(network, file, { view: "whole" });
      features.forEach((value, k) => assert.ok(Math.abs(value - table.data[row * table.columns + k]) < 1e-5));
    }
  }
  const layer = await extractFeatures(network, files, {
    view: "whole",
    layer: network.head.featureMaps.name,
    cache: false,
  });
  assert.equal(layer.rows, 30);
  await assert.rejects(extractFeatures(network, files, { view: "whole", crops: "ten" }), /invalid crops: "ten"/);
});

test("a network that is tied to its size squashes, and says so; one that was not opened from a file has one view", async () => {
  const tied = smallNetwork((builder, maps) => {
    const places = builder.node("Reshape", [maps, builder.ints(-1, 5, 20)]);
    const mean = builder.node("ReduceMean", [places], { axes: [2], keepdims: 0 });
    return builder.node("Gemm", [mean, builder.floats([6, 5])], { transB: 1 });
  });
  using network = await openGraph(tied, { preprocessing: card, view: "whole" });
  assert.match(network.notes.at(-1)!, /view whole: pictures are squashed to 10×8, .*tied to the size/);
  const seen = await look(network, noise(90, 30));
  assert.deepEqual([seen.placement.scaleX, seen.placement.scaleY], [10 / 90, 8 / 30]);
  const fake = fakeNetwork(() => [0, 0, 0]);
  await assert.rejects(look(fake, plain(1, 1, 1), { view: "whole" }), /fake has one view only/);
  await assert.rejects(look(fake, plain(1, 1, 1), { view: "all" as never }), /invalid view: "all"/);
});

test("views end together", async () => {
  const network = await openGraph(graph, { preprocessing: card });
  const whole = await network.inView!("whole");
  whole.dispose();
  await assert.rejects(look(network, noise(20, 20)));
  await assert.rejects(look(whole, noise(20, 20)));
});
