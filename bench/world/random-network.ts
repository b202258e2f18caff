// A GAP network that has learnt nothing: five 3×3 convolutions of stride 2 with He's random weights, each followed by
// ReLU, on zero-mean pixels. What a linear SVM finds in its features is texture and colour, not understanding.
import { createHash } from "node:crypto";
import { join } from "node:path";
import { makeGraph, makeNode, makeTensor } from "../../src/kernel-helpers/graph/onnx/create-graph.js";
import { writeGraphFile } from "../../src/kernel-helpers/graph/onnx/write-graph.js";
import { seededRandom } from "../../src/kernel-helpers/support/random.js";

const CHANNELS = [3, 16, 32, 64, 128, 128];

/** Writes the network into a folder and returns its path. */
export async function writeRandomNetwork(folder: string, seed = 0): Promise<string> {
  const random = seededRandom(seed);
  const normal = () => {
    let sum = -6;
    for (let i = 0; i < 12; i++) sum += random();
    return sum;
  };
  const nodes = [];
  const initializers = [];
  let value = "image";
  for (let layer = 1; layer < CHANNELS.length; layer++) {
    const [from, to] = [CHANNELS[layer - 1], CHANNELS[layer]];
    const spread = Math.sqrt(2 / (9 * from));
    const weights = Float32Array.from({ length: to * from * 9 }, () => normal() * spread);
    initializers.push(makeTensor(`w${layer}`, [to, from, 3, 3], weights));
    nodes.push(
      makeNode("Conv", [value, `w${layer}`], [`c${layer}`], {
        strides: [2, 2],
        pads: [1, 1, 1, 1],
        kernel_shape: [3, 3],
      }),
    );
    nodes.push(makeNode("Relu", [`c${layer}`], [`r${layer}`]));
    value = `r${layer}`;
  }
  const last = CHANNELS[CHANNELS.length - 1];
  initializers.push(makeTensor("classes", [2, last], new Float32Array(2 * last).fill(0.01)));
  nodes.push(makeNode("GlobalAveragePool", [value], ["pooled"]), makeNode("Flatten", ["pooled"], ["features"]));
  nodes.push(makeNode("Gemm", ["features", "classes"], ["logits"], { transB: 1 }));
  const graph = makeGraph({
    inputs: [{ name: "image", dims: ["N", 3, 224, 224] }],
    outputs: [{ name: "logits", dims: ["N", 2] }],
    nodes,
    initializers,
  });
  const path = join(folder, `random-${createHash("sha256").update(String(seed)).digest("hex").slice(0, 8)}.onnx`);
  await writeGraphFile(graph, path);
  return path;
}
