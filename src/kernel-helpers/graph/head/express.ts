import { intAttribute, intsAttribute } from "../onnx/attributes.js";
import { integersOf, isConstant } from "../onnx/constants.js";
import { isStandard, nodeLabel, operator } from "../onnx/graph.js";
import type { NodeProto } from "../onnx/onnx.js";
import { shapeText } from "../shapes/shape.js";
import { fromFront } from "../shapes/shape-arithmetic.js";
import { activationAt, type FoundActivation } from "./activations.js";
import { constantAlong, linearAt, type Values } from "./linear-steps.js";
import { normAt, type FoundNorm, type Tail } from "./norms.js";
import { poolingAt } from "./pooling.js";
import { added, atomVector, isPure, joined, scaled, times, type Atom, type Expressed, type Vector } from "./vectors.js";
import type { Refused } from "./refused.js";

/** No tail is longer; a damaged one must not exhaust the stack. */
const DEEPEST = 500;

const CONTROL_FLOW: ReadonlySet<string> = new Set(["If", "Loop", "Scan"]);

/** Writes the values in the tail of a network as vectors over what is pooled, going back from any of them. */
export class Expressions {
  readonly #known = new Map<string, Expressed | Refused>();
  readonly #atoms = new Map<string, Atom>();

  constructor(readonly tail: Tail) {}

  /** A value as a vector over pooled maps, or why it is none. */
  of(name: string, depth = 0): Expressed | Refused {
    const known = this.#known.get(name);
    if (known) return known;
    if (depth > DEEPEST) return { refused: "its tail is longer than any classifier" };
    const found = this.#express(name, depth);
    this.#known.set(name, found);
    return found;
  }

