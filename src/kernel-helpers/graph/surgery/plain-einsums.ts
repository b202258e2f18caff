import { textAttribute } from "../onnx/attributes.js";
import { constantOf, isConstant, type Constant } from "../onnx/constants.js";
import { makeNode, makeTensor } from "../onnx/create-graph.js";
import { elementTypeOf } from "../onnx/element-type.js";
import { changedGraph } from "../onnx/changed-graph.js";
import { isStandard, type Graph } from "../onnx/graph.js";
import type { GraphProto, NodeProto, TensorProto } from "../onnx/onnx.js";
import { inferShapes } from "../shapes/infer-shapes.js";
import type { Shape } from "../shapes/shape.js";

/**
 * The same network, with each Einsum of one value, or of one value and a constant, written as sums, products and 1×1
 * convolutions: a classifier "bchw,kc->bk" that pools by itself is a sum over places, then a matrix.
 *
 * @example
 * withPlainEinsums(await graph.readGraph("einsum.onnx"));
 */
export function withPlainEinsums(graph: Graph): Graph {
  if (!graph.nodes.some((node) => node.opType === "Einsum" && isStandard(node))) return graph;
  const shapes = inferShapes(graph);
  const replaced = new Map<NodeProto, readonly NodeProto[]>();
  const initializers: TensorProto[] = [];
  for (const node of graph.nodes) {
    if (node.opType !== "Einsum" || !isStandard(node)) continue;
    const product = productOf(graph, node, shapes);
    const steps = product && new Steps(graph.opset, product, node.output[0]);
    const nodes = steps?.written();
    if (!steps || !nodes) continue;
    replaced.set(node, nodes);
    initializers.push(...steps.initializers);
  }
  if (replaced.size === 0) return graph;
  const proto = graph.model.graph as GraphProto;
  return changedGraph(graph, {
    node: proto.node.flatMap((node) => replaced.get(node) ?? [node]),
    initializer: [...proto.initializer, ...initializers],
  });
}

/** An Einsum in letters: a value, perhaps a constant, and what comes out. */
interface Product {
  readonly value: string;
  readonly letters: string;
  readonly dims: Shape;
  readonly constant?: { readonly letters: string; readonly of: Constant };
  readonly output: string;
}

function productOf(graph: Graph, node: NodeProto, shapes: ReadonlyMap<string, Shape>): Product | undefined {
  const data = node.input.findIndex((name) => !isConstant(graph, name));
  const [value, dims] = [node.input[data], shapes.get(node.input[data])];
  if (data < 0 || node.input.length > 2 || !dims || elementTypeOf(graph, value) !== "float32") return undefined;
  const other = node.input[1 - data];
  const of = other === undefined ? undefined : constantOf(graph, other);
  if (other !== undefined && !of) return undefined;
  const ranks = node.input.map((_, i) => (i === data ? dims.length : (of?.dims.length ?? 0)));
  const equation = inLetters(textAttribute(node, "equation", ""), ranks);
  if (!equation) return undefined;
  const letters = equation.terms[data];
  const constant = of && { letters: equation.terms[1 - data], of };
  const repeats = [letters, constant?.letters ?? ""].some((term) => new Set(term).size !== term.length);
  return repeats ? undefined : { value, letters, dims, ...(constant && { constant }), output: equation.output };
}

/** An equation with a letter for each axis, also for those that "..." stands for, and its output said. */
function inLetters(
  equation: string,
  ranks: readonly number[],
): { readonly terms: readonly string[]; readonly output: string } | undefined {
  const [left, right] = equation.replaceAll(" ", "").split("->");
  const given = left.split(",");
  if (given.length !== ranks.length) return undefined;
  const free = [..."αβγδεζηθικλμ"];
  const widths = given.map((term, i) => (term.includes("...") ? ranks[i] - (term.length - 3) : 0));
  if (widths.some((width) => width < 0 || width > free.length)) return undefined;
  const spelled = (width: number) => free.slice(free.length - width).join("");
  const terms = given.map((term, i) => term.replace("...", spelled(widths[i])));
  if (terms.some((term, i) => term.length !== ranks[i])) return undefined;
  const broadcast = spelled(Math.max(...widths));
  const all = [...terms.join("")];
  const single = [...new Set(all)].filter(
    (letter) => all.indexOf(letter) === all.lastIndexOf(letter) && !broadcast.includes(letter),
  );
  return { terms, output: right?.replace("...", broadcast) ?? broadcast + single.sort().join("") };
}

