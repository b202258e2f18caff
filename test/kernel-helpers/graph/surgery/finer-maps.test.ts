import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, test } from "node:test";
import { iou } from "../../../../src/kernel-helpers/boxes/box-geometry.js";
import { boxOf } from "../../../../src/kernel-helpers/boxes/box-of.js";
import { cam } from "../../../../src/kernel-helpers/cam/cam.js";
import { readLines } from "../../../../src/kernel-helpers/datasets/files/read-text.js";
import { makeGraph } from "../../../../src/kernel-helpers/graph/onnx/create-graph.js";
import { findGapHead } from "../../../../src/kernel-helpers/graph/head/find-gap-head.js";
import { withFinerMaps } from "../../../../src/kernel-helpers/graph/surgery/finer-maps.js";
import { withOutputs } from "../../../../src/kernel-helpers/graph/surgery/cut-graph.js";
import type { Graph } from "../../../../src/kernel-helpers/graph/onnx/graph.js";
import { readGraph } from "../../../../src/kernel-helpers/graph/onnx/read-graph.js";
import { isSkipped, lookAtAll } from "../../../../src/kernel-helpers/networks/look-at-all.js";
import { openNetwork } from "../../../../src/kernel-helpers/networks/open-network.js";
import type { Box } from "../../../../src/kernel-helpers/images/box.js";
import { seededRandom } from "../../../../src/kernel-helpers/support/random.js";
import { Builder, run, type Result } from "../build-graph.js";

/** A small network on 3×16×20 pixels: what `body` makes of the image, then average pooling and four classes. */
function network(body: (builder: Builder) => string, channels: number, opset = 13): Graph {
  const builder = new Builder();
  const maps = body(builder);
  const pooled = builder.node("GlobalAveragePool", [maps]);
  const flat = builder.node("Flatten", [pooled]);
  const logits = builder.node("Gemm", [flat, builder.floats([4, channels])], { transB: 1 });
  return makeGraph({
    inputs: [{ name: "image", dims: ["N", 3, 16, 20] }],
    outputs: [{ name: logits }],
    nodes: builder.nodes,
    initializers: builder.initializers,
    opset,
  });
}

function conv(builder: Builder, from: string, [to, of]: readonly [number, number], k: number, attributes = {}): string {
  return builder.node("Conv", [from, builder.floats([to, of, k, k])], attributes);
}

async function mapsOf(graph: Graph): Promise<Result> {
  const random = seededRandom("finer");
  const image = Float32Array.from({ length: 3 * 16 * 20 }, () => random() * 2 - 1);
  const { name } = findGapHead(graph).featureMaps;
  return (await run(withOutputs(graph, [name]), image, [1, 3, 16, 20]))[name];
}

/** The largest difference between a place of the old maps and its place in the new ones, `shift` further on. */
function difference(old: Result, finer: Result, shift: number): number {
  const [, channels, height, width] = old.dims;
  const [, , high, wide] = finer.dims;
  let worst = 0;
  for (let k = 0; k < channels; k++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const there = finer.data[(k * high + 2 * y + shift) * wide + 2 * x + shift];
        worst = Math.max(worst, Math.abs(old.data[(k * height + y) * width + x] - there));
      }
    }
  }
  return worst;
}

const SAME = { pads: [1, 1, 1, 1] };
const HALF = { pads: [1, 1, 1, 1], strides: [2, 2] };

