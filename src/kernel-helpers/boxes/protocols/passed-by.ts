/**
 * How many of some tests each value passes, where whoever passes one passes those before it, and so does every larger
 * value: each test is then one value from which on it is passed, which few questions find to the last bit.
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
  // From cuts[t] on t tests are passed; the last is a fence.
  const cuts = new Float64Array(tests + 2).fill(Infinity);
  cuts[0] = -Infinity;
  for (let test = 0, from = placeOf(min); test < tests && passes(test, max); test++) {
    let to = placeOf(max);
    while (from < to) {
      const middle = Math.floor((from + to) / 2);
      if (passes(test, valueAt(middle))) to = middle;
      else from = middle + 1;
    }
    cuts[test + 1] = valueAt(from);
  }
  const passed = new Uint16Array(data.length);
  let count = 0;
  for (let p = 0; p < data.length; p++) {
    const value = data[p];
    // Neighbours differ in little.
    while (value >= cuts[count + 1]) count++;
    while (value < cuts[count]) count--;
    passed[p] = count;
  }
  return passed;
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