  #express(name: string, depth: number): Expressed | Refused {
    const { graph } = this.tail;
    // What only passes a value on is walked in a loop: there may be any number of such nodes.
    let at = name;
    let rounds = false;
    let node = graph.producer(at);
    while (node && isStandard(node) && PASSING.has(node.opType)) {
      rounds ||= node.opType.endsWith("izeLinear");
      at = node.input[0];
      node = graph.producer(at);
    }
    const found = this.#behind(at, node, depth);
    return rounds && !("refused" in found) ? { ...found, vector: { ...found.vector, rounds: true } } : found;
  }

  #behind(name: string, node: NodeProto | undefined, depth: number): Expressed | Refused {
    if (!node) return { refused: `"${name}" is an input of the network` };
    const norm = normAt(this.tail, node);
    if (norm) {
      const inner = this.of(norm.input, depth + 1);
      if ("refused" in inner) return inner;
      return withPhotos(this.#normalised(inner, norm), inner.photos);
    }
    const stacked = this.#meanOfStack(node, depth);
    if (stacked) return stacked;
    const pooling = poolingAt(this.tail, name);
    if (pooling) {
      if ("refused" in pooling) return pooling;
      const key = `pool ${pooling.pooling} ${pooling.maps} ${pooling.layout}`;
      const atom = this.#atom(key, { kind: "pool", key, size: pooling.channels, pooling });
      return withPhotos(scaled(atomVector(atom), pooling.factor, 0), 0);
    }
    if (isQuantised(node)) return wholeNumbers(node);
    const values: Values = { tail: this.tail, of: (value) => this.of(value, depth + 1) };
    const rule = isStandard(node) ? this.#rule(node, values, depth) : undefined;
    if (rule) return rule;
    const activation = activationAt(this.tail.graph, node);
    if (activation) return this.#activated(name, activation, depth);
    if (isStandard(node) && CONTROL_FLOW.has(node.opType)) {
      return {
        refused:
          `"${nodeLabel(node)}" (${node.opType}) decides while the network runs how the scores are made: export the network ` +
          "traced rather than scripted, so that one way is written down",
      };
    }
    return { refused: `"${nodeLabel(node)}" (${operator(node)}) is not linear` };
  }

  #rule(node: NodeProto, values: Values, depth: number): Expressed | Refused | undefined {
    switch (node.opType) {
      case "Reshape":
      case "Flatten":
      case "Squeeze":
      case "Unsqueeze":
        return this.#reshaped(node, values);
      case "Transpose":
        return this.#transposed(node, values);
      case "Gather":
      case "Slice":
        return this.#picked(node, values);
      case "Concat":
        return this.#concatenated(node, values);
      case "Neg": {
        const inner = values.of(node.input[0]);
        return "refused" in inner ? inner : withPhotos(scaled(inner.vector, -1, 0), inner.photos);
      }
      case "Add":
      case "Sub":
      case "Mul":
      case "Div":
        return this.#arithmetic(node, values, depth);
      default:
        return linearAt(node, values);
    }
  }

  #normalised(
    { vector, photos }: Expressed,
    { input, norm, epsilon, scale, shift, unbiased }: FoundNorm,
  ): Vector | Refused {
    const size = vector.size;
    if (norm === "length" && size === undefined) return { refused: "the length of a vector of unknown size is taken" };
    // A common factor of what is normalised only changes what ε is to it.
    const [{ by }] = vector.terms;
    const factor = vector.terms.length === 1 && by.kind === "scale" && vector.bias === undefined ? by.scale : undefined;
    const common = typeof factor === "number" && factor > 0 ? factor : 1;
    const of = common === 1 ? vector : atomVector(vector.terms[0].atom);
    const kind = norm === "length" ? "rms" : norm;
    if (unbiased && size === undefined) return { refused: "the variance of a vector of unknown size is taken" };
    // With K numbers the unbiased variance is K / (K − 1) of the other.
    const wider = unbiased && size !== undefined ? size / (size - 1) : 1;
    const smallest = norm === "length" ? 1e-24 : epsilon / (common * common) / wider;
    const parts = {
      kind: "norm" as const,
      norm: kind,
      epsilon: smallest,
      of,
      size,
      ...(of === vector && photos === 0 && { input }),
    };
    const key = `norm ${kind} ${smallest} ${of.terms[0].atom.key}`;
    const atom = isPure(of) ? this.#atom(key, { ...parts, key }) : this.#fresh(`norm ${this.#atoms.size}`, parts);
    const unit = norm === "length" ? 1 / Math.sqrt(size ?? 1) : 1 / Math.sqrt(wider);
    return scaled(marked(atomVector(atom), vector), times(scale ?? 1, unit), shift ?? 0);
  }

  /** The mean of several vectors that were stacked: the heads of an ensemble. */
  #meanOfStack(node: NodeProto, depth: number): Expressed | Refused | undefined {
    if (node.opType !== "ReduceMean" && node.opType !== "ReduceSum") return undefined;
    const stack = this.tail.graph.producer(node.input[0]);
    const shape = this.tail.shapes.get(node.input[0]);
    const axes = intsAttribute(node, "axes") ?? integersOf(this.tail.graph, node.input[1]);
    if (stack?.opType !== "Concat" || !shape || axes?.length !== 1) return undefined;
    const axis = fromFront(axes[0], shape.length);
    if (fromFront(intAttribute(stack, "axis", 0), shape.length) !== axis) return undefined;
    if (stack.input.some((name) => this.tail.shapes.get(name)?.[axis] !== 1)) return undefined;
    const parts: Expressed[] = [];
    for (const name of stack.input) {
      const part = this.of(name, depth + 1);
      if ("refused" in part) return part;
      parts.push(part);
    }
    let [{ vector }] = parts;
    const [{ photos }] = parts;
    for (const part of parts.slice(1)) {
      const sum = added(vector, part.vector);
      if ("refused" in sum) return sum;
      vector = sum;
    }
    const gone = intAttribute(node, "keepdims", 1) === 0 && photos !== null && photos > axis ? 1 : 0;
    const share = node.opType === "ReduceMean" ? 1 / stack.input.length : 1;
    return withPhotos(scaled(vector, share, 0), photos === null ? null : photos - gone);
  }

  #reshaped(node: NodeProto, values: Values): Expressed | Refused {
    const inner = values.of(node.input[0]);
    const shape = this.tail.shapes.get(node.output[0]);
    const before = this.tail.shapes.get(node.input[0]);
    if ("refused" in inner) {
      const places = before?.length === 4 && before.slice(2).some((dim) => dim !== 1);
      const pools = this.tail.graph.producer(node.input[0])?.opType === "AveragePool";
      if (!places || pools || shape?.length !== 2 || inner.because) return inner;
      return {
        refused: `"${nodeLabel(node)}" (${node.opType}) lays out maps of ${shapeText(before.slice(1))} that are not pooled`,
      };
    }
    const { vector, photos } = inner;
    if (photos === null || !shape) return { vector, photos: shape ? photos : 0 };
    const count = before?.[photos];
    // The axis of photos is where as many numbers stand before it as before.
    const outside = (dims: readonly unknown[], axis: number) => dims.slice(0, axis).every((dim) => dim === 1);
    const at = shape.findIndex(
      (dim, axis) => dim === (count ?? null) && outside(shape, axis) && photosFit(photos, before),
    );
    if (at >= 0) return { vector, photos: at };
    if (photos === 0 && typeof shape[0] !== "number") return { vector, photos: 0 };
    if (count === 1) return { vector, photos: null };
    return { refused: `"${nodeLabel(node)}" (${node.opType}) mixes photos` };
  }

  #transposed(node: NodeProto, values: Values): Expressed | Refused {
    const inner = values.of(node.input[0]);
    if ("refused" in inner) return inner;
    const shape = this.tail.shapes.get(node.input[0]);
    const rank = shape?.length ?? intsAttribute(node, "perm")?.length ?? 2;
    const perm = intsAttribute(node, "perm") ?? Array.from({ length: rank }, (_, i) => rank - 1 - i);
    const { vector, photos } = inner;
    const wide = shape?.filter((dim, axis) => axis !== photos && dim !== 1).length ?? rank - 1;
    const order = perm.filter((axis) => axis !== photos && shape?.[axis] !== 1);
    if (wide > 1 && order.some((axis, i) => i > 0 && axis < order[i - 1])) {
      return { refused: `"${nodeLabel(node)}" (Transpose) reorders maps that are not pooled` };
    }
    return { vector, photos: photos === null ? null : perm.indexOf(photos) };
  }

  /** Every value in order, which PyTorch's newer exporter writes for `as_strided`; or one token out of many. */
  #picked(node: NodeProto, values: Values): Expressed | Refused {
    const { graph, shapes } = this.tail;
    const label = `"${nodeLabel(node)}" (${node.opType})`;
    const inner = values.of(node.input[0]);
    const [before, after] = [shapes.get(node.input[0]), shapes.get(node.output[0])];
    if ("refused" in inner) {
      const fewer = after !== undefined && before !== undefined && (after.length < before.length || after[1] === 1);
      if (!fewer || before.length !== 3)
        return inner.because ? inner : { refused: `${label} picks some values out of many` };
      return { refused: `${label} ${pickedOf(before[1] ?? before[0])}`, because: "one token" };
    }
    if (node.opType === "Slice") {
      if (before && after && before.join() === after.join()) return inner;
      return { refused: `${label} picks some values out of many` };
    }
    const indices = integersOf(graph, node.input[1]);
    const axis = fromFront(intAttribute(node, "axis", 0), before?.length ?? 1);
    const every = before?.[axis] === indices?.length && indices?.every((index, i) => index === i);
    if (every && before?.length === 1) return { vector: inner.vector, photos: null };
    // The only element of an axis of one.
    if (before?.[axis] === 1 && indices?.length === 1 && axis !== inner.photos) {
      const gone = (after?.length ?? 0) < before.length && inner.photos !== null && axis < inner.photos ? 1 : 0;
      return { vector: inner.vector, photos: inner.photos === null ? null : inner.photos - gone };
    }
    return { refused: `${label} picks some values out of many` };
  }

  #concatenated(node: NodeProto, values: Values): Expressed | Refused {
    const label = `"${nodeLabel(node)}" (Concat)`;
    const parts: Expressed[] = [];
    for (const name of node.input) {
      const part = values.of(name);
      if ("refused" in part) return part;
      parts.push(part);
    }
    const shape = this.tail.shapes.get(node.output[0]);
    const axis = fromFront(intAttribute(node, "axis", 1), shape?.length ?? 2);
    const [{ photos }] = parts;
    const wide = shape?.some((dim, i) => i !== axis && i !== photos && dim !== 1);
    if (axis === photos || wide || parts.some((part) => part.photos !== photos)) {
      return { refused: `${label} joins values along another axis than their channels` };
    }
    return withPhotos(joined(parts.map(({ vector }) => vector)), photos);
  }

  #arithmetic(node: NodeProto, values: Values, depth: number): Expressed | Refused | undefined {
    const { graph, shapes } = this.tail;
    const { opType } = node;
    const [a, b] = node.input;
    const first = isConstant(graph, a);
    if (!first && !isConstant(graph, b)) return this.#together(node, values, depth);
    const composite = opType === "Mul" || opType === "Div" ? activationAt(graph, node) : undefined;
    if (composite) return this.#activated(node.output[0], composite, depth);
    const input = first ? b : a;
    const inner = values.of(input);
    if ("refused" in inner) return inner;
    const { vector, photos } = inner;
    const label = `"${nodeLabel(node)}" (${opType})`;
    const made = constantAlong(this.tail, first ? a : b, shapes.get(node.output[0]), photos, vector.size);
    if (made === undefined) return { refused: `${label} stretches a vector, or mixes photos` };
    const inverse = () => (typeof made === "number" ? 1 / made : Float64Array.from(made, (v) => 1 / v));
    const negated = () => (typeof made === "number" ? -made : Float64Array.from(made, (v) => -v));
    if (opType === "Div" && first) return undefined;
    const [scale, shift] =
      opType === "Add"
        ? [1, made]
        : opType === "Mul"
          ? [made, 0]
          : opType === "Div"
            ? [inverse(), 0]
            : first
              ? [-1, made]
              : [1, negated()];
    return withPhotos(scaled(vector, scale, shift), photos);
  }

  #activated(name: string, { activation, input }: FoundActivation, depth: number): Expressed | Refused {
    const inner = this.of(input, depth + 1);
    if ("refused" in inner) return inner;
    const { vector, photos } = inner;
    const own = photos === 0 && { input };
    const atom = this.#fresh(name, { kind: "activation", activation, of: vector, size: vector.size, ...own });
    return { vector: marked(atomVector(atom), vector), photos };
  }

  /** Two values that both depend on the photo. */
  #together(node: NodeProto, values: Values, depth: number): Expressed | Refused | undefined {
    const composite = activationAt(this.tail.graph, node);
    if (composite) return this.#activated(node.output[0], composite, depth);
    const one = values.of(node.input[0]);
    if ("refused" in one) return one;
    const two = values.of(node.input[1]);
    if ("refused" in two) return two;
    const label = `"${nodeLabel(node)}" (${node.opType})`;
    if (one.photos !== two.photos) return { refused: `${label} mixes photos` };
    if (one.vector.size !== two.vector.size) return { refused: `${label} joins vectors of different lengths` };
    if (node.opType === "Add") return withPhotos(added(one.vector, two.vector), one.photos);
    if (node.opType === "Sub") {
      const negative = scaled(two.vector, -1, 0);
      return "refused" in negative ? negative : withPhotos(added(one.vector, negative), one.photos);
    }
    if (node.opType === "Div") return { refused: `${label} divides two values that both depend on the photo` };
    const atom = this.#fresh(node.output[0], { kind: "product", of: [one.vector, two.vector], size: one.vector.size });
    return { vector: marked(marked(atomVector(atom), one.vector), two.vector), photos: one.photos };
  }

  #atom(key: string, atom: Atom): Atom {
    const known = this.#atoms.get(key) ?? atom;
    this.#atoms.set(key, known);
    return known;
  }

  #fresh(name: string, atom: Unkeyed): Atom {
    return this.#atom(`value ${name}`, { ...atom, key: `value ${name}` });
  }
}

