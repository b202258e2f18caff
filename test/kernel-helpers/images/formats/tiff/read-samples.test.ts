import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { readSamples } from "../../../../../src/kernel-helpers/images/formats/tiff/read-samples.js";
import type { TiffHeader } from "../../../../../src/kernel-helpers/images/formats/tiff/tiff-header.js";
import { seededRandom } from "../../../../../src/kernel-helpers/support/random.js";

const random = seededRandom("samples");
const whole = (limit: number) => Math.floor(random() * limit);
const pick = <T>(from: readonly T[]): T => from[whole(from.length)];

interface Written {
  readonly header: TiffHeader;
  readonly bytes: Uint8Array;
}

/** A picture's values (rows of pixels of samples) as TIFF 6.0 lays them down: strips or tiles, planes, differences. */
function written(
  value: (x: number, y: number, sample: number) => number,
  kind: Pick<TiffHeader, "width" | "height" | "samples" | "photometric"> &
    Partial<TiffHeader> & { readonly depth: number },
): Written {
  const { width, height, samples, depth } = kind;
  const { isLittleEndian = true, isPlanar = false, isTiled = false, predictor = 1, sampleFormat = 1 } = kind;
  const segment = kind.segment ?? { width, height };
  const together = isPlanar ? 1 : samples;
  const [offsets, byteCounts, parts]: [number[], number[], Uint8Array[]] = [[], [], [Uint8Array.of(9, 9, 9)]];
  for (let plane = 0; plane < samples / together; plane++) {
    for (let top = 0; top < height; top += segment.height) {
      for (let left = 0; left < width; left += segment.width) {
        const lines: Uint8Array[] = [];
        const rows = isTiled ? segment.height : Math.min(segment.height, height - top);
        for (let y = top; y < top + rows; y++) {
          const line: number[] = [];
          for (let x = left; x < left + segment.width; x++) {
            // Whatever lies beyond the picture is never shown.
            const isOutside = x >= width || y >= height;
            for (let s = 0; s < together; s++) line.push(isOutside ? 1 : value(x, y, isPlanar ? plane : s));
          }
          const modulo = 2 ** depth;
          const stored =
            predictor === 2
              ? line.map((each, i) => (i < together ? each : (each - line[i - together] + modulo) % modulo))
              : line;
          lines.push(
            predictor === 3
              ? bytePlanes(stored, together, depth / 8)
              : packed(stored, depth, isLittleEndian, sampleFormat),
          );
        }
        const part = Buffer.concat(lines);
        offsets.push(parts.reduce((sum, each) => sum + each.length, 0));
        byteCounts.push(part.length);
        parts.push(part);
      }
    }
  }
  const header: TiffHeader = {
    ...{ isLittleEndian, isPlanar, isTiled, predictor, sampleFormat, segment, offsets, byteCounts },
    ...{ compression: 1, extraSamples: [], isRaw: false },
    ...kind,
    bits: Array<number>(samples).fill(depth),
  };
  return { header, bytes: Buffer.concat(parts) };
}

function packed(values: readonly number[], depth: number, isLittle: boolean, sampleFormat: number): Uint8Array {
  if (depth === 12) {
    const bits = values.map((value) => value.toString(2).padStart(12, "0")).join("");
    return Uint8Array.from(bits.padEnd(8 * Math.ceil(bits.length / 8), "0").match(/.{8}/g)!, (byte) =>
      parseInt(byte, 2),
    );
  }
  const view = new DataView(new ArrayBuffer((values.length * depth) / 8));
  values.forEach((value, i) => {
    if (sampleFormat === 3) view[depth === 32 ? "setFloat32" : "setFloat64"]((i * depth) / 8, value, isLittle);
    else if (depth === 8) view.setUint8(i, value);
    else view[depth === 16 ? "setUint16" : "setUint32"]((i * depth) / 8, value, isLittle);
  });
  return new Uint8Array(view.buffer);
}

/** Adobe's technical note 3: big-endian bytes of the floats, a plane each, then differences between bytes. */
function bytePlanes(values: readonly number[], samples: number, size: number): Uint8Array {
  const floats = packed(values, 8 * size, false, 3);
  const planes = Uint8Array.from(floats, (_, i) => floats[(i % values.length) * size + Math.floor(i / values.length)]);
  return planes.map((byte, i) => (i < samples ? byte : (byte - planes[i - samples] + 256) & 255));
}

