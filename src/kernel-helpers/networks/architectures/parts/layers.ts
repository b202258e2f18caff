import { float, makeGraph, makeNode, makeTensor, type AttributeValue } from "../../../graph/onnx/create-graph.js";
import type { Graph } from "../../../graph/onnx/graph.js";
import type { NodeProto, TensorProto } from "../../../graph/onnx/onnx.js";
import { CamlabError } from "../../../support/errors.js";
import type { Weights, WeightRole } from "./weights.js";

/** A value on its way through a network. */
export interface Maps {
  readonly name: string;
  readonly channels: number;
  readonly height: number;
  readonly width: number;
}

/** Windows that slide over maps. */
export interface Windows {
  /** Side of the window. */
  readonly kernel: number;
  /** 1 unless given. */
  readonly stride?: number;
  /** Rows and columns of zeros around the maps; 0 unless given. `same`: as TensorFlow pads, the odd one at the end. */
  readonly pad?: number | "same";
}

/** A convolution. */
export interface Convolution extends Windows {
  readonly channels: number;
  /** 1 unless given. */
  readonly groups?: number;
  /** Whether it has a bias; true unless given. */
  readonly bias?: boolean;
}

const FILLED_0: WeightRole = { filled: 0 };
const FILLED_1: WeightRole = { filled: 1 };

/**
 * Builds a graph layer by layer. A layer's weights are called `NAME.weight`, `NAME.bias`, …, as PyTorch calls them in
 * module NAME; the value that it computes is called NAME.
 */
export class Layers {
  readonly #nodes: NodeProto[] = [];
  readonly #tensors: TensorProto[] = [];
  readonly #names = new Set<string>();

  constructor(readonly weights: Weights) {}

