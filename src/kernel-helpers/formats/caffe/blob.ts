import { elementCount } from "../../graph/onnx/tensor.js";
import { CamlabError } from "../../support/errors.js";
import { countOf, type Message, type Weights } from "./message.js";

/** Weights with their sizes. */
export interface Blob {
  readonly dims: readonly number[];
  readonly data: Weights;
}

/**
 * A blob's weights and sizes, in the form with a shape or the older one with four numbers.
 *
 * @param what what it is, for the message
 * @throws CamlabError when the weights do not fill the sizes
 */
export function blobOf(message: Message, what: string): Blob {
  const data = message.weights("data") ?? message.weights("double_data") ?? new Float32Array(0);
  const dims = message.has("shape")
    ? message.message("shape").numbers("dim")
    : ["num", "channels", "height", "width"].map((side) => message.number(side, 0));
  if (dims.some((dim) => dim < 1) || elementCount(dims) !== countOf(data)) {
    throw new CamlabError(`${what} hold ${countOf(data)} numbers, and their sizes are ${dims.join("×") || "missing"}`);
  }
  return { dims, data };
}
