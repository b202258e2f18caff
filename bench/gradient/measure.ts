// What the gradient benches share: which networks, sessions with fixed inputs, interleaved timing, comparison, .npy files.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Graph } from "../../src/kernel-helpers/graph/onnx/graph.js";
import { readGraph } from "../../src/kernel-helpers/graph/onnx/read-graph.js";
import { writeGraph } from "../../src/kernel-helpers/graph/onnx/write-graph.js";
import { median } from "../../src/kernel-helpers/support/statistics.js";

/** The folder that is named first and its networks, or those that are named after it; ends the process without one. */
export function chosenNetworks(
  [folder, ...chosen]: readonly string[],
  usage: string,
): { readonly folder: string; readonly networks: readonly string[] } {
  if (!folder) {
    console.error(`usage: ${usage}`);
    process.exit(2);
  }
  if (chosen.length > 0) return { folder, networks: chosen };
  const written = readdirSync(folder).filter((file) => file.endsWith(".gradient.txt"));
  return { folder, networks: written.map((file) => file.slice(0, -".gradient.txt".length)).sort() };
}

/** What reference.py wrote of a network: arrays by name, the graph, and the class that it looked at. */
export async function readCase(folder: string, network: string) {
  return {
    array: (key: string) => npyFloats(join(folder, `${network}.${key}.npy`)),
    graph: await readGraph(join(folder, `${network}.onnx`)),
    classIndex: Number(readFileSync(join(folder, `${network}.gradient.txt`), "utf8")),
  };
}

/** Looks at one network after another, says how many failed, and sets the exit code. */
export async function reportEach(
  networks: readonly string[],
  isGood: (network: string) => Promise<boolean>,
): Promise<void> {
  let failures = 0;
  for (const network of networks) failures += Number(!(await isGood(network)));
  console.log(failures === 0 ? "all as expected" : `${failures} networks failed`);
  process.exitCode = failures === 0 ? 0 : 1;
}

/** Numbers with a shape. */
export interface Fed {
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

/** A graph that ONNX Runtime runs on the same inputs again and again. */
export interface Runner {
  readonly run: () => Promise<Record<string, Float32Array>>;
  readonly release: () => Promise<void>;
}

/** Opens a graph; 0 threads leaves their number to ONNX Runtime. */
export async function openSession(
  graph: Graph,
  { threads, device }: { readonly threads: number; readonly device: string },
  inputs: Readonly<Record<string, Fed>>,
): Promise<Runner> {
  const ort = await import("onnxruntime-node");
  const session = await ort.InferenceSession.create(writeGraph(graph), {
    executionProviders: [device],
    intraOpNumThreads: threads,
    logSeverityLevel: 3,
  });
  const feeds = Object.fromEntries(
    Object.entries(inputs).map(([name, { dims, data }]) => [name, new ort.Tensor("float32", data, dims)]),
  );
  return {
    run: async () => {
      const outputs = await session.run(feeds);
      return Object.fromEntries(Object.entries(outputs).map(([name, { data }]) => [name, data as Float32Array]));
    },
    release: () => session.release(),
  };
}

/** What time is measured by: `cpu` is the processor time of this process, which other work on the machine leaves alone. */
export type Clock = "wall" | "cpu";

/** Median milliseconds of each task, the tasks taking turns so that a busy moment hits all of them. */
export async function interleavedMedians(
  runs: number,
  tasks: readonly (() => Promise<unknown>)[],
  clock: Clock = "wall",
): Promise<number[]> {
  const now = () => {
    if (clock === "wall") return performance.now();
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  };
  const times = tasks.map((): number[] => []);
  for (let round = -2; round < runs; round++) {
    for (const [i, task] of tasks.entries()) {
      const start = now();
      await task();
      if (round >= 0) times[i].push(now() - start);
    }
  }
  return times.map(median);
}

/** Relative to the largest number that is compared with. */
export function largestDifference(actual: ArrayLike<number>, expected: Float32Array): number {
  if (actual.length !== expected.length) return Infinity;
  const scale = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return expected.reduce((most, value, i) => Math.max(most, Math.abs(value - actual[i])), 0) / scale;
}

/** Float32 data of an .npy file: a header, then numbers. */
export function npyFloats(path: string): Float32Array {
  const bytes = readFileSync(path);
  return new Float32Array(Uint8Array.from(bytes.subarray(10 + bytes.readUInt16LE(8))).buffer);
}