type Unkeyed = Atom extends infer A ? (A extends Atom ? Omit<A, "key"> : never) : never;

const PASSING = new Set(["Identity", "Dropout", "Cast", "QuantizeLinear", "DequantizeLinear"]);

function photosFit(photos: number, before: readonly unknown[] | undefined): boolean {
  return before === undefined || before.slice(0, photos).every((dim) => dim === 1);
}

function withPhotos(vector: Vector | Refused, photos: number | null): Expressed | Refused {
  return "refused" in vector ? vector : { vector, photos };
}

/** Rounding and the last layer's name go on through steps that are not linear. */
function marked(vector: Vector, from: Vector): Vector {
  return { ...vector, ...(from.label && { label: from.label }), ...(from.rounds && { rounds: true }) };
}

function pickedOf(count: number | string | null | undefined): string {
  return count === 1
    ? "takes the one token that attention left"
    : `picks one token out of ${typeof count === "number" ? count : "many"}`;
}

function isQuantised({ opType }: NodeProto): boolean {
  return /^(QLinear|QGemm|QAttention|QEmbed|ConvInteger|MatMulInteger|DynamicQuantize)/.test(opType);
}

function wholeNumbers(node: NodeProto): Refused {
  return {
    refused:
      `"${nodeLabel(node)}" (${operator(node)}) computes in whole numbers: quantise with QuantizeLinear and DequantizeLinear ` +
      "nodes (the QDQ format) or take the network in float32",
    because: "whole numbers",
  };
}
