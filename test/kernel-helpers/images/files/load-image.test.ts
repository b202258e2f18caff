import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtemp, rm, unlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { crc32 } from "node:zlib";
import sharp, { type Sharp } from "sharp";
import { loadImage } from "../../../../src/kernel-helpers/images/files/load-image.js";
import { readImageInfo } from "../../../../src/kernel-helpers/images/files/read-image-info.js";
import { CamlabError } from "../../../../src/kernel-helpers/support/errors.js";
import { draw, encode, oracles, pixelAt, withOrientation } from "../pictures.js";

const corners = draw(24, 16, (x, y) => [x < 12 ? 240 : 20, y < 8 ? 240 : 20, x < 12 === y < 8 ? 30 : 220]);

describe("loadImage", () => {
  test("reads every format, with width and height the right way round", async () => {
    for (const format of ["jpeg", "png", "webp", "avif", "tiff", "gif"] as const) {
      const file = await encode(corners).toFormat(format, { quality: 95 }).toBuffer();
      const image = await loadImage(file);
      assert.deepEqual([image.width, image.height, image.data.length], [24, 16, 24 * 16 * 3], format);
      for (const [x, y] of [
        [3, 3],
        [20, 3],
        [3, 12],
        [20, 12],
      ])
        near(pixelAt(image, x, y), pixelAt(corners, x, y), 12);
      assert.deepEqual(await readImageInfo(file), { width: 24, height: 16, format });
    }
  });

  test("applies all eight EXIF orientations exactly", async () => {
    for (let exif = 1; exif <= 8; exif++) {
      const file = await withOrientation(corners, exif).png().toBuffer();
      assert.equal((await sharp(file).metadata()).orientation, exif);
      const { data } = await loadImage(file);
      assert.deepEqual(Buffer.from(data), Buffer.from(corners.data), `orientation ${exif}`);
      assert.deepEqual(await readImageInfo(file), { width: 24, height: 16, format: "png" });
    }
  });

  test("takes raw pixels as they are, and refuses the wrong number of them", async () => {
    assert.deepEqual(Buffer.from((await loadImage(corners)).data), Buffer.from(corners.data));
    await refuses(loadImage({ ...corners, width: 25 }), /raw pixels, 25×16.*1152 bytes.*1200/);
    await refuses(loadImage({ ...corners, height: 0 }), /invalid height: 0/);
    await refuses(loadImage(undefined as unknown as string), /invalid image source: undefined/);
  });

  test("turns grey, palette, 16 bits and transparency into 8-bit RGB", async () => {
    const grey = sharp(Uint8Array.from([0, 100, 200]), { raw: { width: 3, height: 1, channels: 1 } });
    await pixels(grey.png(), [0, 0, 0, 100, 100, 100, 200, 200, 200]);
    const deepGrey = sharp(Uint16Array.from([0, 25700, 65535]), { raw: { width: 3, height: 1, channels: 1 } });
    await pixels(deepGrey.toColourspace("grey16").png(), [0, 0, 0, 100, 100, 100, 255, 255, 255]);
    const deep = sharp(Uint16Array.from([25700, 0, 51400, 65535, 257, 514]), {
      raw: { width: 2, height: 1, channels: 3 },
    });
    await pixels(deep.toColourspace("rgb16").png(), [100, 0, 200, 255, 1, 2]);
    // Half transparent over white: 100 · 128/255 + 255 · 127/255 = 177.
    const greyAlpha = sharp(Uint8Array.from([9, 0, 100, 128, 7, 255]), { raw: { width: 3, height: 1, channels: 2 } });
    await pixels(greyAlpha.png(), [255, 255, 255, 177, 177, 177, 7, 7, 7]);
    const clear = sharp(Uint8Array.from([9, 9, 9, 0, 10, 20, 30, 255]), { raw: { width: 2, height: 1, channels: 4 } });
    await pixels(clear.png(), [255, 255, 255, 10, 20, 30]);
    await pixels(encode(draw(2, 1, (x) => [x * 255, 0, 60])).png({ palette: true }), [0, 0, 60, 255, 0, 60]);
    await pixels(encode(draw(1, 1, () => [1, 2, 3])).png(), [1, 2, 3]);
  });

  test("turns CMYK into the colours it prints, inverted as Adobe writes it", async () => {
    const { width, height, data } = await loadImage(Buffer.from(oracles.cmykJpeg, "base64"));
    assert.deepEqual([width, height], [64, 16]);
    const [paper, black, red, cyan] = [8, 24, 40, 56].map((x) => pixelAt({ width, height, data }, x, 8));
    near(paper, [255, 255, 255], 3);
    near(black, [20, 20, 20], 24);
    near(red, [235, 15, 20], 25);
    near(cyan, [0, 165, 235], 25);
  });

  test("converts an embedded colour profile to sRGB", async () => {
    const file = await encode(draw(8, 8, () => [200, 64, 32]))
      .withIccProfile("p3")
      .png()
      .toBuffer();
    const stored = await sharp(file, { ignoreIcc: true }).raw().toBuffer();
    assert.ok(Math.abs(stored[0] - 200) > 8, "the file stores other numbers");
    near(pixelAt(await loadImage(file), 4, 4), [200, 64, 32], 2);
  });

  test("shows the first frame of an animation", async () => {
    const frames = Buffer.concat(
      [draw(6, 4, () => [255, 0, 0]), draw(6, 4, () => [0, 0, 255])].map(({ data }) => data),
    );
    const raw = { width: 6, height: 8, channels: 3 as const, pageHeight: 4 };
    const file = await sharp(frames, { raw }).gif().toBuffer();
    assert.equal((await sharp(file).metadata()).pages, 2);
    const image = await loadImage(file);
    assert.deepEqual([image.width, image.height, ...pixelAt(image, 5, 3)], [6, 4, 255, 0, 0]);
  });

  test("says what is wrong with a file, and which", async () => {
    const noise = await sharp({
      create: {
        width: 200,
        height: 90,
        channels: 3,
        background: "#000",
        noise: { type: "gaussian", mean: 128, sigma: 40 },
      },
    })
      .raw()
      .toBuffer({ resolveWithObject: true });
    const whole = { width: 200, height: 90, data: noise.data };
    for (const format of ["jpeg", "png", "webp", "avif", "gif"] as const) {
      const file = await encode(whole).toFormat(format).toBuffer();
      await refuses(
        loadImage(file.subarray(0, file.length * 0.7)),
        /cannot read the image \(\d+ bytes\): it is damaged or cut short/,
      );
    }
    const tiff = await encode(whole).tiff().toBuffer();
    await refuses(loadImage(tiff.subarray(0, 5000)), /cannot read the image \(5000 bytes\)/);
    await refuses(loadImage(new Uint8Array(0)), /it is empty/);
    await refuses(
      loadImage(Buffer.from("<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>")),
      /it is an SVG drawing; save it as PNG or JPEG/,
    );
  });

  test("refuses a picture of too many pixels before decoding it", async () => {
    await refuses(loadImage(corners, { maxPixels: 383 }), /24×16 pixels are more than the limit of 383 .*maxPixels/);
    assert.equal((await loadImage(corners, { maxPixels: 384 })).width, 24);
    // A bomb: the header of a tiny PNG changed to claim 40,000 × 30,000 pixels.
    const bomb = await encode(corners).png().toBuffer();
    bomb.writeUInt32BE(40_000, 16);
    bomb.writeUInt32BE(30_000, 20);
    bomb.writeUInt32BE(crc32(bomb.subarray(12, 29)), 29);
    await refuses(loadImage(bomb), /40000×30000 pixels are more than the limit of 268402689/);
  });

  test("refuses limits that are none, options that it does not know, and says the name it was given", async () => {
    for (const maxPixels of [0, -1, NaN, 0.5]) {
      await refuses(loadImage(corners, { maxPixels }), new RegExp(`invalid maxPixels: ${maxPixels} `));
    }
    await refuses(loadImage(corners, { maxMemory: 0 }), /invalid maxMemory: 0/);
    await refuses(loadImage(corners, { maxPixel: 9 } as object), /maxPixel/);
    await refuses(loadImage(Buffer.from("text"), { name: "my picture" }), /cannot read my picture: /);
    await refuses(loadImage(corners, { maxPixels: 1, name: "my picture" }), /cannot read my picture: 24×16 pixels/);
    assert.equal(
      (
        await loadImage(
          draw(1, 1, () => [1, 2, 3]),
          { maxPixels: 1 },
        )
      ).data[1],
      2,
    );
  });

  test("takes the very bytes of a part of a buffer", async () => {
    const bytes = await encode(corners).png().toBuffer();
    const around = Buffer.concat([Buffer.alloc(7, 1), bytes, Buffer.alloc(9, 2)]);
    assert.deepEqual((await loadImage(around.subarray(7, -9))).data, (await loadImage(bytes)).data);
  });

  test("refuses what is no picture, by what is wrong with it", async () => {
    const wrong = (source: unknown) => loadImage(source as string);
    for (const source of [null, 7, true, {}, { width: 1, height: 1 }, { width: 1, height: 1, data: [1, 2, 3] }]) {
      await refuses(wrong(source), /invalid image source: /);
    }
    await refuses(wrong(""), /invalid image source: ""/);
    for (const side of ["width", "height"] as const) {
      for (const value of [0, -2, 1.5, NaN, "3"]) {
        await refuses(wrong({ ...corners, [side]: value }), new RegExp(`invalid ${side}: .*a whole number from 1\\)`));
      }
    }
    await refuses(wrong({ ...corners, data: corners.data.subarray(1) }), /data holds 1151 bytes .*= 1152/);
  });

  test("stops when it is told to", async () => {
    const file = await encode(corners).png().toBuffer();
    await assert.rejects(loadImage(file, { signal: AbortSignal.abort() }), { name: "AbortError" });
    await assert.rejects(loadImage(corners, { signal: AbortSignal.abort() }), { name: "AbortError" });
  });
});

