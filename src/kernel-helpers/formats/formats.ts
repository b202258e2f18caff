import { caffeFormat } from "./caffe/caffe-format.js";
import type { Format } from "./format.js";
import { kerasFormat } from "./keras/keras-format.js";
import { onnxFormat } from "./onnx/onnx-format.js";
import { pytorchFormat } from "./pytorch/pytorch-format.js";
import { safetensorsFormat } from "./safetensors/safetensors-format.js";
import { tfjsFormat } from "./tfjs/tfjs-format.js";
import { tfliteFormat } from "./tflite/tflite-format.js";

/** The formats that networks are read from, in the order in which they are asked whether a file is theirs. */
export const FORMATS: readonly Format[] = [
  onnxFormat,
  caffeFormat,
  tfjsFormat,
  tfliteFormat,
  kerasFormat,
  pytorchFormat,
  safetensorsFormat,
];
