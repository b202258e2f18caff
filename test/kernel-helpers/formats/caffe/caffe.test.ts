import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { importGraph } from "../../../../src/kernel-helpers/formats/import-graph.js";
import { readWeights } from "../../../../src/kernel-helpers/formats/weights/read-weights.js";
import { findNetwork } from "../../../../src/kernel-helpers/networks/find-network.js";
import { openNetwork } from "../../../../src/kernel-helpers/networks/open-network.js";
import { CamlabError } from "../../../../src/kernel-helpers/support/errors.js";
import { readNpy } from "../../../../src/kernel-helpers/support/files/npy.js";
import { numbers, relativeDifference, runImported } from "../run-imported.js";
import { blobBytes, caffemodel, weights, type WrittenBlob } from "./caffe-writer.js";

const folder = mkdtempSync(join(tmpdir(), "camlab-caffe-"));
after(() => rmSync(folder, { recursive: true, force: true }));

let count = 0;

/** A folder with a network. */
function put(
  prototxt: string | undefined,
  layers: Readonly<Record<string, readonly WrittenBlob[]>>,
  more: Readonly<Record<string, Uint8Array>> = {},
): string {
  const at = join(folder, `net-${count++}`);
  mkdirSync(at);
  if (prototxt !== undefined) writeFileSync(join(at, "net.prototxt"), prototxt);
  writeFileSync(join(at, "net.caffemodel"), caffemodel(layers));
  for (const [name, bytes] of Object.entries(more)) writeFileSync(join(at, name), bytes);
  return at;
}

const INPUT = 'name: "net" input: "data" input_shape { dim: 1 dim: 3 dim: 6 dim: 6 }\n';
const CONV =
  'layer { name: "conv" type: "Convolution" bottom: "data" top: "conv" convolution_param { num_output: 4 kernel_size: 3 } }\n';
const LEARNED = { conv: [weights([4, 3, 3, 3], "kernel"), weights([4], "bias")] };
const picture = numbers(3 * 6 * 6, "picture");

/** Pictures of 6 × 6. */
const seenBy = (at: string) => runImported(findNetwork(at).model, [1, 3, 6, 6], picture);

/** Caffe's loops over windows, as its documentation gives them. */
function pooled(
  data: Float32Array,
  size: number,
  { kernel, stride, pad, mean }: { kernel: number; stride: number; pad: number; mean: boolean },
) {
  let windows = Math.ceil((size + 2 * pad - kernel) / stride) + 1;
  if (pad > 0 && (windows - 1) * stride >= size + pad) windows--;
  const result: number[] = [];
  for (let i = 0; i < windows; i++) {
    for (let j = 0; j < windows; j++) {
      const [top, left] = [i * stride - pad, j * stride - pad];
      const [bottom, right] = [top, left].map((start) => Math.min(start + kernel, size + pad));
      const places = (bottom - top) * (right - left);
      let [sum, most] = [0, -Infinity];
      for (let y = Math.max(0, top); y < Math.min(bottom, size); y++) {
        for (let x = Math.max(0, left); x < Math.min(right, size); x++) {
          sum += data[y * size + x];
          most = Math.max(most, data[y * size + x]);
        }
      }
      result.push(mean ? sum / places : most);
    }
  }
  return result;
}

