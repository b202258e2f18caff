// Decodes the scan of a plain JPEG (ITU-T T.81: sequential, Huffman, 8 bits, one scan) and resizes what is needed of it,
// in AssemblyScript (TypeScript's syntax, WebAssembly's types). `npm run build:wasm` compiles it to plain-jpeg.wasm.
//
// Pixels are those of libjpeg's defaults to the bit: the accurate integer transform of Loeffler, Ligtenberg and Moschytz,
// triangular upsampling of colours, its tables of colour conversion. Whatever is odd about the data ends the work: another
// decoder then says what is wrong. No allocation and no static data: the caller lays out the memory and passes addresses.

/** Bits that are looked up at once. */
const LOOK = 10;
/** Offsets in a table of Huffman codes: of each length the first code of none, what leads from code to value; the values. */
const LIMITS: usize = 4096;
const OFFSETS: usize = 4096 + 128;
const VALUES: usize = 4096 + 256;

/**
 * A table of Huffman codes from a segment's 16 counts and its values. An entry of the lookup: bits taken, and either the
 * value (bit 8 set; run of zeros from bit 12, value from bit 16) or the symbol (from bit 16); 0 for longer codes.
 *
 * @returns how many values there are; −1 for what is no code
 */
export function readTable(counts: usize, table: usize): i32 {
  memory.fill(table, 0, 4096 + 256);
  const values = counts + 16;
  let code = 0;
  let index = 0;
  for (let length = 1; length <= 16; length++) {
    const count = <i32>load<u8>(counts + length - 1);
    if (index + count > 256 || code + count > (1 << length)) return -1;
    store<i32>(table + OFFSETS + (length << 2), index - code);
    for (let i = 0; i < count; i++) {
      const symbol = <i32>load<u8>(values + index);
      store<u8>(table + VALUES + index, <u8>symbol);
      if (length <= LOOK) lookUp(table, code, length, symbol);
      code++;
      index++;
    }
    store<i32>(table + LIMITS + (length << 2), code << (16 - length));
    code <<= 1;
  }
  return index;
}

function lookUp(table: usize, code: i32, length: i32, symbol: i32): void {
  const size = symbol & 15;
  const spare = LOOK - length;
  for (let rest = 0; rest < 1 << spare; rest++) {
    let entry = length | (symbol << 16);
    if (size > 0 && size <= spare) {
      const bits = rest >> (spare - size);
      const value = bits < 1 << (size - 1) ? bits - (1 << size) + 1 : bits;
      entry = (length + size) | 256 | ((symbol >> 4) << 12) | (value << 16);
    }
    store<i32>(table + (((code << spare) | rest) << 2), entry);
  }
}

/**
 * Decodes all blocks and transforms those that are needed.
 *
 * @param data the scan's first byte; behind the file two markers
 * @param frame units across and down, units between restarts (0: none), number of components, then of each component:
 * blocks of a unit across and down; addresses of its DC and AC table, its quantisation (64 × 16 bits, row by row) and its
 * plane; the plane's bytes a line; the first and last block needed across, and down
 * @param order of the 64 coefficients in a file: byte offsets, 16 more behind them
 * @param block room for 64 × 16 bits and 3 × 32
 * @returns whether all went well
 */