/** Writes one Einsum in plain operators. */
class Steps {
  readonly initializers: TensorProto[] = [];
  readonly #nodes: NodeProto[] = [];
  #at: string;
  #letters: string;

  constructor(
    readonly opset: number,
    readonly product: Product,
    readonly name: string,
  ) {
    this.#at = product.value;
    this.#letters = product.letters;
  }

  /** The nodes, the last of which gives the Einsum's output; undefined where it is something else. */
  written(): readonly NodeProto[] | undefined {
    const { letters, dims, constant, output } = this.product;
    const gone = [...letters].filter((letter) => !output.includes(letter) && !constant?.letters.includes(letter));
    const axes = gone.map((letter) => letters.indexOf(letter)).sort((a, b) => a - b);
    const summed = axes.filter((axis) => dims[axis] !== 1);
    // An axis of one holds nothing to sum over.
    this.#without(
      "Squeeze",
      axes.filter((axis) => dims[axis] === 1),
    );
    this.#without(
      "ReduceSum",
      summed.map((axis) => this.#letters.indexOf(letters[axis])),
    );
    if (constant && !this.#times(constant)) return undefined;
    if (!this.#ordered(output)) return undefined;
    if (this.#at !== this.name) this.#add("Identity", [this.#at], {}, this.name);
    return this.#nodes;
  }

  #times({ letters, of }: { readonly letters: string; readonly of: Constant }): boolean {
    const { output } = this.product;
    const own = [...letters];
    const summed = own.filter((letter) => this.#letters.includes(letter) && !output.includes(letter));
    const made = own.filter((letter) => !this.#letters.includes(letter) && output.includes(letter));
    if (own.length === 1 && summed.length === 0 && made.length === 0) return this.#scaled(own[0], of);
    if (own.length !== 2 || summed.length !== 1 || made.length !== 1) return false;
    const axis = this.#letters.indexOf(summed[0]);
    const [rows, columns] = of.dims;
    const classesFirst = letters[0] === made[0];
    const [classes, channels] = classesFirst ? [rows, columns] : [columns, rows];
    const at = (c: number, k: number) => Number(of.data[classesFirst ? c * channels + k : k * classes + c]);
    if (axis === 1 && this.#letters.length === 4) {
      const kernel = Float32Array.from({ length: classes * channels }, (_, i) =>
        at(Math.floor(i / channels), i % channels),
      );
      this.#add("Conv", [this.#at, this.#constant("kernel", [classes, channels, 1, 1], kernel)]);
    } else {
      if (axis !== this.#letters.length - 1) return false;
      const matrix = Float32Array.from({ length: classes * channels }, (_, i) =>
        at(i % classes, Math.floor(i / classes)),
      );
      this.#add("MatMul", [this.#at, this.#constant("matrix", [channels, classes], matrix)]);
    }
    this.#letters = this.#letters.replace(summed[0], made[0]);
    return true;
  }

  #scaled(letter: string, of: Constant): boolean {
    const dims = [...this.#letters].map((each) => (each === letter ? of.data.length : 1));
    this.#add("Mul", [this.#at, this.#constant("factors", dims, Float32Array.from(of.data))]);
    return true;
  }

  #ordered(output: string): boolean {
    if (output.length !== this.#letters.length) return false;
    const perm = [...output].map((letter) => this.#letters.indexOf(letter));
    if (perm.includes(-1)) return false;
    if (perm.some((axis, i) => axis !== i)) this.#add("Transpose", [this.#at], { perm });
    return true;
  }

  #without(op: "Squeeze" | "ReduceSum", axes: readonly number[]): void {
    if (axes.length === 0) return;
    const more: Record<string, number> = op === "ReduceSum" ? { keepdims: 0 } : {};
    if (this.opset < 13) this.#add(op, [this.#at], { axes, ...more });
    else this.#add(op, [this.#at, this.#constant(`${op.toLowerCase()}_axes`, [axes.length], axes)], more);
    this.#letters = [...this.#letters].filter((_, axis) => !axes.includes(axis)).join("");
  }

  #constant(what: string, dims: readonly number[], data: Float32Array | readonly number[]): string {
    const name = `${this.name}_${what}`;
    this.initializers.push(makeTensor(name, dims, data));
    return name;
  }

  #add(op: string, inputs: readonly string[], attributes: Parameters<typeof makeNode>[3] = {}, output?: string): void {
    const made = output ?? `${this.name}_step_${this.#nodes.length}`;
    this.#nodes.push(makeNode(op, inputs, [made], attributes));
    this.#at = made;
  }
}
