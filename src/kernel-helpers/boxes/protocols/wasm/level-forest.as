// A map's pixels by the thresholds that they are above, as runs of one level, and the connected components of a mask that grows
// level by level, in AssemblyScript (TypeScript's syntax, WebAssembly's types). `npm run build:wasm` compiles it to
// level-forest.wasm. No allocation and no static data: the caller lays out the memory and passes addresses.

/** Bytes of what is known of a root: left, top, right, bottom (the last two exclusive), pixels, first run. */
const RECORD: usize = 24;

/** How many runs of one level there are in the rows of a map. */
export function countRuns(levels: usize, width: i32, height: i32): i32 {
  let count = height;
  for (let y = 0; y < height; y++) {
    const from = levels + ((<usize>y * <usize>width) << 1);
    let x = 1;
    for (; x + 8 <= width; x += 8) {
      const at = from + (<usize>x << 1);
      const differs = i16x8.ne(v128.load(at), v128.load(at - 2));
      count += popcnt(i16x8.bitmask(differs));
    }
    for (; x < width; x++) {
      const at = from + (<usize>x << 1);
      count += i32(load<u16>(at) != load<u16>(at - 2));
    }
  }
  return count;
}

/** The runs in reading order: `LevelRuns` says what each list holds. `firstOf` has room for height + 1 numbers. */
export function findRuns(
  levels: usize, width: i32, height: i32,
  level: usize, start: usize, end: usize, row: usize, above: usize, below: usize, firstOf: usize,
): void {
  let run: usize = 0;
  for (let y = 0; y < height; y++) {
    store<i32>(firstOf + (<usize>y << 2), <i32>run);
    const from = levels + ((<usize>y * <usize>width) << 1);
    let x = 0;
    while (x < width) {
      const here = load<u16>(from + (<usize>x << 1));
      store<u16>(level + (run << 1), here);
      store<i32>(start + (run << 2), x);
      store<i32>(row + (run << 2), y);
      do x++;
      while (x < width && load<u16>(from + (<usize>x << 1)) == here);
      store<i32>(end + (run << 2), x);
      run++;
    }
  }
  store<i32>(firstOf + (<usize>height << 2), <i32>run);
  const secondRow = load<i32>(firstOf, 4);
  const lastRow = load<i32>(firstOf + (<usize>(height - 1) << 2));
  for (let i = 0; i < secondRow; i++) store<i32>(above + (<usize>i << 2), -1);
  for (let i = lastRow; i < <i32>run; i++) store<i32>(below + (<usize>i << 2), -1);
  for (let y = 1; y < height; y++) {
    const rows = firstOf + (<usize>y << 2);
    const high = load<i32>(rows - 4);
    const low = load<i32>(rows);
    const next = load<i32>(rows, 4);
    beside(low, next, high, start, end, above);
    beside(high, low, low, start, end, below);
  }
}

/** Of the runs of one row those of another that hold the same column as their first pixel. */
// @ts-ignore: decorator
@inline
function beside(from: i32, until: i32, other: i32, start: usize, end: usize, to: usize): void {
  for (let i = from; i < until; i++) {
    const x = load<i32>(start + (<usize>i << 2));
    while (load<i32>(end + (<usize>other << 2)) <= x) other++;
    store<i32>(to + (<usize>i << 2), other);
  }
}

/**
 * Runs by their level, those of one level in reading order. `from` has room for levels + 2 numbers and afterwards says where
 * the runs of each level begin.
 */
export function order(level: usize, count: i32, levels: i32, from: usize, list: usize): void {
  memory.fill(from, 0, (<usize>levels + 2) << 2);
  for (let run: usize = 0; run < <usize>count; run++) {
    const at = from + (<usize>load<u16>(level + (run << 1)) << 2);
    store<i32>(at, load<i32>(at, 4) + 1, 4);
  }
  for (let one: usize = 0; one <= <usize>levels; one++) {
    const at = from + (one << 2);
    store<i32>(at, load<i32>(at) + load<i32>(at, 4), 4);
  }
  // Each level's beginning moves to its end while the list is filled.
  for (let run: usize = 0; run < <usize>count; run++) {
    const at = from + (<usize>load<u16>(level + (run << 1)) << 2);
    const place = load<i32>(at);
    store<i32>(list + (<usize>place << 2), <i32>run);
    store<i32>(at, place + 1);
  }
  for (let one = levels; one > 0; one--) {
    const at = from + (<usize>one << 2);
    store<i32>(at, load<i32>(at - 4));
  }
  store<i32>(from, 0);
}

/**
 * Adds the runs of a level, as `order` lists them, to a mask of `count` components. `reach` is 1 where pixels that touch at a
 * corner are connected. A run that was not added has no parent: −1.
 *
 * @param lists where `start`, `end`, `row`, `above`, `below`, the parents, the records and the roots begin
 * @returns how many components there are then
 */
