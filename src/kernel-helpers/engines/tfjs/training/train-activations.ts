import type { Tensor } from "@tensorflow/tfjs-core";
import type { NodeInputs } from "../node-inputs.js";
import { valueIn, type Tf } from "../value.js";
import { isNative, nativeOp } from "./native-op.js";

/** max(0, x), whose gradient is one pass over memory where the backend has such a kernel. */
export function trainRelu(inputs: NodeInputs) {
  const { tf } = inputs;
  return valueIn(inputs.isChannelsLast(0), reluWithGradient(tf, inputs.asItLies(0)));
}

function reluWithGradient(tf: Tf, x: Tensor): Tensor {
  if (!isNative(tf)) return tf.relu(x);
  return tf.customGrad((input, save) => {
    const value = tf.relu(input as Tensor);
    (save as (tensors: Tensor[]) => void)([value]);
    return { value, gradFunc: (dy: Tensor, [y]: Tensor[]) => nativeOp(tf, "ReluGrad", [dy, y], 1)[0] };
  })(x);
}
