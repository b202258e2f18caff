import { float } from "../../../../../src/kernel-helpers/graph/onnx/create-graph.js";
import { one, sameAsOnnxRuntime, weights } from "../same-as-onnxruntime.js";

const product = (a: readonly number[], b: readonly number[]) =>
  one("MatMul", a, {}, { inputs: { z: b }, reads: ["z"] });

sameAsOnnxRuntime([
  one("Gemm", [3, 4], {}, { reads: ["w", "c"], constants: [weights("w", [4, 5]), weights("c", [5])] }),
  one(
    "Gemm",
    [3, 4],
    { transB: 1, alpha: float(0.5), beta: float(2) },
    { reads: ["w", "c"], constants: [weights("w", [5, 4]), weights("c", [3, 1])] },
  ),
  one("Gemm", [4, 3], { transA: 1 }, { reads: ["w"], constants: [weights("w", [4, 5])] }),
  one("MatMul", [2, 3, 4, 5], {}, { reads: ["w"], constants: [weights("w", [5, 6])] }),
  product([3, 4], [4, 2]),
  product([2, 3, 4], [2, 4, 5]),
  product([2, 1, 3, 4], [5, 4, 2]),
  product([4, 3], [2, 3, 5]),
  product([4], [4, 3]),
  product([2, 3, 4], [4]),
  product([2, 3, 4, 5], [2, 3, 5, 4]),
]);
