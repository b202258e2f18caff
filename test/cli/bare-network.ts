import { writeFileSync } from "node:fs";
import { makeGraph } from "../../src/kernel-helpers/graph/onnx/create-graph.js";
import type { Graph } from "../../src/kernel-helpers/graph/onnx/graph.js";
import { writeGraph } from "../../src/kernel-helpers/graph/onnx/write-graph.js";
import { runCli } from "../../src/cli/main.js";
import { Builder, SMALL } from "../kernel-helpers/graph/build-graph.js";

/** The names of the small network's classes. */
export const NAMES = [..."abcdefghij"].slice(0, SMALL.classes);

/** Writes a small network with nothing beside it: 3×32×32 → maps of 8×8 → average → classes. */
export function writeBareNetwork(path: string, metadata: Readonly<Record<string, string>> = {}): void {
  writeFileSync(path, writeGraph(bareNetwork({ metadata })));
}

/** That network; where it takes bytes, they are channels last. */
export function bareNetwork({
  metadata = {},
  batch = "N",
  bytes = false,
}: {
  readonly metadata?: Readonly<Record<string, string>>;
  readonly batch?: string | number;
  readonly bytes?: boolean;
}): Graph {
  const b = new Builder();
  const image = bytes ? b.node("Transpose", [b.node("Cast", ["image"], { to: 1 })], { perm: [0, 3, 1, 2] }) : "image";
  const first = b.node("Conv", [image, b.floats([SMALL.channels, 3, 4, 4])], { strides: [4, 4] });
  const pooled = b.node("Flatten", [b.node("GlobalAveragePool", [b.node("Relu", [first])])]);
  const scores = b.node("Gemm", [pooled, b.floats([SMALL.classes, SMALL.channels])], { transB: 1 });
  return makeGraph({
    inputs: [
      bytes
        ? { name: "image", dims: [batch, 32, 32, 3], type: "uint8" }
        : { name: "image", dims: [batch, 3, 32, 32], type: "float32" },
    ],
    outputs: [{ name: scores }],
    nodes: b.nodes,
    initializers: b.initializers,
    metadata,
  });
}

/** Runs the command line in this process. */
export async function runHere(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const texts = { stdout: "", stderr: "" };
  const { stdout, stderr } = process;
  const usual = { stdout: stdout.write.bind(stdout), stderr: stderr.write.bind(stderr) };
  for (const name of ["stdout", "stderr"] as const) {
    // What is no text is the test runner's own report.
    process[name].write = (text: string | Uint8Array) => {
      if (typeof text !== "string") return usual[name](text);
      texts[name] += text;
      return true;
    };
  }
  try {
    const code = await runCli(args);
    return { code, ...texts };
  } finally {
    for (const name of ["stdout", "stderr"] as const) process[name].write = usual[name];
  }
}
