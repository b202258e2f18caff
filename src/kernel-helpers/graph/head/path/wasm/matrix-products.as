// Products of a matrix with vectors, in AssemblyScript (TypeScript's syntax, WebAssembly's types).
// `npm run build:wasm` compiles it to matrix-products.wasm.
//
// The matrix is `rows` rows of `stride` bytes of float32, a multiple of 8, padded with zeros. Vectors are float64, and so
// are the sums: what is learned of a gradient along a path is a difference of products. All vectors go over a row while it
// is in the cache. No allocation and no static data: the caller lays out the memory and passes addresses.

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
      const whole = stride & ~15;
      for (let i: usize = 0; i < whole; i += 16) {
        const x0 = v128.load(x + (i << 1));
        const x1 = v128.load(x + (i << 1), 16);
        a0 = f64x2.add(a0, f64x2.mul(x0, f64x2.promote_low_f32x4(v128.load64_zero(a + i))));
        b0 = f64x2.add(b0, f64x2.mul(x0, f64x2.promote_low_f32x4(v128.load64_zero(b + i))));
        a1 = f64x2.add(a1, f64x2.mul(x1, f64x2.promote_low_f32x4(v128.load64_zero(a + i, 8))));
        b1 = f64x2.add(b1, f64x2.mul(x1, f64x2.promote_low_f32x4(v128.load64_zero(b + i, 8))));
      }
      if (whole < stride) {
        const x0 = v128.load(x + (whole << 1));
        a0 = f64x2.add(a0, f64x2.mul(x0, f64x2.promote_low_f32x4(v128.load64_zero(a + whole))));
        b0 = f64x2.add(b0, f64x2.mul(x0, f64x2.promote_low_f32x4(v128.load64_zero(b + whole))));
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

// @ts-ignore: a decorator of AssemblyScript
@inline function sum(pair: v128): f64 {
  return f64x2.extract_lane(pair, 0) + f64x2.extract_lane(pair, 1);
}
