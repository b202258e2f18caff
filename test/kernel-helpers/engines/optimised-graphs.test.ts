import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { createKeptSession, optimisedGraphs } from "../../../src/kernel-helpers/engines/optimised-graphs.js";
import { createOnnxRuntimeEngine } from "../../../src/kernel-helpers/engines/onnxruntime.js";
import { writeGraph } from "../../../src/kernel-helpers/graph/onnx/write-graph.js";
import { buildNetwork } from "../../../src/kernel-helpers/networks/architectures/build-network.js";
import { ownFolder } from "../../own-folder.js";

const root = ownFolder("optimised");
const model = writeGraph(buildNetwork("squeezenet1_1", { seed: 5 }));
const image = { dims: [1, 3, 224, 224], data: Float32Array.from({ length: 150_528 }, (_, i) => Math.sin(0.37 * i)) };

test("a graph is kept when it is opened again, and opened from there, with the same numbers to the bit", async (t) => {
  const folder = join(useCache(t), "optimised");
  const scores: number[][] = [];
  const there: number[] = [];
  for (let time = 0; time < 4; time++) {
    using engine = await createOnnxRuntimeEngine(model, { device: "cpu", threads: 1 });
    const outputs = await engine.run({ [engine.inputs[0].name]: image });
    scores.push([...outputs[engine.outputs[0].name].data]);
    const files = readdirSync(folder);
    assert.equal(files.length, 1);
    there.push(statSync(join(folder, files[0])).size);
  }
  assert.equal(there[0], 0);
  assert.ok(there[1] > 0.9 * model.length && there[2] === there[1]);
  for (const again of scores.slice(1)) assert.deepEqual(again, scores[0]);
});

test("what is damaged is opened from the graph itself, and taken away", async (t) => {
  const folder = join(useCache(t), "optimised");
  for (let time = 0; time < 2; time++) (await createOnnxRuntimeEngine(model, { device: "cpu" })).dispose();
  const [kept] = readdirSync(folder);
  truncateSync(join(folder, kept), 5000);
  using engine = await createOnnxRuntimeEngine(model, { device: "cpu" });
  assert.equal(engine.outputs.length, 1);
  assert.deepEqual(readdirSync(folder), []);
});

test("without a folder that can be written, and for small graphs, nothing is kept", async (t) => {
  const folder = useCache(t);
  const small = readFileSync(new URL("../../fixtures/engines/small-network.onnx", import.meta.url));
  for (let time = 0; time < 2; time++) (await createOnnxRuntimeEngine(small, { device: "cpu" })).dispose();
  assert.deepEqual(readdirSync(folder), []);
  writeFileSync(join(folder, "optimised"), "not a folder");
  for (let time = 0; time < 2; time++) (await createOnnxRuntimeEngine(model, { device: "cpu" })).dispose();
  assert.deepEqual(readdirSync(folder), ["optimised"]);
});

test("another version's graph is not taken, and a broken graph says what is wrong each time", async (t) => {
  const folder = join(useCache(t), "optimised");
  const asked: unknown[] = [];
  const create = (_: unknown, options: object) => {
    asked.push(options);
    return Promise.reject(new Error("no such operator"));
  };
  for (const version of ["1", "2", "1"]) {
    await assert.rejects(createKeptSession(model, {}, create, version), /no such operator/);
  }
  assert.equal(readdirSync(folder).length, 2);
  assert.equal(asked.length, 4);
});

test("what is kept is told and removed", async (t) => {
  const cache = useCache(t);
  for (let time = 0; time < 2; time++) (await createOnnxRuntimeEngine(model, { device: "cpu" })).dispose();
  const { graphs, bytes } = await optimisedGraphs();
  assert.equal(graphs, 1);
  assert.ok(bytes > 0.9 * model.length);
  assert.deepEqual(await optimisedGraphs(cache, { remove: true }), { graphs, bytes });
  assert.deepEqual(await optimisedGraphs(cache), { graphs: 0, bytes: 0 });
});

function useCache(t: TestContext): string {
  const before = process.env.CAMLAB_CACHE;
  const folder = mkdtempSync(join(root, "cache-"));
  process.env.CAMLAB_CACHE = folder;
  t.after(() => {
    if (before === undefined) delete process.env.CAMLAB_CACHE;
    else process.env.CAMLAB_CACHE = before;
  });
  return folder;
}
