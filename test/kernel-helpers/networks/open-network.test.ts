import assert from "node:assert/strict";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { create } from "@bufbuild/protobuf";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { look } from "../../../src/kernel-helpers/networks/look.js";
import { openNetwork } from "../../../src/kernel-helpers/networks/open-network.js";
import { makeNode, makePort } from "../../../src/kernel-helpers/graph/onnx/create-graph.js";
import {
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  GraphProtoSchema,
  NodeProtoSchema,
} from "../../../src/kernel-helpers/graph/onnx/onnx.js";
import { run, smallNetwork, SMALL, type Builder } from "../graph/build-graph.js";
import { openGraph, PLAIN } from "./open-small.js";
import { CamlabError } from "../../../src/kernel-helpers/support/errors.js";

const fixture = (name: string) => fileURLToPath(new URL(`../../fixtures/engines/${name}`, import.meta.url));
const expected = JSON.parse(readFileSync(fixture("small-network.json"), "utf8")) as Record<"maps" | "logits", number[]>;
const image = Float32Array.from({ length: 2 * 3 * 16 * 24 }, (_, i) => Math.sin(0.37 * i));
const folder = mkdtempSync(join(tmpdir(), "camlab-open-"));
after(() => rmSync(folder, { recursive: true }));

function near(found: ArrayLike<number>, wanted: readonly number[]): void {
  assert.equal(found.length, wanted.length);
  wanted.forEach((value, i) => assert.ok(Math.abs(found[i] - value) < 1e-5, `${i}: ${found[i]} against ${value}`));
}

test("a bare model opens: head found, everything assumed is said, outputs are maps, features and logits", async () => {
  using network = await openNetwork(fixture("small-network.onnx"), { device: "cpu" });
  assert.equal(network.name, "small-network");
  assert.match(network.head.summary, /maps 8×4×6 → average → .*5/);
  assert.deepEqual([network.preprocessing.width, network.preprocessing.height], [24, 16]);
  assert.equal(network.classes[4], "class 4");
  assert.equal(network.notes.length, 2);
  const outputs = await network.run(image, 2);
  assert.deepEqual([outputs.featureMaps.channels, outputs.featureMaps.height, outputs.featureMaps.width], [8, 4, 6]);
  near(outputs.featureMaps.data, expected.maps);
  near(outputs.logits, expected.logits);
  const means = Array.from({ length: 16 }, (_, k) => {
    return expected.maps.slice(k * 24, (k + 1) * 24).reduce((sum, value) => sum + value, 0) / 24;
  });
  near(outputs.features, means);
});

test("a graph whose batch is fixed gives the same numbers for any count", async () => {
  using fixed = await openNetwork(fixture("batch-of-two.onnx"), { device: "cpu" });
  using free = await openNetwork(fixture("small-network.onnx"), { device: "cpu" });
  const three = new Float32Array(3 * 1152);
  three.set(image);
  three.set(
    image.subarray(0, 1152).map((value) => -value),
    2 * 1152,
  );
  for (const count of [1, 2, 3]) {
    const [a, b] = [await fixed.run(three, count), await free.run(three, count)];
    near(a.logits, [...b.logits]);
    near(a.features, [...b.features]);
    near(a.featureMaps.data, [...b.featureMaps.data]);
  }
  await assert.rejects(free.run(three, 4), /invalid batch: .* \(expected at least 4 × 3 × 16 × 24 numbers\)/);
});

test("a batch fixed at a great number is freed, or refused at once; an input no machine could hold as well", async () => {
  const small = (batch: number, tied = false) =>
    smallNetwork(
      (b, maps) => {
        const pooled = b.node("Flatten", [b.node("GlobalAveragePool", [maps])]);
        const scores = b.node("Gemm", [pooled, b.floats([SMALL.classes, SMALL.channels])], { transB: 1 });
        return tied ? b.node("Slice", [scores, b.ints(0), b.ints(batch), b.ints(0)]) : scores;
      },
      { batch },
    );
  for (const batch of [100_000, 2 ** 40]) {
    const network = await openGraph(small(batch));
    const free = await openGraph(small(1));
    const batchOfOne = new Float32Array(240).map((_, i) => Math.sin(i));
    near((await network.run(batchOfOne, 1)).logits, [...(await free.run(batchOfOne, 1)).logits]);
    network.dispose();
    free.dispose();
  }
  await assert.rejects(openGraph(small(1000, true)), {
    name: "CamlabError",
    message: /takes exactly 1000 pictures at once/,
  });
  const huge = smallNetwork((b, maps) => b.node("GlobalAveragePool", [maps]), { dims: [1, 3, 16_000, 16_000] });
  const preprocessing = { ...PLAIN, width: 16_000, height: 16_000 };
  await assert.rejects(openGraph(huge, { preprocessing }), {
    name: "CamlabError",
    message: /invalid input size: "16000×16000"/,
  });
});

