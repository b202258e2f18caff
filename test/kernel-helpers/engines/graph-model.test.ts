import assert from "node:assert/strict";
import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { storedGraph } from "../../../src/kernel-helpers/engines/graph-model.js";
import { changedGraph } from "../../../src/kernel-helpers/graph/onnx/changed-graph.js";
import type { Graph } from "../../../src/kernel-helpers/graph/onnx/graph.js";
import type { GraphProto } from "../../../src/kernel-helpers/graph/onnx/onnx.js";
import { readGraph } from "../../../src/kernel-helpers/graph/onnx/read-graph.js";
import { writeGraph } from "../../../src/kernel-helpers/graph/onnx/write-graph.js";
import { buildNetwork } from "../../../src/kernel-helpers/networks/architectures/build-network.js";
import { sha256 } from "../../../src/kernel-helpers/support/hash.js";
import { ownFolder } from "../../own-folder.js";

process.env.CAMLAB_CACHE = ownFolder("fingerprint");
const folder = join(process.env.CAMLAB_CACHE, "optimised");
const bytes = writeGraph(buildNetwork("squeezenet1_1", { seed: 5 }));
const again = (of = bytes) => readGraph(Uint8Array.from(of));

test("a graph's fingerprint is that of its bytes, found in the cache the second time", async () => {
  const graph = await again();
  const { fingerprint, length, bytes: give } = await storedGraph(graph);
  assert.equal(fingerprint, sha256(bytes));
  assert.equal(length, bytes.length);
  assert.deepEqual(give(), bytes);
  const [kept] = readdirSync(folder);
  // What is kept there is what is taken.
  writeFileSync(join(folder, kept), "0".repeat(64));
  assert.equal((await storedGraph(await again())).fingerprint, "0".repeat(64));
  assert.equal((await storedGraph(graph)).fingerprint, fingerprint);
  writeFileSync(join(folder, kept), "damaged");
  assert.equal((await storedGraph(await again())).fingerprint, fingerprint);
  rmSync(folder, { recursive: true });
  writeFileSync(folder, "no folder");
  assert.equal((await storedGraph(await again())).fingerprint, fingerprint);
  rmSync(folder);
});

test("whatever differs has another: a weight, which weights a name has, a node's name", async () => {
  const graph = await again();
  const changed = Uint8Array.from(bytes);
  const proto = graph.model.graph as GraphProto;
  const large = proto.initializer.filter(({ rawData }) => rawData.byteLength > 9 * 4096);
  const { byteOffset, byteLength } = large[1].rawData;
  const first = new Uint8Array(large[1].rawData.buffer, byteOffset + (byteLength >> 1), 4);
  const at = Buffer.from(changed).indexOf(Buffer.from(first));
  changed[at] ^= 1;
  const one = large.find((each) => large.some((another) => another !== each && sameDims(another, each)))!;
  const other = large.find((each) => each !== one && sameDims(each, one))!;
  const swapped = proto.initializer.map((each) =>
    each === one ? renamed(other, one.name) : each === other ? renamed(one, other.name) : each,
  );
  const graphs: Graph[] = [
    graph,
    await again(changed),
    changedGraph(graph, { initializer: swapped }),
    changedGraph(graph, { name: "another" }),
  ];
  for (const time of [1, 2]) {
    const found = await Promise.all(graphs.map(async (each) => (await storedGraph(each)).fingerprint));
    assert.deepEqual(
      found,
      graphs.map((each) => sha256(writeGraph(each))),
      `time ${time}`,
    );
    assert.equal(new Set(found).size, graphs.length);
  }
});

type Tensor = GraphProto["initializer"][number];

function sameDims(a: Tensor, b: Tensor): boolean {
  return a.dims.join() === b.dims.join();
}

function renamed(tensor: Tensor, name: string): Tensor {
  return Object.assign(Object.create(Object.getPrototypeOf(tensor) as object) as Tensor, tensor, { name });
}
