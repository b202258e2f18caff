import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { writeGraphFile } from "../../../../src/kernel-helpers/graph/onnx/write-graph.js";
import { openNetwork } from "../../../../src/kernel-helpers/networks/open-network.js";
import { pythonWith } from "../../../python-with.js";
import { smallNetwork } from "../../graph/build-graph.js";
import { CLASSIFIED_TAILS, TAILS } from "../../graph/head/tails.js";
import { openGraph, temporaryFile } from "../../networks/open-small.js";
import { assertClose } from "./compare.js";
import { expectedOfPixels, exportedCase, type ExportedCase } from "./exported-case.js";
import { probeOn } from "./probe-on.js";

const { python, skip } = pythonWith("onnxruntime");
const SCRIPT = fileURLToPath(new URL("run_onnx.py", import.meta.url));

/** Runs cases in Python and compares what comes out, within a share of each output's and map's largest size. */
async function assertEqualInPython(name: string, cases: ReadonlyMap<string, ExportedCase>) {
  const folder = temporaryFile(name);
  mkdirSync(folder);
  for (const [each, { graph, input }] of cases) {
    await writeGraphFile(graph, join(folder, `${each}.onnx`));
    writeFileSync(join(folder, `${each}.json`), JSON.stringify({ dims: input.dims, type: input.type }));
    writeFileSync(join(folder, `${each}.in.bin`), input.data);
  }
  execFileSync(python, [SCRIPT, folder], { stdio: ["ignore", "ignore", "inherit"] });
  for (const [each, { graph, expected, maps }] of cases) {
    const found = graph.outputs.map(({ name: output }) => {
      const bytes = Uint8Array.from(readFileSync(join(folder, `${each}.${output}.bin`)));
      return [output, { data: new Float32Array(bytes.buffer) }] as const;
    });
    assert.deepEqual(found.map(([output]) => output).sort(), Object.keys(expected).sort());
    try {
      assertClose(Object.fromEntries(found), expected, maps);
    } catch (error) {
      throw new Error(each, { cause: error });
    }
  }
}

describe("an exported file is equal to camlab in Python's ONNX Runtime", { skip }, () => {
  test("every form of head", async () => {
    const cases = new Map<string, ExportedCase>();
    const tails = [...TAILS.map(({ tail, opset }) => [tail, opset] as const), ...CLASSIFIED_TAILS.map(rest)];
    for (const [i, [tail, opset]] of tails.entries()) {
      using network = await openGraph(smallNetwork(tail, { opset }));
      cases.set(`tail ${i}`, await exportedCase(network, { pixels: i % 2 === 0 }));
    }
    await assertEqualInPython("tails", cases);
  });

  test("the embedded network, and probes with probabilities on top of it", async () => {
    using network = await openNetwork(undefined, { device: "cpu" });
    const labels = Array.from({ length: 24 }, (_, i) => ["none", "text", "bird"][i % 3]);
    const two = await probeOn(
      network,
      labels.map((label) => (label === "bird" ? "text" : label)),
      {
        probabilities: true,
      },
    );
    const three = await probeOn(network, labels, { probabilities: true, steps: ["l2Normalise"] });
    await assertEqualInPython(
      "embedded",
      new Map([
        ["pixels", await exportedCase(network, { pixels: true })],
        ["floats", await exportedCase(network, { pixels: false, rows: [3, 0, 17] })],
        ["probe of two", await exportedCase(network, { pixels: true, probe: two })],
        ["probe of three", await exportedCase(network, { pixels: true, probe: three })],
      ]),
    );
  });
});

const rest = ([, tail, opset]: (typeof CLASSIFIED_TAILS)[number]) => [tail, opset] as const;

const real = process.env.CAMLAB_REAL ?? "";
const NETWORKS = [
  "mobilenet_v1_0.75_224",
  "efficientnet_lite0",
  "efficientnet_lite2",
  "mobilenet_v2_coral",
  "squeezenet_v1.0",
  "inat_bird_mobilenet_v2",
];

describe("real data: exports of trained networks", { skip: real === "" || skip }, () => {
  for (const name of NETWORKS) {
    test(`${name}: in Python, and opened again`, async () => {
      using network = await openNetwork(join(real, "models", name), { device: "cpu" });
      const rows = [0, 100, 207, 500, 900];
      const made = await exportedCase(network, { pixels: true, rows });
      await assertEqualInPython(name, new Map([[name, made]]));
      const file = temporaryFile(`${name}.onnx`);
      await writeGraphFile(made.graph, file);
      using again = await openNetwork(file, { device: "cpu" });
      const pixels = made.input.data;
      const found = await expectedOfPixels(again, pixels, rows);
      assertClose(Object.fromEntries(Object.entries(found).map(([key, data]) => [key, { data }])), made.expected, 5);
    });
  }
});
