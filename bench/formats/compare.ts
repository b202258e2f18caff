// Opens the networks that caffe.py, tfjs.ts or tflite.py wrote, each in a folder with input.npy and expected.npy, and says
// how far what they give is from what another tool computed: the largest difference over the largest value.
//   npx tsx bench/formats/compare.ts FOLDER [LARGEST]        (LARGEST: 1e-4 unless given)
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { createEngine } from "../../src/kernel-helpers/engines/create-engine.js";
import { importGraph } from "../../src/kernel-helpers/formats/import-graph.js";
import { checkGraph } from "../../src/kernel-helpers/graph/onnx/check-graph.js";
import { writeGraph } from "../../src/kernel-helpers/graph/onnx/write-graph.js";
import { findNetwork } from "../../src/kernel-helpers/networks/find-network.js";
import { messageOf } from "../../src/kernel-helpers/support/errors.js";
import { readNpy } from "../../src/kernel-helpers/support/files/npy.js";

const [folder, largest = "1e-4"] = process.argv.slice(2);
if (folder === undefined) {
  console.error("usage: npx tsx bench/formats/compare.ts FOLDER [LARGEST]");
  process.exit(2);
}
let failures = 0;
for (const name of readdirSync(folder).sort()) {
  const at = join(folder, name);
  if (!existsSync(join(at, "expected.npy"))) continue;
  try {
    const difference = await compare(at);
    const good = difference <= Number(largest);
    failures += Number(!good);
    console.log(`${name.padEnd(24)} ${difference.toExponential(2)}${good ? "" : "  TOO FAR"}`);
  } catch (error) {
    failures++;
    console.log(`${name.padEnd(24)} ${messageOf(error)}`);
  }
}
console.log(failures === 0 ? `all within ${largest}` : `${failures} networks failed`);
process.exitCode = failures === 0 ? 0 : 1;

async function compare(at: string): Promise<number> {
  const { graph } = await importGraph(findNetwork(at).model);
  const problems = checkGraph(graph);
  if (problems.length > 0) throw new Error(problems.join("; "));
  const engine = await createEngine(writeGraph(graph), { device: "cpu" });
  try {
    const [input, expected] = await Promise.all(["input.npy", "expected.npy"].map((file) => readNpy(join(at, file))));
    const outputs = await engine.run({
      [graph.inputs[0].name]: { dims: input.shape, data: Float32Array.from(input.data, Number) },
    });
    const found = outputs[graph.outputs[0].name];
    if (found.data.length !== expected.data.length)
      throw new Error(`${found.dims.join("×")} for ${expected.shape.join("×")}`);
    let [difference, size] = [0, 0];
    expected.data.forEach((value, i) => {
      difference = Math.max(difference, Math.abs(Number(value) - found.data[i]));
      size = Math.max(size, Math.abs(Number(value)));
    });
    return difference / size;
  } finally {
    engine.dispose();
  }
}
