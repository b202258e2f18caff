import { basename, join } from "node:path";
import type { Box } from "../../../images/box.js";
import { loadMask } from "../../../images/masks/load-mask.js";
import { placedMask } from "../../../images/masks/placed-mask.js";
import type { RunLengthMask } from "../../../images/masks/masks.js";
import { CamlabError } from "../../../support/errors.js";

/**
 * The mask of an object that was segmented: an image of the picture's size, or of its box's.
 *
 * @throws CamlabError when it cannot be read, or has another size
 */
export async function maskOfPng(
  folder: string,
  name: string,
  box: Box,
  { width, height }: { readonly width: number; readonly height: number },
): Promise<RunLengthMask> {
  const mask = await loadMask(join(folder, basename(name.replaceAll("\\", "/"))));
  if (mask.width === width && mask.height === height) return mask;
  // The far corner of a box may be its last pixel or the edge behind it.
  const [across, down] = [mask.width - box.width, mask.height - box.height];
  if (across < 0 || across > 1 || down < 0 || down > 1) {
    throw new CamlabError(
      `its mask is ${mask.width} × ${mask.height}, neither the picture's ${width} × ${height} nor its box's ${box.width} × ${box.height}`,
    );
  }
  return placedMask(mask, box, { width, height });
}
