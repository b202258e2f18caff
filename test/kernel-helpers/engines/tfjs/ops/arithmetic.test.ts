import { makeNode, makeTensor } from "../../../../../src/kernel-helpers/graph/onnx/create-graph.js";
import { one, sameAsOnnxRuntime, weights } from "../same-as-onnxruntime.js";

const photo = [2, 3, 4, 5];
const scalar = (value: number) => makeTensor("c", [], Float32Array.of(value));
const compared = (op: string) => ({
  name: `${op} of images, then Where`,
  inputs: { x: photo, z: [3, 1, 5], other: photo },
  nodes: [makeNode(op, ["x", "z"], ["is"]), makeNode("Where", ["is", "x", "other"], ["y"])],
});

sameAsOnnxRuntime([
  ...["Add", "Sub", "Mul", "Div"].flatMap((op) => [
    one(op, photo, {}, { inputs: { z: photo }, reads: ["z"] }),
    one(op, photo, {}, { reads: ["c"], constants: [weights("c", [1, 3, 1, 1])] }),
    one(op, [3, 1, 1], {}, { inputs: { z: photo }, reads: ["z"] }),
    one(op, photo, {}, { inputs: { z: [4, 5] }, reads: ["z"] }),
    one(op, photo, {}, { inputs: { z: [2, 3, 1, 1] }, reads: ["z"] }),
    one(op, [7], {}, { inputs: { z: [2, 1, 3, 4, 7] }, reads: ["z"] }),
  ]),
  ...[2, 0.5, -1.5, 3].map((exponent) =>
    one("Pow", photo, {}, { reads: ["c"], constants: [scalar(exponent)], positive: true }),
  ),
  ...["Min", "Max", "Sum", "Mean"].map((op) =>
    one(op, photo, {}, { inputs: { z: [5], v: [3, 1, 1] }, reads: ["z", "v"] }),
  ),
  one("Max", photo),
  ...["Equal", "Less", "Greater"].map(compared),
  ...["LessOrEqual", "GreaterOrEqual"].map(compared),
  {
    name: "And, Or, Not of comparisons",
    inputs: { x: photo, z: photo },
    nodes: [
      makeNode("Less", ["x", "z"], ["less"]),
      makeNode("Greater", ["x", "w"], ["greater"]),
      makeNode("And", ["less", "greater"], ["both"]),
      makeNode("Not", ["both"], ["neither"]),
      makeNode("Or", ["neither", "greater"], ["some"]),
      makeNode("Cast", ["some"], ["y"], { to: 1 }),
    ],
    constants: [makeTensor("w", [], Float32Array.of(0.25))],
  },
]);
