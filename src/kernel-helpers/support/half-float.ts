/**
 * IEEE 754 binary16 bits as a number.
 *
 * @example
 * halfToNumber(0x3c00); // 1
 */
export function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction ? NaN : sign * Infinity;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** The largest number that binary16 holds. */
export const LARGEST_HALF = 65504;

/**
 * Numbers as binary16, each the nearest there is, of two equally near the even one; beyond ±65504 it is infinity.
 *
 * @example
 * numbersToHalf(new Float32Array([1])); // Uint16Array [0x3c00]
 */
export function numbersToHalf(values: Float32Array): Uint16Array {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const halves = new Uint16Array(values.length);
  for (let i = 0; i < bits.length; i++) {
    const sign = (bits[i] >>> 16) & 0x8000;
    const size = bits[i] & 0x7fffffff;
    if (size > 0x7f800000) halves[i] = 0x7e00;
    else if (size >= 0x477ff000) halves[i] = sign | 0x7c00;
    else if (size >= 0x38800000) {
      const shifted = size - 0x38000000;
      halves[i] = sign | ((shifted + 0xfff + ((shifted >>> 13) & 1)) >>> 13);
    } else {
      const scaled = Math.abs(values[i]) * 2 ** 24;
      const low = Math.floor(scaled);
      const rest = scaled - low;
      halves[i] = sign | (rest > 0.5 || (rest === 0.5 && low & 1) ? low + 1 : low);
    }
  }
  return halves;
}

let table: Float32Array | undefined;

/**
 * Binary16 as numbers.
 *
 * @param into where they are put
 */
export function halfToNumbers(halves: Uint16Array, into: Float32Array): void {
  table ??= Float32Array.from({ length: 65536 }, (_, bits) => halfToNumber(bits));
  for (let i = 0; i < halves.length; i++) into[i] = table[halves[i]];
}
