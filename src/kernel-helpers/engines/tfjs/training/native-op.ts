import type { Tensor } from "@tensorflow/tfjs-core";
import type { Tf } from "../value.js";

/** What the native backend understands beyond TF.js's own kernels: any operator of TensorFlow. */
interface NativeBackend {
  readonly binding: Readonly<Record<string, number>>;
  executeMultipleOutputs(name: string, attributes: NativeAttribute[], inputs: Tensor[], outputs: number): Tensor[];
}

interface NativeAttribute {
  readonly name: string;
  readonly type: number;
  readonly value: unknown;
}

/** Attributes of a TensorFlow operator: real numbers, truth values, texts. */
export type NativeAttributes = Readonly<Record<string, number | boolean | string>>;

/** Whether TF.js runs on the native backend now. */
export function isNative(tf: Tf): boolean {
  return tf.getBackend() === "tensorflow";
}

/**
 * Runs an operator of TensorFlow itself on float32 tensors: the fused gradients that TF.js composes of many passes
 * over memory. Only on the native backend.
 *
 * @param types names of the type attributes, all float32
 */
export function nativeOp(
  tf: Tf,
  name: string,
  inputs: Tensor[],
  outputs: number,
  types: readonly string[] = ["T"],
  attributes: NativeAttributes = {},
): Tensor[] {
  const backend = tf.backend() as unknown as NativeBackend;
  const { TF_ATTR_TYPE, TF_FLOAT, TF_ATTR_BOOL, TF_ATTR_FLOAT, TF_ATTR_STRING } = backend.binding;
  const listed = [
    ...types.map((type) => ({ name: type, type: TF_ATTR_TYPE, value: TF_FLOAT })),
    ...Object.entries(attributes).map(([attribute, value]) => {
      const type =
        typeof value === "number" ? TF_ATTR_FLOAT : typeof value === "boolean" ? TF_ATTR_BOOL : TF_ATTR_STRING;
      return { name: attribute, type, value };
    }),
  ];
  return backend.executeMultipleOutputs(name, listed, inputs, outputs);
}
