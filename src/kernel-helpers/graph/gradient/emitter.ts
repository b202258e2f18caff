import { makeNode, makeTensor, type AttributeValue } from "../onnx/create-graph.js";
import type { Dim, Graph } from "../onnx/graph.js";
import type { Shape } from "../shapes/shape.js";
import type { NodeProto, TensorProto } from "../onnx/onnx.js";
import { dataTypeOf } from "../onnx/tensor.js";

/** A value by name, or a number that becomes a constant. */
export type Operand = string | number;

/**
 * Writes ONNX operators one after the other, each in the form that the graph's operator set asks for. Every method
 * returns the name of the value that its last operator computes. Real constants take the element type `type`.
 */
export class Emitter {
  readonly nodes: NodeProto[] = [];
  readonly initializers: TensorProto[] = [];
  /** Values that are others times a factor per channel, for a convolution that would rather scale its weights once. */
  readonly scaledChannels = new Map<string, { readonly value: string; readonly factor: string }>();
  /** Element type of the values at hand, e.g. `"float32"`. */
  type = "float32";
  readonly #constants = new Map<string, string>();
  readonly #prefix: string;
  #count = 0;

  readonly add = this.#pairing("Add");
  readonly sub = this.#pairing("Sub");
  readonly mul = this.#pairing("Mul");
  readonly div = this.#pairing("Div");
  readonly pow = this.#pairing("Pow");
  readonly greater = this.#pairing("Greater");
  readonly less = this.#pairing("Less");

  /** `prefix` begins all names; nothing in the graph may begin with it. */
  constructor(
    readonly opset: Graph["opset"],
    prefix: string,
  ) {
    this.#prefix = prefix;
  }

  /** One operator with one output. */
  node(op: string, inputs: readonly string[], attributes: Readonly<Record<string, AttributeValue>> = {}): string {
    return this.nodeOf(op, inputs, attributes, 1)[0];
  }

