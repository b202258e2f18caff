import { attentionRollout } from "./from-attention/attention-rollout.js";
import { leGrad } from "./from-attention/le-grad.js";
import { deconvnet } from "./from-gradients/deconvnet.js";
import { guidedBackprop } from "./from-gradients/guided-backprop.js";
import { inputXGradient } from "./from-gradients/input-x-gradient.js";
import { integratedGradients } from "./from-gradients/integrated-gradients.js";
import { saliency } from "./from-gradients/saliency.js";
import { smoothGrad } from "./from-gradients/smooth-grad.js";
import { ablationCam } from "./from-maps/ablation-cam.js";
import { clampedCam } from "./from-maps/clamped-cam.js";
import { classActivation } from "./from-maps/class-activation.js";
import { contrast } from "./from-maps/contrast.js";
import { eigenCam } from "./from-maps/eigen-cam.js";
import { gradCam } from "./from-maps/grad-cam.js";
import { gradCamPlusPlus } from "./from-maps/grad-cam-plus-plus.js";
import { hiresCam } from "./from-maps/hires-cam.js";
import { layerCam } from "./from-maps/layer-cam.js";
import { refineCam } from "./from-maps/refine-cam.js";
import { shapleyCam } from "./from-maps/shapley-cam.js";
import { thresholdedCam } from "./from-maps/thresholded-cam.js";
import { xgradCam } from "./from-maps/xgrad-cam.js";
import { occlusion } from "./from-masks/occlusion.js";
import { rise } from "./from-masks/rise.js";
import { scoreCam } from "./from-masks/score-cam.js";
import type { Way } from "./way.js";

/**
 * All ways to look, from those that need one run of the network to those that need hundreds.
 *
 * @example
 * boxes.WAYS.map(({ name, equation }) => `${name}: ${equation}`);
 */
export const WAYS: readonly Way[] = [
  classActivation,
  clampedCam,
  thresholdedCam,
  contrast,
  ablationCam,
  shapleyCam,
  eigenCam,
  gradCam,
  gradCamPlusPlus,
  xgradCam,
  layerCam,
  hiresCam,
  refineCam,
  attentionRollout,
  leGrad,
  saliency,
  inputXGradient,
  guidedBackprop,
  deconvnet,
  smoothGrad,
  integratedGradients,
  occlusion,
  scoreCam,
  rise,
];