export function decodeScan(data: usize, frame: usize, order: usize, block: usize): bool {
  const across = load<i32>(frame), down = load<i32>(frame, 4);
  const restart = load<i32>(frame, 8), components = load<i32>(frame, 12);
  const predicted = block + 128;
  memory.fill(block, 0, 140);
  let at = data;
  let bits: u64 = 0;
  // How many bits are held, and how many of them are zeros that stand for what a marker cut off.
  let held = 0, past = 0;
  let left = restart, marker = 0;
  for (let row = 0; row < down; row++) {
    for (let column = 0; column < across; column++) {
      if (restart > 0) {
        if (left == 0) {
          if (held - past < 0 || held - past > 7 || load<u16>(at) != <u16>(0xd0ff + (marker << 8))) return false;
          marker = (marker + 1) & 7;
          at += 2;
          bits = 0;
          held = past = 0;
          left = restart;
          memory.fill(predicted, 0, 12);
        }
        left--;
      }
      for (let c = 0; c < components; c++) {
        const component = frame + 16 + <usize>c * 44;
        const blocksAcross = load<i32>(component), blocksDown = load<i32>(component, 4);
        const dc = <usize>load<u32>(component, 8), ac = <usize>load<u32>(component, 12);
        const prediction = predicted + (<usize>c << 2);
        for (let y = 0; y < blocksDown; y++) {
          for (let x = 0; x < blocksAcross; x++) {
            let table = dc;
            let k = 0;
            while (k < 64) {
              if (held <= 32) {
                const four = bswap<u32>(load<u32>(at));
                if (((~four - 0x01010101) & four & 0x80808080) == 0) {
                  bits = (bits << 32) | <u64>four;
                  held += 32;
                  at += 4;
                } else {
                  while (held <= 48) {
                    let byte = <u64>load<u8>(at);
                    if (byte != 0xff) at++;
                    else if (load<u8>(at, 1) == 0) at += 2;
                    else {
                      byte = 0;
                      past += 8;
                    }
                    bits = (bits << 8) | byte;
                    held += 8;
                  }
                }
              }
              const entry = load<i32>(table + (<usize>((bits >> (held - LOOK)) & 1023) << 2));
              let value: i32;
              if (entry & 256) {
                held -= entry & 255;
                k += (entry >> 12) & 15;
                value = entry >> 16;
              } else {
                let symbol: i32;
                if (entry != 0) {
                  held -= entry & 255;
                  symbol = entry >> 16;
                } else {
                  const code = <i32>((bits >> (held - 16)) & 0xffff);
                  let length = LOOK + 1;
                  while (length <= 16 && code >= load<i32>(table + LIMITS + (length << 2))) length++;
                  if (length > 16) return false;
                  held -= length;
                  const index = load<i32>(table + OFFSETS + (length << 2)) + (code >> (16 - length));
                  symbol = load<u8>(table + VALUES + index);
                }
                const size = symbol & 15;
                if (size == 0) {
                  if (symbol == 0xf0) {
                    k += 16;
                    continue;
                  }
                  if (k > 0) break;
                }
                held -= size;
                value = <i32>((bits >> held) & ((1 << size) - 1));
                if (value < (1 << size) >> 1) value -= (1 << size) - 1;
                k += symbol >> 4;
              }
              // Past the last there is room; the loop's end tells.
              store<i16>(block + <usize>load<u8>(order + k), <i16>value);
              k++;
              table = ac;
            }
            if (k > 64) return false;
            const level = load<i32>(prediction) + load<i16>(block);
            store<i32>(prediction, level);
            const steps = <usize>load<u32>(component, 16);
            // Eight times as much as there can be: these are not the data that were written.
            if (abs(level * load<i16>(steps)) >= 8192) return false;
            store<i16>(block, <i16>level);
            const placeX = column * blocksAcross + x, placeY = row * blocksDown + y;
            const isNeeded =
              placeX >= load<i32>(component, 28) && placeX <= load<i32>(component, 32) &&
              placeY >= load<i32>(component, 36) && placeY <= load<i32>(component, 40);
            if (isNeeded) {
              const line = <usize>load<u32>(component, 24);
              const to = <usize>load<u32>(component, 20) + <usize>(placeY << 3) * line + <usize>(placeX << 3);
              if (k == 1) fillBlock(load<i16>(block) * load<i16>(steps), to, line);
              else transform(block, steps, to, line);
            }
            clear(block);
          }
        }
      }
      if (held < past) return false;
    }
  }
  return held - past <= 7 && load<u16>(at) == 0xd9ff;
}

// @ts-ignore: a decorator of AssemblyScript
@inline function clear(block: usize): void {
  const zero = i64x2.splat(0);
  v128.store(block, zero);
  v128.store(block, zero, 16);
  v128.store(block, zero, 32);
  v128.store(block, zero, 48);
  v128.store(block, zero, 64);
  v128.store(block, zero, 80);
  v128.store(block, zero, 96);
  v128.store(block, zero, 112);
}

/** A block that is of one value. */
function fillBlock(value: i32, to: usize, line: usize): void {
  const level = min(max(((value + 4) >> 3) + 128, 0), 255);
  const eight = <u64>level * 0x0101010101010101;
  for (let y = 0; y < 8; y++) {
    store<u64>(to, eight);
    to += line;
  }
}

