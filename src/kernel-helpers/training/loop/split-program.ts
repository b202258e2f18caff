import { createEngine } from "../../engines/create-engine.js";
import type { Engine } from "../../engines/engine.js";
import { writeGraph } from "../../graph/onnx/write-graph.js";
import { splitGraph, type SplitGraph } from "../parameters/split-graph.js";
import { RunningAverages } from "./running-averages.js";
import type { Between, StepSetting } from "./step-program.js";

/** A network in two, ready to learn: the part before the first learned weight runs in ONNX Runtime, whatever learns the rest. */
export class SplitProgram {
  readonly averages: RunningAverages;
  readonly split: SplitGraph;
  readonly #input: string;
  readonly #frozen?: Engine;

  private constructor(averages: RunningAverages, split: SplitGraph, input: string, frozen: Engine | undefined) {
    [this.averages, this.split, this.#input, this.#frozen] = [averages, split, input, frozen];
  }

  static async open(setting: StepSetting): Promise<SplitProgram> {
    const averages = new RunningAverages(setting);
    const open = [...setting.names, ...averages.list.map(({ name }) => name)];
    const split = splitGraph(setting.graph, open, setting.logits);
    const frozen = split.frozen && (await createEngine(writeGraph(split.frozen), { engine: "onnxruntime" }));
    return new SplitProgram(averages, split, setting.graph.inputs[0].name, frozen);
  }

  /** Whether the learned part begins at the network's input. */
  get startsAtInput(): boolean {
    return this.#frozen === undefined;
  }

  /** What the learned part reads of some pictures (N×H×W×3, as numbers). */
  async run(pixels: Float32Array, [count, height, width]: readonly [number, number, number]): Promise<Between> {
    const input = { dims: [count, 3, height, width], data: planar(pixels, count, height * width) };
    const outputs = await this.#frozen?.run({ [this.#input]: input });
    const all: Between = { ...outputs, [this.#input]: input };
    return Object.fromEntries(this.split.between.map((name) => [name, all[name]]));
  }

  dispose(): void {
    this.#frozen?.dispose();
  }
}

/** N×H×W×3 as N×3×H×W. */
function planar(pixels: Float32Array, count: number, area: number): Float32Array {
  const result = new Float32Array(pixels.length);
  for (let image = 0, from = 0; image < count; image++) {
    const start = image * area * 3;
    for (let i = start; i < start + area; i++) {
      result[i] = pixels[from++];
      result[i + area] = pixels[from++];
      result[i + 2 * area] = pixels[from++];
    }
  }
  return result;
}
