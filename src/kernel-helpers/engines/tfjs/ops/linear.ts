// Matrix products.
import type { Tensor } from "@tensorflow/tfjs-core";
import { floatAttribute, intAttribute } from "../../../graph/onnx/attributes.js";
import { broadcast } from "../../../graph/shapes/shape-arithmetic.js";
import { elementCount } from "../../../graph/onnx/tensor.js";
import type { NodeInputs, Op } from "../node-inputs.js";
import { plainValue } from "../value.js";

export const LINEAR: Readonly<Record<string, Op>> = { Gemm: gemm, MatMul: matMul };

/** α · A · B + β · C, A and B perhaps transposed. */
function gemm(inputs: NodeInputs) {
  const { tf, node } = inputs;
  const flag = (name: string) => intAttribute(node, name, 0) === 1;
  const [alpha, beta] = [floatAttribute(node, "alpha", 1), floatAttribute(node, "beta", 1)];
  const product = tf.matMul(inputs.plain(0), inputs.plain(1), flag("transA"), flag("transB"));
  const scaled = alpha === 1 ? product : tf.mul(product, alpha);
  if (!inputs.has(2)) return plainValue(scaled);
  const added = beta === 1 ? inputs.plain(2) : tf.mul(inputs.plain(2), beta);
  return plainValue(tf.add(scaled, added));
}

/** NumPy's `@`: a list is a row on the left and a column on the right; leading axes are stretched over each other. */
function matMul(inputs: NodeInputs) {
  const { tf } = inputs;
  const [a, b] = [inputs.plain(0), inputs.plain(1)];
  const left = a.rank === 1 ? tf.reshape(a, [1, a.shape[0]]) : a;
  const right = b.rank === 1 ? tf.reshape(b, [b.shape[0], 1]) : b;
  const product = right.rank === 2 ? byRows(inputs, left, right) : batched(inputs, left, right);
  const shape = product.shape.filter((_, axis) => {
    const [row, column] = [product.rank - 2, product.rank - 1];
    return !(a.rank === 1 && axis === row) && !(b.rank === 1 && axis === column);
  });
  return plainValue(tf.reshape(product, shape));
}

function byRows({ tf }: NodeInputs, a: Tensor, b: Tensor): Tensor {
  const inner = a.shape[a.rank - 1];
  const rows = tf.reshape(a, [elementCount(a.shape) / inner, inner]);
  return tf.reshape(tf.matMul(rows, b), [...a.shape.slice(0, -1), b.shape[b.rank - 1]]);
}

/** TF.js stretches only one side over the other, so both are stretched first. */
function batched({ tf }: NodeInputs, a: Tensor, b: Tensor): Tensor {
  const batch = broadcast(a.shape.slice(0, -2), b.shape.slice(0, -2)).map(Number);
  const stretched = (tensor: Tensor) => {
    const own = tensor.shape.slice(0, -2);
    if (own.join() === batch.join()) return tensor;
    const ones = new Array<number>(batch.length - own.length).fill(1);
    return tf.broadcastTo(tf.reshape(tensor, [...ones, ...tensor.shape]), [...batch, ...tensor.shape.slice(-2)]);
  };
  return tf.matMul(stretched(a), stretched(b));
}
