// Whether a map depends on the class and on what was learned, on maps and small networks that are known.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { randomClass } from "../../../../src/kernel-helpers/cam/faithfulness/sanity/random-class.js";
import { randomWeights } from "../../../../src/kernel-helpers/cam/faithfulness/sanity/random-weights.js";
import { randomisedNetworks } from "../../../../src/kernel-helpers/cam/faithfulness/sanity/randomised-networks.js";
import { makeTensor } from "../../../../src/kernel-helpers/graph/onnx/create-graph.js";
import type { GraphProto } from "../../../../src/kernel-helpers/graph/onnx/onnx.js";
import { tensorFloats } from "../../../../src/kernel-helpers/graph/onnx/tensor.js";
import type { Network } from "../../../../src/kernel-helpers/networks/network.js";
import { images, smallNetwork, SMALL } from "../../graph/build-graph.js";
import { halved } from "../../graph/half.js";
import { gemm, pooled, relu } from "../../graph/head/tails.js";
import { fakeNetwork } from "../../networks/fake-network.js";
import { openGraph } from "../../networks/open-small.js";
import { judgedCase, mapNumber, SIDE } from "./judged-case.js";

const size = { width: SIDE, height: SIDE };
const data = mapNumber(0);

describe("another class", () => {
  const drawn = async (classes: number, index: number, seed: string): Promise<number> => {
    let asked = -1;
    const judged = judgedCase(data, {
      ...{ index, seed, seen: { logits: new Float32Array(classes) } },
      mapOf: (other) => {
        asked = other.index!;
        return Promise.resolve({ ...size, data });
      },
    });
    assert.ok(Math.abs((await randomClass.value(judged)) - 1) < 1e-9);
    return asked;
  };

  test("is any but the map's own, each about as often", async () => {
    for (const index of [0, 1, 2]) {
      const counts = [0, 0, 0];
      for (let seed = 0; seed < 60; seed++) counts[await drawn(3, index, `${seed}`)]++;
      counts.forEach((count, other) => assert.ok(other === index ? count === 0 : count > 15, counts.join(" ")));
    }
    assert.deepEqual([await drawn(2, 0, "x"), await drawn(2, 1, "x")], [1, 0]);
  });

  test("of the only class is none", async () => {
    const judged = judgedCase(data, { seen: { logits: new Float32Array(1) } });
    assert.ok(Number.isNaN(await randomClass.value(judged)));
  });
});

test("other weights: the mean of the maps' rank correlations, 0 for a map that became flat", async () => {
  const maps = [data, data.map((value) => -value), new Float32Array(SIDE * SIDE), data];
  const networks = maps.map((_, i) => ({ name: String(i) }) as Network);
  const judged = judgedCase(data, {
    randomised: () => Promise.resolve(networks),
    mapOf: ({ network }) => Promise.resolve({ ...size, data: maps[Number(network!.name)] }),
  });
  assert.ok(Math.abs((await randomWeights.value(judged)) - (1 - 1 + 0 + 1) / 4) < 1e-9);
});

describe("networks with weights dealt anew", () => {
  const hidden = () => smallNetwork((b, maps) => gemm(b, relu(b, gemm(b, pooled(b, maps), 7)), SMALL.classes, 7));
  /** Which of the network's matrices another one has too; and whether all hold the same numbers, in some order. */
  const compare = async (network: Network, other: Network) => {
    const [own, dealt] = [await network.graph!(), await other.graph!()];
    const kept: boolean[] = [];
    for (const { name, dims } of (own.model.graph as GraphProto).initializer) {
      if (dealt.initializer(name) === undefined) continue;
      const [a, b] = [tensorFloats(own.initializer(name)!), tensorFloats(dealt.initializer(name)!)];
      const isSame = a.every((value, i) => value === b[i]);
      if (dims.length > 1) kept.push(isSame);
      else assert.ok(isSame, "a bias stays");
      assert.deepEqual(a.slice().sort(), b.slice().sort());
    }
    return kept;
  };

  test("are three: the last matrix, the upper half, all; each with its own numbers in another order", async () => {
    using network = await openGraph(hidden());
    const dealt = await randomisedNetworks(network, "seed");
    const again = await randomisedNetworks(network, "seed");
    const other = await randomisedNetworks(network, "another");
    const open = [...dealt, ...again, ...other];
    try {
      const kept = await Promise.all(dealt.map((each) => compare(network, each)));
      assert.deepEqual(
        kept.map((each) => each.map(Number).join("")),
        ["110", "100", "000"],
      );
      const outputs = async (each: Network) => (await each.run(images(1), 1)).logits;
      assert.deepEqual(await outputs(again[2]), await outputs(dealt[2]));
      assert.notDeepEqual(await outputs(other[0]), await outputs(dealt[0]));
      assert.notDeepEqual(await outputs(dealt[0]), await outputs(network));
      for (const each of dealt) {
        assert.deepEqual([each.name, each.classes, each.card], [network.name, network.classes, network.card]);
        assert.deepEqual([each.notes, each.device, each.head.form], [[], "cpu", network.head.form]);
        assert.equal(each.head.logits.classes, SMALL.classes);
      }
    } finally {
      for (const each of open) each.dispose();
    }
  });

  test("stay of the type that they were: half precision", async () => {
    using network = await openGraph(halved(hidden()));
    const dealt = await randomisedNetworks(network, "seed");
    try {
      const kept = await Promise.all(dealt.map((each) => compare(network, each)));
      assert.deepEqual(
        kept.map((each) => each.map(Number).join("")),
        ["110", "100", "000"],
      );
      for (const each of dealt) assert.ok((await each.run(images(1), 1)).logits.every(Number.isFinite));
    } finally {
      for (const each of dealt) each.dispose();
    }
  });

  test("are dealt anew where a file holds eight bits, or matrices in Constant nodes", async () => {
    const eight = smallNetwork((b, maps) => {
      const stored = Int8Array.from({ length: SMALL.classes * SMALL.channels }, (_, i) => (i * 37) % 120);
      const whole = b.constant([SMALL.classes, SMALL.channels], stored);
      const weights = b.node("DequantizeLinear", [whole, b.floats([], [0.01]), b.constant([], Int8Array.of(0))]);
      return b.node("Gemm", [pooled(b, maps), weights], { transB: 1 });
    });
    const inNodes = smallNetwork((b, maps) => {
      const numbers = Float32Array.from({ length: SMALL.channels * SMALL.classes }, (_, i) => Math.sin(i));
      const tensor = makeTensor("", [SMALL.channels, SMALL.classes], numbers);
      return b.node("MatMul", [pooled(b, maps), b.node("Constant", [], { value: tensor })]);
    });
    for (const graph of [eight, inNodes]) {
      using network = await openGraph(graph);
      const before = (await network.run(images(1), 1)).logits;
      const dealt = await randomisedNetworks(network, "seed");
      try {
        for (const each of dealt) assert.notDeepEqual((await each.run(images(1), 1)).logits, before);
        assert.equal(dealt[0].head.logits.classes, SMALL.classes);
      } finally {
        for (const each of dealt) each.dispose();
      }
    }
  });

  test("need the network's file", async () => {
    await assert.rejects(
      randomisedNetworks(
        fakeNetwork(() => [0, 0, 0]),
        0,
      ),
      { name: "CamlabError", message: "random weights need the network's graph: open it from its file" },
    );
  });
});
