import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, openSync, closeSync, ftruncateSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { create, toBinary } from "@bufbuild/protobuf";
import { constantOf, isConstant } from "../../../../src/kernel-helpers/graph/onnx/constants.js";
import { makeNode, makeTensor } from "../../../../src/kernel-helpers/graph/onnx/create-graph.js";
import { elementTypeOf } from "../../../../src/kernel-helpers/graph/onnx/element-type.js";
import { findGapHead } from "../../../../src/kernel-helpers/graph/head/find-gap-head.js";
import { graphOf, type Graph } from "../../../../src/kernel-helpers/graph/onnx/graph.js";
import { changed } from "../../../../src/kernel-helpers/graph/onnx/messages.js";
import * as onnx from "../../../../src/kernel-helpers/graph/onnx/onnx.js";
import { readGraph } from "../../../../src/kernel-helpers/graph/onnx/read-graph.js";
import { writeGraph } from "../../../../src/kernel-helpers/graph/onnx/write-graph.js";
import { checkSizes } from "../../../../src/kernel-helpers/graph/shapes/check-sizes.js";
import { inferShapes } from "../../../../src/kernel-helpers/graph/shapes/infer-shapes.js";
import { axesFrom } from "../../../../src/kernel-helpers/graph/shapes/shape-arithmetic.js";
import { images, run, smallNetwork, SMALL, type Builder } from "../build-graph.js";

const folder = mkdtempSync(join(tmpdir(), "camlab-hostile-files-"));
after(() => rmSync(folder, { recursive: true }));

const tail = (b: Builder, maps: string) =>
  b.node(
    "Gemm",
    [b.node("Flatten", [b.node("GlobalAveragePool", [maps])]), b.floats([SMALL.classes, SMALL.channels])],
    {
      transB: 1,
    },
  );

function withNodes(graph: Graph, change: (nodes: onnx.NodeProto[]) => onnx.NodeProto[]): Uint8Array {
  const proto = graph.model.graph as onnx.GraphProto;
  return writeGraph(graphOf(changed(graph.model, { graph: changed(proto, { node: change([...proto.node]) }) })));
}

/** What is refused is refused soon. */
async function refused(source: string | Uint8Array, message: RegExp): Promise<void> {
  const start = performance.now();
  await assert.rejects(readGraph(source), { name: "CamlabError", message });
  assert.ok(performance.now() - start < 5000);
}

describe("sizes that are only words", () => {
  test("a constant that its bytes do not fill is refused before an engine believes it", () => {
    const graph = smallNetwork((b, maps) => tail(b, maps));
    const proto = graph.model.graph as onnx.GraphProto;
    const initializer = proto.initializer.map((tensor, i) =>
      i === 0 ? changed(tensor, { dims: [5n, 3n, 2n ** 40n, 3n] }) : tensor,
    );
    const lying = graphOf(changed(graph.model, { graph: changed(proto, { initializer }) }));
    assert.throws(
      () => checkSizes(lying),
      /damaged: its constant "constant_0" says that it is 5×3×1099511627776×3 float32/,
    );
    assert.doesNotThrow(() => checkSizes(graph));
  });

  test("maps that would become very many times as large are refused", () => {
    for (const scale of [6e26, 0, -2, NaN]) {
      const graph = smallNetwork((b, maps) =>
        tail(b, b.node("Resize", [maps, "", b.floats([4], [1, 1, scale, 2])], { mode: "nearest" })),
      );
      assert.throws(() => checkSizes(graph), /\(Resize\) would make its maps .* times as large/);
    }
  });
});

