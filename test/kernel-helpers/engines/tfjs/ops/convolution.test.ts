import { one, sameAsOnnxRuntime, weights } from "../same-as-onnxruntime.js";

const photo = [2, 6, 9, 11];
const conv = (w: readonly number[], attributes: Parameters<typeof one>[2], bias = true) =>
  one("Conv", photo, attributes, {
    reads: bias ? ["w", "b"] : ["w"],
    constants: [weights("w", w), ...(bias ? [weights("b", [w[0]])] : [])],
  });

sameAsOnnxRuntime([
  conv([8, 6, 1, 1], {}),
  conv([8, 6, 3, 3], { pads: [1, 1, 1, 1] }),
  conv([8, 6, 3, 5], { pads: [0, 2, 1, 3], strides: [2, 1] }, false),
  conv([8, 6, 3, 3], { pads: [2, 2, 2, 2], dilations: [2, 3] }),
  conv([8, 6, 3, 3], { pads: [2, 2, 2, 2], dilations: [2, 2], strides: [2, 3] }),
  conv([8, 6, 3, 3], { auto_pad: "SAME_UPPER", strides: [2, 2] }),
  conv([8, 6, 4, 4], { auto_pad: "SAME_LOWER" }),
  conv([8, 6, 3, 3], { auto_pad: "VALID" }),
  conv([6, 1, 3, 3], { group: 6, pads: [1, 1, 1, 1] }),
  conv([6, 1, 3, 3], { group: 6, pads: [0, 0, 1, 1], strides: [2, 2] }, false),
  conv([12, 1, 3, 3], { group: 6, pads: [1, 1, 1, 1], strides: [2, 2] }),
  conv([6, 1, 3, 3], { group: 6, pads: [2, 2, 2, 2], dilations: [2, 2] }),
  conv([6, 1, 3, 3], { group: 6, pads: [2, 2, 2, 2], dilations: [2, 2], strides: [2, 2] }),
  conv([6, 1, 3, 3], { group: 6, strides: [2, 1] }),
  conv([6, 1, 7, 7], { group: 6, pads: [3, 3, 3, 3] }),
  conv([9, 2, 3, 3], { group: 3, pads: [1, 0, 1, 2] }),
  conv([4, 3, 1, 1], { group: 2, strides: [2, 2] }, false),
  one("Conv", [1, 3, 8, 8], {}, { inputs: { w: [4, 3, 3, 3] }, reads: ["w"] }),
]);
