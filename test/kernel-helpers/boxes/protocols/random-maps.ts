import { seededRandom } from "../../../../src/kernel-helpers/support/random.js";

/** A small map of counts, rough or in patches, of one of many shapes. */
export function randomLevels(seed: number) {
  const random = seededRandom(`levels ${seed}`);
  const whole = (from: number, to: number) => from + Math.floor(random() * (to - from + 1));
  const [width, height, thresholds] = [whole(1, 14), whole(1, 12), whole(1, 6)];
  const values = Float64Array.from({ length: width * height }, random);
  const smooth = random() < 0.6 ? smoothed(values, width, height) : values;
  const low = Math.min(...smooth);
  const span = Math.max(...smooth) - low || 1;
  const above = Uint16Array.from(smooth, (value) => Math.floor(((value - low) / span) * (thresholds + 0.999)));
  return { above, width, height, thresholds };
}

function smoothed(values: Float64Array, width: number, height: number): Float64Array {
  return values.map((_, p) => {
    const [x, y] = [p % width, Math.floor(p / width)];
    let [sum, count] = [0, 0];
    for (let j = Math.max(0, y - 1); j <= Math.min(height - 1, y + 1); j++) {
      for (let i = Math.max(0, x - 1); i <= Math.min(width - 1, x + 1); i++) {
        sum += values[j * width + i];
        count += 1;
      }
    }
    return sum / count;
  });
}
