/**
 * The pixels of a map as runs of one level in its rows: where a map is smooth there are far fewer runs than pixels. Its
 * arrays may be longer than `count`.
 */
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

/** Taken again for the next map: making them costs as much as filling them. */
let memory = memoryOf(0);

function memoryOf(runs: number) {
  const numbers = () => new Int32Array(runs);
  const level = new Uint16Array(runs);
  return { level, start: numbers(), end: numbers(), row: numbers(), above: numbers(), below: numbers() };
}

/**
 * The runs of a map, in reading order. They are good until the next map's are asked for.
 *
 * @param levels `width · height` values, row by row
 * @example
 * levelRuns(Uint16Array.of(1, 1, 0, 2, 2, 2), 3, 2).count; // 3
 */
export function levelRuns(levels: Uint16Array, width: number, height: number): LevelRuns {
  let { level, start, end, row } = memory;
  const firstOf = new Int32Array(height + 1);
  let run = 0;
  for (let y = 0; y < height; y++) {
    if (run + width > level.length) ({ level, start, end, row } = enlarged(run, run + width));
    firstOf[y] = run;
    const from = y * width;
    for (let x = 0; x < width;) {
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
  const { above, below } = memory;
  above.fill(-1, 0, firstOf[1]);
  below.fill(-1, firstOf[height - 1], run);
  for (let y = 1; y < height; y++) {
    const [high, low, next] = [firstOf[y - 1], firstOf[y], firstOf[y + 1]];
    for (let i = low, other = high; i < next; above[i++] = other) while (end[other] <= start[i]) other++;
    for (let i = high, other = low; i < low; below[i++] = other) while (end[other] <= start[i]) other++;
  }
  return { count: run, width, height, level, start, end, row, above, below };
}

function enlarged(kept: number, needed: number): typeof memory {
  const more = memoryOf(Math.max(needed, 2 * kept));
  for (const name of ["level", "start", "end", "row"] as const) more[name].set(memory[name].subarray(0, kept));
  memory = more;
  return more;
}
