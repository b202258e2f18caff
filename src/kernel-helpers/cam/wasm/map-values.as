// What is done with every value of a map that is stretched onto a grid, in AssemblyScript (TypeScript's syntax, WebAssembly's
// types). `npm run build:wasm` compiles it to map-values.wasm. Sums are those of plain code to the bit. No allocation and no
// static data: the caller lays out the memory and passes addresses.

/**
 * result[y][x] = Σ_t weights[y][t] · rows[index[y][t]][x] for 2 or 4 taps: float64, rounded to float32. Two columns a turn:
 * `rows` and `result` have room for one number more.
 *
 * @param range where the least and the greatest value go, NaN where one of them is
 */
export function blend(
  rows: usize, width: i32, taps: i32, index: usize, weights: usize, height: i32, result: usize, range: usize,
): void {
  const stride = <usize>width << 3;
  let least = f32x4.splat(Infinity);
  let most = f32x4.splat(-Infinity);
  for (let y = 0; y < height; y++) {
    const r0 = rows + <usize>load<i32>(index) * stride;
    const r1 = rows + <usize>load<i32>(index, 4) * stride;
    const w0 = v128.load64_splat(weights);
    const w1 = v128.load64_splat(weights, 8);
    const to = result + (<usize>y * <usize>width << 2);
    if (taps == 2) {
      for (let x: usize = 0; x < <usize>width; x += 2) {
        const at = x << 3;
        const sum = f64x2.add(f64x2.mul(w0, v128.load(r0 + at)), f64x2.mul(w1, v128.load(r1 + at)));
        v128.store64_lane(to + (x << 2), f32x4.demote_f64x2_zero(sum), 0);
      }
    } else {
      const r2 = rows + <usize>load<i32>(index, 8) * stride;
      const r3 = rows + <usize>load<i32>(index, 12) * stride;
      const w2 = v128.load64_splat(weights, 16);
      const w3 = v128.load64_splat(weights, 24);
      for (let x: usize = 0; x < <usize>width; x += 2) {
        const at = x << 3;
        const two = f64x2.add(f64x2.mul(w0, v128.load(r0 + at)), f64x2.mul(w1, v128.load(r1 + at)));
        const sum = f64x2.add(
          f64x2.add(two, f64x2.mul(w2, v128.load(r2 + at))),
          f64x2.mul(w3, v128.load(r3 + at)),
        );
        v128.store64_lane(to + (x << 2), f32x4.demote_f64x2_zero(sum), 0);
      }
    }
    index += <usize>taps << 2;
    weights += <usize>taps << 3;
  }
  const count = <usize>(width * height);
  let p: usize = 0;
  for (; p + 4 <= count; p += 4) {
    const value = v128.load(result + (p << 2));
    least = f32x4.min(least, value);
    most = f32x4.max(most, value);
  }
  let low = min(
    min(f32x4.extract_lane(least, 0), f32x4.extract_lane(least, 1)),
    min(f32x4.extract_lane(least, 2), f32x4.extract_lane(least, 3)),
  );
  let high = max(
    max(f32x4.extract_lane(most, 0), f32x4.extract_lane(most, 1)),
    max(f32x4.extract_lane(most, 2), f32x4.extract_lane(most, 3)),
  );
  for (; p < count; p++) {
    low = min(low, load<f32>(result + (p << 2)));
    high = max(high, load<f32>(result + (p << 2)));
  }
  store<f32>(range, low);
  store<f32>(range, high, 4);
}

/**
 * Of each value how many cuts it reaches. Cuts are float32 and rise, −∞ before the first and +∞ behind the last; of their
 * number `cuts` counts neither.
 */
export function reached(data: usize, count: i32, cuts: usize, levels: usize): void {
  let passed: usize = 0;
  let from = load<f32>(cuts);
  let until = load<f32>(cuts, 4);
  for (let p: usize = 0; p < <usize>count; p++) {
    const value = load<f32>(data + (p << 2));
    // Neighbours differ in little.
    while (value >= until) {
      passed++;
      from = until;
      until = load<f32>(cuts + (passed << 2), 4);
    }
    while (value < from) {
      passed--;
      until = from;
      from = load<f32>(cuts + (passed << 2));
    }
    store<u16>(levels + (p << 1), <u16>passed);
  }
}
