import { CamlabError, invalid } from "../../support/errors.js";
import { makePort } from "../onnx/create-graph.js";
import { withOutputs } from "../surgery/cut-graph.js";
import { elementTypeOf } from "../onnx/element-type.js";
import { changedGraph } from "../onnx/changed-graph.js";
import type { Graph } from "../onnx/graph.js";
import { inferShapes } from "../shapes/infer-shapes.js";
import type { Shape } from "../shapes/shape.js";
import { changed } from "../onnx/messages.js";
import { dataTypeOf, isFloat } from "../onnx/tensor.js";
import type { GraphProto, NodeProto } from "../onnx/onnx.js";
import { activeValues, movesQuantised } from "./active-values.js";
import { Emitter, freePrefix } from "./emitter.js";
import { knownLists } from "./known-lists.js";
import { NoGradientError } from "./no-gradient.js";
import { ruleOf } from "./rules/rules.js";
import { refused, type ReluRule, type Step } from "./step.js";
import { requireGraph } from "../onnx/require-graph.js";

export type { ReluRule } from "./step.js";

/** What `gradientOf` differentiates. */
export interface GradientOptions {
  /** The value that is differentiated, e.g. the logits. */
  readonly output: string;
  /** The values that it is differentiated by: inputs of the graph, or anything computed inside, such as feature maps. */
  readonly withRespectTo: string | readonly string[];
  /** What the new input is called; `"seed"` unless given. */
  readonly seed?: string;
  /** Which of the network's own values the new graph gives as well; the graph's outputs unless given. */
  readonly outputs?: readonly string[];
  /** How to go back through ReLU and ReLU6; by the gradient unless given, the others give pictures and no derivative. */
  readonly relu?: ReluRule;
}

/**
 * What `gradientOf` calls the gradient with respect to a value.
 *
 * @example
 * graph.gradientName("input"); // "camlab_gradient_input"
 */
export function gradientName(value: string): string {
  return `camlab_gradient_${value}`;
}

/** Operator sets before this one lack what the backward pass is written with. */
const OLDEST_OPSET = 9;

/**
 * Appends the backward pass to a network, written in ONNX operators: the new graph also computes
 * d(Σ seed · output) / d(value) for each value asked for, as an output of the value's own shape that is called
 * `gradientName(value)`. The seed is a new float32 input of the output's shape: with a one-hot row per photo
 * (1 at a class, 0 elsewhere) one session gives the gradient of any class's score, another class for every photo of
 * a batch. Gradients are float32 whatever the network computes with.
 *
 * Only nodes on the way between the values and the output need a known gradient. The operators are written in the form
 * of the network's own operator set (9 or newer), so nothing in the network is converted. Height and width must be
 * fixed, the batch may be open. At kinks the gradient is PyTorch's; weights are neither changed nor copied. Of a network
 * in the QDQ format rounding counts as the identity, and saturation has no gradient (a straight-through estimator).
 *
 * @throws CamlabError when a name is no value of the graph, the output does not depend on it, or a node between them
 *   cannot be differentiated (the message names the node and its operator); when a rule for ReLU was asked for, and there is
 *   none between them
 * @example
 * const gradients = graph.gradientOf(net, { output: "logits", withRespectTo: "input" });
 * using engine = await engines.createOnnxRuntimeEngine(graph.writeGraph(gradients));
 * const seed = { dims: [1, 1000], data: new Float32Array(1000) };
 * const input = { dims: [1, 3, 224, 224], data: new Float32Array(3 * 224 * 224) };
 * seed.data[281] = 1;
 * const saliency = (await engine.run({ input, seed }))[graph.gradientName("input")]; // 1 × 3 × 224 × 224
 */
export function gradientOf(graph: Graph, options: GradientOptions): Graph {
  requireGraph(graph);
  const { output, seed = "seed", relu = "gradient" } = options;
  const targets = [options.withRespectTo].flat();
  const outputs = options.outputs ?? graph.outputs.map(({ name }) => name);
  check(graph, output, targets, seed);
  const shapes = inferShapes(graph);
  const emit = new Emitter(graph.opset, freePrefix(graph, "backward"));
  const active = activeValues(graph, targets, output);
  const still = targets.find((name) => !active.has(name));
  if (still !== undefined) {
    throw new NoGradientError(`cannot differentiate "${output}" by "${still}": "${output}" does not depend on it`);
  }
  const pass = new BackwardPass(graph, shapes, active, emit, relu);
  const gradients = pass.run(output, seed);
  if (relu !== "gradient" && !pass.hasRelu) {
    throw new NoGradientError(
      `there is no ReLU between "${targets.join('", "')}" and "${output}": the ${relu} rule would change nothing, and its picture be that of the gradient`,
    );
  }
  for (const name of targets) {
    const gradient = gradients.get(name) as string;
    const type = elementTypeOf(graph, name);
    const last = type === "float32" ? emit.node("Identity", [gradient]) : emit.cast(gradient, "float32");
    renameOutput(emit.nodes, last, gradientName(name));
  }
  const proto = graph.model.graph as GraphProto;
  const port = (name: string, like: string) => makePort(name, shapes.get(like));
  const whole = changedGraph(graph, {
    node: [...proto.node, ...emit.nodes],
    initializer: [...proto.initializer, ...emit.initializers],
    input: [...proto.input, port(seed, output)],
    output: [...proto.output, ...targets.map((name) => port(gradientName(name), name))],
  });
  return withOutputs(whole, [...outputs, ...targets.map(gradientName)]);
}

