// Products of a matrix with vectors, in AssemblyScript (TypeScript's syntax, WebAssembly's types).
// `npm run build:wasm` compiles it to matrix-products.wasm.
//
// The matrix is `rows` rows of `stride` bytes of float32, a multiple of 16, padded with zeros. Several vectors are float64,
// and so are their sums: what is learned of a gradient along a path is a difference of products. All vectors go over a row
// while it is in the cache. A single vector is of no such use, and summed in float32, four numbers at once. No allocation
// and no static data: the caller lays out the memory and passes addresses.

/** products[v][row] = Σ_k matrix[row][k] · vectors[v][k]. A vector takes 2 · stride bytes. */
export function multiply(
  matrix: usize, rows: i32, stride: usize, vectors: usize, count: i32, products: usize,
): void {
  const even = rows & ~1;
  const bytes = <usize>rows << 3;
  for (let row = 0; row < even; row += 2) {
    const a = matrix + <usize>row * stride;
    const b = a + stride;
    for (let v = 0; v < count; v++) {
      const x = vectors + <usize>v * (stride << 1);
      let a0 = f64x2.splat(0), a1 = f64x2.splat(0), b0 = f64x2.splat(0), b1 = f64x2.splat(0);
      for (let i: usize = 0; i < stride; i += 16) {
        const x0 = v128.load(x + (i << 1));
        const x1 = v128.load(x + (i << 1), 16);
        a0 = f64x2.add(a0, f64x2.mul(x0, f64x2.promote_low_f32x4(v128.load64_zero(a + i))));
        b0 = f64x2.add(b0, f64x2.mul(x0, f64x2.promote_low_f32x4(v128.load64_zero(b + i))));
        a1 = f64x2.add(a1, f64x2.mul(x1, f64x2.promote_low_f32x4(v128.load64_zero(a + i, 8))));
        b1 = f64x2.add(b1, f64x2.mul(x1, f64x2.promote_low_f32x4(v128.load64_zero(b + i, 8))));
      }
      const to = products + <usize>v * bytes + (<usize>row << 3);
      store<f64>(to, sum(f64x2.add(a0, a1)));
      store<f64>(to, sum(f64x2.add(b0, b1)), 8);
    }
  }
  if (even < rows) {
    const a = matrix + <usize>even * stride;
    for (let v = 0; v < count; v++) {
      const x = vectors + <usize>v * (stride << 1);
      let a0 = f64x2.splat(0);
      for (let i: usize = 0; i < stride; i += 8) {
        a0 = f64x2.add(a0, f64x2.mul(v128.load(x + (i << 1)), f64x2.promote_low_f32x4(v128.load64_zero(a + i))));
      }
      store<f64>(products + <usize>v * bytes + (<usize>even << 3), sum(a0));
    }
  }
}

/** sums[v][k] += Σ_row vectors[v][row] · matrix[row][k]. A sum takes 2 · stride bytes; rows of factors 0 are passed over. */
export function multiplyTransposed(
  matrix: usize, rows: i32, stride: usize, vectors: usize, count: i32, sums: usize,
): void {
  const bytes = <usize>rows << 3;
  const fours = rows & ~3;
  for (let row = 0; row < fours; row += 4) {
    const a = matrix + <usize>row * stride;
    const b = a + stride;
    const c = b + stride;
    const d = c + stride;
    for (let v = 0; v < count; v++) {
      const g = vectors + <usize>v * bytes + (<usize>row << 3);
      const g0 = v128.load64_splat(g);
      const g1 = v128.load64_splat(g, 8);
      const g2 = v128.load64_splat(g, 16);
      const g3 = v128.load64_splat(g, 24);
      if (!v128.any_true(v128.or(v128.or(g0, g1), v128.or(g2, g3)))) continue;
      const to = sums + <usize>v * (stride << 1);
      for (let i: usize = 0; i < stride; i += 8) {
        const one = f64x2.add(
          f64x2.mul(g0, f64x2.promote_low_f32x4(v128.load64_zero(a + i))),
          f64x2.mul(g1, f64x2.promote_low_f32x4(v128.load64_zero(b + i))),
        );
        const two = f64x2.add(
          f64x2.mul(g2, f64x2.promote_low_f32x4(v128.load64_zero(c + i))),
          f64x2.mul(g3, f64x2.promote_low_f32x4(v128.load64_zero(d + i))),
        );
        const at = to + (i << 1);
        v128.store(at, f64x2.add(v128.load(at), f64x2.add(one, two)));
      }
    }
  }
  for (let row = fours; row < rows; row++) {
    const a = matrix + <usize>row * stride;
    for (let v = 0; v < count; v++) {
      const g0 = v128.load64_splat(vectors + <usize>v * bytes + (<usize>row << 3));
      const to = sums + <usize>v * (stride << 1);
      for (let i: usize = 0; i < stride; i += 8) {
        const at = to + (i << 1);
        v128.store(at, f64x2.add(v128.load(at), f64x2.mul(g0, f64x2.promote_low_f32x4(v128.load64_zero(a + i)))));
      }
    }
  }
}

/**
 * Fetches rows of a matrix into the cache: one load for each line of it, none of which waits for another, is two to three
 * times as fast as products that come upon them. Those of factor 0 are left where they are; without factors (0) all come.
 */