describe("Caffe", () => {
  // Written by bench/formats/caffe.py, which computed what is expected with OpenCV.
  const golden = join("test", "fixtures", "formats", "caffe");
  for (const name of readdirSync(golden)) {
    test(`gives what OpenCV gives: ${name}`, async () => {
      const [input, expected] = await Promise.all(
        ["input", "expected"].map((each) => readNpy(join(golden, name, `${each}.npy`))),
      );
      const found = await runImported(findNetwork(join(golden, name)).model, input.shape, input.data as Float32Array);
      assert.ok(relativeDifference(found, expected.data as Float32Array) < 1e-5);
    });
  }

  test("pooling rounds up and pads as Caffe's loops do, whatever the sizes", async () => {
    let tried = 0;
    for (let kernel = 1; kernel <= 4; kernel++) {
      for (let stride = 1; stride <= kernel; stride++) {
        for (let pad = 0; pad < kernel; pad++) {
          const size = 5 + ((kernel + 2 * stride + pad) % 4);
          for (const mean of [true, false]) {
            const at = put(
              `input: "data" input_dim: 1 input_dim: 1 input_dim: ${size} input_dim: ${size}
              layer { name: "p" type: "Pooling" bottom: "data" top: "p" pooling_param { pool: ${mean ? "AVE" : "MAX"} kernel_size: ${kernel} stride: ${stride} pad: ${pad} } }`,
              {},
            );
            const data = numbers(size * size, `${kernel} ${stride} ${pad}`);
            const found = await runImported(findNetwork(at).model, [1, 1, size, size], data);
            const expected = pooled(data, size, { kernel, stride, pad, mean });
            assert.ok(
              relativeDifference(found, expected) < 1e-6,
              `${JSON.stringify({ size, kernel, stride, pad, mean })}: ${found.length} ${expected.length}`,
            );
            tried++;
          }
        }
      }
    }
    assert.equal(tried, 60);
  });

  test("where one side is padded, a window that would begin behind the picture is left out of the other, too", async () => {
    for (const way of ["MAX", "AVE"]) {
      const at = put(
        `input: "data" input_dim: 1 input_dim: 1 input_dim: 3 input_dim: 6
        layer { name: "p" type: "Pooling" bottom: "data" top: "p"
          pooling_param { pool: ${way} kernel_h: 3 kernel_w: 2 stride_h: 3 stride_w: 3 pad_h: 1 pad_w: 0 } }`,
        {},
      );
      const data = Float32Array.from({ length: 18 }, (_, i) => i);
      const found = await runImported(findNetwork(at).model, [1, 1, 3, 6], data);
      // Rows −1 to 1 and 2 to 3 of windows three high; columns 0 to 1 and 3 to 4.
      const expected = way === "MAX" ? [7, 10, 13, 16] : [14 / 6, 26 / 6, 25 / 4, 31 / 4];
      found.forEach((value, i) => assert.ok(Math.abs(value - expected[i]) < 1e-5, `${way}: ${found.join()}`));
      assert.equal(found.length, 4);
    }
  });

  test("what is no model is called what it is: a pointer of Git LFS, a web page, a packed file", async () => {
    const at = put(INPUT + CONV, LEARNED);
    const { model } = findNetwork(at);
    const weights = join(
      at,
      readdirSync(at).find((name) => name.endsWith(".caffemodel"))!,
    );
    for (const [begins, wording] of [
      ["version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n", /a Git LFS pointer, .*git lfs pull/],
      ["\n<!DOCTYPE html><html></html>", /a web page, not a model/],
      ["\x1f\x8b\x08\0\0\0\0\0\0\0", /it is packed: unpack it first/],
    ] as const) {
      writeFileSync(weights, begins, "latin1");
      for (const path of [weights, model]) await assert.rejects(importGraph(path), wording);
      await assert.rejects(readWeights(weights), wording);
    }
  });

  test("both forms of a description, comments and lists say the same", async () => {
    const today = put(INPUT + CONV, LEARNED);
    const old = put(
      `# a network
      name: 'n' "et"; input: "data", input_dim: [1, 3, 6, 6] # rows, columns
      layers < name: "conv" type: CONVOLUTION bottom: "data" top: "conv" blobs_lr: 1 weight_decay: 0
        convolution_param: { num_output: 4; kernel_h: 3 kernel_w: 3 weight_filler { type: "xavier" std: 1e-2f } } >`,
      LEARNED,
    );
    assert.deepEqual(await seenBy(old), await seenBy(today));
    assert.deepEqual(
      (await importGraph(join(today, "net.prototxt"))).graph.inputs,
      (await importGraph(join(today, "net.caffemodel"))).graph.inputs,
    );
  });

  test("a description of training is taken as it is used: by phase, without losses, with its cut and means", async () => {
    const at = put(
      `name: "train"
      layer { name: "data" type: "Data" top: "data" top: "label" include { phase: TRAIN } transform_param { crop_size: 5 mean_value: 1 } }
      layer { name: "data" type: "Data" top: "data" top: "label" include { phase: TEST }
        transform_param { crop_size: 6 mean_value: 104 mean_value: 117 mean_value: 123 scale: 0.5 } }
      ${CONV}
      layer { name: "pool" type: "Pooling" bottom: "conv" top: "pool" pooling_param { pool: AVE global_pooling: true } }
      layer { name: "fc" type: "InnerProduct" bottom: "pool" top: "fc" inner_product_param { num_output: 2 bias_term: false } }
      layer { name: "acc" type: "Accuracy" bottom: "fc" bottom: "label" top: "acc" include { phase: TEST } }
      layer { name: "loss" type: "SoftmaxWithLoss" bottom: "fc" bottom: "label" top: "loss" }`,
      { ...LEARNED, fc: [weights([2, 4], "fc")] },
    );
    const { graph } = await importGraph(join(at, "net.caffemodel"));
    assert.deepEqual(graph.inputs, [{ name: "data", type: "float32", dims: ["N", 3, 6, 6] }]);
    assert.deepEqual(
      graph.outputs.map(({ dims }) => dims),
      [["N", 2]],
    );
    using network = await openNetwork(at, { device: "cpu" });
    assert.match(network.head.summary, /conv 4×4×4 → average → fc 2/);
    const { mean, std, channelOrder, width } = network.preprocessing;
    assert.deepEqual(
      { mean, std, channelOrder, width },
      { mean: [1, 1, 1], std: [2, 2, 2], channelOrder: "BGR", width: 6 },
    );
  });

  test("a mean picture's channels become the card's means, in the network's order", async () => {
    const values = Float32Array.from({ length: 3 * 4 }, (_, i) => 10 * Math.floor(i / 4) + (i % 4));
    const mean = { "mean.binaryproto": blobBytes({ dims: [1, 3, 2, 2], data: values }) };
    const { preprocessing, notes } = await importGraph(join(put(INPUT + CONV, LEARNED, mean), "net.caffemodel"));
    assert.deepEqual(preprocessing[0], { settings: { mean: [1.5, 11.5, 21.5] }, from: "mean.binaryproto" });
    assert.equal(preprocessing[1].settings.channelOrder, "BGR");
    assert.match(notes.join(), /mean picture mean\.binaryproto the mean of each channel/);
  });

  test("weights without a description speak for themselves, and one of another name is found when it is the only one", async () => {
    const at = put(undefined, LEARNED);
    await assert.rejects(
      importGraph(join(at, "net.caffemodel")),
      /the layer "conv" is of the type "Any", which camlab does not know/,
    );
    writeFileSync(join(at, "deploy.prototxt"), INPUT + CONV);
    writeFileSync(join(at, "solver.prototxt"), 'net: "train.prototxt"');
    writeFileSync(join(at, "train.prototxt"), INPUT);
    assert.equal((await importGraph(join(at, "net.caffemodel"))).graph.nodes[0].opType, "Conv");
  });

  test("what is wrong is said with the layer or the line", async () => {
    const refusals: [prototxt: string, pattern: RegExp][] = [
      [
        INPUT + CONV.replace("4", "5"),
        /layer "conv" \(Convolution\): its weights are 4×3×3×3, which do not fit 5 outputs/,
      ],
      [INPUT + CONV.replace('"conv" type', '"other" type'), /no weights for 1 of the \.prototxt's layers \(other\)/],
      [INPUT + CONV.replace('bottom: "data"', 'bottom: "gone"'), /the layer "conv" reads "gone", which nothing gives/],
      [
        INPUT + CONV.replace("num_output: 4", "num_output: many"),
        /line 2: num_output should be a whole number, not "many"/,
      ],
      [
        INPUT + CONV.replace("kernel_size: 3", "kernel_size: 3 bias_term: constructor"),
        /line 2: bias_term should be true or false, not "constructor"/,
      ],
      [
        `${INPUT}${CONV}layer { name: "sum" type: "Eltwise" bottom: "conv" bottom: "conv" top: "sum" eltwise_param { operation: constructor } }`,
        /layer "sum" \(Eltwise\): operation constructor is not known/,
      ],
      [INPUT + CONV.slice(0, -4), /line 2: it ends where "}" is missing/],
      [INPUT + "layer {".repeat(50), /lie more than 32 deep|takes no fields|missing/],
      [INPUT + 'layer { name: "x" type: "Python" bottom: "data" top: "x" }', /the layer "x" is of the type "Python"/],
      [INPUT, /holds no layer that computes something/],
      [INPUT + 'layers { layer { name: "conv" type: "conv" } bottom: "data" top: "conv" }', /in the form of 2013/],
    ];
    for (const [prototxt, pattern] of refusals) {
      const at = put(prototxt, LEARNED);
      await assert.rejects(
        importGraph(join(at, "net.caffemodel")),
        (error) => error instanceof CamlabError && pattern.test(error.message),
        prototxt,
      );
    }
    const at = put(INPUT + CONV, LEARNED);
    writeFileSync(join(at, "net.caffemodel"), caffemodel(LEARNED).subarray(0, 400));
    await assert.rejects(importGraph(join(at, "net.caffemodel")), /truncated, damaged or no file of Caffe's/);
  });
});
