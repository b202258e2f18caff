import type { Device, TfjsDevice } from "../../engines/engine.js";
import { loadTrainingBackend } from "../../engines/tfjs/training/training-ops.js";
import { NoGradientError } from "../../graph/gradient/no-gradient.js";
import { invalid } from "../../support/errors.js";
import { openOnnxProgram } from "./onnx-program.js";
import type { StepProgram, StepSetting } from "./step-program.js";
import { openTfjsProgram } from "./tfjs-program.js";

/** What trains. */
export interface TrainingEngine {
  /** ONNX Runtime unless given; TF.js where a layer has no gradient there. */
  readonly engine?: "onnxruntime" | "tfjs";
  /** `auto` for the best that works here (the default), or a device of the engine by name. */
  readonly device?: Device | TfjsDevice | "auto";
}

const OF_TFJS = ["tfjs-node-gpu", "tfjs-node", "wasm"];

/**
 * Makes a network ready to learn, with the engine that was asked for.
 *
 * @throws CamlabError when the engine or the device is not here, or the network has a layer that it cannot train
 */
export async function openProgram(setting: StepSetting, { engine, device = "auto" }: TrainingEngine) {
  if (engine !== undefined && engine !== "onnxruntime" && engine !== "tfjs") {
    throw invalid("engine", engine, '"onnxruntime" or "tfjs"');
  }
  const inTfjs = async (reason?: string): Promise<StepProgram> => {
    const program = await openTfjsProgram(setting, await loadTrainingBackend(device as TfjsDevice | "auto"));
    return reason === undefined ? program : withReason(program, reason);
  };
  if (engine === "tfjs" || (engine === undefined && OF_TFJS.includes(device))) return inTfjs();
  try {
    return await openOnnxProgram(setting, device as Device | "auto");
  } catch (error) {
    if (engine !== undefined || device !== "auto" || !(error instanceof NoGradientError)) throw error;
    return inTfjs(error.message);
  }
}

function withReason(program: StepProgram, reason: string): StepProgram {
  const { backend } = program;
  return Object.assign(program, { backend: { ...backend, reason: `${backend.reason}; ${reason}` } });
}
