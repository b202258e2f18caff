import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { createEngine } from "../../../../src/kernel-helpers/engines/create-engine.js";
import type { TfjsDevice } from "../../../../src/kernel-helpers/engines/engine.js";
import { loadBackend } from "../../../../src/kernel-helpers/engines/tfjs/backends.js";
import { createTfjsEngine } from "../../../../src/kernel-helpers/engines/tfjs/tfjs-engine.js";
import { makeGraph, makeNode } from "../../../../src/kernel-helpers/graph/onnx/create-graph.js";
import { CamlabError } from "../../../../src/kernel-helpers/support/errors.js";

const model = fileURLToPath(new URL("../../../fixtures/engines/small-network.onnx", import.meta.url));
const expected = JSON.parse(readFileSync(model.replace(/onnx$/, "json"), "utf8")) as Record<
  "maps" | "logits",
  number[]
>;
const image = {
  dims: [2, 3, 16, 24],
  data: Float32Array.from({ length: 2 * 3 * 16 * 24 }, (_, i) => Math.sin(0.37 * i)),
};

function assertExpected(outputs: Record<string, { data: Float32Array }>): void {
  for (const name of ["maps", "logits"] as const) {
    outputs[name].data.forEach((value, i) => assert.ok(Math.abs(value - expected[name][i]) < 1e-5));
  }
}

test("each backend computes what ONNX's reference evaluator computes", async () => {
  for (const device of ["wasm", "cpu"] as const) {
    using engine = await createEngine(model, { engine: "tfjs", device });
    assert.equal(engine.name, "tfjs");
    assert.equal(engine.device, device);
    assert.ok(engine.deviceReason.length > 3);
    assert.deepEqual(engine.inputs, [{ name: "image", dims: ["N", 3, 16, 24] }]);
    const outputs = await engine.run({ image });
    assert.deepEqual(outputs.maps.dims, [2, 8, 4, 6]);
    assertExpected(outputs);
  }
});

test("auto takes the best backend that works and says why not the better ones", async () => {
  using engine = await createEngine(model, { engine: "tfjs" });
  assert.ok(["tfjs-node-gpu", "tfjs-node", "wasm"].includes(engine.device));
  if (engine.device === "wasm") assert.match(engine.deviceReason, /WebAssembly.*tfjs-node-gpu: .*tfjs-node: /);
});

test("engines on different backends run side by side, and leave the process's own choice of backend alone", async () => {
  const { tf } = await loadBackend("wasm");
  await tf.setBackend("cpu");
  using wasm = await createTfjsEngine(model, { device: "wasm" });
  using cpu = await createTfjsEngine(model, { device: "cpu" });
  for (const outputs of await Promise.all([wasm, cpu, wasm, cpu].map((engine) => engine.run({ image })))) {
    assertExpected(outputs);
  }
  assert.equal(tf.getBackend(), "cpu");
  // WebAssembly's loader would make every rejected promise fatal.
  const fatal = process.listeners("unhandledRejection").filter((listener) => /throw reason/.test(String(listener)));
  assert.deepEqual(fatal, []);
});

test("disposing while a run is under way lets it finish and frees everything; a run afterwards throws", async () => {
  const { tf } = await loadBackend("wasm");
  const tensors = tf.memory().numTensors;
  const engine = await createTfjsEngine(model, { device: "wasm" });
  const running = [engine.run({ image }), engine.run({ image })];
  engine.dispose();
  engine.dispose();
  for (const outputs of await Promise.all(running)) assertExpected(outputs);
  assert.equal(tf.memory().numTensors, tensors);
  await assert.rejects(engine.run({ image }), { name: "CamlabError", message: /disposed/ });
});

test("hundreds of runs and openings leave neither tensors nor memory behind", async () => {
  for (const device of ["wasm", "cpu"] as const) {
    const { tf } = await loadBackend(device);
    const tensors = tf.memory().numTensors;
    const many = { dims: [16, 3, 16, 24], data: new Float32Array(16 * 1152) };
    const openAndRun = async (times: number) => {
      for (let i = 0; i < times; i++) {
        using engine = await createTfjsEngine(model, { device });
        for (let run = 0; run < 3; run++) await engine.run({ image: many });
      }
    };
    await openAndRun(10);
    const before = process.memoryUsage.rss();
    await openAndRun(60);
    assert.equal(tf.memory().numTensors, tensors);
    // One run holds 2 MB of intermediate tensors: 180 runs that kept theirs would hold 360 MB.
    const grown = (process.memoryUsage.rss() - before) / 2 ** 20;
    assert.ok(grown < 100, `RSS grew by ${grown.toFixed(0)} MB on ${device}`);
  }
});

