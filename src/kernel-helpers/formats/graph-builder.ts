import {
  makeGraph,
  makeNode,
  makeStoredTensor,
  makeTensor,
  type AttributeValue,
  type GraphParts,
} from "../graph/onnx/create-graph.js";
import type { Dim, Graph } from "../graph/onnx/graph.js";
import type { NodeProto, TensorProto } from "../graph/onnx/onnx.js";
import { elementCount, tensorDims } from "../graph/onnx/tensor.js";
import { inferShapes } from "../graph/shapes/infer-shapes.js";
import type { Shape } from "../graph/shapes/shape.js";
import { CamlabError } from "../support/errors.js";

/** Puts an ONNX graph together node by node, finds names that are free, and knows the shape of each value. */
export class GraphBuilder {
  readonly #inputs: GraphParts["inputs"][number][] = [];
  readonly #nodes: NodeProto[] = [];
  readonly #initializers = new Map<string, TensorProto>();
  readonly #shapes = new Map<string, Shape>();
  readonly #names = new Set<string>();

  /** What the graph is fed with. */
  input(wanted: string, dims: readonly Dim[]): string {
    const name = this.name(wanted);
    this.#inputs.push({ name, dims });
    this.#shapes.set(name, dims);
    return name;
  }

  /** The sizes of a value; undefined where they do not follow from the inputs' sizes. */
  shapeOf(value: string): Shape | undefined {
    return this.#shapes.get(value);
  }

  /** The name itself where it is free, else with a number behind it; taken from now on. */
  name(wanted: string): string {
    const base = wanted === "" ? "value" : wanted;
    let name = base;
    for (let i = 2; this.#names.has(name); i++) name = `${base}_${i}`;
    this.#names.add(name);
    return name;
  }

  /**
   * A node with one output.
   *
   * @param wanted what its output is called where that name is free
   * @returns the output's name
   */
  node(
    operator: string,
    inputs: readonly string[],
    wanted: string,
    attributes: Readonly<Record<string, AttributeValue>> = {},
  ): string {
    return this.nodes(operator, inputs, [wanted], attributes)[0];
  }

  /**
   * A node with several outputs.
   *
   * @throws CamlabError when a list among its attributes holds what is no whole number
   */
  nodes(
    operator: string,
    inputs: readonly string[],
    wanted: readonly string[],
    attributes: Readonly<Record<string, AttributeValue>> = {},
  ): string[] {
    for (const [name, value] of Object.entries(attributes))
      if (Array.isArray(value)) checkWhole(`${wanted[0]}, ${name}`, value as readonly number[]);
    const outputs = wanted.map((each) => this.name(each));
    const node = makeNode(operator, inputs, outputs, attributes);
    this.#nodes.push(node);
    for (const [name, shape] of this.#inferred(node)) this.#shapes.set(name, shape);
    return outputs;
  }

  /**
   * Stored float32 numbers; an array or its bytes, which are shared, not copied.
   *
   * @throws CamlabError when they do not fill their sizes
   */
  floats(wanted: string, dims: readonly number[], data: Float32Array | Uint8Array): string {
    const count = elementCount(dims);
    const found = data instanceof Float32Array ? data.length : data.byteLength / 4;
    if (found !== count) {
      throw new CamlabError(
        `the weights "${wanted}" hold ${found} numbers, their sizes ${dims.join("×")} take ${count}`,
      );
    }
    const name = this.name(wanted);
    return this.#store(
      data instanceof Float32Array ? makeTensor(name, dims, data) : makeStoredTensor(name, dims, "float32", data),
    );
  }

  /** A single stored number, without axes unless `dims` says so. */
  number(wanted: string, value: number, dims: readonly number[] = []): string {
    return this.floats(wanted, dims, Float32Array.of(value));
  }

  /**
   * A stored list of whole numbers: a shape, axes.
   *
   * @throws CamlabError when one is none
   */
  wholeNumbers(wanted: string, values: readonly number[]): string {
    checkWhole(wanted, values);
    return this.#store(makeTensor(this.name(wanted), [values.length], values));
  }

  /** The graph of everything that its outputs need. */
  finish({ outputs, ...more }: { readonly outputs: readonly string[] } & Pick<GraphParts, "name" | "opset">): Graph {
    const needed = new Set(outputs);
    const nodes: NodeProto[] = [];
    for (const node of [...this.#nodes].reverse()) {
      if (!node.output.some((name) => needed.has(name))) continue;
      nodes.unshift(node);
      for (const name of node.input) needed.add(name);
    }
    return makeGraph({
      ...more,
      inputs: this.#inputs.filter(({ name }) => needed.has(name)),
      outputs: outputs.map((name) => ({ name, dims: this.#shapes.get(name) })),
      nodes,
      initializers: [...this.#initializers.values()].filter(({ name }) => needed.has(name)),
    });
  }

  #store(tensor: TensorProto): string {
    this.#initializers.set(tensor.name, tensor);
    this.#shapes.set(tensor.name, tensorDims(tensor));
    return tensor.name;
  }

  /** The shapes of one node's outputs: a graph of this node alone tells them. */
  #inferred(node: NodeProto): (readonly [string, Shape])[] {
    const initializers = node.input.flatMap((name) => this.#initializers.get(name) ?? []);
    const inputs = node.input
      .filter((name) => name !== "" && !this.#initializers.has(name))
      .map((name) => ({ name, dims: this.#shapes.get(name) }));
    const shapes = inferShapes(makeGraph({ inputs, outputs: [], nodes: [node], initializers }));
    return node.output.flatMap((name) => {
      const shape = shapes.get(name);
      return shape === undefined ? [] : [[name, shape] as const];
    });
  }
}

/** A damaged file may give sides, strides and axes as fractions. */
function checkWhole(what: string, values: readonly number[]): void {
  if (!values.every((value) => Number.isSafeInteger(value)))
    throw new CamlabError(`"${what}" should be whole numbers, not ${values.join(", ")}`);
}