/** Goes through the nodes from the last to the first and gathers the gradient of every active value. */
class BackwardPass {
  /** Whether it came through a ReLU, by whatever rule. */
  hasRelu = false;
  readonly #gradients = new Map<string, string>();
  readonly #list: Step["list"];
  #seed = "";

  constructor(
    readonly graph: Graph,
    readonly shapes: ReadonlyMap<string, Shape>,
    readonly active: ReadonlySet<string>,
    readonly emit: Emitter,
    readonly relu: ReluRule,
  ) {
    this.#list = knownLists(graph, shapes);
  }

  run(output: string, seed: string): ReadonlyMap<string, string> {
    const type = elementTypeOf(this.graph, output);
    this.#seed = type === "float32" ? seed : this.emit.cast(seed, type);
    this.#gradients.set(output, this.#seed);
    for (const node of [...this.graph.nodes].reverse()) {
      if (node.output.some((name) => this.#gradients.has(name))) this.#through(node);
    }
    return this.#gradients;
  }

  #through(node: NodeProto): void {
    const wants = (index: number) => this.active.has(node.input[index]);
    if (!node.input.some((_, index) => wants(index))) return;
    const rule = ruleOf(node);
    const known = node.output.find((name) => this.#gradients.has(name)) as string;
    const type = elementTypeOf(this.graph, known);
    const isWhole = !isFloat(dataTypeOf(type));
    if (isWhole && !movesQuantised(node)) throw refused(node, "it computes in whole numbers");
    this.emit.type = isWhole ? "float32" : type;
    const rectifierRule = () => {
      this.hasRelu = true;
      return this.relu;
    };
    const step: Step = {
      graph: this.graph,
      node,
      gradient: this.#gradients.get(node.output[0]) ?? "",
      gradients: node.output.map((name) => this.#gradients.get(name)),
      wants,
      shape: (name) => this.#shape(node, name),
      list: this.#list,
      emit: this.emit,
      rectifierRule,
      seed: this.#seed,
    };
    if (step.gradient === "" && node.opType !== "Split") {
      throw refused(node, `the gradient of its output "${known}" is not known, only that of the first`);
    }
    rule(step).forEach((gradient, index) => {
      if (gradient !== undefined && wants(index)) this.#gather(node.input[index], gradient);
    });
  }

  #gather(name: string, gradient: string): void {
    const before = this.#gradients.get(name);
    this.#gradients.set(name, before === undefined ? gradient : this.emit.add(before, gradient));
  }

  #shape(node: NodeProto, name: string): Shape {
    const shape = this.shapes.get(name);
    if (shape) return shape;
    throw refused(node, `the shape of "${name}" does not follow from the network's inputs`);
  }
}

function check(graph: Graph, output: string, targets: readonly string[], seed: string): void {
  if (graph.opset < OLDEST_OPSET) {
    throw new NoGradientError(
      `cannot differentiate a network of operator set ${graph.opset}: gradients need ${OLDEST_OPSET} or newer, ` +
        "export it again, e.g. with opset_version=13",
    );
  }
  if (!graph.producer(output)) throw invalid("output", output, "a value that a node computes, such as the logits");
  const inputs = new Set(graph.inputs.map(({ name }) => name));
  for (const name of targets) {
    if (!inputs.has(name) && !graph.producer(name)) {
      throw invalid("withRespectTo", name, "an input of the graph or a value that a node computes");
    }
    if (isTaken(graph, gradientName(name))) {
      throw new CamlabError(`this graph already computes a gradient with respect to "${name}": begin with the network`);
    }
  }
  if (targets.length === 0 || new Set(targets).size !== targets.length) {
    throw invalid("withRespectTo", targets, "one or more values, each once");
  }
  if (isTaken(graph, seed)) throw invalid("seed", seed, "a name that the graph does not use yet");
}

function isTaken(graph: Graph, name: string): boolean {
  return (
    graph.producer(name) !== undefined ||
    graph.initializer(name) !== undefined ||
    graph.inputs.some((input) => input.name === name)
  );
}

function renameOutput(nodes: NodeProto[], from: string, to: string): void {
  const at = nodes.findIndex(({ output }) => output[0] === from);
  nodes[at] = changed(nodes[at], { output: [to], name: to });
}
