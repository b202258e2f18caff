import type { Tensor, Tensor4D } from "@tensorflow/tfjs-core";
import type { NodeProto } from "../../graph/onnx/onnx.js";
import { fromFront } from "../../graph/shapes/shape-arithmetic.js";
import { CamlabError } from "../../support/errors.js";
import { axisChannelsLast, channelsFirst, channelsLast, upload, type Tf, type Value } from "./value.js";

/** Tensors made once from constants, and kept until the engine is disposed. */
export type Prepared = Map<string, Tensor>;

/** How an operator computes. What it makes on the way is freed after it. */
export type Op = (inputs: NodeInputs) => Value | readonly Value[];

/** What an operator is given: its node, and its inputs in the form that it asks for. */
export class NodeInputs {
  constructor(
    readonly tf: Tf,
    /** The backend by TF.js's own name: "tensorflow", "wasm" or "cpu". */
    readonly backend: string,
    readonly node: NodeProto,
    readonly opset: number,
    private readonly values: readonly (Value | undefined)[],
    private readonly kept: Prepared,
  ) {}

  get count(): number {
    return this.values.length;
  }

  has(index: number): boolean {
    return this.values[index] !== undefined;
  }

  value(index: number): Value {
    const value = this.values[index];
    if (!value) throw new CamlabError(`input ${index} is missing`);
    return value;
  }

  /** Sizes in ONNX's order. */
  dims(index: number): readonly number[] {
    return this.value(index).dims;
  }

  /** Whether an input lies channels last already. */
  isChannelsLast(index: number): boolean {
    const value = this.value(index);
    return value.kind === "tensor" && value.channelsLast;
  }

  /** An input in ONNX's order. */
  plain(index: number): Tensor {
    const value = this.value(index);
    if (value.kind === "tensor") return value.channelsLast ? channelsFirst(this.tf, value.tensor) : value.tensor;
    return this.prepared("plain", [index], (tensor) => tensor);
  }

  /** An N×C×H×W input as N×H×W×C. */
  image(index: number): Tensor4D {
    const value = this.value(index);
    if (value.dims.length !== 4) {
      throw new CamlabError(`only images are understood here, its input is ${value.dims.join("×")} (expected N×C×H×W)`);
    }
    if (value.kind === "tensor") {
      return (value.channelsLast ? value.tensor : channelsLast(this.tf, value.tensor)) as Tensor4D;
    }
    return this.prepared("image", [index], (tensor) => channelsLast(this.tf, tensor)) as Tensor4D;
  }

  /** An input as it lies, channels last or not. */
  asItLies(index: number): Tensor {
    return this.isChannelsLast(index) ? this.image(index) : this.plain(index);
  }

  /** An axis of an input, counted from the front, of the tensor that `asItLies` gives. */
  axisAsItLies(index: number, axis: number): number {
    const front = fromFront(axis, this.dims(index).length);
    return this.isChannelsLast(index) ? axisChannelsLast(front) : front;
  }

  /** An input's numbers on the host, row by row in ONNX's order. */
  numbers(index: number): number[] {
    const value = this.value(index);
    if (value.kind === "list") return [...value.list];
    return Array.from(value.kind === "constant" ? value.data : this.plain(index).dataSync());
  }

  /** The one number of an optional input. */
  number(index: number): number | undefined {
    return this.has(index) ? this.numbers(index)[0] : undefined;
  }

  /**
   * A tensor made from inputs in ONNX's order: made once and kept when they are constants, made anew each time when not.
   *
   * @param key one for each such tensor of an operator
   */
  prepared(key: string, indices: readonly number[], make: (...tensors: Tensor[]) => Tensor): Tensor {
    const stored = indices.map((index) => this.value(index));
    if (!stored.every((value) => value.kind === "constant")) {
      return make(
        ...stored.map((value, i) => (value.kind === "tensor" ? this.plain(indices[i]) : upload(this.tf, value))),
      );
    }
    const name = `${key} ${indices.join()}`;
    const known = this.kept.get(name);
    if (known) return known;
    const tensor = this.tf.tidy(() => make(...stored.map((value) => upload(this.tf, value))));
    this.kept.set(name, this.tf.keep(tensor));
    return tensor;
  }
}
