import { CamlabError } from "../../support/errors.js";
import type { Message } from "./message.js";

/** A layer, in the form that Caffe has had since 2014. */
export interface Layer {
  readonly name: string;
  readonly type: string;
  /** All its fields: `convolution_param`, `include`, … */
  readonly fields: Message;
  readonly bottoms: readonly string[];
  readonly tops: readonly string[];
  readonly blobs: readonly Message[];
}

/**
 * The layers of a network, in order.
 *
 * @throws CamlabError for the form of 2013, a layer inside a layer
 */
export function layersOf(net: Message): Layer[] {
  const old = net.messages("layers");
  if (old.some((layer) => layer.has("layer"))) {
    throw new CamlabError(
      "its layers are in the form of 2013 (a layer inside a layer): bring it up to date with Caffe's upgrade_net_proto_text " +
        "or upgrade_net_proto_binary",
    );
  }
  return [...old, ...net.messages("layer")].map((fields, i) => {
    const type = fields.text("type", "");
    return {
      name: fields.text("name", "") || `layer ${i + 1}`,
      type: NEW_NAMES.get(type) ?? type,
      bottoms: fields.texts("bottom"),
      tops: fields.texts("top"),
      blobs: fields.messages("blobs"),
      fields,
    };
  });
}

/** What types of layers were called before 2014. */
const NEW_NAMES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    ABSVAL: "AbsVal",
    ACCURACY: "Accuracy",
    ARGMAX: "ArgMax",
    BNLL: "BNLL",
    CONCAT: "Concat",
    CONVOLUTION: "Convolution",
    DATA: "Data",
    DECONVOLUTION: "Deconvolution",
    DROPOUT: "Dropout",
    DUMMY_DATA: "DummyData",
    ELTWISE: "Eltwise",
    EUCLIDEAN_LOSS: "EuclideanLoss",
    FLATTEN: "Flatten",
    HDF5_DATA: "HDF5Data",
    HINGE_LOSS: "HingeLoss",
    IMAGE_DATA: "ImageData",
    INNER_PRODUCT: "InnerProduct",
    LRN: "LRN",
    MEMORY_DATA: "MemoryData",
    MULTINOMIAL_LOGISTIC_LOSS: "MultinomialLogisticLoss",
    POOLING: "Pooling",
    POWER: "Power",
    RELU: "ReLU",
    SIGMOID: "Sigmoid",
    SIGMOID_CROSS_ENTROPY_LOSS: "SigmoidCrossEntropyLoss",
    SILENCE: "Silence",
    SLICE: "Slice",
    SOFTMAX: "Softmax",
    SOFTMAX_LOSS: "SoftmaxWithLoss",
    SPLIT: "Split",
    TANH: "TanH",
    WINDOW_DATA: "WindowData",
  }),
);

/** The layers that a network which is used, not trained, has: phase TEST, and DIGITS' stage "deploy". */
export function layersInUse(layers: readonly Layer[]): Layer[] {
  return layers.filter(({ fields }) => {
    const include = fields.messages("include");
    return include.length > 0 ? include.some(isMet) : !fields.messages("exclude").some(isMet);
  });
}

function isMet(rule: Message): boolean {
  if (rule.text("phase", "TEST") !== "TEST") return false;
  if (rule.number("min_level", 0) > 0 || rule.number("max_level", 0) < 0) return false;
  return (
    rule.texts("stage").every((stage) => stage === "deploy") &&
    rule.texts("not_stage").every((stage) => stage !== "deploy")
  );
}