// @ts-ignore: a decorator of AssemblyScript
@inline function pair(a: i32, b: i32): v128 {
  return i32x4.splat((b << 16) | (a & 0xffff));
}
// @ts-ignore: a decorator of AssemblyScript
@inline function low(a: v128, b: v128): v128 {
  return v128.shuffle<i16>(a, b, 0, 8, 1, 9, 2, 10, 3, 11);
}
// @ts-ignore: a decorator of AssemblyScript
@inline function high(a: v128, b: v128): v128 {
  return v128.shuffle<i16>(a, b, 4, 12, 5, 13, 6, 14, 7, 15);
}
// @ts-ignore: a decorator of AssemblyScript
@inline function rounded(a: v128, b: v128, half: v128, shift: i32): v128 {
  return i16x8.narrow_i32x4_s(i32x4.shr_s(i32x4.add(a, half), shift), i32x4.shr_s(i32x4.add(b, half), shift));
}

/**
 * The inverse cosine transform of a block: columns into `block` (13 bits behind the point, 2 of them kept), then rows.
 *
 * @param steps of the quantisation
 */
function transform(block: usize, steps: usize, to: usize, line: usize): void {
  const first = i16x8.mul(v128.load(block), v128.load(steps));
  let others = i64x2.splat(0);
  v128.store(block, first);
  for (let i: usize = 16; i < 128; i += 16) {
    const row = v128.load(block + i);
    others = v128.or(others, row);
    v128.store(block + i, i16x8.mul(row, v128.load(steps + i)));
  }
  if (v128.any_true(others)) eight(block, i32x4.splat(1 << 10), 11);
  else {
    const kept = i16x8.shl(first, 2);
    v128.store(block, v128.shuffle<i16>(kept, kept, 0, 0, 0, 0, 0, 0, 0, 0));
    v128.store(block, v128.shuffle<i16>(kept, kept, 1, 1, 1, 1, 1, 1, 1, 1), 16);
    v128.store(block, v128.shuffle<i16>(kept, kept, 2, 2, 2, 2, 2, 2, 2, 2), 32);
    v128.store(block, v128.shuffle<i16>(kept, kept, 3, 3, 3, 3, 3, 3, 3, 3), 48);
    v128.store(block, v128.shuffle<i16>(kept, kept, 4, 4, 4, 4, 4, 4, 4, 4), 64);
    v128.store(block, v128.shuffle<i16>(kept, kept, 5, 5, 5, 5, 5, 5, 5, 5), 80);
    v128.store(block, v128.shuffle<i16>(kept, kept, 6, 6, 6, 6, 6, 6, 6, 6), 96);
    v128.store(block, v128.shuffle<i16>(kept, kept, 7, 7, 7, 7, 7, 7, 7, 7), 112);
  }
  eight(block, i32x4.splat(1 << 17), 18);
  const middle = i8x16.splat(-128);
  for (let i: usize = 0; i < 128; i += 32) {
    const two = v128.xor(i8x16.narrow_i16x8_s(v128.load(block + i), v128.load(block + i, 16)), middle);
    store<u64>(to, i64x2.extract_lane(two, 0));
    store<u64>(to + line, i64x2.extract_lane(two, 1));
    to += line << 1;
  }
}