describe("loadImage from files", () => {
  let folder: string;
  before(async () => (folder = await mkdtemp(join(tmpdir(), "camlab-images-"))));
  after(() => rm(folder, { recursive: true }));

  test("opens files whatever they are called", async () => {
    const bytes = await encode(corners).png().toBuffer();
    for (const name of [
      "a [1].png",
      "options[page=3]",
      "<script>\"x'.png",
      "line\nbreak.png",
      "%d*?{a,b}.png",
      "ü 猫.png",
    ]) {
      await writeFile(join(folder, name), bytes);
      assert.equal((await loadImage(join(folder, name))).width, 24, name);
    }
  });

  test("names the file in every error, on one line", async () => {
    const hostile = join(folder, "<b>\n\u202e\u001b[31m'\".jpg");
    await writeFile(hostile, "a text\n");
    await refuses(
      loadImage(hostile),
      /cannot read .*<b>\\n\\u202e\\u001b\[31m'"\.jpg: it is a text, not a JPEG, .* image/,
    );
    await writeFile(join(folder, "empty.jpg"), "");
    await refuses(loadImage(join(folder, "empty.jpg")), /empty\.jpg: the file is empty/);
    await refuses(loadImage(join(folder, "missing.jpg")), /missing\.jpg: there is no such file/);
    await refuses(loadImage(folder), /it is a folder/);
    await refuses(loadImage(join(folder, "empty.jpg", "inside.jpg")), /inside\.jpg: there is no such file/);
    await refuses(loadImage(join(folder, "x".repeat(300))), /ENAMETOOLONG/);
    if (process.platform !== "win32") {
      execFileSync("mkfifo", [join(folder, "pipe.jpg")]);
      await refuses(loadImage(join(folder, "pipe.jpg")), /pipe\.jpg: it is not a regular file/);
      await unlink(join(folder, "pipe.jpg"));
    }
    await refuses(loadImage(join(folder, "x".repeat(240))), (message) => assert.ok(message.length < 200, message));
  });

  test("a file above 16 MB is decoded from the disk, its first bytes looked at", async () => {
    const large = { width: 2600, height: 2200, data: new Uint8Array(2600 * 2200 * 3) };
    large.data.set([9, 8, 7], large.data.length - 3);
    const file = join(folder, "large.tif");
    await encode(large).tiff({ compression: "none" }).toFile(file);
    const image = await loadImage(file);
    assert.deepEqual([image.width, image.height, ...image.data.subarray(-3)], [2600, 2200, 9, 8, 7]);
    await writeFile(file, Buffer.alloc(17 * 2 ** 20));
    await refuses(loadImage(file), /large\.tif: it is nothing but zero bytes/);
    const png = await encode(corners).png().toBuffer();
    await writeFile(file, Buffer.concat([png, Buffer.alloc(17 * 2 ** 20)]));
    assert.deepEqual(Buffer.from((await loadImage(file)).data), Buffer.from(corners.data));
  });

  test("sees a file that changed", async () => {
    const file = join(folder, "changes.png");
    for (const value of [10, 20]) {
      await encode(draw(3, 2, () => [value, value, value]))
        .png()
        .toFile(file);
      assert.equal((await loadImage(file)).data[0], value);
    }
  });
});

async function pixels(file: Sharp, expected: number[]): Promise<void> {
  assert.deepEqual([...(await loadImage(await file.toBuffer())).data], expected);
}

async function refuses(promise: Promise<unknown>, expected: RegExp | ((message: string) => void)): Promise<void> {
  await assert.rejects(promise, (error) => {
    assert.ok(error instanceof CamlabError, String(error));
    // eslint-disable-next-line no-control-regex
    assert.doesNotMatch(error.message, /[\u0000-\u001f]/);
    if (typeof expected === "function") expected(error.message);
    else assert.match(error.message, expected);
    return true;
  });
}

function near(actual: number[], expected: number[], tolerance: number): void {
  const close = actual.every((value, i) => Math.abs(value - expected[i]) <= tolerance);
  assert.ok(close, `${actual.join()} is not within ${tolerance} of ${expected.join()}`);
}
