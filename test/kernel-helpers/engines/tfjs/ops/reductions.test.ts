import { one, sameAsOnnxRuntime, integers } from "../same-as-onnxruntime.js";

const photo = [2, 3, 4, 5];
const kinds = [
  "ReduceMean",
  "ReduceMax",
  "ReduceMin",
  "ReduceProd",
  "ReduceL1",
  "ReduceL2",
  "ReduceSumSquare",
  "ReduceLogSumExp",
];

sameAsOnnxRuntime([
  ...kinds.map((op) => one(op, photo, { axes: [2, 3] })),
  ...kinds.map((op) => one(op, photo, { axes: [-1, 1], keepdims: 0 })),
  one("ReduceSum", photo, { keepdims: 0 }, { reads: ["axes"], constants: [integers("axes", [2, 3])] }),
  one("ReduceSum", photo, {}, { reads: ["axes"], constants: [integers("axes", [1])] }),
  one("ReduceSum", photo, { noop_with_empty_axes: 1 }),
  one("ReduceLogSum", photo, { axes: [1] }, { positive: true }),
  one("ReduceMean", photo, { keepdims: 0 }),
  one("ReduceMean", photo, { axes: [1], keepdims: 0 }),
  one("ReduceMean", photo, { axes: [3], keepdims: 0 }),
  one("ReduceMean", photo, { keepdims: 1 }, { opset: 18, reads: ["axes"], constants: [integers("axes", [-2, -1])] }),
  ...["Softmax", "LogSoftmax"].flatMap((op) => [
    one(op, [3, 7]),
    one(op, photo, { axis: 1 }),
    one(op, photo, { axis: 2 }),
    one(op, photo, { axis: 1 }, { opset: 11 }),
  ]),
]);
