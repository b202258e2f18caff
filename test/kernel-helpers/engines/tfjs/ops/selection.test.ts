import { float, makeNode, makeTensor } from "../../../../../src/kernel-helpers/graph/onnx/create-graph.js";
import { integers, one, sameAsOnnxRuntime } from "../same-as-onnxruntime.js";

const photo = [2, 6, 5, 7];
const cut = (starts: number[], ends: number[], axes: number[], steps?: number[]) => ({
  ...one(
    "Slice",
    photo,
    {},
    {
      reads: ["starts", "ends", "axes", ...(steps ? ["steps"] : [])],
      constants: [
        integers("starts", starts),
        integers("ends", ends),
        integers("axes", axes),
        ...(steps ? [integers("steps", steps)] : []),
      ],
    },
  ),
  name: `Slice ${JSON.stringify({ starts, ends, axes, steps })}`,
});
const far = 2 ** 53;

sameAsOnnxRuntime([
  ...[0, 1, 2, -1].map((axis) => one("Concat", photo, { axis }, { inputs: { z: photo }, reads: ["z", "x"] })),
  one("Concat", [2, 3], { axis: 1 }, { inputs: { z: [2, 4] }, reads: ["z"] }),
  one("Split", photo, { axis: 1 }, { outputs: ["a", "b", "c"] }),
  one("Split", photo, { axis: -1 }, { outputs: ["a", "b"], reads: ["sizes"], constants: [integers("sizes", [3, 4])] }),
  one("Split", photo, { axis: 2, split: [1, 4] }, { outputs: ["a", "b"], opset: 11 }),
  one("Split", photo, { axis: 3, num_outputs: 3 }, { outputs: ["a", "b", "c"], opset: 18 }),
  cut([1], [4], [1]),
  cut([-3, 1], [far, -1], [3, 2]),
  cut([0, 1], [far, 6], [2, 1], [2, 2]),
  cut([-1], [-far], [3], [-2]),
  cut([4, 0], [0, far], [2, 1], [-1, 1]),
  one("Slice", photo, { starts: [1, 2], ends: [3, 4], axes: [1, 3] }, { opset: 9 }),
  one("Gather", photo, { axis: 1 }, { reads: ["at"], constants: [integers("at", [5, -1, 0])] }),
  one("Gather", photo, { axis: 3 }, { reads: ["at"], constants: [makeTensor("at", [], [2])] }),
  one("Gather", photo, { axis: 1 }, { reads: ["at"], constants: [makeTensor("at", [2, 2], [0, 1, 2, 3])] }),
  one("Pad", photo, {}, { reads: ["pads"], constants: [integers("pads", [0, 1, 2, 0, 0, 0, 1, 3])] }),
  one(
    "Pad",
    photo,
    {},
    {
      reads: ["pads", "fill"],
      constants: [integers("pads", [0, 0, 1, 1, 0, 0, 1, 1]), makeTensor("fill", [], Float32Array.of(0.5))],
    },
  ),
  one("Pad", photo, { mode: "reflect" }, { reads: ["pads"], constants: [integers("pads", [0, 0, 2, 3, 0, 0, 4, 1])] }),
  one("Pad", photo, { mode: "edge" }, { reads: ["pads"], constants: [integers("pads", [0, 0, 2, 3, 0, 0, 4, 1])] }),
  one("Pad", photo, {}, { reads: ["pads"], constants: [integers("pads", [0, 0, -1, 1, 0, 0, 1, -2])] }),
  one("Pad", photo, { pads: [0, 0, 1, 1, 0, 0, 1, 1], value: float(2) }, { opset: 10 }),
  one(
    "Pad",
    photo,
    {},
    {
      opset: 18,
      reads: ["pads", "", "axes"],
      constants: [integers("pads", [1, 2, 3, 4]), integers("axes", [-1, 2])],
    },
  ),
  {
    name: "Split into halves, one of them unread",
    inputs: { x: photo },
    nodes: [makeNode("Split", ["x"], ["a", "b"], { axis: 1 }), makeNode("Relu", ["b"], ["y"])],
  },
]);
