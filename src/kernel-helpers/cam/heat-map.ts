import type { Placement } from "../images/input/preprocessing.js";

/**
 * A map over an image: raw, signed and unnormalised unless a step's name says otherwise, at the resolution of the
 * network's last feature maps unless it was upsampled.
 *
 * @example
 * const map: HeatMap = cam(seen, 0);
 * map.data[0]; // the evidence in the top left cell
 */
export interface HeatMap {
  readonly width: number;
  readonly height: number;
  /** `width · height` values, row by row from the top left. */
  readonly data: Float32Array;
  /** What the map speaks for: a class name, a probe's label. */
  readonly label?: string;
  /** Where the photo lies on the network's input grid, when the map came from a photo. */
  readonly placement?: Placement;
}
