import type { Op } from "../node-inputs.js";
import { ACTIVATIONS } from "./activations.js";
import { ARITHMETIC } from "./arithmetic.js";
import { CONVOLUTION } from "./convolution.js";
import { LINEAR } from "./linear.js";
import { NORMALISATION } from "./normalisation.js";
import { POOLING } from "./pooling.js";
import { REDUCTIONS } from "./reductions.js";
import { SELECTION } from "./selection.js";
import { SHAPE } from "./shape.js";

/** Every operator that the TF.js engine runs, by its ONNX name. */
export const OP_TABLE: Readonly<Record<string, Op>> = {
  ...CONVOLUTION,
  ...POOLING,
  ...NORMALISATION,
  ...ACTIVATIONS,
  ...ARITHMETIC,
  ...LINEAR,
  ...REDUCTIONS,
  ...SHAPE,
  ...SELECTION,
};