describe("withFinerMaps: the old maps are every second place of the new ones", () => {
  const bodies: Record<string, { body: (b: Builder) => string; channels: number; shift: number }> = {
    "a strided convolution, a grouped one behind it": {
      body: (b) => {
        const first = b.node("Relu", [conv(b, "image", [6, 3], 3, HALF)]);
        const second = b.node("Relu", [conv(b, first, [8, 6], 3, HALF)]);
        return b.node("Relu", [conv(b, second, [8, 4], 3, { ...SAME, group: 2 })]);
      },
      channels: 8,
      shift: 0,
    },
    "padding at the far side only, as TensorFlow's SAME": {
      body: (b) => {
        const first = conv(b, "image", [6, 3], 3, { auto_pad: "SAME_UPPER", strides: [2, 2] });
        return conv(b, b.node("Clip", [first]), [5, 6], 3, { auto_pad: "SAME_UPPER" });
      },
      channels: 5,
      shift: 1,
    },
    "a residual block with its shortcut": {
      body: (b) => {
        const stem = b.node("Relu", [conv(b, "image", [4, 3], 3, SAME)]);
        const main = conv(b, b.node("Relu", [conv(b, stem, [6, 4], 3, HALF)]), [6, 6], 3, SAME);
        const sum = b.node("Add", [main, conv(b, stem, [6, 4], 1, { strides: [2, 2] })]);
        const wide = conv(b, b.node("Relu", [sum]), [6, 6], 3, { pads: [2, 2, 2, 2], dilations: [2, 2] });
        return b.node("Relu", [wide]);
      },
      channels: 6,
      shift: 0,
    },
    "maximum pooling, a pooling and a branch behind it": {
      body: (b) => {
        const stem = b.node("Relu", [conv(b, "image", [4, 3], 3, SAME)]);
        const half = b.node("MaxPool", [stem], { kernel_shape: [2, 2], strides: [2, 2] });
        const pooled = b.node("MaxPool", [half], { kernel_shape: [3, 3], pads: [1, 1, 1, 1] });
        return b.node("Concat", [conv(b, half, [3, 4], 1), conv(b, pooled, [3, 4], 3, SAME)], { axis: 1 });
      },
      channels: 6,
      shift: 0,
    },
  };
  for (const [name, { body, channels, shift }] of Object.entries(bodies)) {
    test(name, async () => {
      const graph = network(body, channels);
      const finer = withFinerMaps(graph);
      const [old, fine] = [await mapsOf(graph), await mapsOf(finer)];
      assert.deepEqual(
        fine.dims.slice(2),
        old.dims.slice(2).map((size) => 2 * size),
      );
      assert.ok(difference(old, fine, shift) < 1e-5);
      assert.deepEqual(findGapHead(finer).weights, findGapHead(graph).weights);
    });
  }

  test("a pooling of fixed size becomes one over all places", async () => {
    const builder = new Builder();
    const maps = builder.node("Relu", [conv(builder, "image", [5, 3], 3, HALF)]);
    const pooled = builder.node("AveragePool", [maps], { kernel_shape: [8, 10] });
    const logits = builder.node("Gemm", [builder.node("Flatten", [pooled]), builder.floats([4, 5])], { transB: 1 });
    const { nodes, initializers } = builder;
    const inputs = [{ name: "image", dims: ["N", 3, 16, 20] }];
    const finer = withFinerMaps(makeGraph({ inputs, outputs: [{ name: logits }], nodes, initializers }));
    assert.match(findGapHead(finer).summary, /5×16×20 → average/);
    assert.deepEqual((await run(finer, new Float32Array(960), [1, 3, 16, 20]))[logits].dims, [1, 4]);
  });

  test("what cannot be made finer is named", () => {
    const flat = network((b) => conv(b, "image", [5, 3], 3, SAME), 5);
    assert.throws(() => withFinerMaps(flat), /maps finer: nothing before its last maps has a stride/);
    const averaged = network(
      (b) => b.node("AveragePool", [conv(b, "image", [5, 3], 3, HALF)], { kernel_shape: [2, 2] }),
      5,
    );
    assert.throws(() => withFinerMaps(averaged), /"averagepool_\d+" is a AveragePool behind its last stride.*opset 13/);
    const shuffled = network((b) => {
      const maps = conv(b, "image", [4, 3], 3, HALF);
      return b.node("Reshape", [maps, b.ints(-1, 4, 8, 10)]);
    }, 4);
    assert.throws(() => withFinerMaps(shuffled), /"reshape_\d+" \(Reshape\) may depend on the number of places/);
  });
});

describe("real data: finer maps", { skip: !process.env.CAMLAB_REAL }, () => {
  const models = join(process.env.CAMLAB_REAL ?? "", "models");

  test("MobileNet's 7×7 maps lie in its 14×14 ones exactly, and SqueezeNet's 13×13 in its 27×27", async () => {
    const random = seededRandom("photo");
    const photo = Float32Array.from({ length: 3 * 224 * 224 }, () => random() * 2 - 1);
    for (const [name, size] of [
      ["mobilenet_v1_0.75_224", 14],
      ["squeezenet_places365", 27],
    ] as const) {
      using own = await openNetwork(name, { models, device: "cpu" });
      using finer = await openNetwork(name, { models, device: "cpu", maps: "finer" });
      assert.notEqual(finer.fingerprint, own.fingerprint);
      const [old, fine] = [(await own.run(photo, 1)).featureMaps, (await finer.run(photo, 1)).featureMaps];
      assert.deepEqual([fine.height, fine.width], [size, size]);
      const asResult = ({ channels, height, width, data }: typeof old) => ({
        data,
        dims: [1, channels, height, width],
      });
      assert.equal(difference(asResult(old), asResult(fine), 1), 0);
    }
  });

  test("boxes of 250 ImageNet photographs: 48.0 % at IoU 0.5, from the same weights' 45.2 %", async () => {
    const folder = join(process.env.CAMLAB_REAL ?? "", "data/imagenet-boxes");
    const rows = await readLines(join(folder, "boxes.csv"));
    const truths = new Map<string, { index: number; boxes: Box[] }>();
    for (const row of rows.slice(1)) {
      const [file, , index, ...corners] = row.split(",");
      const [x, y, right, bottom] = corners.map(Number);
      const truth = truths.get(file) ?? { index: Number(index), boxes: [] };
      truth.boxes.push({ x, y, width: right - x, height: bottom - y });
      truths.set(file, truth);
    }
    using network = await openNetwork("mobilenet_v1_0.75_224", { models, device: "cpu", maps: "finer" });
    const files = [...truths.keys()];
    let [found, at] = [0, 0];
    for await (const seen of lookAtAll(
      network,
      files.map((file) => join(folder, file)),
      { top: 1, batchSize: 4 },
    )) {
      assert.ok(!isSkipped(seen));
      const { index, boxes } = truths.get(files[at++])!;
      const { box } = boxOf(cam(seen, index));
      if (box && boxes.some((truth) => iou(box, truth) >= 0.5)) found++;
    }
    assert.equal(files.length, 250);
    assert.ok(Math.abs(found / 250 - 0.48) <= 0.008, String(found / 250));
  });

  test("the file is untouched: another look at it has its own maps", async () => {
    const graph = await readGraph(join(models, "mobilenet_v1_0.75_224", "model.onnx"));
    withFinerMaps(graph);
    assert.match(findGapHead(graph).summary, /768×7×7/);
  });
});
