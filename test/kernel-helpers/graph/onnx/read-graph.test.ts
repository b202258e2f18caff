import assert from "node:assert/strict";
import { mkdtempSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { create } from "@bufbuild/protobuf";
import { exposeHead, headOutputs } from "../../../../src/kernel-helpers/graph/surgery/expose-head.js";
import { findGapHead } from "../../../../src/kernel-helpers/graph/head/find-gap-head.js";
import { graphOf, type Graph } from "../../../../src/kernel-helpers/graph/onnx/graph.js";
import { changed } from "../../../../src/kernel-helpers/graph/onnx/messages.js";
import {
  StringStringEntryProtoSchema,
  TensorProto_DataLocation,
  type GraphProto,
} from "../../../../src/kernel-helpers/graph/onnx/onnx.js";
import { readGraph } from "../../../../src/kernel-helpers/graph/onnx/read-graph.js";
import { writeGraph, writeGraphFile } from "../../../../src/kernel-helpers/graph/onnx/write-graph.js";
import { images, run, smallNetwork, SMALL } from "../build-graph.js";

const folder = mkdtempSync(join(tmpdir(), "camlab-graph-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const network = smallNetwork((b, maps) => {
  const pooled = b.node("Flatten", [b.node("GlobalAveragePool", [maps])]);
  return b.node("Gemm", [pooled, b.floats([SMALL.classes, SMALL.channels])], { transB: 1 });
});

describe("readGraph", () => {
  test("a file that was written reads back the same, in one step", async () => {
    const path = join(folder, "small.onnx");
    await writeGraphFile(network, path);
    const graph = await readGraph(path);
    assert.deepEqual(graph.inputs, [{ name: "image", type: "float32", dims: ["N", 3, 8, 10] }]);
    assert.equal(graph.batch, "any");
    assert.deepEqual(writeGraph(graph), writeGraph(network));
  });

  test("fields that the schema does not know survive reading, exposing and writing", async () => {
    const unknown = [0xfa, 0x3e, 3, 1, 2, 3]; // field 1007, three bytes
    const graph = await readGraph(Uint8Array.from([...writeGraph(network), ...unknown]));
    assert.ok(Buffer.from(writeGraph(graph)).includes(Buffer.from(unknown)));
    assert.ok(Buffer.from(writeGraph(exposeHead(graph, findGapHead(graph)))).includes(Buffer.from(unknown)));
  });

  test("weights are views of the bytes that were read, before and after exposing", async () => {
    const bytes = writeGraph(network);
    const graph = await readGraph(bytes);
    const exposed = exposeHead(graph, findGapHead(graph));
    for (const tensor of exposed.model.graph?.initializer ?? []) assert.equal(tensor.rawData.buffer, bytes.buffer);
  });

  test("truncated, empty, foreign and missing files are refused", async () => {
    const bytes = writeGraph(network);
    await assert.rejects(readGraph(bytes.subarray(0, bytes.length - 40)), /CamlabError: .*truncated or another kind/s);
    await assert.rejects(readGraph(new Uint8Array()), /CamlabError: .*it is empty/);
    await assert.rejects(readGraph(new TextEncoder().encode('{"format": "layers-model"}')), /CamlabError: .*as ONNX/);
    await assert.rejects(readGraph(join(folder, "none.onnx")), /CamlabError: cannot read the model .*none\.onnx/);
  });
});

describe("external data", () => {
  const model = join(folder, "models");
  mkdirSync(model);

  /** The network with its weights in `location`, each at its own offset. */
  function external(location: string): { graph: Graph; weights: Buffer } {
    const chunks: Uint8Array[] = [];
    let offset = 0;
    const proto = network.model.graph as GraphProto;
    const initializer = proto.initializer.map((tensor) => {
      const pairs = { location, offset: String(offset), length: String(tensor.rawData.length) };
      chunks.push(tensor.rawData);
      offset += tensor.rawData.length;
      return changed(tensor, {
        rawData: new Uint8Array(),
        dataLocation: TensorProto_DataLocation.EXTERNAL,
        externalData: Object.entries(pairs).map(([key, value]) => create(StringStringEntryProtoSchema, { key, value })),
      });
    });
    const graph = graphOf(changed(network.model, { graph: changed(proto, { initializer }) }));
    return { graph, weights: Buffer.concat(chunks) };
  }

  test("weights beside the model are read and written inside it", async () => {
    const { graph, weights } = external("weights.bin");
    writeFileSync(join(model, "weights.bin"), weights);
    writeFileSync(join(model, "net.onnx"), writeGraph(graph));
    const read = await readGraph(join(model, "net.onnx"));
    const dims = [2, ...SMALL.image];
    assert.deepEqual(await run(read, images(2), dims), await run(network, images(2), dims));
    await assert.rejects(readGraph(readFileSync(join(model, "net.onnx"))), /CamlabError: .*give camlab its path/);
  });

  test("a weights file that is missing or too short is named", async () => {
    writeFileSync(join(model, "gone.onnx"), writeGraph(external("gone.bin").graph));
    await assert.rejects(readGraph(join(model, "gone.onnx")), /CamlabError: .*"gone\.bin", which must lie beside it/);
    writeFileSync(join(model, "short.bin"), new Uint8Array(100));
    writeFileSync(join(model, "short.onnx"), writeGraph(external("short.bin").graph));
    await assert.rejects(readGraph(join(model, "short.onnx")), /CamlabError: .*the file ends at byte 100/);
  });

  test("files outside the model's folder are refused, by path and by link", async () => {
    writeFileSync(join(folder, "secret.bin"), new Uint8Array(10_000));
    symlinkSync(join(folder, "secret.bin"), join(model, "link.bin"));
    for (const location of ["../secret.bin", join(folder, "secret.bin"), "sub/../../secret.bin", "link.bin", ""]) {
      writeFileSync(join(model, "evil.onnx"), writeGraph(external(location).graph));
      await assert.rejects(readGraph(join(model, "evil.onnx")), /CamlabError: refused to read the weights/, location);
    }
  });
});

test("a half-precision network gets float32 ends and keeps the identity", async () => {
  const path = new URL("../../../fixtures/graph/half.onnx", import.meta.url);
  const graph = await readGraph(readFileSync(path));
  assert.deepEqual([graph.inputs[0].type, graph.batch], ["float16", 1]);
  const head = findGapHead(graph);
  const exposed = exposeHead(graph, head);
  assert.deepEqual(
    [...exposed.inputs, ...exposed.outputs].map(({ type }) => type),
    new Array(4).fill("float32"),
  );
  const names = headOutputs(head);
  const outputs = await run(exposed, images(1), [1, ...SMALL.image]);
  const features = outputs[names.features].data;
  outputs[names.logits].data.forEach((logit, c) => {
    const score = features.reduce((sum, f, k) => sum + f * head.weights[c * features.length + k], head.bias?.[c] ?? 0);
    assert.ok(Math.abs(score - logit) < 4e-3, `${score} for ${logit}`);
  });
});

test("a QDQ-quantised network is found, with its rounding told", async () => {
  const path = new URL("../../../fixtures/graph/qdq.onnx", import.meta.url);
  const graph = await readGraph(readFileSync(path));
  const head = findGapHead(graph);
  assert.match(head.notes?.[0] ?? "", /quantised/);
  const names = headOutputs(head);
  const outputs = await run(exposeHead(graph, head), images(1), [1, ...SMALL.image]);
  const features = outputs[names.features].data;
  outputs[names.logits].data.forEach((logit, c) => {
    const score = features.reduce((sum, f, k) => sum + f * head.weights[c * features.length + k], head.bias?.[c] ?? 0);
    assert.ok(Math.abs(score - logit) < 0.05, `${score} for ${logit}`);
  });
});