/** One pass over eight columns at once, transposed after. */
// @ts-ignore: a decorator of AssemblyScript
@inline function eight(block: usize, half: v128, shift: i32): void {
  const in0 = v128.load(block), in1 = v128.load(block, 16), in2 = v128.load(block, 32), in3 = v128.load(block, 48);
  const in4 = v128.load(block, 64), in5 = v128.load(block, 80), in6 = v128.load(block, 96), in7 = v128.load(block, 112);
  // Even part: 0.541196100 = 4433 / 2¹³, 1.847759065 = 15137, 0.765366865 = 6270.
  const sum = i16x8.add(in0, in4), difference = i16x8.sub(in0, in4), zero = i64x2.splat(0);
  const e2 = pair(4433, 4433 - 15137), e3 = pair(4433 + 6270, 4433);
  const l26 = low(in2, in6), h26 = high(in2, in6);
  const t0l = i32x4.shr_s(low(zero, sum), 3), t0h = i32x4.shr_s(high(zero, sum), 3);
  const t1l = i32x4.shr_s(low(zero, difference), 3), t1h = i32x4.shr_s(high(zero, difference), 3);
  const t2l = i32x4.dot_i16x8_s(l26, e2), t2h = i32x4.dot_i16x8_s(h26, e2);
  const t3l = i32x4.dot_i16x8_s(l26, e3), t3h = i32x4.dot_i16x8_s(h26, e3);
  const s0l = i32x4.add(t0l, t3l), s0h = i32x4.add(t0h, t3h), s3l = i32x4.sub(t0l, t3l), s3h = i32x4.sub(t0h, t3h);
  const s1l = i32x4.add(t1l, t2l), s1h = i32x4.add(t1h, t2h), s2l = i32x4.sub(t1l, t2l), s2h = i32x4.sub(t1h, t2h);
  // Odd part.
  const z3 = i16x8.add(in7, in3), z4 = i16x8.add(in5, in1);
  const lz = low(z3, z4), hz = high(z3, z4);
  const c3 = pair(9633 - 16069, 9633), c4 = pair(9633, 9633 - 3196);
  const z3l = i32x4.dot_i16x8_s(lz, c3), z3h = i32x4.dot_i16x8_s(hz, c3);
  const z4l = i32x4.dot_i16x8_s(lz, c4), z4h = i32x4.dot_i16x8_s(hz, c4);
  const l71 = low(in7, in1), h71 = high(in7, in1), l53 = low(in5, in3), h53 = high(in5, in3);
  const o0 = pair(2446 - 7373, -7373), o1 = pair(16819 - 20995, -20995);
  const o2 = pair(-20995, 25172 - 20995), o3 = pair(-7373, 12299 - 7373);
  const u0l = i32x4.add(i32x4.dot_i16x8_s(l71, o0), z3l), u0h = i32x4.add(i32x4.dot_i16x8_s(h71, o0), z3h);
  const u1l = i32x4.add(i32x4.dot_i16x8_s(l53, o1), z4l), u1h = i32x4.add(i32x4.dot_i16x8_s(h53, o1), z4h);
  const u2l = i32x4.add(i32x4.dot_i16x8_s(l53, o2), z3l), u2h = i32x4.add(i32x4.dot_i16x8_s(h53, o2), z3h);
  const u3l = i32x4.add(i32x4.dot_i16x8_s(l71, o3), z4l), u3h = i32x4.add(i32x4.dot_i16x8_s(h71, o3), z4h);
  const out0 = rounded(i32x4.add(s0l, u3l), i32x4.add(s0h, u3h), half, shift);
  const out7 = rounded(i32x4.sub(s0l, u3l), i32x4.sub(s0h, u3h), half, shift);
  const out1 = rounded(i32x4.add(s1l, u2l), i32x4.add(s1h, u2h), half, shift);
  const out6 = rounded(i32x4.sub(s1l, u2l), i32x4.sub(s1h, u2h), half, shift);
  const out2 = rounded(i32x4.add(s2l, u1l), i32x4.add(s2h, u1h), half, shift);
  const out5 = rounded(i32x4.sub(s2l, u1l), i32x4.sub(s2h, u1h), half, shift);
  const out3 = rounded(i32x4.add(s3l, u0l), i32x4.add(s3h, u0h), half, shift);
  const out4 = rounded(i32x4.sub(s3l, u0l), i32x4.sub(s3h, u0h), half, shift);
  // Transposed: pairs, fours, eights.
  const a0 = low(out0, out4), a1 = high(out0, out4), a2 = low(out1, out5), a3 = high(out1, out5);
  const a4 = low(out2, out6), a5 = high(out2, out6), a6 = low(out3, out7), a7 = high(out3, out7);
  const b0 = low(a0, a4), b1 = high(a0, a4), b2 = low(a1, a5), b3 = high(a1, a5);
  const b4 = low(a2, a6), b5 = high(a2, a6), b6 = low(a3, a7), b7 = high(a3, a7);
  v128.store(block, low(b0, b4));
  v128.store(block, high(b0, b4), 16);
  v128.store(block, low(b1, b5), 32);
  v128.store(block, high(b1, b5), 48);
  v128.store(block, low(b2, b6), 64);
  v128.store(block, high(b2, b6), 80);
  v128.store(block, low(b3, b7), 96);
  v128.store(block, high(b3, b7), 112);
}

