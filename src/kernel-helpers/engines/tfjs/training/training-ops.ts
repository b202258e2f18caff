import { CamlabError } from "../../../support/errors.js";
import type { Op } from "../node-inputs.js";
import { loadBackend, type LoadedBackend } from "../backends.js";
import { importTfjs } from "../import-tfjs.js";
import type { TfjsDevice } from "../../engine.js";
import { addGradientKernels } from "./gradient-kernels.js";
import { addStridedSliceGradient } from "./strided-slice-gradient.js";
import { trainRelu } from "./train-activations.js";
import { trainBatchNorm, type BatchStatistics } from "./train-batch-norm.js";
import { trainConvolution } from "./train-convolution.js";

export type { BatchStatistics };

/**
 * Loads a backend of TF.js on which everything that the engine runs can be differentiated.
 *
 * @param device a backend by name, or `auto` for the best that works here
 * @throws CamlabError when it cannot be used, with what to do
 */
export async function loadTrainingBackend(device: TfjsDevice | "auto" = "auto"): Promise<LoadedBackend> {
  const loaded = await loadBackend(device);
  // The layers package registers the gradients of all kernels when it is loaded; nothing else of it is used.
  await importTfjs("layers");
  addStridedSliceGradient(loaded.tf);
  addGradientKernels(loaded.tf, loaded.registered);
  if (!loaded.tf.getGradient("Conv2D"))
    throw new CamlabError("TF.js's gradients are not there: is its installation whole?");
  return loaded;
}

/**
 * The operators that are computed otherwise while a network is trained, for `runProgram`.
 *
 * @param options.onStatistics called for each BatchNormalization with the batch's statistics; without it they use the
 *   stored ones, as in inference
 */
export function trainingOps(
  options: {
    readonly onStatistics?: (output: string, statistics: BatchStatistics) => void;
  } = {},
): Readonly<Record<string, Op>> {
  const { onStatistics } = options;
  return {
    Conv: trainConvolution,
    Relu: trainRelu,
    ...(onStatistics && {
      BatchNormalization: (inputs) =>
        trainBatchNorm(inputs, (statistics) => onStatistics(inputs.node.output[0], statistics)),
    }),
  };
}
