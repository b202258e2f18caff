import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import sharp from "sharp";
import { plainJpeg } from "../../../../src/kernel-helpers/images/jpeg/plain-jpeg.js";
import { isSmall, plainPixels } from "../../../../src/kernel-helpers/images/jpeg/plain-pixels.js";
import type { StoredPlan } from "../../../../src/kernel-helpers/images/jpeg/wasm/decode-plain.js";
import { seededRandom } from "../../../../src/kernel-helpers/support/random.js";
import { draw, encode, oracles } from "../pictures.js";

const random = seededRandom("plain pixels");
const noise = (strength: number) => strength * (random() - 0.5);
const textured = (width: number, height: number) =>
  draw(width, height, (x, y) => [
    128 + 90 * Math.sin(x / 9 + y / 31) + noise(90),
    128 + 90 * Math.sin(x / 23 - y / 7) + noise(90),
    x < y ? 0 : 255,
  ]);
const files = new Map<string, Buffer>();

before(async () => {
  const written = {
    "all colours": encode(textured(237, 171)).jpeg({ chromaSubsampling: "4:4:4", quality: 95 }),
    "colours halved": encode(textured(237, 171)).jpeg({ chromaSubsampling: "4:2:0", quality: 80 }),
    "colours halved, even sides": encode(textured(160, 96)).jpeg({ chromaSubsampling: "4:2:0", quality: 60 }),
    coarse: encode(textured(65, 99)).jpeg({ chromaSubsampling: "4:4:4", quality: 3 }),
    fine: encode(textured(40, 33)).jpeg({ chromaSubsampling: "4:4:4", quality: 100 }),
    grey: encode(textured(121, 50)).toColourspace("b-w").jpeg(),
    small: encode(textured(16, 17)).jpeg({ chromaSubsampling: "4:2:0" }),
  };
  for (const [name, file] of Object.entries(written)) files.set(name, await file.toBuffer());
  files.set("colours halved across, restarts", Buffer.from(oracles.halvedAcrossJpeg, "base64"));
});

const all = (file: Buffer): StoredPlan => {
  const { width, height } = plainJpeg(file)!;
  const whole = { x: 0, y: 0, width, height };
  return { region: whole, reduced: whole, needed: whole };
};
const pixelsOf = (file: Buffer, plan = all(file)) => plainPixels(file, plainJpeg(file)!, plan);
const libjpeg = (file: Buffer) => sharp(file).toColourspace("srgb").raw().toBuffer();