test("control flow in the trunk and behind the scores is left to the engine", async () => {
  const conditional = (b: Builder, value: string, name: string) => {
    const branch = (op: string) =>
      create(AttributeProtoSchema, {
        name: op === "Relu" ? "then_branch" : "else_branch",
        type: AttributeProto_AttributeType.GRAPH,
        g: create(GraphProtoSchema, {
          name: op,
          node: [makeNode(op, [value], [`${name}_${op}`])],
          output: [makePort(`${name}_${op}`, undefined)],
        }),
      });
    const sum = b.node("ReduceSum", ["image"], { keepdims: 0 });
    const condition = b.node("Greater", [sum, b.floats([], [0])]);
    b.nodes.push(
      create(NodeProtoSchema, {
        opType: "If",
        name,
        input: [condition],
        output: [name],
        attribute: [branch("Relu"), branch("Neg")],
      }),
    );
    return name;
  };
  const graph = smallNetwork((b, maps) => {
    const chosen = conditional(b, maps, "chosen");
    const pooled = b.node("Flatten", [b.node("GlobalAveragePool", [chosen])]);
    return b.node("Gemm", [pooled, b.floats([SMALL.classes, SMALL.channels])], { transB: 1 });
  });
  using network = await openGraph(graph);
  assert.match(network.head.summary, /^GAP head: chosen 5×/);
  for (const sign of [1, -1]) {
    const picture = new Float32Array(240).fill(sign);
    const wanted = (await run(graph, picture, [1, 3, 8, 10]))[graph.outputs[0].name].data;
    near((await network.run(picture, 1)).logits, [...wanted]);
  }
});

test("a card and class names beside the model are used, and wrong ones refused", async () => {
  const model = join(folder, "model.onnx");
  copyFileSync(fixture("small-network.onnx"), model);
  writeFileSync(join(folder, "classes.json"), JSON.stringify([..."abcde"].map((name) => ({ wnid: `n${name}`, name }))));
  const card = {
    name: "little",
    title: "little",
    licence: "MIT",
    origin: "a test",
    preprocessing: { width: 24, height: 16, fit: "squash", channelOrder: "BGR", mean: [0, 0, 0], std: [255, 255, 255] },
    classes: { file: "classes.json" },
    hashes: {} as Record<string, string>,
  };
  const writeCard = (changes: object) =>
    writeFileSync(join(folder, "card.json"), JSON.stringify({ ...card, ...changes }));
  writeCard({});
  {
    using network = await openNetwork(folder, { device: "cpu" });
    assert.deepEqual([network.name, network.preprocessing.channelOrder, network.notes], ["little", "BGR", []]);
    assert.deepEqual(network.classes, [..."abcde"]);
    assert.deepEqual(network.card.classes, network.classes);
    using overridden = await openNetwork(folder, {
      device: "cpu",
      preprocessing: { fit: "cover" },
      classes: [..."vwxyz"],
    });
    assert.deepEqual([overridden.preprocessing.fit, overridden.classes[0]], ["cover", "v"]);
    assert.match(overridden.notes[0], /fit as given/);
  }
  const refused = async (options: object, pattern: RegExp) => {
    await assert.rejects(openNetwork(folder, { device: "cpu", ...options }), (error: Error) => {
      return error instanceof CamlabError && pattern.test(error.message);
    });
  };
  await refused({ classes: ["one"] }, /1 names \(expected 5/);
  await refused({ preprocessing: { width: 32 } }, /invalid preprocessing: "32×16" \(expected 24×16/);
  writeCard({ hashes: { "model.onnx": "0".repeat(64) } });
  await refused({}, /not the file that its card describes/);
  writeFileSync(join(folder, "card.json"), "{");
  await refused({}, /card\.json/);
});

test("a disposed network says so", async () => {
  const network = await openNetwork(fixture("small-network.onnx"), { device: "cpu" });
  network.dispose();
  await assert.rejects(look(network, { width: 1, height: 1, data: new Uint8Array(3) }), /disposed/);
});
