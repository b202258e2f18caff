import { one, sameAsOnnxRuntime } from "../same-as-onnxruntime.js";

const photo = [2, 3, 10, 13];
const max = (attributes: Parameters<typeof one>[2]) => one("MaxPool", photo, attributes);
const average = (attributes: Parameters<typeof one>[2], opset?: number) =>
  one("AveragePool", photo, attributes, opset ? { opset } : {});

sameAsOnnxRuntime([
  max({ kernel_shape: [2, 2], strides: [2, 2] }),
  max({ kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] }),
  max({ kernel_shape: [3, 3], strides: [2, 2], ceil_mode: 1 }),
  max({ kernel_shape: [3, 2], strides: [3, 2], pads: [1, 0, 0, 1], ceil_mode: 1 }),
  max({ kernel_shape: [3, 3], strides: [2, 2], auto_pad: "SAME_UPPER" }),
  max({ kernel_shape: [3, 3], strides: [1, 2], dilations: [2, 3], pads: [2, 0, 1, 2] }),
  max({ kernel_shape: [3, 3] }),
  average({ kernel_shape: [2, 2], strides: [2, 2] }),
  average({ kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] }),
  average({ kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1], count_include_pad: 1 }),
  average({ kernel_shape: [3, 3], strides: [2, 2], ceil_mode: 1 }, 19),
  average({ kernel_shape: [3, 3], strides: [2, 2], pads: [1, 0, 0, 1], ceil_mode: 1, count_include_pad: 1 }, 19),
  average({ kernel_shape: [3, 2], strides: [2, 2], dilations: [2, 3], pads: [1, 1, 0, 1] }, 19),
  average({ kernel_shape: [3, 3], auto_pad: "SAME_LOWER", strides: [2, 2] }),
  one("GlobalAveragePool", photo),
  one("GlobalMaxPool", photo),
  one("GlobalAveragePool", [2, 3, 5]),
]);
