import type { Box } from "../box.js";

/**
 * How a photograph becomes a network's input. It belongs to the network and travels with it in its card.
 *
 * - `squash`: stretched to `width × height`, proportions ignored.
 * - `cover`: scaled until it just covers `width × height`, the overhang cut off evenly.
 * - `contain`: scaled until it just fits, centred, the rest filled with `fill`.
 * - `centre-crop`: resized to the larger `resize` (both sides, or the shorter side), then the centre cut out.
 * - `whole`: all of it in its own proportions, on an input of about the area of `width × height` (see `wholeInput`). No
 *   card says so: it is how a network's `view: "whole"` sees.
 */
export interface Preprocessing {
  /** Columns of the network's input. */
  readonly width: number;
  /** Rows of the network's input. */
  readonly height: number;
  readonly fit: "squash" | "cover" | "contain" | "centre-crop" | "whole";
  /** `whole` only: by how many pixels the input's sides grow and shrink. */
  readonly stride?: number;
  /** `centre-crop` only: the larger size that the centre is cut from. */
  readonly resize?: { readonly shorterSide: number } | { readonly width: number; readonly height: number };
  /** `contain` only: the colour of the margin, RGB 0–255; black unless given. */
  readonly fill?: readonly [number, number, number];
  /**
   * How a region that is looked at reaches the input. A region that was asked for is seen whole: `cover` and
   * `centre-crop` are not applied inside it unless `card` says so.
   *
   * - `partly`: grown about a third of the way to the input's proportions, as far as the image reaches, and stretched by
   *   what is missing.
   * - `widen`: grown all the way, and stretched by what is missing where the image ends.
   * - `squash`: stretched to the input as it is.
   * - `card`: fitted as a whole image would be, by `fit`.
   *
   * `partly` unless given where `fit` would cut the region (`cover`, `centre-crop`), else `card`.
   */
  readonly regionFit?: "partly" | "widen" | "squash" | "card";
  /** The order of the network's three input channels. */
  readonly channelOrder: "RGB" | "BGR";
  /** Subtracted from each 0–255 value, one number a channel in `channelOrder`. */
  readonly mean: readonly [number, number, number];
  /** Then divided by, one number a channel in `channelOrder`. */
  readonly std: readonly [number, number, number];
}

/**
 * Where the original image lies on the network's input grid: original pixel coordinate (x, y) falls on input
 * coordinate (x · scaleX + offsetX, y · scaleY + offsetY). Exact: no rounding is hidden in it. `scaleX` is negative
 * when the input was mirrored.
 */
export interface Placement {
  readonly scaleX: number;
  readonly scaleY: number;
  readonly offsetX: number;
  readonly offsetY: number;
  /** Columns of the original image, after EXIF orientation. */
  readonly imageWidth: number;
  /** Rows of the original image, after EXIF orientation. */
  readonly imageHeight: number;
  /** Columns of the input grid. */
  readonly inputWidth: number;
  /** Rows of the input grid. */
  readonly inputHeight: number;
  /** The part of the original image that was looked at, in whole pixels; absent when it is all of it. */
  readonly region?: Box;
}
