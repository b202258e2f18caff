/** The pixels of a map as runs of one level in its rows: where a map is smooth there are far fewer runs than pixels. */
export interface LevelRuns {
  readonly count: number;
  readonly width: number;
  readonly height: number;
  readonly level: Uint16Array;
  /** The columns of each run, `end` exclusive, and its row. */
  readonly start: Int32Array;
  readonly end: Int32Array;
  readonly row: Int32Array;
  /** The runs above and below the first pixel of each; −1 beyond the frame. */
  readonly above: Int32Array;
  readonly below: Int32Array;
}

/**
 * The runs of a map, in reading order.
 *
 * @param levels `width · height` values, row by row
 * @example
 * levelRuns(Uint16Array.of(1, 1, 0, 2, 2, 2), 3, 2).count; // 3
 */
export function levelRuns(levels: Uint16Array, width: number, height: number): LevelRuns {
  const count = countRuns(levels, width, height);
  const level = new Uint16Array(count);
  const start = new Int32Array(count);
  const end = new Int32Array(count);
  const row = new Int32Array(count);
  const firstOf = new Int32Array(height + 1);
  let run = 0;
  for (let y = 0; y < height; y++) {
    firstOf[y] = run;
    const from = y * width;
    for (let x = 0; x < width; ) {
      const here = levels[from + x];
      level[run] = here;
      start[run] = x;
      row[run] = y;
      do x++;
      while (x < width && levels[from + x] === here);
      end[run++] = x;
    }
  }
  firstOf[height] = run;
  const above = new Int32Array(count).fill(-1);
  const below = new Int32Array(count).fill(-1);
  for (let y = 1; y < height; y++) {
    const [high, low, next] = [firstOf[y - 1], firstOf[y], firstOf[y + 1]];
    for (let i = low, other = high; i < next; above[i++] = other) while (end[other] <= start[i]) other++;
    for (let i = high, other = low; i < low; below[i++] = other) while (end[other] <= start[i]) other++;
  }
  return { count, width, height, level, start, end, row, above, below };
}

function countRuns(levels: Uint16Array, width: number, height: number): number {
  let count = 0;
  for (let y = 0; y < height; y++) {
    const until = (y + 1) * width;
    if (width > 0) count++;
    for (let p = y * width + 1; p < until; p++) if (levels[p] !== levels[p - 1]) count++;
  }
  return count;
}
