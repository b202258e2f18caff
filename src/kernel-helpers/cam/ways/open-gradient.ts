// The backward pass of a network, opened to be asked: what a class's score depends on, and how.
import type { Tensor } from "../../engines/engine.js";
import { gradientName, gradientOf, type GradientOptions } from "../../graph/gradient/gradient-of.js";
import { headOutputs } from "../../graph/surgery/expose-head.js";
import { withInputSize } from "../../graph/surgery/input-size.js";
import { inferShapes } from "../../graph/shapes/infer-shapes.js";
import type { Network } from "../../networks/network.js";
import { CamlabError } from "../../support/errors.js";
import { engineLike } from "./engine-like.js";

/** Pixels of the network's input. */
export interface InputPixels {
  readonly width: number;
  readonly height: number;
}

/** What is differentiated by, and how. */
export interface GradientQuestion {
  /** A value of the graph; `"input"` for the graph's own input. */
  readonly by: string;
  readonly relu?: GradientOptions["relu"];
  /** The value itself is given, too. */
  readonly withValue?: boolean;
}

/** A backward pass that is open. */
export interface OpenGradient {
  /** ∂S_c/∂value for each of `count` inputs, and the value where that was asked for. */
  readonly run: (
    inputs: Float32Array,
    count: number,
    index: number,
  ) => Promise<{ readonly gradient: Tensor; readonly value?: Tensor }>;
  readonly dispose: () => void;
}

/**
 * Opens the backward pass of a network.
 *
 * @throws CamlabError for a network without its graph, or one that takes several photos at once and no other number, and
 * as `gradientOf` does
 */
export async function openGradient(
  network: Network,
  { by, relu, withValue = false }: GradientQuestion,
  { width, height }: InputPixels,
): Promise<OpenGradient> {
  if (!network.graph) throw new CamlabError("gradients need the network's graph: open it from its file");
  const read = await network.graph();
  const { head } = network;
  // A gradient needs to know how many places there are.
  const graph = network.preprocessing.fit === "whole" ? withInputSize(read, { width, height }) : read;
  const { batch } = graph;
  if (batch !== "any" && batch !== 1)
    throw new CamlabError(`gradients of a network that takes exactly ${batch} photos at once are not known`);
  const input = graph.inputs[0].name;
  const target = by === "input" ? input : by;
  const { logits } = headOutputs(head);
  const outputs = [logits, ...(withValue ? [target] : [])];
  const whole = gradientOf(graph, { output: logits, withRespectTo: target, outputs, relu });
  const engine = await engineLike(network, whole);
  const trailing = Math.max(0, (inferShapes(graph).get(logits)?.length ?? 2) - 2);
  const run: OpenGradient["run"] = async (inputs, count, index) => {
    const classes = head.logits.classes;
    const seed = new Float32Array(count * classes);
    for (let i = 0; i < count; i++) seed[i * classes + index] = 1;
    const found = await engine.run({
      [input]: { dims: [count, 3, height, width], data: inputs },
      seed: { dims: [count, classes, ...Array<number>(trailing).fill(1)], data: seed },
    });
    return { gradient: found[gradientName(target)], ...(withValue && { value: found[target] }) };
  };
  return { run: batch === 1 ? oneByOne(run) : run, dispose: () => engine.dispose() };
}

/** A graph that takes one photo is asked photo by photo. */
function oneByOne(run: OpenGradient["run"]): OpenGradient["run"] {
  return async (inputs, count, index) => {
    const each = inputs.length / count;
    const parts: Awaited<ReturnType<OpenGradient["run"]>>[] = [];
    for (let i = 0; i < count; i++) parts.push(await run(inputs.subarray(i * each, (i + 1) * each), 1, index));
    const gradient = joined(parts.map((part) => part.gradient));
    return { gradient, ...(parts[0].value && { value: joined(parts.map((part) => part.value!)) }) };
  };
}

function joined(parts: readonly Tensor[]): Tensor {
  const data = new Float32Array(parts.length * parts[0].data.length);
  parts.forEach((part, i) => data.set(part.data, i * parts[0].data.length));
  return { dims: [parts.length, ...parts[0].dims.slice(1)], data };
}
