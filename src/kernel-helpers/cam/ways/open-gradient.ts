// The backward pass of a network, opened to be asked: what a class's score depends on, and how.
import type { Tensor } from "../../engines/engine.js";
import { gradientName, gradientOf, type GradientOptions } from "../../graph/gradient/gradient-of.js";
import { withFloatPorts } from "../../graph/surgery/float-ports.js";
import { inferShapes } from "../../graph/shapes/infer-shapes.js";
import type { Network } from "../../networks/network.js";
import { CamlabError } from "../../support/errors.js";
import { engineLike } from "./engine-like.js";
import { type InputPixels, scoredGraph } from "./scored-graph.js";

/** What is differentiated by, and how. */
export interface GradientQuestion {
  /** Values of the graph; `"input"` for the graph's own input. */
  readonly by: readonly string[];
  readonly relu?: GradientOptions["relu"];
  /** The values themselves are given, too. */
  readonly withValue?: boolean;
}

/** A gradient, and what it is by where that was asked for. */
export interface FoundGradient {
  readonly gradient: Tensor;
  readonly value?: Tensor;
}

/** A backward pass that is open. */
export interface OpenGradient {
  /** ∂S_c/∂value for each of `count` inputs, one a value. */
  readonly run: (inputs: Float32Array, count: number, index: number) => Promise<readonly FoundGradient[]>;
  readonly dispose: () => void;
}

/**
 * Opens the backward pass of a network.
 *
 * @throws CamlabError as `scoredGraph` and `gradientOf` do
 */
export async function openGradient(
  network: Network,
  { by, relu, withValue = false }: GradientQuestion,
  { width, height }: InputPixels,
): Promise<OpenGradient> {
  const { graph, scores: logits, classes } = await scoredGraph(network, { width, height });
  const input = graph.inputs[0].name;
  const targets = by.map((name) => (name === "input" ? input : name));
  const outputs = [logits, ...(withValue ? targets : [])];
  const whole = gradientOf(graph, { output: logits, withRespectTo: targets, outputs, relu });
  const engine = await engineLike(network, withFloatPorts(whole));
  const trailing = Math.max(0, (inferShapes(graph).get(logits)?.length ?? 2) - 2);
  const run: OpenGradient["run"] = async (inputs, count, index) => {
    if (index >= classes) throw new CamlabError(`there is no class ${index} among ${classes}`);
    const seed = new Float32Array(count * classes);
    for (let i = 0; i < count; i++) seed[i * classes + index] = 1;
    const found = await engine.run({
      [input]: { dims: [count, 3, height, width], data: inputs },
      seed: { dims: [count, classes, ...Array<number>(trailing).fill(1)], data: seed },
    });
    return targets.map((target) => ({
      gradient: found[gradientName(target)],
      ...(withValue && { value: found[target] }),
    }));
  };
  return { run: graph.batch === 1 ? oneByOne(run) : run, dispose: () => engine.dispose() };
}

/** A graph that takes one photo is asked photo by photo. */
function oneByOne(run: OpenGradient["run"]): OpenGradient["run"] {
  return async (inputs, count, index) => {
    const each = inputs.length / count;
    const parts: Awaited<ReturnType<OpenGradient["run"]>>[] = [];
    for (let i = 0; i < count; i++) parts.push(await run(inputs.subarray(i * each, (i + 1) * each), 1, index));
    return parts[0].map(({ value }, t) => ({
      gradient: joined(parts.map((part) => part[t].gradient)),
      ...(value && { value: joined(parts.map((part) => part[t].value!)) }),
    }));
  };
}

function joined(parts: readonly Tensor[]): Tensor {
  const data = new Float32Array(parts.length * parts[0].data.length);
  parts.forEach((part, i) => data.set(part.data, i * parts[0].data.length));
  return { dims: [parts.length, ...parts[0].dims.slice(1)], data };
}