/**
 * Lines of red, green and blue, `gap` bytes each and three a line of the picture.
 *
 * @param luma first pixel that is needed, `lumaLine` bytes a line
 * @param cb,cr planes of `chromaLine` bytes a line; of a grey picture one line of the middle, and 0
 * @param halved 0: as many colours as pixels; 1: half as many across; 2: down, too
 * @param chromaColumns,chromaRows how many colours there are
 * @param left,top of what is needed, `columns` × `rows`
 * @param sums room for chromaColumns + 10 numbers of 16 bits
 * @param wide room for two lines of 2 · chromaColumns + 16 bytes
 */
export function toLines(
  luma: usize, lumaLine: usize, cb: usize, cr: usize, chromaLine: usize, halved: i32, chromaColumns: i32,
  chromaRows: i32, left: i32, top: i32, columns: i32, rows: i32, sums: usize, wide: usize, to: usize, gap: usize,
): void {
  const other = wide + <usize>((chromaColumns << 1) + 16);
  for (let row = top; row < top + rows; row++) {
    if (halved == 0) {
      const at = <usize>row * chromaLine + <usize>left;
      toRgb(luma, cb + at, cr + at, columns, to, gap);
    } else {
      const line = halved == 2 ? row >> 1 : row;
      const near = <usize>line * chromaLine;
      const far = <usize>min(max(line + ((row & 1) << 1) - 1, 0), chromaRows - 1) * chromaLine;
      upsample(cb + near, cb + far, chromaColumns, halved == 2, sums, wide);
      upsample(cr + near, cr + far, chromaColumns, halved == 2, sums, other);
      toRgb(luma, wide + <usize>left, other + <usize>left, columns, to, gap);
    }
    luma += lumaLine;
    to += gap * 3;
  }
}

/**
 * A line of colours that were halved across, and down as well where `isBoth`: a quarter of each neighbour, of the line
 * `far` in that case, too.
 */
function upsample(near: usize, far: usize, count: i32, isBoth: bool, sums: usize, to: usize): void {
  const first = sums + 2;
  const three = i16x8.splat(3);
  for (let i = 0; i < count; i += 8) {
    const a = v128.load8x8_u(near + i);
    v128.store(first + (i << 1), isBoth ? i16x8.add(i16x8.mul(a, three), v128.load8x8_u(far + i)) : a);
  }
  store<i16>(sums, load<i16>(first));
  store<i16>(first + (count << 1), load<i16>(first + ((count - 1) << 1)));
  const left = i16x8.splat(isBoth ? 8 : 1), right = i16x8.splat(isBoth ? 7 : 2);
  const shift = isBoth ? 4 : 2;
  for (let i = 0; i < count; i += 8) {
    const here = first + (i << 1);
    const most = i16x8.mul(v128.load(here), three);
    const even = i16x8.shr_u(i16x8.add(i16x8.add(most, v128.load(here - 2)), left), shift);
    const odd = i16x8.shr_u(i16x8.add(i16x8.add(most, v128.load(here, 2)), right), shift);
    v128.store(to + (i << 1), i8x16.narrow_i16x8_u(low(even, odd), high(even, odd)));
  }
}

/** A line of Y, Cb and Cr as lines of red, green and blue, `gap` bytes from one to the next. */
function toRgb(y: usize, cb: usize, cr: usize, count: i32, to: usize, gap: usize): void {
  const middle = i16x8.splat(128), two = i16x8.splat(2);
  const half = i32x4.splat(32768);
  // In 1 / 65536: 1.402 = 1 + 26345, 1.772 = 2 − 14942, 0.34414 = 22554, 0.71414 = 1 − 18734; a half as 2 · 16384.
  const forRed = pair(26345, 16384), forBlue = pair(-14942, 16384), forGreen = pair(-22554, 18734);
  for (let i = 0; i < count; i += 8) {
    const level = v128.load8x8_u(y + i);
    const u = i16x8.sub(v128.load8x8_u(cb + i), middle), v = i16x8.sub(v128.load8x8_u(cr + i), middle);
    const red = i16x8.add(v, scaled(low(v, two), high(v, two), forRed));
    const blue = i16x8.add(i16x8.add(u, u), scaled(low(u, two), high(u, two), forBlue));
    const green = i16x8.sub(
      i16x8.narrow_i32x4_s(
        i32x4.shr_s(i32x4.add(i32x4.dot_i16x8_s(low(u, v), forGreen), half), 16),
        i32x4.shr_s(i32x4.add(i32x4.dot_i16x8_s(high(u, v), forGreen), half), 16),
      ),
      v,
    );
    const r = i16x8.add(level, red), g = i16x8.add(level, green), b = i16x8.add(level, blue);
    v128.store64_lane(to + i, i8x16.narrow_i16x8_u(r, r), 0);
    v128.store64_lane(to + gap + i, i8x16.narrow_i16x8_u(g, g), 0);
    v128.store64_lane(to + (gap << 1) + i, i8x16.narrow_i16x8_u(b, b), 0);
  }
}