describe("samples that are read here", () => {
  test("come out as they were laid down: depths, byte orders, strips, tiles, planes, differences, alpha", () => {
    for (let round = 0; round < 150; round++) {
      const depth = pick([8, 12, 16, 32]);
      const photometric = pick([0, 1, 2]);
      const colours = photometric === 2 ? 3 : 1;
      const extraSamples = pick([[], [0], [1], [2]]);
      const samples = colours + extraSamples.length;
      const [width, height] = [1 + whole(11), 1 + whole(9)];
      const isTiled = random() < 0.5;
      const segment = isTiled
        ? { width: 2 * (1 + whole(4)), height: 1 + whole(5) }
        : { width, height: 1 + whole(height) };
      const white = 2 ** depth - 1;
      const isDark = random() < 0.2;
      const data = Array.from({ length: width * height * samples }, () =>
        Math.floor(random() * (isDark ? 0.01 : 1) * 2 ** depth),
      );
      // Premultiplied colours are never above their alpha.
      if (extraSamples[0] === 1)
        for (let p = 0; p < data.length; p += samples) {
          for (let c = 0; c < colours; c++) data[p + c] = Math.min(data[p + c], data[p + colours]);
        }
      if (!isDark) for (let c = 0; c < samples; c++) data[c] = white;
      const predictor = depth === 12 ? 1 : pick([1, 2]);
      const { header, bytes } = written((x, y, s) => data[(y * width + x) * samples + s], {
        ...{ width, height, samples, photometric, depth, extraSamples, segment, isTiled, predictor },
        ...{ isPlanar: samples > 1 && random() < 0.5, isLittleEndian: random() < 0.5 },
      });
      const image = readSamples(bytes, header, "x.tif");
      const hasAlpha = (extraSamples[0] ?? 0) > 0;
      for (let p = 0; p < width * height; p++) {
        for (let c = 0; c < 3; c++) {
          const raw = data[p * samples + (colours === 3 ? c : 0)] / white;
          const value = photometric === 0 ? 1 - raw : raw;
          const share = hasAlpha ? data[p * samples + colours] / white : 1;
          const seen = extraSamples[0] === 1 ? value + (1 - share) : share * value + (1 - share);
          const expected = Math.min(255, 255 * seen);
          assert.ok(Math.abs(image.data[3 * p + c] - expected) <= 0.5 + 1e-9, `${JSON.stringify(header)} ${p} ${c}`);
        }
      }
    }
  });

  test("floating-point numbers of 32 and 64 bits, planes of bytes or plain; what is beyond 0 … 1 is not guessed", () => {
    for (let round = 0; round < 40; round++) {
      const [width, height, samples, depth] = [1 + whole(7), 1 + whole(5), pick([1, 3]), pick([32, 64])];
      const data = Float32Array.from({ length: width * height * samples }, () => random());
      const isTiled = random() < 0.5;
      const kind = {
        ...{ width, height, samples, depth, sampleFormat: 3, photometric: samples === 3 ? 2 : 1, isTiled },
        ...{ predictor: pick([1, 3]), isLittleEndian: random() < 0.5, isPlanar: samples > 1 && random() < 0.5 },
        segment: isTiled ? { width: 4, height: 3 } : { width, height: 2 },
      };
      const value = (x: number, y: number, s: number) => data[(y * width + x) * samples + s];
      const { header, bytes } = written(value, kind);
      const image = readSamples(bytes, header, "x.tif");
      for (let i = 0; i < width * height * 3; i++) {
        const expected = 255 * data[samples === 3 ? i : Math.floor(i / 3)];
        assert.ok(Math.abs(image.data[i] - expected) <= 0.5 + 1e-9);
      }
      for (const [wrong, message] of [
        [-0.01, /from -0.0\d* to .*which of them is white is not said/],
        [1.01, /to 1.0\d*, and which of them is white/],
        [NaN, /not numbers \(NaN\)/],
      ] as const) {
        const last = (x: number, y: number, s: number) => x === width - 1 && y === height - 1 && s === 0;
        const odd = written((x, y, s) => (last(x, y, s) ? wrong : value(x, y, s)), kind);
        assert.throws(() => readSamples(odd.bytes, odd.header, "x.tif"), message);
      }
    }
  });

  test("integers of which not a 256th of the range is used are not shown black; black all over is", () => {
    const of = (most: number) => {
      const { header, bytes } = written((x) => (x === 1 ? most : 0), {
        ...{ width: 3, height: 1, samples: 1, photometric: 1, depth: 16 },
      });
      return [...readSamples(bytes, header, "x.tif").data];
    };
    assert.throws(() => of(255), /its samples reach 255 of 65535: all would be black/);
    assert.deepEqual(of(256), [0, 0, 0, 1, 1, 1, 0, 0, 0]);
    assert.deepEqual(of(0), Array(9).fill(0));
    assert.deepEqual(of(65_535), [0, 0, 0, 255, 255, 255, 0, 0, 0]);
  });

  test("a strip beyond the end, or with fewer bytes than its lines need, is damage", () => {
    const { header, bytes } = written((x) => 255 * (x % 2), {
      ...{ width: 4, height: 4, samples: 1, photometric: 1, depth: 8, segment: { width: 4, height: 2 } },
    });
    assert.equal(readSamples(bytes, header, "x.tif").data.length, 48);
    assert.throws(() => readSamples(bytes.subarray(0, -1), header, "x.tif"), RangeError);
    assert.throws(() => readSamples(bytes, { ...header, byteCounts: [8, 7] }, "x.tif"), RangeError);
    assert.throws(() => readSamples(bytes, { ...header, offsets: [3] }, "x.tif"), RangeError);
  });
});
