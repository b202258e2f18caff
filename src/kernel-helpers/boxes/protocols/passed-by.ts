import { cutsReached } from "../../cam/wasm/map-values.js";

/**
 * How many of some tests each value passes, where whoever passes one passes those before it, and so does every larger
 * value: each test is then one value from which on it is passed, which few questions find to the last bit. The result is in
 * memory that the next one takes.
 *
 * @param values `data` without NaN, of which none is less than `min` or more than `max`
 * @param tests how many there are
 * @param passes whether a value passes a test
 * @example
 * passedBy({ data: Float32Array.of(0.1, 0.7), min: 0.1, max: 0.7 }, 2, (test, value) => value > [0.2, 0.5][test]); // 0, 2
 */
export function passedBy(
  { data, min, max }: { readonly data: Float32Array; readonly min: number; readonly max: number },
  tests: number,
  passes: (test: number, value: number) => boolean,
): Uint16Array {
  // From which value on one more test is passed.
  const cuts = new Float32Array(tests);
  let passable = 0;
  for (let from = placeOf(min); passable < tests && passes(passable, max); passable++) {
    let to = placeOf(max);
    while (from < to) {
      const middle = Math.floor((from + to) / 2);
      if (passes(passable, valueAt(middle))) to = middle;
      else from = middle + 1;
    }
    cuts[passable] = valueAt(from);
  }
  return cutsReached(data, cuts.subarray(0, passable));
}

const float = new Float32Array(1);
const bits = new Int32Array(float.buffer);
const SIGN = -0x80000000;

/** The numbers of 32 bits, counted in the order of their values; 0 is 0. */
function placeOf(value: number): number {
  float[0] = value;
  return bits[0] < 0 ? SIGN - bits[0] : bits[0];
}

function valueAt(place: number): number {
  bits[0] = place < 0 ? SIGN - place : place;
  return float[0];
}