  /** One operator with several outputs. */
  nodeOf(
    op: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, AttributeValue>>,
    outputs: number,
  ): string[] {
    const names = Array.from({ length: outputs }, () => this.#name(op));
    this.nodes.push(makeNode(op, inputs, names, attributes));
    return names;
  }

  and(a: string, b: string): string {
    return this.node("And", [a, b]);
  }

  not(a: string): string {
    return this.node("Not", [a]);
  }

  /** `value` where `condition` holds, else 0. (Where would do it too; on a CPU it is many times slower.) */
  where(condition: string, value: string): string {
    return this.mul(value, this.number(condition));
  }

  /** 1 where `condition` holds, else 0. */
  number(condition: string): string {
    return this.cast(condition, this.type);
  }

  cast(value: string, type: string): string {
    return this.node("Cast", [value], { to: dataTypeOf(type) });
  }

  /** A constant of real numbers. */
  floats(dims: readonly number[], data: ArrayLike<number>): string {
    const key = `${this.type} ${dims.join()}: ${Array.from(data).join()}`;
    return this.#constant(key, () => {
      const stored = this.#store(makeTensor(this.#name("constant"), dims, Float32Array.from(data)));
      return this.type === "float32" ? stored : this.cast(stored, this.type);
    });
  }

  /** A constant of many real numbers, whose memory is shared where it is float32. */
  tensor(dims: readonly number[], data: Float32Array): string {
    const stored = this.#store(makeTensor(this.#name("constant"), dims, data));
    return this.type === "float32" ? stored : this.cast(stored, this.type);
  }

  /** A constant list of whole numbers. */
  ints(values: readonly number[], dims: readonly number[] = [values.length]): string {
    const key = `int64 ${dims.join()}: ${values.join()}`;
    return this.#constant(key, () => this.#store(makeTensor(this.#name("constant"), dims, values)));
  }

  sum(value: string, axes: readonly number[], keepAxes = true): string {
    if (axes.length === 0) return value;
    const keepdims = Number(keepAxes);
    if (this.opset < 13) return this.node("ReduceSum", [value], { axes, keepdims });
    return this.node("ReduceSum", [value, this.ints(axes)], { keepdims });
  }

  mean(value: string, axes: readonly number[]): string {
    if (this.opset < 18) return this.node("ReduceMean", [value], { axes, keepdims: 1 });
    return this.node("ReduceMean", [value, this.ints(axes)], { keepdims: 1 });
  }

  /** To sizes of which at most one is not a number. */
  reshape(value: string, shape: Shape): string {
    return this.node("Reshape", [value, this.ints(shape.map((dim) => (typeof dim === "number" ? dim : -1)))]);
  }

  /** To the shape of another value, as far as known `shape`. */
  reshapeLike(value: string, like: string, shape: Shape): string {
    return openSizes(shape) <= 1 && !shape.includes(0)
      ? this.reshape(value, shape)
      : this.node("Reshape", [value, this.node("Shape", [like])]);
  }

  /** Repeated along axes of size 1 to the shape of another value; where that is not known, the sizes are equal. */
  expandLike(value: string, shape: Shape): string {
    return this.node("Expand", [value, this.ints(shape.map((dim) => (typeof dim === "number" ? dim : 1)))]);
  }

  transpose(value: string, perm: readonly number[]): string {
    return perm.every((axis, i) => axis === i) ? value : this.node("Transpose", [value], { perm });
  }

  concat(values: readonly string[], axis: number): string {
    return values.length === 1 ? values[0] : this.node("Concat", values, { axis });
  }

  /** `starts` to `ends` along axes, as ONNX counts. */
  slice(value: string, axes: readonly number[], starts: readonly number[], ends: readonly number[]): string {
    if (this.opset < 10) return this.node("Slice", [value], { axes, starts, ends });
    return this.node("Slice", [value, this.ints(starts), this.ints(ends), this.ints(axes)]);
  }

  /** Every so many places from `starts` to `ends` along axes; needs operator set 10. */
  stridedSlice(
    value: string,
    axes: readonly number[],
    starts: readonly number[],
    ends: readonly number[],
    steps: readonly number[],
  ): string {
    return this.node("Slice", [value, this.ints(starts), this.ints(ends), this.ints(axes), this.ints(steps)]);
  }

  /** Axes read backwards; needs operator set 10. */
  flip(value: string, axes: readonly number[]): string {
    const each = (number: number) => this.ints(axes.map(() => number));
    return this.node("Slice", [value, each(-1), each(-(2 ** 31)), this.ints(axes), each(-1)]);
  }

  /** `pads`: how many places before each axis, then how many after. */
  pad(value: string, pads: readonly number[], fill = 0): string {
    if (pads.every((count) => count === 0)) return value;
    if (this.opset < 11) return this.node("Pad", [value], { pads, value: { float: fill } });
    return this.node("Pad", [value, this.ints(pads), this.floats([], [fill])]);
  }

  /** A matrix product over the last two axes. */
  matMul(a: string, b: string): string {
    return this.node("MatMul", [a, b]);
  }

  #pairing(op: string): (a: Operand, b: Operand) => string {
    const name = (value: Operand) => (typeof value === "string" ? value : this.floats([], [value]));
    return (a, b) => this.node(op, [name(a), name(b)]);
  }

  #constant(key: string, make: () => string): string {
    const found = this.#constants.get(key) ?? make();
    this.#constants.set(key, found);
    return found;
  }

  #store(tensor: TensorProto): string {
    this.initializers.push(tensor);
    return tensor.name;
  }

  #name(op: string): string {
    return `${this.#prefix}${op}_${this.#count++}`;
  }
}

/** What the names of operators that are added to a graph may begin with, another each time. */
export function freePrefix(graph: Graph, what: string): string {
  const names = graph.nodes.flatMap(({ output, name }) => [...output, name]);
  for (let pass = 1; ; pass++) {
    const prefix = `camlab_${what}${pass}_`;
    if (!names.some((name) => name.startsWith(prefix))) return prefix;
  }
}

function openSizes(shape: readonly Dim[]): number {
  return shape.filter((dim) => typeof dim !== "number").length;
}
