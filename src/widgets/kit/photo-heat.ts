import type { HeatMap } from "../../kernel-helpers/cam/heat-map.js";
import { resample, type Upsampling } from "../../kernel-helpers/cam/resample.js";
import { CamlabError } from "../../kernel-helpers/support/errors.js";

/**
 * A map on the pixels of a small copy of its photo: what lies under each pixel of the copy, and NaN where the network
 * saw nothing of the photo.
 *
 * @param width columns of the copy, which shows the whole photo
 * @param height rows of the copy
 * @throws CamlabError for a map without a placement on a photo
 */
export function photoHeat(map: HeatMap, width: number, height: number, method: Upsampling = "bilinear"): HeatMap {
  const { placement } = map;
  if (!placement) throw new CamlabError("the map has no placement on a photo, so it cannot be laid over one");
  const { scaleX, scaleY, offsetX, offsetY, imageWidth, imageHeight, inputWidth, inputHeight } = placement;
  const columns = axis(width, imageWidth, scaleX, offsetX, map.width / inputWidth);
  const rows = axis(height, imageHeight, scaleY, offsetY, map.height / inputHeight);
  const data = resample(map.data, map.width, map.height, columns, rows, method);
  const seen = (at: number, { step, start }: typeof columns, size: number) => {
    const position = (at + 0.5) * step + start;
    return position >= 0 && position <= size;
  };
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (!seen(x, columns, map.width) || !seen(y, rows, map.height)) data[y * width + x] = NaN;
    }
  }
  return { ...map, width, height, data };
}

/** Pixel i of the copy shows the photo at (i + 0.5) · photo / copy, which the placement puts on the input grid. */
function axis(size: number, photo: number, scale: number, offset: number, shrink: number) {
  return { size, step: (photo / size) * scale * shrink, start: offset * shrink };
}
