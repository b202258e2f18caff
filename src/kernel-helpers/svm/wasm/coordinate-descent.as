// Dual coordinate descent for a block of one-vs-rest linear SVMs, in AssemblyScript (TypeScript's syntax, WebAssembly's
// types). `npm run build:wasm` compiles it to coordinate-descent.wasm. What it solves, and when it stops,
// is stated in ../solve.ts.
//
// The classes of a block are swept together, so that a row of features is fetched from memory once and used by all of
// them while it is in the cache: at 6,000 × 1,024 the rows outgrow the cache and fetching them is half of the time.
//
// Every row is `stride` bytes of float32, a multiple of 64, padded with zeros. No allocation and no static data: the
// caller lays out the memory and passes addresses. Plain (not "relaxed") SIMD: the same bytes on every machine.

/** What the caller reads back for each class: 16 numbers of 8 bytes. */
@unmanaged class Fit {
  sweeps: f64; // passes over the rows still active
  work: f64; // inner products taken
  primal: f64;
  dual: f64;
  epsilon: f64; // sweeps go on while the projected gradients spread wider than this
  above: f64; // a multiplier at 0 whose gradient is above this leaves the active rows
  below: f64; // a multiplier at its upper bound whose gradient is below this leaves them
  most: f64; // largest and least projected gradient of the sweep
  least: f64;
  linear: f64; // Σ α_i
  quadratic: f64; // ‖Σ α_i y_i x_i‖² + Σ α_i² / 2c_i
  spare1: f64; spare2: f64; spare3: f64; spare4: f64; spare5: f64;
}

let x: usize; // rows
let stride: usize;
let norms: usize; // f64 a row: ‖x_i‖²
let rows: usize; // i32: the numbers of the rows that take part
let n: i32;
let positive: usize; // u32 a row that takes part: bit k is set where it is of class k
let costs: usize; // f64 a row that takes part
let classes: i32; // 1 to 32
let classCosts: usize; // f64 pairs, one a class: the factor of its negative rows, of its positive rows
let hinge: bool;
let alpha: usize; // f64, classes × n
let weights: usize; // f32, classes × stride bytes: what the squared hinge's steps keep up to date
let exact: usize; // f64, classes × 2 · stride bytes: the weights again, summed anew from alpha before each measure()
let active: usize; // u32 a row that takes part: bit k is set while class k's sweeps visit it
let order: usize; // i32 a row that takes part
let fits: usize;
let random: u32;

/** squares[i] = ‖x_i‖², for the first `count` rows. */
export function squaredNorms(from: usize, rowBytes: usize, count: i32, squares: usize): void {
  for (let i: usize = 0; i < <usize>count; i++) {
    const row = from + i * rowBytes;
    store<f64>(squares + (i << 3), dot(row, row, rowBytes));
  }
}

/** products[i] = x_list[i] · vector */
export function multiply(from: usize, rowBytes: usize, list: usize, count: i32, vector: usize, products: usize): void {
  for (let i: usize = 0; i < <usize>count; i++) {
    const row = from + <usize>load<i32>(list + (i << 2)) * rowBytes;
    store<f64>(products + (i << 3), dot(row, vector, rowBytes));
  }
}

/** sum += Σ factors[i] x_list[i], in float64 */
export function addRows(from: usize, rowBytes: usize, list: usize, count: i32, factors: usize, sum: usize): void {
  for (let i: usize = 0; i < <usize>count; i++) {
    const factor = load<f64>(factors + (i << 3));
    if (factor !== 0) addExactly(sum, from + <usize>load<i32>(list + (i << 2)) * rowBytes, rowBytes, factor);
  }
}

/** Where the problem lies. */
export function setProblem(
  x_: usize, stride_: usize, norms_: usize, rows_: usize, n_: i32, positive_: usize, costs_: usize,
  classes_: i32, classCosts_: usize, hinge_: bool, alpha_: usize, weights_: usize, exact_: usize,
  active_: usize, order_: usize, fits_: usize,
): void {
  x = x_; stride = stride_; norms = norms_; rows = rows_; n = n_; positive = positive_; costs = costs_;
  classes = classes_; classCosts = classCosts_; hinge = hinge_; alpha = alpha_; weights = weights_; exact = exact_;
  active = active_; order = order_; fits = fits_;
}

