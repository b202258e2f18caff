import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, test } from "node:test";
import { create } from "@bufbuild/protobuf";
import { cam } from "../../../../src/kernel-helpers/cam/cam.js";
import { exportGraph, type ExportGraphOptions } from "../../../../src/kernel-helpers/cam/export/export-graph.js";
import { graphOf, type Graph } from "../../../../src/kernel-helpers/graph/onnx/graph.js";
import { changed } from "../../../../src/kernel-helpers/graph/onnx/messages.js";
import { makePort } from "../../../../src/kernel-helpers/graph/onnx/create-graph.js";
import { writeGraph, writeGraphFile } from "../../../../src/kernel-helpers/graph/onnx/write-graph.js";
import { StringStringEntryProtoSchema, type GraphProto } from "../../../../src/kernel-helpers/graph/onnx/onnx.js";
import { fillInput } from "../../../../src/kernel-helpers/images/input/fill-input.js";
import { look } from "../../../../src/kernel-helpers/networks/look.js";
import type { Network } from "../../../../src/kernel-helpers/networks/network.js";
import { openNetwork } from "../../../../src/kernel-helpers/networks/open-network.js";
import { beach } from "../../../cli/camlab.js";
import { halved } from "../../graph/half.js";
import { images, run, smallNetwork, SMALL, type Builder } from "../../graph/build-graph.js";
import { CLASSIFIED_TAILS, flat, gemm, pooled, relu, TAILS, type Tail } from "../../graph/head/tails.js";
import { openGraph, PLAIN, temporaryFile } from "../../networks/open-small.js";
import { assertClose, expectedOf } from "./compare.js";

const { classes: C, height: H, width: W } = SMALL;
const COUNT = 3;
const DIMS = [COUNT, ...SMALL.image];
const ALL = Array.from({ length: C }, (_, row) => row);
const names = ALL.map((row) => `thing ${row}`);
const plain: Tail = (b, maps) => gemm(b, pooled(b, maps));

/** What an export of a small network gives is what camlab computes. */
async function assertDraws(network: Network, options: ExportGraphOptions = {}, batch = COUNT): Promise<Graph> {
  const graph = await exportGraph(network, { heat: true, ...options });
  const found = await run(graph, images(batch), [batch, ...SMALL.image]);
  assertClose(found, await expectedOf(network, images(batch), batch, ALL), batch * C);
  return graph;
}

describe("an exported graph draws the map of every form of head", () => {
  const tails: readonly (readonly [string, Tail, number?])[] = [
    ...TAILS.map(({ name, tail, opset }) => [name, tail, opset] as const),
    ...CLASSIFIED_TAILS,
    ["maximum pooling", (b, maps) => gemm(b, pooled(b, maps, "GlobalMaxPool"))],
    ["a sigmoid", (b, maps) => b.node("Sigmoid", [plain(b, maps) as string])],
    ["scores that keep two axes of one place", (b, maps) => convolved(b, b.node("GlobalAveragePool", [maps]))],
  ];
  for (const [name, tail, opset] of tails) {
    test(name, async () => {
      using network = await openGraph(smallNetwork(tail, { opset }), { classes: names });
      const graph = await assertDraws(network);
      assert.deepEqual(
        graph.outputs.map((output) => [output.name, output.dims]),
        [
          ["scores", ["N", C]],
          ["maps", ["N", C, H, W]],
          ["heat", ["N", C, 8, 10]],
          ["logits", ["N", C]],
        ],
      );
      using again = await openGraph(graph, { preprocessing: undefined });
      assert.deepEqual([again.classes, again.preprocessing], [names, PLAIN]);
      assert.equal(again.card.probabilities, network.card.probabilities);
      assert.equal(again.head.summary, network.head.summary);
      assert.deepEqual([again.head.form, again.head.weights], [network.head.form, network.head.weights]);
      assert.doesNotMatch(again.notes.join(), /passed over/);
      assertClose(
        Object.fromEntries(
          Object.entries(await expectedOf(again, images(COUNT), COUNT, ALL)).map(([key, data]) => [key, { data }]),
        ),
        await expectedOf(network, images(COUNT), COUNT, ALL),
        COUNT * C,
      );
    });
  }
});

function convolved(b: Builder, value: string): string {
  return b.node("Conv", [value, b.floats([C, SMALL.channels, 1, 1]), b.floats([C])]);
}

