// Boxes that look at nothing.
import { type Box, iou, type Picture, svm } from "../../src/index.js";

/** A box in the middle of a frame. */
export function centredBox(width: number, height: number, share: number): Box {
  const side = Math.sqrt(share);
  return { x: (width * (1 - side)) / 2, y: (height * (1 - side)) / 2, width: width * side, height: height * side };
}

/**
 * The share of pictures and classes on which a box in the middle of the frame is right.
 *
 * @param share of the frame's area; 1 is the whole frame
 */
export function centredAccuracy(
  pictures: readonly (Picture & { readonly width: number; readonly height: number })[],
  share: number,
) {
  let [right, all] = [0, 0];
  for (const { width, height, label, labels, objects = [] } of pictures) {
    const box = centredBox(width, height, share);
    for (const name of label === undefined ? (labels ?? []) : [label]) {
      const truth = objects.filter((object) => object.name === name);
      if (truth.length === 0) continue;
      all += 1;
      right += Number(truth.some((one) => iou(box, one.box, { convention: "pixel+1" }) >= 0.5));
    }
  }
  return svm.wilsonInterval(right, all);
}
