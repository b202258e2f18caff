import type { Box } from "../box.js";
import type { Placement, Preprocessing } from "./preprocessing.js";
import { resizePlan } from "./resize-plan.js";

/**
 * Where an image lies on a network's input grid. Pure geometry: nothing is read.
 *
 * The intermediate size is a whole number of pixels, rw × rh, so the scales are exactly rw / width and rh / height of
 * the image (or of the region), and what is cut off or left free is a whole number of input pixels.
 *
 * @param imageWidth columns of the original image, after EXIF orientation
 * @param imageHeight rows of the original image, after EXIF orientation
 * @param region look at this part only; its edges are rounded to whole pixels and clamped to the image
 * @throws CamlabError when the region has no area in the image
 * @example
 * images.placementOf(network.preprocessing, 500, 375);
 * // 500×375 → 298×224, 37 columns cut off at the left: scaleX 0.596, offsetX −37
 */
export function placementOf(
  preprocessing: Preprocessing,
  imageWidth: number,
  imageHeight: number,
  region?: Box,
): Placement {
  const plan = resizePlan(preprocessing, imageWidth, imageHeight, region);
  const scaleX = plan.resized.width / plan.region.width;
  const scaleY = plan.resized.height / plan.region.height;
  return {
    scaleX,
    scaleY,
    offsetX: plan.left - plan.crop.x - plan.region.x * scaleX,
    offsetY: plan.top - plan.crop.y - plan.region.y * scaleY,
    imageWidth,
    imageHeight,
    inputWidth: plan.input.width,
    inputHeight: plan.input.height,
    ...(region && { region: plan.region }),
  };
}

/**
 * A box of the original image, on the input grid. It may reach beyond the grid: `clamp` cuts it there.
 *
 * @param options.clamp cut the box at the edges of the grid; a box wholly outside ends with width or height 0
 * @example
 * images.toInput(placement, { x: 0, y: 0, width: 500, height: 375 });
 */
export function toInput(placement: Placement, box: Box, options: { readonly clamp?: boolean } = {}): Box {
  const { scaleX, scaleY, offsetX, offsetY, inputWidth, inputHeight } = placement;
  const [left, right] = span(box.x * scaleX + offsetX, (box.x + box.width) * scaleX + offsetX);
  const [top, bottom] = span(box.y * scaleY + offsetY, (box.y + box.height) * scaleY + offsetY);
  const mapped = { x: left, y: top, width: right - left, height: bottom - top };
  return options.clamp ? clamped(mapped, { x: 0, y: 0, width: inputWidth, height: inputHeight }) : mapped;
}

/**
 * A box of the input grid, in pixels of the original image. It may reach beyond the image where the input has a margin
 * (`contain`): `clamp` cuts it there.
 *
 * @param options.clamp cut the box at the edges of the image, or of the region that was looked at
 * @example
 * images.toImage(placement, { x: 0, y: 0, width: 224, height: 224 }, { clamp: true }); // what the network saw of the photo
 */
export function toImage(placement: Placement, box: Box, options: { readonly clamp?: boolean } = {}): Box {
  const { scaleX, scaleY, offsetX, offsetY, imageWidth, imageHeight, region } = placement;
  const [left, right] = span((box.x - offsetX) / scaleX, (box.x + box.width - offsetX) / scaleX);
  const [top, bottom] = span((box.y - offsetY) / scaleY, (box.y + box.height - offsetY) / scaleY);
  const mapped = { x: left, y: top, width: right - left, height: bottom - top };
  return options.clamp ? clamped(mapped, region ?? { x: 0, y: 0, width: imageWidth, height: imageHeight }) : mapped;
}

/** The placement of the same input mirrored left to right: its `scaleX` is negative. */
export function mirroredPlacement(placement: Placement): Placement {
  return { ...placement, scaleX: -placement.scaleX, offsetX: placement.inputWidth - placement.offsetX };
}

function span(a: number, b: number): [number, number] {
  return a <= b ? [a, b] : [b, a];
}

function clamped(box: Box, limit: Box): Box {
  const within = (value: number, low: number, size: number) => Math.min(Math.max(value, low), low + size);
  const x = within(box.x, limit.x, limit.width);
  const y = within(box.y, limit.y, limit.height);
  return {
    x,
    y,
    width: within(box.x + box.width, limit.x, limit.width) - x,
    height: within(box.y + box.height, limit.y, limit.height) - y,
  };
}
