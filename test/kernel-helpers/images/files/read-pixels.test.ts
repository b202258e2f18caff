import assert from "node:assert/strict";
import { describe, test } from "node:test";
import sharp from "sharp";
import { loadImage } from "../../../../src/kernel-helpers/images/files/load-image.js";
import type { Image } from "../../../../src/kernel-helpers/images/image.js";
import { prepareImage } from "../../../../src/kernel-helpers/images/input/prepare-image.js";
import { draw, encode, preprocessing, withOrientation } from "../pictures.js";

const picture = draw(150, 110, (x, y) => [255 - x, 2 * y, 128 + 100 * Math.sin(x / 7 + y / 9)]);
const plain = { quality: 98, chromaSubsampling: "4:4:4" };

/** The most that two pictures differ. */
function apart(found: Uint8Array, wanted: Uint8Array): number {
  assert.equal(found.length, wanted.length);
  return found.reduce((most, value, i) => Math.max(most, Math.abs(value - wanted[i])), 0);
}

describe("JPEG files, which sharp need not decode, are what sharp makes of them", () => {
  test("turned by each of the eight orientations, whole, cut and reduced", async () => {
    const input = preprocessing({ width: 40, height: 32, fit: "cover" });
    const region = { x: 31, y: 12, width: 90, height: 77 };
    for (let exif = 1; exif <= 8; exif++) {
      const file = await withOrientation(picture, exif).jpeg(plain).toBuffer();
      const whole = await loadImage(file);
      assert.deepEqual(Buffer.from(whole.data), await sharp(file).autoOrient().raw().toBuffer(), `orientation ${exif}`);
      for (const options of [{}, { region }, { region, flip: true }]) {
        const found = await prepareImage(file, input, options);
        const wanted = await prepareImage(whole, input, options);
        assert.ok(apart(found.pixels, wanted.pixels) <= 2, `orientation ${exif}, ${JSON.stringify(options)}`);
        assert.deepEqual(found.placement, wanted.placement);
      }
    }
  });

  test("enlarged along one side, reduced along the other", async () => {
    const file = await encode(picture).jpeg(plain).toBuffer();
    const input = preprocessing({ width: 100, height: 200, fit: "squash" });
    const [found, wanted] = [await prepareImage(file, input), await prepareImage(await loadImage(file), input)];
    assert.ok(apart(found.pixels, wanted.pixels) <= 2);
  });

  test("their profile is honoured, or passed over where it is sRGB", async () => {
    const of = async (profile: string) => {
      const file = await encode(picture).withIccProfile(profile).jpeg(plain).toBuffer();
      const [stored, shown] = await Promise.all([
        sharp(file, { ignoreIcc: true }).raw().toBuffer(),
        sharp(file).toColourspace("srgb").raw().toBuffer(),
      ]);
      return { data: Buffer.from((await loadImage(file)).data), stored, shown };
    };
    const srgb = await of("srgb");
    assert.deepEqual(srgb.data, srgb.stored);
    const p3 = await of("p3");
    assert.deepEqual(p3.data, p3.shown);
    assert.ok(apart(p3.shown, p3.stored) > 8);
  });

  test("large, progressive or reduced a lot, too", async () => {
    const large: Image = draw(1640, 1290, (x, y) => [
      (x >> 3) & 255,
      (y >> 2) & 255,
      128 + 100 * Math.sin(x / 90 + y / 70),
    ]);
    const small = { width: 320, height: 256 };
    const files = {
      large: await encode(large).jpeg(plain).toBuffer(),
      progressive: await encode(picture)
        .jpeg({ ...plain, progressive: true })
        .toBuffer(),
      tiny: await encode(picture).jpeg(plain).toBuffer(),
    };
    const sizes = { large: small, progressive: { width: 40, height: 32 }, tiny: { width: 20, height: 20 } };
    for (const [name, file] of Object.entries(files)) {
      const input = preprocessing({ ...sizes[name as keyof typeof sizes], fit: "squash" });
      const [found, whole] = [await prepareImage(file, input), await loadImage(file)];
      assert.deepEqual(Buffer.from(whole.data), await sharp(file).raw().toBuffer(), name);
      assert.ok(apart(found.pixels, (await prepareImage(whole, input)).pixels) <= 2, name);
    }
  });
});
