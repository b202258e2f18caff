import { clip, elu, nothing, parametricRelu, power, relu, simple, softmax } from "./activations.js";
import { concat, eltwise, flatten, innerProduct, reshape, slice } from "./combining.js";
import type { Convert } from "./conversion.js";
import { convolution } from "./convolution.js";
import { batchNormalisation, bias, localResponse, scale } from "./normalisation.js";
import { pooling } from "./pooling.js";

/** What each type of layer becomes. */
export const LAYER_TYPES: ReadonlyMap<string, Convert> = new Map<string, Convert>([
  ["AbsVal", simple("Abs")],
  ["BNLL", simple("Softplus")],
  ["BatchNorm", batchNormalisation],
  ["Bias", bias],
  ["Clip", clip()],
  ["Concat", concat],
  ["Convolution", convolution()],
  ["ConvolutionDepthwise", convolution()],
  ["Deconvolution", convolution(true)],
  ["DepthwiseConvolution", convolution()],
  ["Dropout", nothing],
  ["ELU", elu],
  ["Eltwise", eltwise],
  ["Flatten", flatten],
  ["InnerProduct", innerProduct],
  ["LRN", localResponse],
  ["PReLU", parametricRelu],
  ["Pooling", pooling],
  ["Power", power],
  ["ReLU", relu],
  ["ReLU6", clip([0, 6])],
  ["Reshape", reshape],
  ["Scale", scale],
  ["Sigmoid", simple("Sigmoid")],
  ["Slice", slice],
  ["Softmax", softmax],
  ["SoftmaxWithLoss", softmax],
  ["Split", nothing],
  ["TanH", simple("Tanh")],
]);

/** Layers that only belong to training: what they give is no answer about a picture. */
export const TRAINING_TYPES: ReadonlySet<string> = new Set([
  "Accuracy",
  "ArgMax",
  "ContrastiveLoss",
  "EuclideanLoss",
  "HDF5Output",
  "HingeLoss",
  "InfogainLoss",
  "MultinomialLogisticLoss",
  "SigmoidCrossEntropyLoss",
  "Silence",
]);

/** Layers that bring pictures. */
export const DATA_TYPES: ReadonlySet<string> = new Set([
  "Data",
  "DummyData",
  "HDF5Data",
  "ImageData",
  "Input",
  "MemoryData",
  "WindowData",
]);