  convolution(name: string, from: Maps, { channels, groups = 1, bias = true, ...windows }: Convolution): Maps {
    const { kernel } = windows;
    const fanIn = (from.channels / groups) * kernel * kernel;
    const dims = [channels, from.channels / groups, kernel, kernel];
    const inputs = [from.name, this.#weight(`${name}.weight`, dims, { deviation: Math.sqrt(2 / fanIn) })];
    if (bias) inputs.push(this.#weight(`${name}.bias`, [channels], FILLED_0));
    const { height, width, ...attributes } = slid(name, from, windows);
    return { ...this.#add("Conv", name, inputs, { ...attributes, group: groups }, from), channels, height, width };
  }

  batchNorm(name: string, from: Maps, epsilon = 1e-5): Maps {
    const stored = (part: string, role: WeightRole) => this.#weight(`${name}.${part}`, [from.channels], role);
    const inputs = [
      from.name,
      stored("weight", FILLED_1),
      stored("bias", FILLED_0),
      stored("running_mean", FILLED_0),
      stored("running_var", FILLED_1),
    ];
    return this.#add("BatchNormalization", name, inputs, { epsilon: float(epsilon) }, from);
  }

  relu(from: Maps): Maps {
    return this.#add("Relu", `${from.name}_relu`, [from.name], {}, from);
  }

  relu6(from: Maps): Maps {
    const bounds = [this.#constant("zero", [], 0), this.#constant("six", [], 6)];
    return this.#add("Clip", `${from.name}_relu6`, [from.name, ...bounds], {}, from);
  }

  sigmoid(from: Maps): Maps {
    return this.#add("Sigmoid", `${from.name}_sigmoid`, [from.name], {}, from);
  }

  /** x · sigmoid(x), also called swish. */
  silu(from: Maps): Maps {
    return this.#add("Mul", `${from.name}_silu`, [from.name, this.sigmoid(from).name], {}, from);
  }

  /** Local response normalisation across channels (Krizhevsky et al. 2012, section 3.3). */
  localResponse(name: string, from: Maps): Maps {
    return this.#add("LRN", name, [from.name], { size: 5, alpha: 1e-4, beta: 0.75, bias: float(1) }, from);
  }

  /** @param windows with `ceil`, the last window may reach beyond the maps, as all of Caffe's do */
  maxPool(name: string, from: Maps, { ceil = false, ...windows }: Windows & { readonly ceil?: boolean }): Maps {
    const { height, width, ...attributes } = slid(name, from, windows, ceil);
    return {
      ...this.#add("MaxPool", name, [from.name], { ...attributes, ceil_mode: Number(ceil) }, from),
      height,
      width,
    };
  }

  averagePool(name: string, from: Maps, windows: Windows): Maps {
    const { height, width, ...attributes } = slid(name, from, windows);
    return { ...this.#add("AveragePool", name, [from.name], attributes, from), height, width };
  }

  globalPool(name: string, from: Maps, pooling: "average" | "max" = "average"): Maps {
    const op = pooling === "average" ? "GlobalAveragePool" : "GlobalMaxPool";
    return { ...this.#add(op, name, [from.name], {}, from), height: 1, width: 1 };
  }

  concat(name: string, parts: readonly Maps[]): Maps {
    const channels = parts.reduce((sum, part) => sum + part.channels, 0);
    return {
      ...this.#add(
        "Concat",
        name,
        parts.map((part) => part.name),
        { axis: 1 },
        parts[0],
      ),
      channels,
    };
  }

  add(name: string, a: Maps, b: Maps): Maps {
    return this.#add("Add", name, [a.name, b.name], {}, a);
  }

  multiply(name: string, a: Maps, b: Maps): Maps {
    return this.#add("Mul", name, [a.name, b.name], {}, a);
  }

  /** All numbers of the maps in a row. */
  flatten(name: string, from: Maps): Maps {
    const channels = from.channels * from.height * from.width;
    return { ...this.#add("Flatten", name, [from.name], {}, from), channels, height: 1, width: 1 };
  }

  linear(name: string, from: Maps, outputs: number): Maps {
    const inputs = [
      from.name,
      this.#weight(`${name}.weight`, [outputs, from.channels], { deviation: 0.01 }),
      this.#weight(`${name}.bias`, [outputs], FILLED_0),
    ];
    return { ...this.#add("Gemm", name, inputs, { transB: 1 }, from), channels: outputs };
  }

  /** The whole network, from the input `image` to its scores. */
  graph(image: Maps, logits: Maps): Graph {
    return makeGraph({
      inputs: [{ name: image.name, dims: ["N", 3, image.height, image.width] }],
      outputs: [{ name: logits.name, dims: ["N", logits.channels] }],
      nodes: this.#nodes,
      initializers: this.#tensors,
    });
  }

  #add(
    op: string,
    name: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, AttributeValue>>,
    like: Maps,
  ): Maps {
    if (this.#names.has(name)) throw new CamlabError(`two layers of this architecture are called ${name}`);
    this.#names.add(name);
    this.#nodes.push(makeNode(op, inputs, [name], attributes));
    return { ...like, name };
  }

  #weight(name: string, dims: readonly number[], role: WeightRole): string {
    this.#tensors.push(makeTensor(name, dims, this.weights.take(name, dims, role)));
    return name;
  }

  #constant(name: string, dims: readonly number[], value: number): string {
    if (!this.#names.has(name)) this.#tensors.push(makeTensor(name, dims, Float32Array.of(value)));
    this.#names.add(name);
    return name;
  }
}

/** The attributes of sliding windows, and how many there are. */
function slid(name: string, from: Maps, { kernel, stride = 1, pad = 0 }: Windows, ceil = false) {
  const along = (size: number) => {
    const windows = Math.ceil(size / stride);
    const needed = pad === "same" ? Math.max(0, (windows - 1) * stride + kernel - size) : 2 * pad;
    const before = Math.floor(needed / 2);
    const steps = (size + needed - kernel) / stride;
    return { before, after: needed - before, windows: (ceil ? Math.ceil(steps) : Math.floor(steps)) + 1 };
  };
  const [rows, columns] = [along(from.height), along(from.width)];
  if (rows.windows < 1 || columns.windows < 1) {
    throw new CamlabError(
      `the input is too small: at "${name}" maps of ${from.width}×${from.height} meet windows of ${kernel}×${kernel}`,
    );
  }
  return {
    kernel_shape: [kernel, kernel],
    strides: [stride, stride],
    pads: [rows.before, columns.before, rows.after, columns.after],
    height: rows.windows,
    width: columns.windows,
  };
}