describe("an exported graph suits the file that it is made of", () => {
  for (const opset of [8, 9, 11, 13, 17, 18, 21]) {
    test(`operator set ${opset}`, async () => {
      const hidden: Tail = (b, maps) => gemm(b, relu(b, gemm(b, pooled(b, maps), 7)), C, 7);
      for (const tail of [plain, hidden]) {
        using network = await openGraph(smallNetwork(tail, { opset }), { classes: names });
        const graph = await assertDraws(network);
        assert.equal(graph.opset, opset);
      }
    });
  }

  test("a batch fixed at 1, and an input whose size is open", async () => {
    using one = await openGraph(smallNetwork(plain, { batch: 1 }), { classes: names });
    assert.deepEqual((await assertDraws(one, {}, 1)).outputs[0].dims, [1, C]);
    using open = await openGraph(smallNetwork(plain, { dims: ["N", 3, "rows", "columns"] }), { classes: names });
    assert.deepEqual((await assertDraws(open)).inputs[0].dims, ["N", 3, 8, 10]);
  });

  test("half precision, also at its ends", async () => {
    using network = await openGraph(halved(smallNetwork(plain)), { classes: names });
    const graph = await assertDraws(network);
    assert.deepEqual(
      [...graph.inputs, ...graph.outputs].map(({ type }) => type),
      Array.from({ length: 5 }, () => "float32"),
    );
  });

  test("values and nodes of its own that are called as the outputs, or as a former export's", async () => {
    const taken = smallNetwork((b, maps) => [plain(b, maps) as string]);
    const to: Readonly<Record<string, string>> = { image: "pixels", leakyrelu_2: "maps", gemm_7: "scores" };
    const name = (value: string) => to[value] ?? value;
    const proto = taken.model.graph as GraphProto;
    const renamed = graphOf(
      changed(taken.model, {
        graph: changed(proto, {
          input: proto.input.map((port) => makePort(name(port.name), taken.inputs[0].dims)),
          output: proto.output.map((port) => makePort(name(port.name), undefined)),
          node: proto.node.map((node) =>
            changed(node, { name: "scores", input: node.input.map(name), output: node.output.map(name) }),
          ),
        }),
      }),
    );
    const distinct = graphOf(
      changed(renamed.model, {
        graph: changed(renamed.model.graph as GraphProto, {
          node: renamed.nodes.map((node, i) => changed(node, { name: i === 0 ? "scores" : `logits${i}` })),
        }),
      }),
    );
    using network = await openGraph(distinct, { classes: names });
    const first = await assertDraws(network, { pixels: false });
    using again = await openGraph(first, { preprocessing: undefined });
    const second = await assertDraws(again);
    using third = await openGraph(await exportGraph(again, { pixels: true }), { preprocessing: undefined });
    const last = await exportGraph(third, { pixels: true, heat: true });
    assert.deepEqual(last.inputs[0].name, "pixels");
    assert.deepEqual(
      second.outputs.map((output) => output.name),
      first.outputs.map((output) => output.name),
    );
  });

  test("weights beside the file come inside", async () => {
    const path = temporaryFile("beside/net.onnx");
    mkdirSync(dirname(path), { recursive: true });
    await writeBeside(smallNetwork(plain), path);
    using network = await openNetwork(path, { device: "cpu", preprocessing: PLAIN, classes: names });
    const graph = await assertDraws(network);
    assert.ok((graph.model.graph as GraphProto).initializer.every(({ externalData }) => externalData.length === 0));
  });

  test("what the source said of names and sizes is not said of the export; the rest stays", async () => {
    const graph = smallNetwork(plain);
    const noted = graphOf(
      changed(graph.model, {
        metadataProps: Object.entries({
          licence: "CC0",
          names: '["a","b"]',
          imgsz: "[640, 640]",
          author: "Ultralytics",
        }).map(([key, value]) => create(StringStringEntryProtoSchema, { key, value })),
      }),
    );
    using network = await openGraph(noted, { classes: names });
    const whole = await exportGraph(network, { classes: ["thing 4", 1] });
    const notes = Object.fromEntries(whole.model.metadataProps.map(({ key, value }) => [key, value]));
    assert.equal(notes.licence, "CC0");
    assert.deepEqual(JSON.parse(notes.names), names);
    assert.deepEqual(JSON.parse(notes.map_names), ["thing 4", "thing 1"]);
    assert.deepEqual(JSON.parse(notes.preprocessing), PLAIN);
    assert.match(notes.camlab_software, /^camlab \d/);
    assert.match(notes.camlab_source_sha256, /^[0-9a-f]{64}$/);
    assert.ok(!("imgsz" in notes));
    using again = await openGraph(whole, { preprocessing: undefined });
    assert.deepEqual([again.classes, again.preprocessing], [names, PLAIN]);
  });

  test("beside the network that it came from, whose card and names are not its own", async () => {
    const folder = mkdtempSync(temporaryFile("folder-"));
    await writeGraphFile(smallNetwork(plain), join(folder, "model.onnx"));
    writeFileSync(join(folder, "card.json"), JSON.stringify({ preprocessing: PLAIN, classes: names }));
    writeFileSync(join(folder, "classes.txt"), ["a", "b"].join("\n"));
    using network = await openNetwork(folder, { device: "cpu" });
    await writeGraphFile(await exportGraph(network, { pixels: true }), join(folder, "whole.onnx"));
    using again = await openNetwork(join(folder, "whole.onnx"), { device: "cpu" });
    assert.deepEqual(again.classes, names);
    assert.deepEqual(again.preprocessing, { ...PLAIN, mean: [0, 0, 0], std: [1, 1, 1] });
    const own = JSON.stringify({
      preprocessing: { ...PLAIN, fit: "cover", mean: [0, 0, 0], std: [1, 1, 1] },
      classes: names,
    });
    writeFileSync(join(folder, "whole.card.json"), own);
    using described = await openNetwork(join(folder, "whole.onnx"), { device: "cpu" });
    assert.equal(described.preprocessing.fit, "cover");
  });
});

