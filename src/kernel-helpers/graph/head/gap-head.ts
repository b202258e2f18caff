/**
 * The tail of a GAP network, as found in its graph: feature maps → pooling → (normalisation) → linear classifier.
 * All names are names of values (edges) of the graph.
 */
export interface GapHead {
  /**
   * - `pool-then-classify`: maps → pool → linear classifier → logits; S_c = Σ_k w_k^c F_k + b_c.
   * - `classify-then-pool`: maps → 1×1 convolution → (activation) → pool → logits, as in SqueezeNet and NIN.
   */
  readonly form: "pool-then-classify" | "classify-then-pool";
  /** Global average (GAP) or global maximum (GMP) pooling. */
  readonly pooling: "average" | "max";
  /** The last feature maps f_k(x, y): the value that the class weights multiply. */
  readonly featureMaps: {
    readonly name: string;
    readonly channels: number;
    readonly height?: number;
    readonly width?: number;
    /** The order of the value's axes when it is not NCHW; `exposeHead` adds the transposition. */
    readonly layout?: string;
  };
  /** The pooled maps F_k as a value of the graph; absent when there is none, then `exposeHead` adds the pooling. */
  readonly features?: { readonly name: string };
  /** `classify-then-pool`: the class maps before the activation, Σ_k w_k^c f_k(x, y) + b_c, as a value of the graph. */
  readonly classMaps?: { readonly name: string; readonly layout?: string };
  /** The class scores before softmax: what comes out of the classifier (or out of the pooling, in the other form). */
  readonly logits: { readonly name: string; readonly classes: number };
  /** How the graph turns the class scores into probabilities; absent when it ends with the scores. */
  readonly probabilities?: "softmax" | "sigmoid";
  /** w_k^c: `classes × channels`, row-major, one row a class; fixed scalings beside the classifier are folded in. */
  readonly weights: Float32Array;
  /** b_c, when the classifier has one. */
  readonly bias?: Float32Array;
  /** `classify-then-pool`: the activation between the convolution and the pooling. */
  readonly activation?: { readonly kind: "relu" } | { readonly kind: "leaky-relu"; readonly slope: number };
  /** `pool-then-classify`: a normalisation of the pooled features, folded into the weights for each photo. */
  readonly normalisation?: {
    readonly kind: "layer";
    readonly epsilon: number;
    readonly scale?: Float32Array;
    readonly shift?: Float32Array;
  };
  /** One line for people: "GAP head: conv_pw_13_relu 768×7×7 → average → conv_preds 1000". */
  readonly summary: string;
  /** What else a person should know: rounding of a quantised network, other heads that were passed over. */
  readonly notes?: readonly string[];
}
