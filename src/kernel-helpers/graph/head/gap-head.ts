import type { Activation } from "./activations.js";
import type { NormKind, Vector } from "./vectors.js";

/**
 * The tail of a GAP network, as found in its graph: feature maps → pooling → classifier.
 * All names are names of values (edges) of the graph.
 */
export interface GapHead {
  /**
   * - `pool-then-classify`: maps → pool → (normalisation) → linear classifier → logits; S_c = Σ_k w_k^c F_k + b_c.
   * - `classify-then-pool`: maps → 1×1 convolution → (activation) → pool → logits, as in SqueezeNet and NIN.
   * - `pool-then-network`: maps → pool → a small network that is not linear → logits, as in MobileNetV3: the weights
   *   follow from each photo's features along a path, Σ_k w̄_k F_k = S_c(F) − S_c(0).
   * - `embedding`: maps → pool and no classifier: features and weights of one's own, but no class scores.
   */
  readonly form: "pool-then-classify" | "classify-then-pool" | "pool-then-network" | "embedding";
  /**
   * Global average (GAP) or global maximum (GMP) pooling. Where both are joined it is `average`: then a maximum is the
   * average of maps that hold it at its place, and 0 elsewhere (see `featureMaps.parts`).
   */
  readonly pooling: "average" | "max";
  /** The last feature maps f_k(x, y): the value that the class weights multiply. */
  readonly featureMaps: {
    readonly name: string;
    readonly channels: number;
    readonly height?: number;
    readonly width?: number;
    /** The order of the value's axes when it is not NCHW (`P`: all places in one axis); `exposeHead` reorders them. */
    readonly layout?: string;
    /** For places in one axis: how many tokens stand there, and which is the first of the grid. */
    readonly tokens?: { readonly first: number; readonly count: number; readonly order: "read" | "assumed" };
    /** Several poolings side by side, as average and maximum of the same maps: what stands in the channels, in order. */
    readonly parts?: readonly MapsPart[];
  };
  /** The pooled maps F_k as a value of the graph; absent when there is none, then `exposeHead` adds the pooling. */
  readonly features?: { readonly name: string };
  /** `classify-then-pool`: the class maps before the activation, Σ_k w_k^c f_k(x, y) + b_c, as a value of the graph. */
  readonly classMaps?: { readonly name: string; readonly layout?: string };
  /** The class scores before softmax: what comes out of the classifier (or out of the pooling, in the other form). */
  readonly logits: { readonly name: string; readonly classes: number };
  /** How the graph turns the class scores into probabilities; absent when it ends with the scores. */
  readonly probabilities?: "softmax" | "sigmoid";
  /**
   * w_k^c: `classes × channels`, row-major, one row a class; fixed scalings beside the classifier are folded in. Empty for
   * `pool-then-network` and `embedding`.
   */
  readonly weights: Float32Array;
  /** b_c, when the classifier has one. */
  readonly bias?: Float32Array;
  /** `classify-then-pool`: the activation between the convolution and the pooling. */
  readonly activation?: Activation;
  /**
   * `classify-then-pool`: what each score holds beside the mean over the map, a constant, where the classifier pads the
   * maps and so scores places outside them.
   */
  readonly outside?: Float32Array;
  /** `pool-then-classify`: a normalisation of the pooled features, folded into the weights for each photo. */
  readonly normalisation?: { readonly kind: NormKind; readonly epsilon: number };
  /** `pool-then-network`: the small network, as vectors over the features. */
  readonly network?: HeadNetwork;
  /** One line for people: "GAP head: conv_pw_13_relu 768×7×7 → average → conv_preds 1000". */
  readonly summary: string;
  /** What else a person should know: rounding of a quantised network, other heads that were passed over. */
  readonly notes?: readonly string[];
}

/** Maps that are pooled, one part of the features. */
export interface MapsPart {
  readonly name: string;
  readonly channels: number;
  readonly pooling: "average" | "max";
  readonly layout?: string;
  readonly tokens?: { readonly first: number; readonly count: number; readonly order: "read" | "assumed" };
}

/** The small network behind the pooling. */
export interface HeadNetwork {
  /** The class scores. */
  readonly scores: Vector;
  /** Where each pooled vector begins in the features, by its key. */
  readonly offsets: ReadonlyMap<string, number>;
  /** What its first layers make of the features, as values of the graph: `exposeHead` makes them outputs. */
  readonly hidden: readonly HiddenValue[];
}

/** A value of the graph, one row of numbers a photo, and the same as a vector over the features. */
export interface HiddenValue {
  readonly name: string;
  readonly of: Vector;
}

/** Why maps of a head cannot say where anything is; undefined when they can. */
export function notLocalized({ featureMaps }: GapHead): string | undefined {
  const { height, width, name, channels } = featureMaps;
  if (height !== 1 || width !== 1) return undefined;
  return (
    `nothing can be localized: the network's last maps "${name}" are ${channels}×1×1, a single place that sees the whole ` +
    "picture (layers before it, such as VGG's fully connected ones, have joined all places); its classes and features are right"
  );
}