describe("graphs that cannot be computed", () => {
  test("a circle in the tail, in the trunk, and of a node with itself names its nodes", async () => {
    const graph = smallNetwork((b, maps) => tail(b, b.node("Relu", [b.node("Tanh", [maps])])));
    const input = (nodes: onnx.NodeProto[], op: string, name: string) =>
      nodes.map((node) => (node.opType === op ? changed(node, { input: [name, ...node.input.slice(1)] }) : node));
    const output = (op: string) => graph.nodes.find(({ opType }) => opType === op)?.output[0] ?? "";
    await refused(
      withNodes(graph, (n) => input(n, "Flatten", output("Gemm"))),
      /"(flatten|gemm)_\d+" → "(flatten|gemm)_\d+" wait for each other/,
    );
    await refused(
      withNodes(graph, (n) => input(n, "Tanh", output("Relu"))),
      /"(tanh|relu)_\d+" → "(tanh|relu)_\d+" wait/,
    );
    await refused(
      withNodes(graph, (n) => input(n, "Relu", output("Relu"))),
      /"relu_\d+" waits for itself/,
    );
  });

  test("a circle through the body of control flow", async () => {
    const body = create(onnx.GraphProtoSchema, {
      node: [makeNode("Identity", ["late"], ["inner"])],
      output: [{ name: "inner" }],
    });
    const branch = create(onnx.NodeProtoSchema, {
      opType: "If",
      input: ["image"],
      output: ["chosen"],
      attribute: [create(onnx.AttributeProtoSchema, { name: "then_branch", g: body })],
    });
    const bytes = withNodes(smallNetwork(tail), (nodes) => [...nodes, branch, makeNode("Relu", ["chosen"], ["late"])]);
    await refused(bytes, /"(chosen|late)" → "(chosen|late)" wait for each other/);
  });

  test("a value that two nodes compute", async () => {
    await refused(
      withNodes(smallNetwork(tail), (nodes) => [
        ...nodes,
        makeNode("Relu", ["image"], [nodes[0].output[0]], {}, { name: "twin" }),
      ]),
      /computes "conv_\d+" twice, in "conv_\d+" \(Conv\) and in "twin" \(Relu\)/,
    );
  });

  test("nodes out of order are put into one, and compute the same", async () => {
    const graph = smallNetwork(tail);
    const mended = await readGraph(withNodes(graph, (nodes) => nodes.reverse()));
    assert.deepEqual(
      mended.nodes.map(({ opType }) => opType),
      graph.nodes.map(({ opType }) => opType),
    );
    const dims = [1, ...SMALL.image];
    assert.deepEqual(await run(mended, images(1), dims), await run(graph, images(1), dims));
  });

  test("200,000 nodes in a row are too many; 40,000 are read and walked in time", async () => {
    const chain = (count: number) =>
      smallNetwork((b, maps) => {
        let at = tail(b, maps);
        for (let i = 0; i < count; i++) at = b.node("Identity", [at]);
        return at;
      });
    await refused(writeGraph(chain(200_000)), /has 20000\d nodes, camlab opens those with at most 50000/);
    const start = performance.now();
    const graph = await readGraph(writeGraph(chain(40_000)));
    assert.equal(findGapHead(graph).logits.classes, SMALL.classes);
    for (const { output } of graph.nodes) assert.equal(elementTypeOf(graph, output[0]), "float32");
    assert.ok(performance.now() - start < 5000, `${performance.now() - start} ms`);
  });
});

describe("numbers that a file cannot mean", () => {
  test("constants doubled sixty times are computed once each", () => {
    const graph = smallNetwork((b, maps) => {
      let at = b.floats([1], [1]);
      for (let i = 0; i < 60; i++) at = b.node("Add", [at, at]);
      return b.node("Mul", [tail(b, maps), at]);
    });
    const name = graph.nodes.at(-1)?.input[1] ?? "";
    assert.equal(isConstant(graph, name), true);
    assert.equal(constantOf(graph, name)?.data[0], 2 ** 60);
  });

  test("operators called like parts of JavaScript's objects are only unknown", () => {
    for (const op of ["constructor", "toString", "__proto__", "hasOwnProperty"]) {
      const graph = smallNetwork((b, maps) => b.node(op, [tail(b, b.node(op, [maps]))]));
      assert.throws(() => findGapHead(graph), { name: "CamlabError", message: /no GAP head/ });
      assert.equal(elementTypeOf(graph, graph.outputs[0].name), "float32");
    }
  });

  test("an axis that no value has is none, and a norm along it is no head", () => {
    for (const axis of [-(2 ** 40), -5, 4, 2 ** 40]) {
      const graph = smallNetwork((b, maps) => {
        const pooled = b.node("Flatten", [b.node("GlobalAveragePool", [maps])]);
        const scale = b.floats([SMALL.channels]);
        const norm = b.node("LayerNormalization", [pooled, scale, scale], { axis });
        return b.node("Gemm", [norm, b.floats([SMALL.channels, SMALL.classes])]);
      });
      assert.throws(() => findGapHead(graph), { name: "CamlabError" });
      assert.deepEqual(axesFrom(axis, 4), []);
    }
    assert.deepEqual([axesFrom(-2, 4), axesFrom(1, 4)], [[2, 3], [1, 2, 3]]); // prettier-ignore
  });

  test("sizes below 0, fractions and infinite ones are not known; giants are refused by name", () => {
    const resized = (scale: number) =>
      smallNetwork((b, maps) => tail(b, b.node("Resize", [maps, "", b.floats([4], [1, 1, scale, scale])])));
    const shapeOf = (graph: Graph) =>
      inferShapes(graph).get(graph.nodes.find(({ opType }) => opType === "Resize")?.output[0] ?? "");
    for (const scale of [Infinity, -1, NaN]) assert.deepEqual(shapeOf(resized(scale)), ["N", 5, null, null]);
    assert.deepEqual(shapeOf(resized(2)), ["N", 5, 8, 10]);
    assert.doesNotThrow(() => checkSizes(resized(100)));
    assert.throws(() => checkSizes(resized(100_000)), {
      name: "CamlabError",
      message: /"resize_\d+" \(Resize\) would compute N×5×400000×500000 numbers/,
    });
  });

  test("dims that the file cannot hold, and dims below 0", async () => {
    for (const dims of [
      [2 ** 40, 3],
      [-2, -3],
      [2, 2],
    ]) {
      const graph = smallNetwork((b, maps) => {
        const pooled = b.node("Flatten", [b.node("GlobalAveragePool", [maps])]);
        b.initializers.push(changed(makeTensor("w", [2, 3], new Float32Array(6)), { dims: dims.map(BigInt) }));
        return b.node("Gemm", [pooled, "w"], { transB: 1 });
      });
      const read = await readGraph(writeGraph(graph));
      assert.throws(() => findGapHead(read), { name: "CamlabError", message: /tensor "w" .* holds 6 of/ });
    }
  });
});

