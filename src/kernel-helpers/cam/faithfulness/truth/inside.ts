import type { Box } from "../../../images/box.js";

/** Whether a pixel's centre lies in one of the boxes. */
export function hasPoint(boxes: readonly Box[], pixel: number, columns: number): boolean {
  const [x, y] = [(pixel % columns) + 0.5, Math.floor(pixel / columns) + 0.5];
  return boxes.some((box) => x >= box.x && x < box.x + box.width && y >= box.y && y < box.y + box.height);
}
