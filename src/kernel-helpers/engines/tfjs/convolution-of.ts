import { intAttribute } from "../../graph/onnx/attributes.js";
import { CamlabError } from "../../support/errors.js";
import type { NodeInputs } from "./node-inputs.js";
import { type Windows, windowsOf } from "./windows.js";

/** What a convolution's node says of itself. */
export interface ConvolutionParts {
  /** Sizes of the input: `batch × channels × height × width`. */
  readonly dims: readonly number[];
  /** Sizes of the weights: `out × in ÷ group × height × width`. */
  readonly weights: readonly number[];
  readonly group: number;
  readonly windows: Windows;
}

/**
 * Reads a node of the kind Conv.
 *
 * @throws CamlabError unless it is two-dimensional
 */
export function convolutionOf(inputs: NodeInputs): ConvolutionParts {
  const [dims, weights] = [inputs.dims(0), inputs.dims(1)];
  if (dims.length !== 4 || weights.length !== 4) {
    throw new CamlabError(`only two-dimensional convolutions are understood, its weights are ${weights.join("×")}`);
  }
  const group = intAttribute(inputs.node, "group", 1);
  return { dims, weights, group, windows: windowsOf(inputs.node, dims, weights.slice(2)) };
}