describe("files that would fill the memory", () => {
  test("millions of empty nodes, of whole numbers, and graphs in graphs are refused before they are built", async () => {
    const field = (number: number, body: Uint8Array) => {
      const bytes: number[] = [number * 8 + 2];
      for (let left = body.length; ; left = Math.floor(left / 128)) {
        bytes.push(left < 128 ? left : (left % 128) + 128);
        if (left < 128) break;
      }
      return Buffer.concat([Buffer.from(bytes), body]);
    };
    const nodes = new Uint8Array(2 * 2_000_000).map((_, i) => (i % 2 ? 0 : 10));
    await refused(field(7, nodes), /would take more than 512 MB of memory/);
    const numbers = field(7, field(1, field(5, field(8, new Uint8Array(30_000_000)))));
    await refused(numbers, /would take more than 512 MB of memory/);
    let nested: Uint8Array = new Uint8Array();
    for (let i = 0; i < 5000; i++) nested = field(1, field(5, field(6, nested)));
    await refused(field(7, nested), /its messages lie \d+ deep in each other/);
  });

  const external = (name: string, dims: readonly number[], entries: Readonly<Record<string, string>>): string => {
    const graph = smallNetwork((b, maps) => {
      const pairs = Object.entries({ location: "data.bin", ...entries });
      b.initializers.push(
        changed(makeTensor("w", [], new Float32Array(0)), {
          dims: dims.map(BigInt),
          dataLocation: onnx.TensorProto_DataLocation.EXTERNAL,
          externalData: pairs.map(([key, value]) => create(onnx.StringStringEntryProtoSchema, { key, value })),
        }),
      );
      return b.node("Add", [tail(b, maps), "w"]);
    });
    const path = join(folder, name);
    writeFileSync(path, toBinary(onnx.ModelProtoSchema, graph.model));
    return path;
  };
  const sparse = (name: string, size: number): string => {
    const path = join(folder, name);
    const file = openSync(path, "w");
    ftruncateSync(file, size);
    closeSync(file);
    return path;
  };

  test("external weights of more than 2 GiB, and such as do not fill their shape", async () => {
    sparse("data.bin", 3 * 2 ** 30);
    await refused(external("3-gib.onnx", [3 * 2 ** 28], {}), /its weights take 3\.0 GiB, .* at most 2 GiB/);
    await refused(external("more.onnx", [2 ** 50, 2 ** 50], {}), /cannot lie in another file/);
    await refused(external("below.onnx", [-1], {}), /float32 -1\) cannot lie in another file/);
    sparse("data.bin", 4096);
    await refused(
      external("short.onnx", [6], { length: "8" }),
      /the model says 8 bytes, their shape 6 of float32 takes 24/,
    );
    await refused(external("words.onnx", [6], { length: "many" }), /cannot read the weights "w"/);
    await refused(
      external("late.onnx", [6], { offset: "4090" }),
      /the file ends at byte 4096, they would end at byte 4114/,
    );
  });

  test("a file that is mostly holes", async () => {
    sparse("data.bin", 2 ** 30);
    await refused(external("holes.onnx", [2 ** 20], {}), /"w" from .*: of its 1\.07 GB only 0\.00 are there/);
    await refused(sparse("holes-model.onnx", 2 ** 30), /of its 1\.07 GB only 0\.00 are there, the rest are holes/);
  });

  test("a pipe, a device or a folder in place of a file is not waited for", async () => {
    if (process.platform === "win32") return;
    rmSync(join(folder, "data.bin"), { force: true });
    execFileSync("mkfifo", [join(folder, "data.bin"), join(folder, "pipe.onnx")]);
    await refused(external("piped.onnx", [6], {}), /a pipe or a device, not a file/);
    await refused(join(folder, "pipe.onnx"), /a pipe or a device, not a file/);
    await refused("/dev/zero", /a pipe or a device, not a file/);
    await refused(folder, /it is a folder, not a file/);
  });
});