describe("plain pixels", () => {
  test("are libjpeg's to the bit", async () => {
    for (const [name, file] of files) assert.deepEqual(Buffer.from((await pixelsOf(file))!), await libjpeg(file), name);
  });

  test("of a part are those of the whole", async () => {
    for (const [name, file] of files) {
      const { region } = all(file);
      const part = { x: 5, y: 3, width: region.width - 7, height: region.height - 9 };
      const needed = { x: 2, y: 1, width: 4, height: 5 };
      const found = (await pixelsOf(file, { region: part, reduced: part, needed }))!;
      const whole = (await pixelsOf(file))!;
      const rows = [0, 1, 2, 3, 4].map((row) => 3 * ((row + 4) * region.width + 7));
      assert.deepEqual(Buffer.from(found), Buffer.concat(rows.map((at) => whole.subarray(at, at + 12))), name);
    }
  });

  test("reduced are a triangle's means, rounded: half a pixel or another order of colours would show", async () => {
    for (const name of ["all colours", "colours halved"]) {
      const file = files.get(name)!;
      const { region } = all(file);
      const [reduced, needed] = [
        { width: 101, height: 83 },
        { x: 11, y: 7, width: 80, height: 70 },
      ];
      const found = (await pixelsOf(file, { region, reduced, needed }))!;
      const wanted = triangle((await pixelsOf(file))!, region, reduced);
      let [sum, most] = [0, 0];
      for (let y = 0; y < needed.height; y++) {
        for (let i = 0; i < 3 * needed.width; i++) {
          const exact = wanted[(y + needed.y) * 3 * reduced.width + 3 * needed.x + i];
          const difference = found[y * 3 * needed.width + i] - exact;
          sum += difference;
          most = Math.max(most, Math.abs(difference));
        }
      }
      // Rounded twice, up and down alike.
      assert.ok(most < 1.1, `${name}: ${most}`);
      assert.ok(Math.abs(sum) / found.length < 0.02, `${name}: ${sum / found.length}`);
    }
  });

  test("are not given where sharp is to look: odd data, zeros that were never written, a strong reduction", async () => {
    const file = files.get("colours halved")!;
    const { scan } = plainJpeg(file)!;
    const middle = Math.floor((scan + file.length) / 2);
    const odd = {
      "cut short": file.subarray(0, middle),
      "cut and closed": Buffer.concat([file.subarray(0, middle), Buffer.from([0xff, 0xd9])]),
      "bytes before its end": Buffer.concat([file.subarray(0, -2), Buffer.from([1, 2, 3, 0xff, 0xd9])]),
      "a marker in its data": Buffer.concat([
        file.subarray(0, middle),
        Buffer.from([0xff, 0xd0]),
        file.subarray(middle),
      ]),
      zeros: Buffer.from(file).fill(0, middle, middle + 40),
      ones: Buffer.from(file).fill(0xff, middle, middle + 40),
    };
    for (const [name, bytes] of Object.entries(odd)) assert.equal(await pixelsOf(bytes), undefined, name);
    assert.deepEqual(await pixelsOf(file.subarray(0, -2)), await pixelsOf(file), "all of it but the mark of its end");
    const restarts = files.get("colours halved across, restarts")!;
    const second = restarts.indexOf(Buffer.from([0xff, 0xd1]));
    assert.ok(second > 0);
    assert.equal(
      await pixelsOf(Buffer.from(restarts).fill(0xd3, second + 1, second + 2)),
      undefined,
      "another restart",
    );
    const { region } = all(file);
    const tiny = { width: 59, height: 42 };
    assert.equal(await pixelsOf(file, { region, reduced: tiny, needed: { x: 0, y: 0, ...tiny } }), undefined);
  });

  test("of damaged files that are taken are what sharp gives, which takes them, too", async () => {
    const whole = (limit: number) => Math.floor(limit * random());
    const sound = [...files.values()];
    let taken = 0;
    for (let i = 0; i < 400; i++) {
      const file = Buffer.from(sound[whole(sound.length)]);
      for (let k = 0; k <= whole(3); k++) file[2 + whole(file.length - 2)] = whole(256);
      const header = plainJpeg(file);
      if (!header || !isSmall(header)) continue;
      const found = await pixelsOf(file);
      if (!found) continue;
      taken += 1;
      const settings = { failOn: "warning", ignoreIcc: true } as const;
      const shown = await sharp(file, settings).toColourspace("srgb").raw().toBuffer();
      assert.ok(shown.equals(Buffer.from(found)), `file ${i}`);
    }
    assert.ok(taken > 50, `${taken} taken`);
  });

  test("are decoded here up to two megapixels", () => {
    const header = plainJpeg(files.get("fine")!)!;
    assert.ok(isSmall({ ...header, width: 2048, height: 1024 }));
    assert.ok(!isSmall({ ...header, width: 2048, height: 1025 }));
    assert.ok(!isSmall({ ...header, width: 300, height: 15 }));
  });
});

/** As `reducingWeights` says, in double precision and without rounding. */
function triangle(
  pixels: Uint8Array,
  size: { width: number; height: number },
  reduced: { width: number; height: number },
): Float64Array {
  const result = new Float64Array(3 * reduced.width * reduced.height);
  const weightsOf = (length: number, to: number) =>
    Array.from({ length: to }, (_, i) => {
      const scale = length / to;
      const weights = new Map<number, number>();
      const centre = (i + 0.5) * scale;
      for (let k = Math.floor(centre - scale) - 1; k <= centre + scale + 1; k++) {
        const weight = Math.max(0, 1 - Math.abs(k + 0.5 - centre) / scale);
        const pixel = Math.min(Math.max(k, 0), length - 1);
        weights.set(pixel, (weights.get(pixel) ?? 0) + weight);
      }
      const sum = [...weights.values()].reduce((a, b) => a + b);
      return [...weights].map(([pixel, weight]) => [pixel, weight / sum] as const);
    });
  const across = weightsOf(size.width, reduced.width);
  weightsOf(size.height, reduced.height).forEach((down, y) => {
    across.forEach((columns, x) => {
      for (const [row, byRow] of down) {
        for (const [column, byColumn] of columns) {
          for (let c = 0; c < 3; c++) {
            result[3 * (y * reduced.width + x) + c] += byRow * byColumn * pixels[3 * (row * size.width + column) + c];
          }
        }
      }
    });
  });
  return result;
}