/**
 * Solves from the multipliers in alpha. Leaves them, the weights (exact) and a Fit a class. A class ends when its
 * duality gap is at most `tolerance` × its primal value, or when it has taken `budget` inner products.
 */
export function solve(tolerance: f64, budget: f64, seed: u32): void {
  random = seed | 1;
  const everyone: u32 = classes === 32 ? u32.MAX_VALUE : (1 << classes) - 1;
  for (let k = 0; k < classes; k++) {
    const fit = fitOf(k);
    fit.sweeps = 0;
    fit.work = 0;
    fit.epsilon = 0.1;
    fit.above = f64.MAX_VALUE;
    fit.below = -f64.MAX_VALUE;
  }
  for (let i: usize = 0; i < <usize>n; i++) store<u32>(active + (i << 2), everyone);
  // What the rounding of float64 and of float32 weights lets a gradient say.
  const finest = hinge ? 1e-13 : 1e-7;
  let unsolved = everyone;
  sumWeights(unsolved);
  shortenStart();
  while (unsolved) {
    let sweeping = unsolved;
    while (sweeping) sweeping = sweep(sweeping, budget);
    sumWeights(unsolved);
    measure(unsolved);
    for (let k = 0; k < classes; k++) {
      if (!((unsolved >> k) & 1)) continue;
      const fit = fitOf(k);
      const gap = fit.primal - fit.dual, allowed = tolerance * fit.primal;
      if (gap <= allowed || fit.work >= budget || finest > fit.epsilon) {
        unsolved &= ~(1 << k);
      } else {
        fit.epsilon *= max(0.1, min(0.5, sqrt(allowed / gap)));
        fit.above = f64.MAX_VALUE;
        fit.below = -f64.MAX_VALUE;
      }
    }
  }
}

/** A start that overshoots is cut to the multiple of itself with the highest dual value, which no start of 0 beats. */
function shortenStart(): void {
  let shortened: u32 = 0;
  for (let k = 0; k < classes; k++) {
    const fit = fitOf(k);
    if (fit.linear >= fit.quadratic) continue;
    shortened |= 1 << k;
    for (let i: usize = 0; i < <usize>n; i++) {
      const at = multiplierAt(k, i);
      store<f64>(at, load<f64>(at) * (fit.linear / fit.quadratic));
    }
  }
  sumWeights(shortened);
}

/** One pass over the active rows in a new random order. Returns the classes that want another. */
function sweep(sweeping: u32, budget: f64): u32 {
  const count = shuffleActive(sweeping);
  for (let k = 0; k < classes; k++) {
    fitOf(k).most = -f64.MAX_VALUE;
    fitOf(k).least = f64.MAX_VALUE;
  }
  for (let s: usize = 0; s < <usize>count; s++) {
    const i = <usize>load<i32>(order + (s << 2));
    const bits = load<u32>(active + (i << 2));
    let kept = bits;
    for (let todo = bits & sweeping; todo; todo &= todo - 1) {
      const k = <i32>ctz(todo);
      if (!step(k, i)) kept &= ~(1 << k);
    }
    if (kept !== bits) store<u32>(active + (i << 2), kept);
  }
  for (let k = 0; k < classes; k++) {
    if (!((sweeping >> k) & 1)) continue;
    const fit = fitOf(k);
    fit.sweeps++;
    // Rows leave sooner than Hsieh et al. let them (0.1 in place of the largest gradient): measure() brings back any
    // that should have stayed.
    fit.above = fit.most > 0 ? min(fit.most, 0.1) : 0.1;
    fit.below = fit.least < 0 ? max(fit.least, -0.1) : -0.1;
    if (fit.most - fit.least <= fit.epsilon || fit.work >= budget) sweeping &= ~(1 << k);
  }
  return sweeping;
}

