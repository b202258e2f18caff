import { float, makeTensor } from "../../../../../src/kernel-helpers/graph/onnx/create-graph.js";
import { one, sameAsOnnxRuntime, weights } from "../same-as-onnxruntime.js";

const variance = makeTensor("variance", [4], Float32Array.of(0.5, 1.25, 2, 0.01));
const batch = {
  reads: ["w", "b", "mean", "variance"],
  constants: [weights("w", [4]), weights("b", [4]), weights("mean", [4]), variance],
};
const layer = (dims: readonly number[], opset = 17) => ({
  reads: ["w", "b"],
  constants: [weights("w", dims), weights("b", dims)],
  opset,
});

sameAsOnnxRuntime([
  one("BatchNormalization", [2, 4, 5, 3], { epsilon: float(0.001) }, batch),
  one("BatchNormalization", [3, 4], {}, batch),
  one("InstanceNormalization", [2, 4, 5, 3], { epsilon: float(0.01) }, layer([4], 13)),
  one("LayerNormalization", [2, 4, 6, 5], {}, layer([5])),
  one("LayerNormalization", [2, 4, 6], { axis: 1, epsilon: float(1e-3) }, layer([4, 6])),
  one("LRN", [2, 7, 3, 4], { size: 5, alpha: float(0.01), beta: float(0.75), bias: float(1) }),
]);
