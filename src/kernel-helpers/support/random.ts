/** A seeded source of random numbers in [0, 1). */
export type Random = () => number;

/**
 * A small, fast generator of 32-bit numbers (the sfc32 of PractRand) started from a whole number or a text: same
 * seed, same sequence, on every machine.
 *
 * @param seed any number or string; a string is hashed with FNV-1a
 * @example
 * const random = world.seededRandom(7);
 * random(); // always the same number
 */
export function seededRandom(seed: number | string): Random {
  const text = String(seed);
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  let a = hash | 0;
  let b = (hash ^ 0x9e3779b9) | 0;
  let c = (hash ^ 0x243f6a88) | 0;
  let counter = 1;
  const next = () => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    return (sum >>> 0) / 4294967296;
  };
  for (let i = 0; i < 12; i++) next();
  return next;
}

/**
 * The items in a random order, as a new array (Fisher–Yates).
 *
 * @example
 * world.shuffled([1, 2, 3], world.seededRandom(1));
 */
export function shuffled<T>(items: readonly T[], random: Random): T[] {
  const result = [...items];
  for (let i = result.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [result[i], result[j]] = [result[j], result[i]];
  }
  return result;
}

/** Numbers of a normal distribution with mean 0 (Box and Muller's rule). */
export function gaussian(random: Random, count: number, deviation: number): Float32Array {
  const numbers = new Float32Array(count);
  for (let i = 0; i < count; i += 2) {
    const radius = deviation * Math.sqrt(-2 * Math.log(1 - random()));
    const angle = 2 * Math.PI * random();
    numbers[i] = radius * Math.cos(angle);
    if (i + 1 < count) numbers[i + 1] = radius * Math.sin(angle);
  }
  return numbers;
}