/** Minimises the dual of class k along multiplier i. Returns false when the row may leave the active ones. */
@inline function step(k: i32, i: usize): bool {
  const fit = fitOf(k);
  const rowNumber = <usize>load<i32>(rows + (i << 2)), row = x + rowNumber * stride;
  const cost = costOf(k, i), sign = signOf(k, i);
  const diagonal = hinge ? 0 : 0.5 / cost, upper = hinge ? cost : f64.MAX_VALUE;
  const at = multiplierAt(k, i);
  const a = load<f64>(at);
  const gradient = sign * decisionOf(k, row) - 1 + diagonal * a;
  fit.work++;
  let projected = gradient;
  if (a === 0) {
    if (gradient > fit.above) return false;
    if (gradient > 0) projected = 0;
  } else if (a === upper) {
    if (gradient < fit.below) return false;
    if (gradient < 0) projected = 0;
  }
  fit.most = max(fit.most, projected);
  fit.least = min(fit.least, projected);
  if (abs(projected) > 1e-12) {
    const next = min(max(a - gradient / (load<f64>(norms + (rowNumber << 3)) + diagonal), 0), upper);
    store<f64>(at, next);
    if (hinge) addExactly(exact + <usize>k * 2 * stride, row, stride, (next - a) * sign);
    else add(weights + <usize>k * stride, row, stride, <f32>((next - a) * sign));
  }
  return true;
}

/** w = Σ α_i y_i x_i in float64, rounded once: what the steps lost in float32 does not pile up. */
function sumWeights(unsolved: u32): void {
  for (let k = 0; k < classes; k++) {
    if (!((unsolved >> k) & 1)) continue;
    memory.fill(exact + <usize>k * 2 * stride, 0, 2 * stride);
    fitOf(k).linear = fitOf(k).quadratic = 0;
  }
  for (let i: usize = 0; i < <usize>n; i++) {
    const row = x + <usize>load<i32>(rows + (i << 2)) * stride;
    for (let todo = unsolved; todo; todo &= todo - 1) {
      const k = <i32>ctz(todo), a = load<f64>(multiplierAt(k, i));
      if (a === 0) continue;
      addExactly(exact + <usize>k * 2 * stride, row, stride, a * signOf(k, i));
      fitOf(k).linear += a;
      if (!hinge) fitOf(k).quadratic += a * a * 0.5 / costOf(k, i);
    }
  }
  for (let k = 0; k < classes; k++) {
    if (!((unsolved >> k) & 1)) continue;
    let square: f64 = 0;
    for (let j: usize = 0; j < stride >> 2; j++) {
      const value = load<f64>(exact + <usize>k * 2 * stride + (j << 3));
      square += value * value;
      store<f32>(weights + <usize>k * stride + (j << 2), <f32>value);
    }
    fitOf(k).quadratic += square;
    fitOf(k).primal = 0.5 * square;
    fitOf(k).dual = fitOf(k).linear - 0.5 * fitOf(k).quadratic;
  }
}

/** The primal value of each unsolved class, from all rows; and the rows that its next sweeps visit. */
function measure(unsolved: u32): void {
  for (let i: usize = 0; i < <usize>n; i++) {
    const row = x + <usize>load<i32>(rows + (i << 2)) * stride;
    let kept: u32 = 0;
    for (let todo = unsolved; todo; todo &= todo - 1) {
      const k = <i32>ctz(todo);
      const cost = costOf(k, i), a = load<f64>(multiplierAt(k, i));
      const slack = 1 - signOf(k, i) * decisionOf(k, row);
      fitOf(k).work++;
      if (slack > 0) fitOf(k).primal += hinge ? cost * slack : cost * slack * slack;
      const settled = (a === 0 && slack < 0) || (hinge && a === cost && slack > 0);
      if (!settled) kept |= 1 << k;
    }
    store<u32>(active + (i << 2), kept);
  }
}

/** Lists the rows that some sweeping class visits in a random order (Fisher–Yates, Marsaglia's xorshift). */
function shuffleActive(sweeping: u32): i32 {
  let count = 0;
  for (let i = 0; i < n; i++) {
    if (!(load<u32>(active + (<usize>i << 2)) & sweeping)) continue;
    store<i32>(order + (<usize>count << 2), i);
    count++;
  }
  for (let s = 0; s < count; s++) {
    random ^= random << 13;
    random ^= random >> 17;
    random ^= random << 5;
    const here = order + (<usize>s << 2);
    const there = here + (<usize>((<u64>random * <u64>(count - s)) >> 32) << 2);
    const moved = load<i32>(here);
    store<i32>(here, load<i32>(there));
    store<i32>(there, moved);
  }
  return count;
}

