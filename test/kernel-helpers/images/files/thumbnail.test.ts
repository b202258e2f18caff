import assert from "node:assert/strict";
import { describe, test } from "node:test";
import sharp from "sharp";
import { encodeJpeg, encodePng } from "../../../../src/kernel-helpers/images/files/encode.js";
import { loadImage } from "../../../../src/kernel-helpers/images/files/load-image.js";
import { thumbnail } from "../../../../src/kernel-helpers/images/files/thumbnail.js";
import { draw, drawMarker, findMarker, withOrientation } from "../pictures.js";

describe("thumbnail", () => {
  test("is a small upright JPEG of all the image, or of a region", async () => {
    const file = await withOrientation(drawMarker(300, 200, { x: 60, y: 120, width: 40, height: 40 }), 6)
      .jpeg()
      .toBuffer();
    const whole = await thumbnail(file, { maxSide: 90 });
    assert.deepEqual([whole.width, whole.height, whole.imageWidth, whole.imageHeight], [90, 60, 300, 200]);
    const bytes = Buffer.from(whole.dataUri.replace("data:image/jpeg;base64,", ""), "base64");
    const { format, orientation } = await sharp(bytes).metadata();
    assert.deepEqual([format, orientation], ["jpeg", undefined]);
    const marker = findMarker(await loadImage(bytes));
    assert.ok(Math.abs(marker.x - 24) < 0.5 && Math.abs(marker.y - 42) < 0.5, JSON.stringify(marker));

    const part = await thumbnail(file, { maxSide: 50, region: { x: 50, y: 100, width: 50, height: 100 } });
    assert.deepEqual([part.width, part.height, part.imageWidth, part.imageHeight], [25, 50, 300, 200]);
  });

  test("has the nearest whole sides, at least one pixel each, and the longer one as long as asked for", async () => {
    for (const [width, height, maxSide, expected] of [
      [100, 67, 10, [10, 7]],
      [67, 100, 10, [7, 10]],
      [100, 64, 10, [10, 6]],
      [64, 100, 10, [6, 10]],
      [200, 3, 20, [20, 1]],
      [3, 200, 20, [1, 20]],
      [40, 30, 1, [1, 1]],
      [321, 10, undefined, [320, 10]],
      [320, 10, undefined, [320, 10]],
    ] as const) {
      const small = await thumbnail(
        draw(width, height, () => [9, 99, 9]),
        { maxSide },
      );
      assert.deepEqual([small.width, small.height], expected, `${width} × ${height}`);
      assert.deepEqual([small.imageWidth, small.imageHeight], [width, height]);
    }
    const noise = draw(64, 64, (x, y) => [(x * 37 + y * 91) % 256, (x * y * 7) % 256, (x * 11) % 256]);
    const sizes = await Promise.all(
      [undefined, 85, 30].map(async (quality) => (await thumbnail(noise, { quality })).dataUri.length),
    );
    assert.ok(sizes[0] === sizes[1] && sizes[2] < sizes[1], sizes.join());
    for (const quality of [0, 101, 50.5]) await assert.rejects(thumbnail(noise, { quality }), /invalid quality/);
    for (const maxSide of [-1, 1.5, NaN]) await assert.rejects(thumbnail(noise, { maxSide }), /invalid maxSide/);
  });

  test("is never larger than the image", async () => {
    const { width, height } = await thumbnail(
      draw(31, 7, () => [9, 9, 9]),
      { maxSide: 400 },
    );
    assert.deepEqual([width, height], [31, 7]);
    await assert.rejects(
      thumbnail(
        draw(3, 3, () => [0, 0, 0]),
        { maxSide: 0 },
      ),
      /invalid maxSide: 0/,
    );
  });
});

describe("encodePng and encodeJpeg", () => {
  test("give the pixels back, exactly and nearly", async () => {
    const image = draw(37, 11, (x, y) => [x * 6, y * 20, 255 - x * 5]);
    assert.deepEqual(Buffer.from((await loadImage(await encodePng(image))).data), Buffer.from(image.data));
    const { data, width, height } = await loadImage(await encodeJpeg(image, { quality: 95 }));
    assert.deepEqual([width, height], [37, 11]);
    const total = data.reduce((sum, value, i) => sum + Math.abs(value - image.data[i]), 0);
    assert.ok(total / data.length < 6);
    await assert.rejects(encodeJpeg({ ...image, height: 12 }), /data holds 1221 bytes/);
    await assert.rejects(encodeJpeg(image, { quality: 0 }), /invalid quality: 0/);
  });
});