test("operators that the engine lacks are named, each with its first node", async () => {
  const graph = makeGraph({
    inputs: [{ name: "x", dims: ["N", 3, 8, 8] }],
    outputs: [{ name: "y" }],
    nodes: [
      makeNode("Relu", ["x"], ["a"]),
      makeNode("GridSample", ["a", "a"], ["b"], {}, { name: "warp" }),
      makeNode("GridSample", ["b", "b"], ["c"], {}, { name: "warp again" }),
      makeNode("FancyGate", ["c"], ["y"], {}, { name: "gate", domain: "com.example" }),
    ],
  });
  await assert.rejects(createTfjsEngine(graph), {
    name: "CamlabError",
    message:
      'the TF.js engine lacks 2 operators of this network: GridSample (node "warp" and 1 more), ' +
      'com.example.FancyGate (node "gate"); use engine "onnxruntime"',
  });
});

test("an operator called as what every object has is lacked like any other", async () => {
  const graph = makeGraph({
    inputs: [{ name: "x", dims: ["N", 3, 8, 8] }],
    outputs: [{ name: "y" }],
    nodes: [makeNode("constructor", ["x"], ["y"])],
  });
  await assert.rejects(createTfjsEngine(graph), { name: "CamlabError", message: /lacks an operator.*constructor/ });
});

test("a node that cannot run is named with its operator, and nothing stays behind", async () => {
  const { tf } = await loadBackend("cpu");
  const graph = makeGraph({
    inputs: [{ name: "x", dims: ["N", 3, "H", "W"] }],
    outputs: [{ name: "y" }],
    nodes: [makeNode("Relu", ["x"], ["a"]), makeNode("MatMul", ["a", "a"], ["y"], {}, { name: "product" })],
  });
  const tensors = tf.memory().numTensors;
  using engine = await createTfjsEngine(graph, { device: "cpu" });
  const x = { dims: [1, 3, 4, 5], data: new Float32Array(60) };
  await assert.rejects(engine.run({ x }), /^CamlabError: TF\.js could not run the node "product" \(MatMul\): /);
  assert.equal(tf.memory().numTensors, tensors);
});

test("what cannot be opened or run says so", async () => {
  await assert.rejects(createTfjsEngine("nowhere.onnx"), /cannot open nowhere\.onnx: no such file/);
  const half = model.replace("small-network", "half");
  await assert.rejects(createTfjsEngine(half), /input x is float16, camlab needs float32/);
  await assert.rejects(createTfjsEngine(model, { device: "webgpu" as TfjsDevice }), /invalid device: "webgpu".*"wasm"/);
  await assert.rejects(createEngine(model, { engine: "tfjs", threads: 2 }), /invalid threads: 2/);
  await assert.rejects(createEngine(model, { engine: "caffe" as "tfjs" }), /invalid engine: "caffe"/);
  using engine = await createTfjsEngine(model, { device: "cpu" });
  await assert.rejects(engine.run({}), /the input "image" is missing \(expected any × 3 × 16 × 24\)/);
  await assert.rejects(engine.run({ image: { ...image, dims: [2, 3, 24, 16] } }), /invalid input "image"/);
  await assert.rejects(engine.run({ image: { ...image, dims: [3, 3, 16, 24] } }), /2304 numbers/);
});

test("a native package that is missing explains how to get it", async (t) => {
  for (const device of ["tfjs-node", "tfjs-node-gpu"] as const) {
    try {
      (await createTfjsEngine(model, { device })).dispose();
      t.diagnostic(`${device} is present here`);
    } catch (error) {
      assert.ok(error instanceof CamlabError);
      assert.match(error.message, new RegExp(`@tensorflow/${device} is `));
    }
  }
});
