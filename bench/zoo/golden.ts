// Writes the scores that PyTorch gives for small networks of camlab's architectures: torchvision's own networks with
// the weights by name, and the others layer by layer. The tests compare with them.
//   node --import tsx bench/zoo/golden.ts --python .venv/bin/python
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeGraphFile } from "../../src/kernel-helpers/graph/onnx/write-graph.js";
import { writeWhole } from "../../src/kernel-helpers/support/write-file.js";
import { CLASSES, COMPARED, livelyNetwork } from "../../test/kernel-helpers/networks/architectures/lively-weights.js";
import { benchArguments } from "../arguments.js";
import { startTorch } from "./torch-side.js";

const { values } = benchArguments({ python: "python3" });
const folder = mkdtempSync(join(tmpdir(), "camlab-golden-"));
using torch = startTorch(values.python, 1);
const golden: Record<string, readonly number[]> = {};
try {
  for (const name of Object.keys(COMPARED)) {
    const path = join(folder, `${name}.onnx`);
    await writeGraphFile(livelyNetwork(name), path);
    const isTorchvision = /^(resnet|googlenet$|mobilenet|densenet|squeezenet|efficientnet_b)/.test(name);
    const of = isTorchvision ? { torchvision: name, classes: CLASSES } : {};
    const { scores = [] } = await torch.ask({ golden: path, ...of });
    golden[name] = scores.map((score) => Number(score.toPrecision(7)));
    rmSync(path);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
const text = JSON.stringify(golden, undefined, 2);
await writeWhole("test/kernel-helpers/networks/architectures/golden.json", `${text}\n`);
