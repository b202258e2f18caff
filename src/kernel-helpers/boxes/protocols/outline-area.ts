/** Columns and rows to the eight neighbours, counter-clockwise from the left one (rows grow downwards). */
const ACROSS = [-1, -1, 0, 1, 1, 1, 0, -1];
const DOWN = [0, 1, 1, 1, 0, -1, -1, -1];

/**
 * The area of the polygon through the centres of a component's outermost pixels, what OpenCV's `contourArea` gives of
 * its outer contour: holes are inside, lines one pixel wide have none, a solid w × h block has (w − 1) · (h − 1).
 * Follows the border as Suzuki and Abe (1985) do, for components with 8 neighbours.
 *
 * @param first the component's first pixel in reading order
 * @param isSet whether a pixel is part of the mask
 * @example
 * outlineArea(0, 3, 3, () => true); // 4
 */
export function outlineArea(first: number, width: number, height: number, isSet: (pixel: number) => boolean): number {
  const startX = first % width;
  const startY = Math.floor(first / width);
  const setAt = (x: number, y: number) => x >= 0 && y >= 0 && x < width && y < height && isSet(y * width + x);
  let towards = 0;
  // Clockwise from the left: the last neighbour of the border as it is followed.
  let last = -1;
  for (let k = 0; k < 8 && last < 0; k++) {
    const direction = (8 - k) % 8;
    if (setAt(startX + ACROSS[direction], startY + DOWN[direction])) last = direction;
  }
  if (last < 0) return 0;
  const [lastX, lastY] = [startX + ACROSS[last], startY + DOWN[last]];
  let [x, y, from, twice] = [startX, startY, last, 0];
  for (;;) {
    for (let k = 1; k <= 8; k++) {
      towards = (from + k) % 8;
      if (setAt(x + ACROSS[towards], y + DOWN[towards])) break;
    }
    const [nextX, nextY] = [x + ACROSS[towards], y + DOWN[towards]];
    twice += x * nextY - nextX * y;
    if (nextX === startX && nextY === startY && x === lastX && y === lastY) return Math.abs(twice) / 2;
    x = nextX;
    y = nextY;
    from = (towards + 4) % 8;
  }
}
