/**
 * A rectangle in pixels, origin top left, half-open: it covers columns `x` to `x + width` (exclusive) and rows `y` to
 * `y + height` (exclusive). Coordinates may be fractional. Unless a name says otherwise, the pixels are those of the
 * original image, after its EXIF orientation was applied.
 *
 * @example
 * const left: Box = { x: 0, y: 0, width: 50, height: 100 };
 */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}
