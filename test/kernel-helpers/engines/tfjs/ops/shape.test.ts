import { makeNode, makeTensor } from "../../../../../src/kernel-helpers/graph/onnx/create-graph.js";
import { integers, one, sameAsOnnxRuntime, weights } from "../same-as-onnxruntime.js";

const photo = [2, 6, 4, 5];
const shaped = (op: string, x: readonly number[], list: readonly number[], opset = 13) =>
  one(op, x, {}, { reads: ["list"], constants: [integers("list", list)], opset });
const zero = makeTensor("zero", [], [0]);

sameAsOnnxRuntime([
  one("Identity", photo),
  one("Dropout", photo),
  shaped("Reshape", photo, [0, -1]),
  shaped("Reshape", photo, [0, 2, 3, 4, 5]),
  shaped("Reshape", [2, 6, 1, 1], [0, -1]),
  ...[0, 1, 2, -1].map((axis) => one("Flatten", photo, { axis })),
  shaped("Squeeze", [2, 6, 1, 1], [2, 3]),
  one("Squeeze", [1, 6, 1, 5], {}, { opset: 11 }),
  one("Squeeze", [2, 6, 1, 5], { axes: [-2] }, { opset: 11 }),
  shaped("Unsqueeze", [2, 6], [-1, 2]),
  one("Unsqueeze", [2, 6], { axes: [0, 3] }, { opset: 11 }),
  ...[
    [0, 2, 3, 1],
    [0, 3, 1, 2],
    [1, 0, 3, 2],
    [3, 2, 1, 0],
  ].map((perm) => one("Transpose", photo, { perm })),
  one("Transpose", [2, 3, 4]),
  one("Transpose", [2, 3, 4, 2, 5], { perm: [0, 2, 1, 4, 3] }),
  shaped("Expand", [3, 1], [2, 1, 4]),
  shaped("Expand", photo, [1]),
  shaped("Tile", [2, 3], [2, 2]),
  {
    name: "images to NHWC, a layer normalisation's scale, and back",
    inputs: { x: photo },
    nodes: [
      makeNode("Transpose", ["x"], ["last"], { perm: [0, 2, 3, 1] }),
      makeNode("Mul", ["last", "scale"], ["scaled"]),
      makeNode("Transpose", ["scaled"], ["first"], { perm: [0, 3, 1, 2] }),
      makeNode("Add", ["first", "x"], ["y"]),
    ],
    constants: [weights("scale", [6])],
  },
  {
    name: "channel shuffle by shape arithmetic",
    inputs: { x: photo },
    nodes: [
      makeNode("Shape", ["x"], ["shape"]),
      makeNode("Gather", ["shape", "one"], ["channels"]),
      makeNode("Div", ["channels", "two"], ["half"]),
      makeNode("Unsqueeze", ["half", "axis0"], ["half1"]),
      makeNode("Slice", ["shape", "from2", "to4"], ["place"]),
      makeNode("Concat", ["batch", "pair", "half1", "place"], ["split"], { axis: 0 }),
      makeNode("Reshape", ["x", "split"], ["groups"]),
      makeNode("Transpose", ["groups"], ["mixed"], { perm: [0, 2, 1, 3, 4] }),
      makeNode("Reshape", ["mixed", "shape"], ["y"]),
    ],
    constants: [
      makeTensor("one", [], [1]),
      makeTensor("two", [], [2]),
      integers("axis0", [0]),
      integers("from2", [2]),
      integers("to4", [4]),
      integers("batch", [-1]),
      integers("pair", [2]),
    ],
  },
  {
    name: "numbers that are shapes too: Size and Cast",
    inputs: { x: photo },
    nodes: [
      makeNode("Shape", ["x"], ["shape"]),
      makeNode("Cast", ["shape"], ["real"], { to: 1 }),
      makeNode("ReduceMean", ["x"], ["mean"], { axes: [1, 2], keepdims: 0 }),
      makeNode("Gather", ["real", "zero"], ["count"]),
      makeNode("Div", ["mean", "count"], ["y"]),
    ],
    constants: [zero],
  },
  {
    name: "ConstantOfShape and Cast",
    inputs: { x: photo },
    nodes: [
      makeNode("Shape", ["x"], ["shape"]),
      makeNode("ConstantOfShape", ["shape"], ["threes"], { value: makeTensor("", [1], Float32Array.of(3)) }),
      makeNode("Cast", ["x"], ["whole"], { to: 6 }),
      makeNode("Cast", ["whole"], ["back"], { to: 1 }),
      makeNode("Mul", ["threes", "back"], ["y"]),
    ],
  },
]);
