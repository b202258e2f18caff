import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { exportGraph } from "../../../../src/kernel-helpers/cam/export/export-graph.js";
import { images, run, smallNetwork, SMALL } from "../../graph/build-graph.js";
import { gemm, pooled, TAILS, type Tail } from "../../graph/head/tails.js";
import { openGraph } from "../../networks/open-small.js";
import { assertClose, expectedOf } from "./compare.js";
import { probeOn } from "./probe-on.js";

const { height: H, width: W } = SMALL;
const COUNT = 3;
const DIMS = [COUNT, ...SMALL.image];
const plain: Tail = (b, maps) => gemm(b, pooled(b, maps));
const embedding: Tail = (b, maps) => pooled(b, maps);

const CYCLE = (names: readonly string[]) => Array.from({ length: 24 }, (_, i) => names[i % names.length]);

describe("a probe leaves with its network as one file", () => {
  const kinds: readonly [string, Parameters<typeof probeOn>[1], Parameters<typeof probeOn>[2]][] = [
    ["of two classes", CYCLE(["none", "text"]), {}],
    ["of two classes, standardised", CYCLE(["none", "text"]), { steps: ["standardise"] }],
    ["of two classes, on features of length 1", CYCLE(["none", "text"]), { steps: ["l2Normalise"] }],
    ["of three classes, both", CYCLE(["a", "b", "c"]), { steps: ["l2Normalise", "standardise"] }],
    ["of two classes, with probabilities", CYCLE(["none", "text"]), { probabilities: true }],
    ["of three classes, with probabilities", CYCLE(["a", "b", "c"]), { probabilities: true, steps: ["l2Normalise"] }],
    ["of numbers", Array.from({ length: 24 }, (_, i) => i % 4), {}],
    ["of several classes at once", Array.from({ length: 24 }, (_, i) => (i % 3 ? ["x"] : ["x", "y"]).slice(i % 2)), {}],
  ];
  for (const [name, labels, options] of kinds) {
    test(name, async () => {
      using network = await openGraph(smallNetwork(plain));
      const probe = await probeOn(network, labels, options);
      const rows = probe.classes.map((_, row) => row);
      const graph = await exportGraph(network, { probe, heat: true });
      const found = await run(graph, images(COUNT), DIMS);
      assert.deepEqual(
        graph.outputs.map((output) => [output.name, output.dims]),
        [
          ["scores", ["N", rows.length]],
          ["maps", ["N", rows.length, H, W]],
          ["heat", ["N", rows.length, 8, 10]],
          ...(probe.platt ? [["probabilities", ["N", rows.length]]] : []),
        ],
      );
      const expected = await expectedOf(network, images(COUNT), COUNT, rows, probe);
      assertClose(found, expected, COUNT * rows.length);
      using again = await openGraph(graph, { preprocessing: undefined });
      assert.deepEqual(again.classes, probe.classes.map(String));
      assert.equal(again.card.probabilities, probe.kind === "multilabel" ? "sigmoid" : "softmax");
      const { logits, maps } = await expectedOf(again, images(COUNT), COUNT, rows);
      assertClose({ scores: { data: logits }, maps: { data: maps } }, expected, COUNT * rows.length);
    });
  }

  test("on every form of head, an embedding among them", async () => {
    const tails = [...TAILS.map(({ tail, opset }) => [tail, opset] as const), [embedding, 13] as const];
    for (const [tail, opset] of tails) {
      using network = await openGraph(smallNetwork(tail, { opset }), tail === embedding ? { classes: [] } : {});
      const probe = await probeOn(network, CYCLE(["none", "text"]), { steps: ["l2Normalise"] });
      const graph = await exportGraph(network, { probe, classes: ["text"], heat: true });
      const found = await run(graph, images(COUNT), DIMS);
      assertClose(found, await expectedOf(network, images(COUNT), COUNT, [1], probe), COUNT);
    }
  });

  test("its maps are of the classes that were asked for", async () => {
    using network = await openGraph(smallNetwork(plain));
    const probe = await probeOn(network, CYCLE(["a", "b", "c"]));
    const graph = await exportGraph(network, { probe, classes: ["c", "a"] });
    const notes = new Map(graph.model.metadataProps.map(({ key, value }) => [key, value]));
    assert.equal(notes.get("names"), '["a","b","c"]');
    assert.equal(notes.get("map_names"), '["c","a"]');
    assert.equal(notes.get("camlab_scores"), "decision values");
    assertClose(
      await run(graph, images(1), [1, ...SMALL.image]),
      await expectedOf(network, images(1), 1, [2, 0], probe),
      2,
    );
    await assert.rejects(exportGraph(network, { probe, classes: ["d"] }), /no class is named "d"/);
  });

  test("a probe of other features is refused: channels, network, layer", async () => {
    using network = await openGraph(smallNetwork(plain));
    using wide = await openGraph(smallNetwork(TAILS[11].tail));
    const probe = await probeOn(network, CYCLE(["none", "text"]));
    await assert.rejects(
      exportGraph(wide, { probe }),
      /trained on features of 5 channels, .* has 10: open its own network/,
    );
    using other = await openGraph(smallNetwork((b, maps) => gemm(b, pooled(b, b.node("Tanh", [maps])))));
    await assert.rejects(exportGraph(other, { probe }), /trained on features of .*, but these are of/);
  });
});