/** A graph in two files: its weights lie in the second. */
async function writeBeside(graph: Graph, path: string): Promise<void> {
  const proto = graph.model.graph as GraphProto;
  const pieces: Uint8Array[] = [];
  let offset = 0;
  const initializer = proto.initializer.map((tensor) => {
    const { rawData } = tensor;
    const pairs = { location: "net.onnx.data", offset: String(offset), length: String(rawData.length) };
    pieces.push(rawData);
    offset += rawData.length;
    return changed(tensor, {
      rawData: new Uint8Array(0),
      dataLocation: 1,
      externalData: Object.entries(pairs).map(([key, value]) => create(StringStringEntryProtoSchema, { key, value })),
    });
  });
  writeFileSync(`${path}.data`, Buffer.concat(pieces));
  await writeGraphFile(graphOf(changed(graph.model, { graph: changed(proto, { initializer }) })), path);
}

describe("pixels as they are", () => {
  for (const channelOrder of ["RGB", "BGR"] as const) {
    test(`${channelOrder}, with mean and scale inside`, async () => {
      const preprocessing = {
        ...PLAIN,
        channelOrder,
        mean: [123.675, 116.28, 103.53],
        std: [58.395, 57.12, 57.375],
      } as const;
      using network = await openGraph(smallNetwork(plain), { classes: names, preprocessing });
      const graph = await exportGraph(network, { heat: true, pixels: true });
      assert.deepEqual(graph.inputs, [{ name: "pixels", type: "uint8", dims: ["N", 8, 10, 3] }]);
      const pixels = Uint8Array.from({ length: 2 * 240 }, (_, i) => (i * 37 + ((i * i) % 91)) % 256);
      const batch = new Float32Array(pixels.length);
      for (const slot of [0, 1]) fillInput(batch, slot, pixels.subarray(slot * 240, (slot + 1) * 240), preprocessing);
      const expected = await expectedOf(network, batch, 2, ALL);
      assertClose(await runPixels(graph, pixels, [2, 8, 10, 3]), expected, 2 * C);
      using again = await openGraph(graph, { preprocessing: undefined });
      assert.deepEqual(again.preprocessing, { ...PLAIN, mean: [0, 0, 0], std: [1, 1, 1] });
      const planes = new Float32Array(pixels.length);
      for (const slot of [0, 1])
        fillInput(planes, slot, pixels.subarray(slot * 240, (slot + 1) * 240), again.preprocessing);
      const same = await expectedOf(again, planes, 2, ALL);
      assertClose(Object.fromEntries(Object.entries(same).map(([key, data]) => [key, { data }])), expected, 2 * C);
    });
  }
});

async function runPixels(graph: Graph, pixels: Uint8Array, dims: readonly number[]) {
  const ort = await import("onnxruntime-node");
  const session = await ort.InferenceSession.create(writeGraph(graph), { logSeverityLevel: 3 });
  try {
    const outputs = await session.run({ pixels: new ort.Tensor("uint8", pixels, dims) });
    return Object.fromEntries(
      Object.entries(outputs).map(([name, { data }]) => [name, { data: data as Float32Array }]),
    );
  } finally {
    await session.release();
  }
}