export function fetch(matrix: usize, rows: i32, stride: usize, factors: usize): i32 {
  let all = 0;
  for (let row = 0; row < rows; row++) {
    if (factors != 0 && load<f64>(factors + (<usize>row << 3)) == 0) continue;
    const from = matrix + <usize>row * stride;
    for (let at = from, end = from + stride; at < end; at += 64) all |= load<i32>(at);
  }
  return all;
}

/** products[row] = Σ_k matrix[row][k] · vector[k], summed in float32: for one vector, of float32, as wide as a row. */
export function multiplySingle(matrix: usize, rows: i32, stride: usize, vector: usize, products: usize): void {
  const fours = rows & ~3;
  for (let row = 0; row < fours; row += 4) {
    const a = matrix + <usize>row * stride;
    const b = a + stride;
    const c = b + stride;
    const d = c + stride;
    let a0 = f32x4.splat(0), b0 = f32x4.splat(0), c0 = f32x4.splat(0), d0 = f32x4.splat(0);
    for (let i: usize = 0; i < stride; i += 16) {
      const x = v128.load(vector + i);
      a0 = f32x4.add(a0, f32x4.mul(x, v128.load(a + i)));
      b0 = f32x4.add(b0, f32x4.mul(x, v128.load(b + i)));
      c0 = f32x4.add(c0, f32x4.mul(x, v128.load(c + i)));
      d0 = f32x4.add(d0, f32x4.mul(x, v128.load(d + i)));
    }
    const to = products + (<usize>row << 3);
    store<f64>(to, sumSingle(a0));
    store<f64>(to, sumSingle(b0), 8);
    store<f64>(to, sumSingle(c0), 16);
    store<f64>(to, sumSingle(d0), 24);
  }
  for (let row = fours; row < rows; row++) {
    const a = matrix + <usize>row * stride;
    let a0 = f32x4.splat(0);
    for (let i: usize = 0; i < stride; i += 16) a0 = f32x4.add(a0, f32x4.mul(v128.load(vector + i), v128.load(a + i)));
    store<f64>(products + (<usize>row << 3), sumSingle(a0));
  }
}

/**
 * sums[k] += Σ_row factors[row] · matrix[row][k], summed in float32 in `partial`, which is as wide as a row: for a few rows at
 * a time, of which those of factor 0 are not read.
 */
export function transposedSingle(
  matrix: usize, rows: i32, stride: usize, factors: usize, partial: usize, sums: usize,
): void {
  memory.fill(partial, 0, stride);
  let waiting = 0;
  let a: usize = 0, b: usize = 0, c: usize = 0;
  let g0 = f32x4.splat(0), g1 = f32x4.splat(0), g2 = f32x4.splat(0);
  for (let row = 0; row < rows; row++) {
    const factor = load<f64>(factors + (<usize>row << 3));
    if (factor == 0) continue;
    const g = f32x4.splat(<f32>factor);
    const at = matrix + <usize>row * stride;
    if (waiting == 0) { a = at; g0 = g; waiting = 1; continue; }
    if (waiting == 1) { b = at; g1 = g; waiting = 2; continue; }
    if (waiting == 2) { c = at; g2 = g; waiting = 3; continue; }
    waiting = 0;
    for (let i: usize = 0; i < stride; i += 16) {
      const one = f32x4.add(f32x4.mul(g0, v128.load(a + i)), f32x4.mul(g1, v128.load(b + i)));
      const two = f32x4.add(f32x4.mul(g2, v128.load(c + i)), f32x4.mul(g, v128.load(at + i)));
      v128.store(partial + i, f32x4.add(v128.load(partial + i), f32x4.add(one, two)));
    }
  }
  if (waiting > 0) addRow(a, g0, stride, partial);
  if (waiting > 1) addRow(b, g1, stride, partial);
  if (waiting > 2) addRow(c, g2, stride, partial);
  for (let i: usize = 0; i < stride; i += 16) {
    const low = sums + (i << 1);
    const p = v128.load(partial + i);
    v128.store(low, f64x2.add(v128.load(low), f64x2.promote_low_f32x4(p)));
    const high = f64x2.promote_low_f32x4(v128.load64_zero(partial + i, 8));
    v128.store(low, f64x2.add(v128.load(low, 16), high), 16);
  }
}

// @ts-ignore: a decorator of AssemblyScript
@inline function addRow(row: usize, g: v128, stride: usize, partial: usize): void {
  for (let i: usize = 0; i < stride; i += 16) {
    v128.store(partial + i, f32x4.add(v128.load(partial + i), f32x4.mul(g, v128.load(row + i))));
  }
}

// @ts-ignore: a decorator of AssemblyScript
@inline function sumSingle(four: v128): f64 {
  return (
    <f64>f32x4.extract_lane(four, 0) + <f64>f32x4.extract_lane(four, 1) +
    (<f64>f32x4.extract_lane(four, 2) + <f64>f32x4.extract_lane(four, 3))
  );
}

// @ts-ignore: a decorator of AssemblyScript
@inline function sum(pair: v128): f64 {
  return f64x2.extract_lane(pair, 0) + f64x2.extract_lane(pair, 1);
}