export function grow(from: usize, list: usize, level: i32, width: i32, reach: i32, lists: usize, count: i32): i32 {
  const start = <usize>load<u32>(lists);
  const end = <usize>load<u32>(lists, 4);
  const row = <usize>load<u32>(lists, 8);
  const above = <usize>load<u32>(lists, 12);
  const below = <usize>load<u32>(lists, 16);
  const parents = <usize>load<u32>(lists, 20);
  const records = <usize>load<u32>(lists, 24);
  const roots = <usize>load<u32>(lists, 28);
  const until = load<i32>(from + (<usize>level << 2), 4);
  for (let i = load<i32>(from + (<usize>level << 2)); i < until; i++) {
    const run = load<i32>(list + (<usize>i << 2));
    const offset = <usize>run << 2;
    const left = load<i32>(start + offset);
    const right = load<i32>(end + offset);
    const y = load<i32>(row + offset);
    // Whether the first pixel has a neighbour at its corner, in a run of its own.
    const corner = reach == 1 && left > 0 ? left : -1;
    const last = min(right + reach, width);
    let root = -1;
    if (left > 0 && load<i32>(parents + offset - 4) >= 0) root = join(parents, records, root, run - 1);
    if (right < width && load<i32>(parents + offset, 4) >= 0) root = join(parents, records, root, run + 1);
    root = joinRow(load<i32>(above + offset), corner, last, start, end, parents, records, root);
    root = joinRow(load<i32>(below + offset), corner, last, start, end, parents, records, root);
    if (root < 0) {
      store<i32>(roots + (<usize>count << 2), run);
      count++;
      store<i32>(parents + offset, run);
      const record = records + RECORD * <usize>run;
      store<i32>(record, left);
      store<i32>(record, y, 4);
      store<i32>(record, right, 8);
      store<i32>(record, y + 1, 12);
      store<i32>(record, right - left, 16);
      store<i32>(record, run, 20);
    } else {
      store<i32>(parents + offset, root);
      const record = records + RECORD * <usize>root;
      if (left < load<i32>(record)) store<i32>(record, left);
      if (y < load<i32>(record, 4)) store<i32>(record, y, 4);
      if (right > load<i32>(record, 8)) store<i32>(record, right, 8);
      if (y >= load<i32>(record, 12)) store<i32>(record, y + 1, 12);
      store<i32>(record, load<i32>(record, 16) + right - left, 16);
      if (run < load<i32>(record, 20)) store<i32>(record, run, 20);
    }
  }
  let kept = 0;
  for (let i = 0; i < count; i++) {
    const root = load<i32>(roots + (<usize>i << 2));
    if (load<i32>(parents + (<usize>root << 2)) != root) continue;
    store<i32>(roots + (<usize>kept << 2), root);
    kept++;
  }
  return kept;
}

/** Joins what was added of a row beside a run: from the one beside its first pixel, or at its corner, up to column `last`. */
// @ts-ignore: decorator
@inline
function joinRow(
  other: i32, corner: i32, last: i32, start: usize, end: usize, parents: usize, records: usize, root: i32,
): i32 {
  if (other < 0) return root;
  if (load<i32>(start + (<usize>other << 2)) == corner) other--;
  let offset: usize;
  do {
    offset = <usize>other << 2;
    const parent = load<i32>(parents + offset);
    if (parent >= 0 && parent != root) root = join(parents, records, root, other);
    other++;
  } while (load<i32>(end + offset) < last);
  return root;
}

function rootOf(parents: usize, run: i32): i32 {
  let next = load<i32>(parents + (<usize>run << 2));
  while (next != run) {
    const far = load<i32>(parents + (<usize>next << 2));
    store<i32>(parents + (<usize>run << 2), far);
    run = far;
    next = load<i32>(parents + (<usize>run << 2));
  }
  return run;
}

/** Joins a root's component, if there is one (not −1), with that of another run that was added; the root of both. */
// @ts-ignore: decorator
@inline
function join(parents: usize, records: usize, root: i32, other: i32): i32 {
  const found = rootOf(parents, other);
  return found == root || root < 0 ? found : united(parents, records, root, found);
}

function united(parents: usize, records: usize, a: i32, b: i32): i32 {
  let to = records + RECORD * <usize>a;
  let from = records + RECORD * <usize>b;
  let kept = a;
  let gone = b;
  if (load<i32>(to, 16) < load<i32>(from, 16)) {
    kept = b;
    gone = a;
    const other = to;
    to = from;
    from = other;
  }
  store<i32>(parents + (<usize>gone << 2), kept);
  store<i32>(to, min(load<i32>(to), load<i32>(from)));
  store<i32>(to, min(load<i32>(to, 4), load<i32>(from, 4)), 4);
  store<i32>(to, max(load<i32>(to, 8), load<i32>(from, 8)), 8);
  store<i32>(to, max(load<i32>(to, 12), load<i32>(from, 12)), 12);
  store<i32>(to, load<i32>(to, 16) + load<i32>(from, 16), 16);
  store<i32>(to, min(load<i32>(to, 20), load<i32>(from, 20)), 20);
  return kept;
}