test("a map without a positive value is heat of zeros, and nothing is NaN", async () => {
  using network = await openGraph(
    smallNetwork((b, maps) =>
      b.node("Gemm", [flat(b, b.node("GlobalAveragePool", [relu(b, maps)])), weightsOf(b)], { transB: 1 }),
    ),
    { classes: ["for", "against", "nothing"] },
  );
  const graph = await exportGraph(network, { heat: true });
  const { heat, maps } = await run(graph, images(COUNT), DIMS);
  const size = 80;
  for (let photo = 0; photo < COUNT; photo++) {
    const at = (row: number) => heat.data.slice((3 * photo + row) * size, (3 * photo + row + 1) * size);
    assert.equal(Math.max(...at(0)), 1);
    for (const row of [1, 2]) assert.ok(at(row).every((value) => value === 0));
  }
  assert.ok(
    maps.data.some((value) => value < 0),
    "maps keep their sign",
  );
});

function weightsOf(b: Builder): string {
  const row = (value: number) => Array.from({ length: SMALL.channels }, () => value);
  return b.floats([3, SMALL.channels], [...row(1), ...row(-1), ...row(0)]);
}

test("maps of some classes, in the order that was asked for", async () => {
  using network = await openGraph(smallNetwork(plain), { classes: names });
  const graph = await exportGraph(network, { classes: [4, "THING 1"] });
  assert.deepEqual(
    graph.outputs.map(({ name, dims }) => [name, dims]),
    [
      ["scores", ["N", C]],
      ["maps", ["N", 2, H, W]],
      ["logits", ["N", C]],
    ],
  );
  assertClose(await run(graph, images(1), [1, ...SMALL.image]), await expectedOf(network, images(1), 1, [4, 1]), 2);
});

test("the embedded network draws in a file of its own what it draws in camlab", async () => {
  using network = await openNetwork(undefined, { device: "cpu" });
  const path = temporaryFile("embedded.onnx");
  await writeGraphFile(await exportGraph(network, { classes: [0, 5], heat: true, pixels: true }), path);
  using again = await openNetwork(path, { device: "cpu" });
  const [before, after] = [await look(network, beach), await look(again, beach)];
  assert.deepEqual(
    after.top.map(({ name }) => name),
    before.top.map(({ name }) => name),
  );
  const pair = [before, after].map((seen) => ({ maps: cam(seen, 5).data, logits: seen.logits }));
  assertClose({ maps: { data: pair[1].maps }, logits: { data: pair[1].logits } }, pair[0], 1);
});

describe("what cannot be exported is refused by name", () => {
  const refused = (network: Network, options: ExportGraphOptions, message: RegExp) =>
    assert.rejects(exportGraph(network, options), { name: "CamlabError", message });

  test("classes that there are not, twice, or none", async () => {
    using network = await openGraph(smallNetwork(plain), { classes: names });
    await refused(network, { classes: ["thng 3"] }, /no class is named "thng 3"; near it: "thing 3"/);
    await refused(network, { classes: [6] }, /invalid class: 6 \(expected an index from 0 to 5/);
    await refused(network, { classes: ["thing 3", 3] }, /each class once, but "thing 3" is there twice/);
    await refused(network, { classes: [] }, /invalid classes: \[\]/);
    await refused(
      network,
      { heet: true } as ExportGraphOptions,
      /exportGraph has no option "heet", did you mean "heat"/,
    );
  });

  test("an embedding, maps of one place, and what is no file", async () => {
    const embedding: Tail = (b, maps) => pooled(b, maps);
    using features = await openGraph(smallNetwork(embedding), { classes: [] });
    await refused(features, {}, /it is an embedding .* Train a probe on its features and export that/s);
    const single: Tail = (b, maps) => gemm(b, pooled(b, b.node("GlobalMaxPool", [maps])));
    using tiny = await openGraph(smallNetwork(single), { classes: names });
    await refused(tiny, {}, /cannot export maps: nothing can be localized: .* 5×1×1/);
    using network = await openGraph(smallNetwork(plain), { classes: names });
    const { head, preprocessing, classes, card } = network;
    const without = { name: "drawn", head, preprocessing, classes, card } as unknown as Network;
    await refused(without, {}, /it is no graph that was opened from a file/);
  });

  test("a folder that is not there, with nothing left behind", async () => {
    using network = await openGraph(smallNetwork(plain), { classes: names });
    const path = temporaryFile("nowhere/out.onnx");
    await assert.rejects(
      writeGraphFile(await exportGraph(network), path),
      /cannot write .*out\.onnx: its folder does not exist/,
    );
  });
});