// @ts-ignore: a decorator of AssemblyScript
@inline function scaled(l: v128, h: v128, by: v128): v128 {
  return i16x8.narrow_i32x4_s(
    i32x4.shr_s(i32x4.dot_i16x8_s(l, by), 16), i32x4.shr_s(i32x4.dot_i16x8_s(h, by), 16),
  );
}

/**
 * Weighted sums of lines, then of columns: 14 bits behind the point, rounded after each.
 *
 * @param lines lines of red, green and blue behind one another, `gap` bytes each
 * @param across,down of each result the first column or line of its sum, then its weights, all of 16 bits
 * @param taps weights of a sum: a multiple of 8 across, of 2 down
 * @param line room for three lines of `gap` bytes
 * @param to pixels, red, green, blue; a byte more is written
 */
export function resize(
  lines: usize, gap: usize, across: usize, tapsAcross: i32, columns: i32, down: usize, tapsDown: i32, rows: i32,
  line: usize, to: usize,
): void {
  const half = i32x4.splat(1 << 13);
  const three = gap * 3;
  for (let row = 0; row < rows; row++) {
    const from = lines + <usize>load<u16>(down) * three;
    const weights = down + 2;
    down += 2 + (<usize>tapsDown << 1);
    for (let i: usize = 0; i < three; i += 16) {
      let a = half, b = half, c = half, d = half;
      let at = from + i;
      for (let tap = 0; tap < tapsDown; tap += 2) {
        const by = i32x4.splat(load<i32>(weights + (tap << 1)));
        const one = v128.load(at), other = v128.load(at + three);
        const l = v128.shuffle<i8>(one, other, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
        const h = v128.shuffle<i8>(one, other, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
        a = i32x4.add(a, i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_u(l), by));
        b = i32x4.add(b, i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_u(l), by));
        c = i32x4.add(c, i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_u(h), by));
        d = i32x4.add(d, i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_u(h), by));
        at += three << 1;
      }
      const ab = i16x8.narrow_i32x4_s(i32x4.shr_s(a, 14), i32x4.shr_s(b, 14));
      const cd = i16x8.narrow_i32x4_s(i32x4.shr_s(c, 14), i32x4.shr_s(d, 14));
      v128.store(line + i, i8x16.narrow_i16x8_u(ab, cd));
    }
    let place = across;
    for (let column = 0; column < columns; column++) {
      let at = line + <usize>load<u16>(place);
      let r = i64x2.splat(0), g = r, b = r;
      for (let tap = 0; tap < tapsAcross; tap += 8) {
        const by = v128.load(place + (tap << 1), 2);
        r = i32x4.add(r, i32x4.dot_i16x8_s(v128.load8x8_u(at), by));
        g = i32x4.add(g, i32x4.dot_i16x8_s(v128.load8x8_u(at + gap), by));
        b = i32x4.add(b, i32x4.dot_i16x8_s(v128.load8x8_u(at + (gap << 1)), by));
        at += 8;
      }
      const rg = i32x4.add(v128.shuffle<i32>(r, g, 0, 2, 4, 6), v128.shuffle<i32>(r, g, 1, 3, 5, 7));
      const bb = i32x4.add(v128.shuffle<i32>(b, b, 0, 2, 4, 6), v128.shuffle<i32>(b, b, 1, 3, 5, 7));
      const rgb = i32x4.add(v128.shuffle<i32>(rg, bb, 0, 2, 4, 6), v128.shuffle<i32>(rg, bb, 1, 3, 5, 7));
      const short = i16x8.narrow_i32x4_s(i32x4.shr_s(i32x4.add(rgb, half), 14), rgb);
      store<i32>(to, i32x4.extract_lane(i8x16.narrow_i16x8_u(short, short), 0));
      to += 3;
      place += 2 + (<usize>tapsAcross << 1);
    }
  }
}
