import type { Box } from "../box.js";
import type { RunLengthMask } from "./masks.js";

/**
 * The box around the pixels of a mask; undefined when it has none.
 *
 * @example
 * maskBox({ width: 3, height: 2, counts: [2, 1, 3] }); // { x: 1, y: 0, width: 1, height: 1 }
 */
export function maskBox({ height, counts }: RunLengthMask): Box | undefined {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  let position = 0;
  counts.forEach((count, run) => {
    if (run % 2 && count > 0) {
      const [first, last] = [position, position + count - 1];
      const [column, lastColumn] = [Math.floor(first / height), Math.floor(last / height)];
      // A run that goes on into the next column covers the foot of one and the head of the other.
      const whole = lastColumn > column;
      left = Math.min(left, column);
      right = Math.max(right, lastColumn + 1);
      top = Math.min(top, whole ? 0 : first % height);
      bottom = Math.max(bottom, whole ? height : (last % height) + 1);
    }
    position += count;
  });
  return left === Infinity ? undefined : { x: left, y: top, width: right - left, height: bottom - top };
}
