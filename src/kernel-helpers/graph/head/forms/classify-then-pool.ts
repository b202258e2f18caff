// S_c = mean over (x, y) of act(Σ_k w_k^c f_k(x, y) + b_c), as in SqueezeNet and NIN. Where the classifier pads the maps by
// zeros, the places outside them score act(b_c) each: with r the share of places that lie in the maps,
// S_c = r · mean over the maps of act(…) + (1 − r) · act(b_c).
import { intsAttribute } from "../../onnx/attributes.js";
import { constantOf, isConstant } from "../../onnx/constants.js";
import { isStandard, nodeLabel } from "../../onnx/graph.js";
import type { NodeProto } from "../../onnx/onnx.js";
import { activationAt, activationFunction, type Activation } from "../activations.js";
import type { GapHead } from "../gap-head.js";
import { batchNorm, pointwiseConv } from "../linear-steps.js";
import type { Tail } from "../norms.js";
import type { FoundPooling } from "../pooling.js";
import {
  atomVector,
  matrixOf,
  multiplied,
  scaled,
  times,
  type Atom,
  type Factor,
  type Linear,
  type Vector,
} from "../vectors.js";
import type { Refused } from "../refused.js";
import { biasOf } from "./linear.js";

/** A classifier of every place, whose scores are pooled. */
export interface ClassifiedForm {
  readonly featureMaps: GapHead["featureMaps"];
  readonly classMaps?: GapHead["classMaps"];
  readonly weights: Float32Array;
  readonly bias?: Float32Array;
  readonly activation?: Activation;
  readonly outside?: Float32Array;
  readonly classes: number;
  readonly label: string;
  readonly rounds: boolean;
}

type Step =
  | { readonly kind: "linear"; readonly linear: Linear; readonly pads: readonly number[] }
  | { readonly kind: "affine"; readonly scale: Factor; readonly shift: Factor }
  | { readonly kind: "pass"; readonly rounds: boolean };

/**
 * The classifier before a pooling, when the pooled maps are 1×1 convolutions (or a product by a matrix at each place) of
 * other maps; refused where what stands before the pooling is something else.
 *
 * @param scores what becomes of the pooled maps: scaled at most
 */
export function classifiedForm(tail: Tail, pooling: FoundPooling, scores: Vector): ClassifiedForm | Refused {
  const steps: Step[] = [];
  let [name, layout] = [pooling.maps, pooling.layout];
  let activation: Activation | undefined;
  let classMaps = { name, layout };
  let label = "";
  while (label === "") {
    const node = tail.graph.producer(name);
    if (!node) return { refused: `"${name}" is an input of the network` };
    const found = activationAt(tail.graph, node);
    if (found && !activation && steps.every(({ kind }) => kind === "pass")) {
      activation = found.activation;
      name = found.input;
      classMaps = { name, layout };
      continue;
    }
    const back = stepBack(tail, node, layout);
    if ("refused" in back) return back;
    steps.push(back.step);
    ({ name, layout } = back);
    if (back.step.kind === "linear") label = back.step.linear.label;
  }
  const key = "maps";
  let vector: Vector | Refused = atomVector({ kind: "pool", key, size: undefined, pooling } satisfies Atom);
  let pads: readonly number[] = [];
  for (const step of steps.reverse()) {
    if (step.kind === "pass") continue;
    if (step.kind === "linear") pads = step.pads;
    vector = step.kind === "linear" ? multiplied(vector, step.linear) : scaled(vector, step.scale, step.shift);
    if ("refused" in vector) return vector;
  }
  return assembled(pooling, { name, layout, classMaps, activation, pads, label, vector, scores, steps });
}

interface Walked {
  readonly name: string;
  readonly layout: string;
  readonly classMaps: { readonly name: string; readonly layout: string };
  readonly activation?: Activation;
  readonly pads: readonly number[];
  readonly label: string;
  readonly vector: Vector;
  readonly scores: Vector;
  readonly steps: readonly Step[];
}

function assembled(pooling: FoundPooling, walked: Walked): ClassifiedForm | Refused {
  const { activation, pads, vector, scores, layout } = walked;
  const inner = insideOf(pooling, pads, layout);
  const after = scores.terms[0].by.kind === "scale" ? scores.terms[0].by.scale : 1;
  const factor = times(after, inner.share);
  const isScaled = factor !== 1 || scores.bias !== undefined;
  const homogeneous = activation?.kind === "relu" || activation?.kind === "leaky-relu";
  const positive = typeof factor === "number" ? factor > 0 : factor.every((value) => value > 0);
  if (isScaled && pooling.pooling === "max") {
    return { refused: "the class maps are scaled after their pooling, which a maximum does not allow" };
  }
  if (isScaled && activation && (!homogeneous || !positive || scores.bias !== undefined)) {
    return { refused: `the class maps are scaled after their pooling, which ${activation.kind} does not allow` };
  }
  const classes = vector.size ?? 0;
  const plain = biasOf(vector, classes);
  const folded = scaled(vector, factor, 0);
  if ("refused" in folded) return folded;
  const [{ by, atom }] = folded.terms;
  const channels = by.kind === "dense" ? by.inputs : (atom.size ?? classes);
  const act = activation ? activationFunction(activation).value : (x: number) => x;
  const outsideShare = times(after, 1 - inner.share);
  const at = (values: Factor, c: number) => (typeof values === "number" ? values : values[values.length === 1 ? 0 : c]);
  const extra = Float32Array.from(plain, (b, c) => at(outsideShare, c) * act(b));
  const own = biasOf(folded, classes);
  const given = biasOf(scores, classes);
  // Without an activation what lies outside is a constant like the bias.
  const bias = activation ? own : own.map((b, c) => b + given[c] + extra[c]);
  const has = folded.bias !== undefined || scores.bias !== undefined;
  return {
    featureMaps: {
      name: walked.name,
      channels,
      ...(inner.height !== undefined && { height: inner.height }),
      ...(inner.width !== undefined && { width: inner.width }),
      ...(layout !== "NCHW" && { layout }),
      ...(pooling.tokens && { tokens: pooling.tokens }),
    },
    ...(!isScaled && {
      classMaps: {
        name: walked.classMaps.name,
        ...(walked.classMaps.layout !== "NCHW" && { layout: walked.classMaps.layout }),
      },
    }),
    weights: matrixOf(by, classes, channels),
    ...(has && { bias }),
    ...(activation && { activation }),
    ...(activation && inner.share !== 1 && { outside: extra }),
    classes,
    label: walked.label,
    rounds: walked.steps.some((step) => step.kind === "pass" && step.rounds),
  };
}

