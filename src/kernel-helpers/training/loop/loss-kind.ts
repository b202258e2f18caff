/** `softmax`: one class a picture; `sigmoid`: each class by itself is there or not. */
export type LossKind = "softmax" | "sigmoid";
