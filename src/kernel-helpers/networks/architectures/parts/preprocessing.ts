import type { Preprocessing } from "../../../images/input/preprocessing.js";

/** ImageNet's mean and deviation of colours from 0 to 1, as torchvision's networks are fed, in 0–255. */
export function torchvisionInput(side = 224, shorterSide = 256): Preprocessing {
  return {
    width: side,
    height: side,
    fit: "centre-crop",
    resize: { shorterSide },
    channelOrder: "RGB",
    mean: [0.485 * 255, 0.456 * 255, 0.406 * 255],
    std: [0.229 * 255, 0.224 * 255, 0.225 * 255],
  };
}

/** Squashed to 256×256, the centre, BGR, the mean colour subtracted: how Caffe's networks are fed. */
export function caffeInput(side: number): Preprocessing {
  return {
    width: side,
    height: side,
    fit: "centre-crop",
    resize: { width: 256, height: 256 },
    channelOrder: "BGR",
    mean: [104, 117, 123],
    std: [1, 1, 1],
  };
}
