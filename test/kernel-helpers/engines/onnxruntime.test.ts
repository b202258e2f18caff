import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { measureDevice } from "../../../src/kernel-helpers/engines/measure-device.js";
import { createOnnxRuntimeEngine } from "../../../src/kernel-helpers/engines/onnxruntime.js";
import { CamlabError } from "../../../src/kernel-helpers/support/errors.js";

const fixture = (name: string) => fileURLToPath(new URL(`../../fixtures/engines/${name}`, import.meta.url));
const image = {
  dims: [2, 3, 16, 24],
  data: Float32Array.from({ length: 2 * 3 * 16 * 24 }, (_, i) => Math.sin(0.37 * i)),
};
const expected = JSON.parse(readFileSync(fixture("small-network.json"), "utf8")) as Record<"maps" | "logits", number[]>;

test("the CPU computes what ONNX's reference evaluator computes, from a path and from bytes", async () => {
  for (const model of [fixture("small-network.onnx"), readFileSync(fixture("small-network.onnx"))]) {
    using engine = await createOnnxRuntimeEngine(model, { device: "cpu", threads: 1 });
    assert.deepEqual(engine.inputs, [{ name: "image", dims: ["N", 3, 16, 24] }]);
    assert.deepEqual(
      engine.outputs.map(({ name }) => name),
      ["maps", "logits"],
    );
    const outputs = await engine.run({ image });
    assert.deepEqual(outputs.maps.dims, [2, 8, 4, 6]);
    for (const name of ["maps", "logits"] as const) {
      outputs[name].data.forEach((value, i) => assert.ok(Math.abs(value - expected[name][i]) < 1e-5));
    }
  }
});

test("auto names a device and a reason that a person can read", async () => {
  using engine = await createOnnxRuntimeEngine(fixture("small-network.onnx"));
  assert.ok(["cpu", "webgpu", "cuda"].includes(engine.device));
  assert.ok(engine.deviceReason.length > 3);
  if (engine.device === "cpu") assert.match(engine.deviceReason, /WebGPU: .+CUDA: .+/);
});

test("disposing while a run is under way lets it finish; a run afterwards throws", async () => {
  const engine = await createOnnxRuntimeEngine(fixture("small-network.onnx"), { device: "cpu" });
  const running = [engine.run({ image }), engine.run({ image })];
  engine.dispose();
  engine.dispose();
  for (const { logits } of await Promise.all(running)) assert.equal(logits.data.length, 10);
  await assert.rejects(engine.run({ image }), (error: Error) => {
    return error instanceof CamlabError && /disposed/.test(error.message);
  });
});

test("what cannot be opened or run says so", async () => {
  const open = createOnnxRuntimeEngine;
  await assert.rejects(open("nowhere.onnx"), /cannot open nowhere\.onnx: no such file/);
  await assert.rejects(open(new Uint8Array(100), { device: "cpu" }), {
    name: "CamlabError",
    message: /cannot open the model/,
  });
  await assert.rejects(open(fixture("half.onnx"), { device: "cpu" }), /input x is float16, camlab needs float32/);
  await assert.rejects(open(fixture("small-network.onnx"), { device: "tpu" as "cpu" }), /invalid device: "tpu"/);
  await assert.rejects(open(fixture("small-network.onnx"), { threads: 0 }), /invalid threads: 0/);
  using engine = await open(fixture("small-network.onnx"), { device: "cpu" });
  await assert.rejects(engine.run({ image: { ...image, dims: [2, 3, 24, 16] } }), { name: "CamlabError" });
});

test("a missing CUDA explains how to get it", async (t) => {
  try {
    (await createOnnxRuntimeEngine(fixture("small-network.onnx"), { device: "cuda" })).dispose();
    t.diagnostic("CUDA is present here");
  } catch (error) {
    assert.ok(error instanceof CamlabError);
    assert.match(error.message, /CUDA/);
  }
});

test("sessions that are opened and disposed again and again leave no memory behind", async () => {
  const model = readFileSync(fixture("small-network.onnx"));
  const many = { dims: [256, 3, 16, 24], data: new Float32Array(256 * 1152) };
  const openAndRun = async (times: number) => {
    for (let i = 0; i < times; i++) {
      using engine = await createOnnxRuntimeEngine(model, { device: "cpu", threads: 1 });
      await engine.run({ image: many });
    }
  };
  await openAndRun(30);
  const before = process.memoryUsage.rss();
  await openAndRun(200);
  // Without dispose() these 200 hold about 500 MB; outputs that wait for the garbage collector some tens.
  const grown = (process.memoryUsage.rss() - before) / 2 ** 20;
  assert.ok(grown < 200, `RSS grew by ${grown.toFixed(0)} MB`);
});

test("measuring counts whole runs of the network", async () => {
  const measured = await measureDevice(fixture("small-network.onnx"), "cpu", { seconds: 0, batch: 3, threads: 1 });
  assert.equal(measured.images, 3);
  assert.ok(measured.imagesPerSecond > 0 && measured.seconds > 0);
});
