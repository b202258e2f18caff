/**
 * Goes over an array of any strides in the order of its axes, one run of the last axis at a time.
 *
 * @param visit gets where the run's first number lies, and how many numbers came before it
 */
export function eachRun(
  sizes: readonly number[],
  strides: readonly number[],
  visit: (from: number, before: number) => void,
): void {
  const count = sizes.reduce((product, size) => product * size, 1);
  const run = sizes[sizes.length - 1];
  const at = new Array<number>(sizes.length - 1).fill(0);
  let from = 0;
  for (let before = 0; before < count; before += run) {
    visit(from, before);
    for (let axis = at.length - 1; axis >= 0; axis--) {
      from += strides[axis];
      if (++at[axis] < sizes[axis]) break;
      from -= sizes[axis] * strides[axis];
      at[axis] = 0;
    }
  }
}
