import { float, makeTensor } from "../../../../../src/kernel-helpers/graph/onnx/create-graph.js";
import { one, sameAsOnnxRuntime, weights } from "../same-as-onnxruntime.js";

const photo = [2, 3, 4, 5];
const bound = (name: string, value: number) => makeTensor(name, [], Float32Array.of(value));

sameAsOnnxRuntime([
  ...["Relu", "LeakyRelu", "Elu", "Selu", "Sigmoid", "HardSigmoid", "Softplus", "Softsign", "Tanh", "Erf"].map((op) =>
    one(op, photo),
  ),
  ...["Abs", "Neg", "Exp", "Floor", "Ceil", "Round", "Sign"].map((op) => one(op, photo)),
  ...["Log", "Sqrt", "Reciprocal"].map((op) => one(op, photo, {}, { positive: true })),
  one("LeakyRelu", photo, { alpha: float(0.25) }),
  one("Elu", photo, { alpha: float(0.5) }),
  one("HardSigmoid", photo, { alpha: float(0.3), beta: float(0.4) }),
  one("HardSwish", photo, {}, { opset: 14 }),
  one("Mish", photo, {}, { opset: 18 }),
  one("Gelu", photo, {}, { opset: 20 }),
  one("Gelu", photo, { approximate: "tanh" }, { opset: 20 }),
  one("PRelu", photo, {}, { reads: ["slope"], constants: [weights("slope", [3, 1, 1])] }),
  one("Clip", photo, { min: float(0), max: float(6) }, { opset: 6 }),
  one("Clip", photo, {}, { reads: ["low", "high"], constants: [bound("low", -0.5), bound("high", 1)] }),
  one("Clip", photo, {}, { reads: ["", "high"], constants: [bound("high", 1)] }),
  one("Clip", photo, {}, { reads: ["low"], constants: [bound("low", 0)] }),
]);