/** The maps without the padding that the classifier adds, and their share of the places that are pooled. */
function insideOf({ height, width }: FoundPooling, pads: readonly number[], layout: string) {
  if (pads.every((pad) => pad === 0)) return { height, width, share: 1 };
  if (height === undefined || width === undefined || layout !== "NCHW") return { height, width, share: 1 };
  const [top, left, bottom, right] = pads;
  const [rows, columns] = [height - top - bottom, width - left - right];
  return { height: rows, width: columns, share: (rows * columns) / (height * width) };
}

function stepBack(tail: Tail, node: NodeProto, layout: string): { step: Step; name: string; layout: string } | Refused {
  const name = node.input[0];
  const label = `"${nodeLabel(node)}" (${node.opType})`;
  const channelsFirst = layout[1] === "C";
  if (!isStandard(node)) return { refused: `${label} is not linear` };
  switch (node.opType) {
    case "Identity":
    case "Dropout":
    case "Cast":
      return { step: { kind: "pass", rounds: false }, name, layout };
    case "QuantizeLinear":
    case "DequantizeLinear":
      return { step: { kind: "pass", rounds: true }, name, layout };
    case "Transpose": {
      const perm = intsAttribute(node, "perm");
      const before = [...layout];
      perm?.forEach((axis, i) => (before[axis] = layout[i]));
      const order = before.join("");
      const known = perm?.length === layout.length && ["NCHW", "NHWC", "NCP", "NPC"].includes(order);
      return known
        ? { step: { kind: "pass", rounds: false }, name, layout: order }
        : { refused: `${label} reorders maps` };
    }
    case "Conv": {
      const linear = channelsFirst ? pointwiseConv(node, tail, true) : { refused: `${label} is not over the channels` };
      if ("refused" in linear) return linear;
      return { step: { kind: "linear", linear, pads: intsAttribute(node, "pads") ?? [] }, name, layout };
    }
    case "MatMul": {
      const matrix = channelsFirst ? undefined : constantOf(tail.graph, node.input[1]);
      if (matrix?.dims.length !== 2) return { refused: `${label} is not over the channels` };
      const [inputs, outputs] = matrix.dims;
      const weights = new Float32Array(inputs * outputs);
      for (let c = 0; c < outputs; c++)
        for (let k = 0; k < inputs; k++) weights[c * inputs + k] = matrix.data[k * outputs + c];
      return {
        step: { kind: "linear", linear: { weights, outputs, inputs, label: nodeLabel(node) }, pads: [] },
        name,
        layout,
      };
    }
    case "BatchNormalization": {
      const affine = channelsFirst ? batchNorm(node, tail) : { refused: `${label} is not over the channels` };
      return "refused" in affine ? affine : { step: { kind: "affine", ...affine }, name, layout };
    }
    case "Add":
    case "Sub":
    case "Mul":
    case "Div":
      return affineStep(tail, node, layout);
    default:
      return { refused: `${label} is not linear` };
  }
}

/** A sum or product with a constant for each channel. */
function affineStep(
  { graph }: Tail,
  node: NodeProto,
  layout: string,
): { step: Step; name: string; layout: string } | Refused {
  const label = `"${nodeLabel(node)}" (${node.opType})`;
  const first = isConstant(graph, node.input[0]);
  const constant = constantOf(graph, node.input[first ? 0 : 1]);
  if (!constant) return { refused: `${label} joins two values that both depend on the photo` };
  const axis = layout.indexOf("C") - layout.length + constant.dims.length;
  const others = constant.dims.every((dim, i) => i === axis || dim === 1);
  if (!others || (first && node.opType === "Div")) return { refused: `${label} differs between places` };
  const { data } = constant;
  const values: Factor = data.length === 1 ? data[0] : data;
  const map = (compute: (value: number) => number): Factor =>
    typeof values === "number" ? compute(values) : Float64Array.from(values, compute);
  const steps: Readonly<Record<string, Step>> = {
    Add: { kind: "affine", scale: 1, shift: values },
    Mul: { kind: "affine", scale: values, shift: 0 },
    Div: { kind: "affine", scale: map((v) => 1 / v), shift: 0 },
    Sub: first ? { kind: "affine", scale: -1, shift: values } : { kind: "affine", scale: 1, shift: map((v) => -v) },
  };
  return { step: steps[node.opType], name: node.input[first ? 1 : 0], layout };
}
