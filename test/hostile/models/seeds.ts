// Small networks of each kind, whole and sound, for the mutators to damage.
import type { Graph } from "../../../src/kernel-helpers/graph/onnx/graph.js";
import { smallNetwork, SMALL, type Builder } from "../../kernel-helpers/graph/build-graph.js";

const { channels: K, classes: C, height: H, width: W } = SMALL;

const gemm = (b: Builder, value: string, outputs: number = C, inputs: number = K) =>
  b.node("Gemm", [value, b.floats([outputs, inputs]), b.floats([outputs])], { transB: 1 });
const pooled = (b: Builder, maps: string) => b.node("Flatten", [b.node("GlobalAveragePool", [maps])]);

/** Networks by name. */
export const SEEDS: Readonly<Record<string, () => Graph>> = {
  plain: () => smallNetwork((b, maps) => b.node("Softmax", [gemm(b, pooled(b, maps))])),
  "fixed batch": () => smallNetwork((b, maps) => gemm(b, pooled(b, maps)), { batch: 2 }),
  "squeeze and excite, batch normalisation": () =>
    smallNetwork((b, maps) => {
      const channel = () => b.floats([K], [1, 0.5, 2, 1, 0.7]);
      const normal = b.node("BatchNormalization", [maps, channel(), channel(), channel(), channel()]);
      const gate = b.node("Sigmoid", [b.node("Conv", [b.node("GlobalAveragePool", [normal]), b.floats([K, K, 1, 1])])]);
      return gemm(b, pooled(b, b.node("Mul", [normal, gate])));
    }),
  "classify, then pool": () =>
    smallNetwork((b, maps) => pooled(b, b.node("Relu", [b.node("Conv", [maps, b.floats([C, K, 1, 1])])]))),
  "layer normalisation and reductions": () =>
    smallNetwork(
      (b, maps) => {
        const mean = b.node("ReduceMean", [maps, b.ints(-1, -2)], { keepdims: 0 });
        return gemm(b, b.node("LayerNormalization", [mean, b.floats([K]), b.floats([K])], { axis: -1 }));
      },
      { opset: 18 },
    ),
  "shapes computed in the graph": () =>
    smallNetwork((b, maps) => {
      const batch = b.node("Gather", [b.node("Shape", [maps]), b.ints(0)], { axis: 0 });
      const places = b.node("Reshape", [maps, b.node("Concat", [batch, b.ints(K, H * W)], { axis: 0 })]);
      return gemm(b, b.node("ReduceMean", [places], { axes: [2], keepdims: 0 }));
    }),
  tokens: () =>
    smallNetwork((b, maps) => {
      const tokens = b.node("Transpose", [b.node("Reshape", [maps, b.ints(0, K, H * W)])], { perm: [0, 2, 1] });
      const mixed = b.node("Add", [tokens, b.node("MatMul", [tokens, b.floats([K, K])])]);
      return gemm(b, b.node("ReduceMean", [mixed], { axes: [1], keepdims: 0 }));
    }),
  "two heads averaged": () =>
    smallNetwork((b, maps) => {
      const mean = pooled(b, maps);
      return b.node("Div", [b.node("Add", [gemm(b, mean), gemm(b, mean)]), b.floats([], [2])]);
    }),
  "a hidden layer": () => smallNetwork((b, maps) => gemm(b, b.node("Relu", [gemm(b, pooled(b, maps), 7, K)]), C, 7)),
  "control flow": () =>
    smallNetwork((b, maps) => {
      const padded = b.node("Pad", [maps, b.ints(0, 0, 1, 1, 0, 0, 1, 1)]);
      const resized = b.node("Resize", [padded, "", b.floats([4], [1, 1, 2, 2])]);
      return gemm(b, pooled(b, b.node("Slice", [resized, b.ints(1), b.ints(6), b.ints(2)])));
    }),
};
