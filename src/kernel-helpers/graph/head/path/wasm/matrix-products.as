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
 * Fetches a part of a matrix into the cache: one load for each line of it, none of which waits for another, is two to three
 * times as fast as products that come upon them.
 */
export function fetch(from: usize, bytes: usize): i32 {
  let all = 0;
  for (let at = from, end = from + bytes; at < end; at += 64) all |= load<i32>(at);
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
 * Rounds rows to 16 bits: of each 32 numbers, one panel's, int16 and the factor that they are shares of. A panel holds `rows`
 * lines of 64 bytes, one behind the other, and `rows` factors. The source is `count` rows of `panels` times 32 float32.
 */
export function pack(
  source: usize, first: i32, count: i32, rows: i32, panels: i32, packed: usize, factors: usize,
): void {
  for (let row = first, end = first + count; row < end; row++) {
    for (let panel = 0; panel < panels; panel++, source += 128) {
      let most = f32x4.splat(0);
      for (let i: usize = 0; i < 128; i += 16) most = f32x4.max(most, f32x4.abs(v128.load(source + i)));
      const largest = max(
        max(f32x4.extract_lane(most, 0), f32x4.extract_lane(most, 1)),
        max(f32x4.extract_lane(most, 2), f32x4.extract_lane(most, 3)),
      );
      const line = <usize>panel * <usize>rows + <usize>row;
      const factor = largest / 32767;
      store<f32>(factors + (line << 2), factor);
      // So little that its share would not be finite.
      const share = f32x4.splat(largest < 1e-30 ? 0 : 32767 / largest);
      const to = packed + (line << 6);
      for (let i: usize = 0; i < 64; i += 16) {
        const at = source + (i << 1);
        const low = i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.mul(share, v128.load(at))));
        const high = i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.mul(share, v128.load(at, 16))));
        v128.store(to + i, i16x8.narrow_i32x4_s(low, high));
      }
    }
  }
}

/**
 * sums[k] = Σ_i matrix[row_i][k] · g_i over a list of `count` pairs of a row (u32) and its g (float32), of a matrix that
 * `pack` rounded. Meanwhile what lies `ahead` is fetched into the cache, `step` bytes for each pair, whether or not its row is
 * listed: a memory gives what lies side by side in half the time.
 */
export function transposedPacked(
  packed: usize, factors: usize, rows: i32, panels: i32,
  list: usize, count: i32, ahead: usize, step: usize, sums: usize,
): i32 {
  let all = 0;
  const end = list + (<usize>count << 3);
  for (let panel = 0; panel < panels; panel++, packed += <usize>rows << 6, factors += <usize>rows << 2, sums += 128) {
    let next = packed + ahead;
    let a0 = f32x4.splat(0), a1 = f32x4.splat(0), a2 = f32x4.splat(0), a3 = f32x4.splat(0);
    let a4 = f32x4.splat(0), a5 = f32x4.splat(0), a6 = f32x4.splat(0), a7 = f32x4.splat(0);
    for (let i: usize = list; i < end; i += 8) {
      const row = <usize>load<u32>(i);
      for (const stop = next + step; next < stop; next += 64) all |= load<i32>(next);
      const g = f32x4.mul(v128.load32_splat(i, 4), v128.load32_splat(factors + (row << 2)));
      const at = packed + (row << 6);
      a0 = f32x4.add(a0, shares(at, g));
      a1 = f32x4.add(a1, shares(at + 8, g));
      a2 = f32x4.add(a2, shares(at + 16, g));
      a3 = f32x4.add(a3, shares(at + 24, g));
      a4 = f32x4.add(a4, shares(at + 32, g));
      a5 = f32x4.add(a5, shares(at + 40, g));
      a6 = f32x4.add(a6, shares(at + 48, g));
      a7 = f32x4.add(a7, shares(at + 56, g));
    }
    v128.store(sums, a0);
    v128.store(sums, a1, 16);
    v128.store(sums, a2, 32);
    v128.store(sums, a3, 48);
    v128.store(sums, a4, 64);
    v128.store(sums, a5, 80);
    v128.store(sums, a6, 96);
    v128.store(sums, a7, 112);
  }
  return all;
}

/** Four numbers of 16 bits, times g. */
// @ts-ignore: a decorator of AssemblyScript
@inline function shares(at: usize, g: v128): v128 {
  return f32x4.mul(f32x4.convert_i32x4_s(v128.load16x4_s(at)), g);
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