/**
 * w · x of class k. The hinge loss multiplies every error of a margin by C, so where the classes can be separated its
 * objective needs margins to 1e-9 and float64 weights; the squared hinge feels only the error's square.
 */
@inline function decisionOf(k: i32, row: usize): f64 {
  return hinge
    ? dotExactly(exact + <usize>k * 2 * stride, row, stride)
    : dot(weights + <usize>k * stride, row, stride);
}

@inline function fitOf(k: i32): Fit {
  return changetype<Fit>(fits + (<usize>k << 7));
}

@inline function multiplierAt(k: i32, i: usize): usize {
  return alpha + ((<usize>k * <usize>n + i) << 3);
}

@inline function isPositive(k: i32, i: usize): u32 {
  return (load<u32>(positive + (i << 2)) >> k) & 1;
}

@inline function signOf(k: i32, i: usize): f64 {
  return isPositive(k, i) ? 1 : -1;
}

@inline function costOf(k: i32, i: usize): f64 {
  return load<f64>(costs + (i << 3)) * load<f64>(classCosts + ((2 * <usize>k + <usize>isPositive(k, i)) << 3));
}

/** a · b over `bytes` bytes of float32. */
@inline function dot(a: usize, b: usize, bytes: usize): f64 {
  let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
  for (const end = a + bytes; a < end; a += 64, b += 64) {
    s0 = f32x4.add(s0, f32x4.mul(v128.load(a), v128.load(b)));
    s1 = f32x4.add(s1, f32x4.mul(v128.load(a, 16), v128.load(b, 16)));
    s2 = f32x4.add(s2, f32x4.mul(v128.load(a, 32), v128.load(b, 32)));
    s3 = f32x4.add(s3, f32x4.mul(v128.load(a, 48), v128.load(b, 48)));
  }
  const sum = f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3));
  return (
    <f64>f32x4.extract_lane(sum, 0) + <f64>f32x4.extract_lane(sum, 1) +
    (<f64>f32x4.extract_lane(sum, 2) + <f64>f32x4.extract_lane(sum, 3))
  );
}

/** w · row, with w in float64. */
@inline function dotExactly(w: usize, row: usize, bytes: usize): f64 {
  let s0 = f64x2.splat(0), s1 = s0;
  for (const end = row + bytes; row < end; row += 16, w += 32) {
    const low = v128.load(row);
    const high = i8x16.shuffle(low, low, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7);
    s0 = f64x2.add(s0, f64x2.mul(f64x2.promote_low_f32x4(low), v128.load(w)));
    s1 = f64x2.add(s1, f64x2.mul(f64x2.promote_low_f32x4(high), v128.load(w, 16)));
  }
  const sum = f64x2.add(s0, s1);
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}

/** w += scale · row, in float32. */
@inline function add(w: usize, row: usize, bytes: usize, scale: f32): void {
  const factor = f32x4.splat(scale);
  for (const end = w + bytes; w < end; w += 64, row += 64) {
    v128.store(w, f32x4.add(v128.load(w), f32x4.mul(factor, v128.load(row))));
    v128.store(w, f32x4.add(v128.load(w, 16), f32x4.mul(factor, v128.load(row, 16))), 16);
    v128.store(w, f32x4.add(v128.load(w, 32), f32x4.mul(factor, v128.load(row, 32))), 32);
    v128.store(w, f32x4.add(v128.load(w, 48), f32x4.mul(factor, v128.load(row, 48))), 48);
  }
}

/** w += scale · row, with w in float64. */
@inline function addExactly(w: usize, row: usize, bytes: usize, scale: f64): void {
  const factor = f64x2.splat(scale);
  for (const end = row + bytes; row < end; row += 16, w += 32) {
    const low = v128.load(row);
    const high = i8x16.shuffle(low, low, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7);
    v128.store(w, f64x2.add(v128.load(w), f64x2.mul(factor, f64x2.promote_low_f32x4(low))));
    v128.store(w, f64x2.add(v128.load(w, 16), f64x2.mul(factor, f64x2.promote_low_f32x4(high))), 16);
  }
}
