import assert from "node:assert/strict";
import { describe, test } from "node:test";
import sharp from "sharp";
import type { Box } from "../../../../src/kernel-helpers/images/box.js";
import type { ImageSource } from "../../../../src/kernel-helpers/images/image.js";
import { toInput } from "../../../../src/kernel-helpers/images/input/placement.js";
import type { Preprocessing } from "../../../../src/kernel-helpers/images/input/preprocessing.js";
import { type PrepareImageOptions, prepareImage } from "../../../../src/kernel-helpers/images/input/prepare-image.js";
import { CamlabError } from "../../../../src/kernel-helpers/support/errors.js";
import { draw, drawMarker, encode, findMarker, oracles, pixelAt, preprocessing, withOrientation } from "../pictures.js";

const fits = [
  preprocessing({ width: 48, height: 40, fit: "squash" }),
  preprocessing({ width: 48, height: 40, fit: "cover" }),
  preprocessing({ width: 48, height: 40, fit: "contain" }),
  preprocessing({ width: 48, height: 40, fit: "centre-crop", resize: { shorterSide: 57 } }),
  preprocessing({ width: 48, height: 40, fit: "centre-crop", resize: { width: 61, height: 53 } }),
];

describe("prepareImage", () => {
  test("puts a marker where its placement says, for every fit, larger and smaller, wide and tall", async () => {
    for (const settings of fits) {
      for (const [width, height] of [
        [211, 150],
        [97, 160],
        [29, 31],
        [48, 40],
        [640, 480],
      ]) {
        const box = middleBox(width, height);
        await findsMarker(drawMarker(width, height, box), settings, {}, box, `${width}×${height}`);
      }
    }
  });

  test("the same through all eight EXIF orientations, with a region and mirrored", async () => {
    const box = { x: 70, y: 62, width: 38, height: 26 };
    const upright = drawMarker(201, 143, box);
    for (let exif = 1; exif <= 8; exif++) {
      const file = await withOrientation(upright, exif).png().toBuffer();
      for (const settings of fits) {
        await findsMarker(file, settings, {}, box, `orientation ${exif}`);
        await findsMarker(
          file,
          settings,
          { region: { x: 38.4, y: 31.6, width: 100.2, height: 90.1 } },
          box,
          `region ${exif}`,
        );
        await findsMarker(file, settings, { flip: true }, box, `mirrored ${exif}`);
      }
    }
  });

  test("shows all four corners of a region, for every fit, turned and mirrored", async () => {
    const region = { x: 30, y: 40, width: 120, height: 30 };
    const corners = [
      { x: 30, y: 40, width: 12, height: 9 },
      { x: 138, y: 40, width: 12, height: 9 },
      { x: 30, y: 61, width: 12, height: 9 },
      { x: 138, y: 61, width: 12, height: 9 },
    ];
    for (const corner of corners) {
      const upright = drawMarker(201, 143, corner);
      for (const exif of [1, 6]) {
        const file = await withOrientation(upright, exif).png().toBuffer();
        for (const settings of fits) {
          for (const regionFit of [undefined, "widen", "squash"] as const) {
            const options = { region, flip: exif === 6 };
            await findsMarker(file, { ...settings, regionFit }, options, corner, `${regionFit}, orientation ${exif}`);
          }
        }
      }
    }
  });

  test("the same where the JPEG decoder shrinks, and where it must not because a side is odd", async () => {
    const settings = preprocessing({ width: 48, height: 40, fit: "squash" });
    for (const [width, height] of [
      [1600, 1200],
      [1601, 1203],
      [1207, 1600],
    ]) {
      const box = middleBox(width, height);
      const jpeg = await encode(drawMarker(width, height, box))
        .jpeg({ quality: 95 })
        .toBuffer();
      await findsMarker(jpeg, settings, {}, box, `JPEG ${width}×${height}`);
    }
  });

  test("resizes as Pillow's BILINEAR does", async () => {
    for (const { from, to, pixels } of oracles.resized) {
      const wave = (value: number) => Math.floor(127.5 + 120 * Math.sin(value));
      const source = draw(from[0], from[1], (x, y) => [
        wave(x * 0.31 + y * 0.12),
        wave(x * 0.05 + y * 0.44),
        wave(x * 0.23 - y * 0.29),
      ]);
      const { pixels: ours } = await prepareImage(
        source,
        preprocessing({ width: to[0], height: to[1], fit: "squash" }),
      );
      const differences = pixels.map((value, i) => Math.abs(value - ours[i]));
      // Reducing, libvips averages in two steps and treats edges otherwise; enlarging, only the last digit may differ.
      const [most, mean] = to[0] > from[0] ? [1, 0.3] : [8, 1];
      assert.ok(Math.max(...differences) <= most, `${from.join("×")}: differs by up to ${Math.max(...differences)}`);
      assert.ok(differences.reduce((a, b) => a + b) / differences.length < mean);
    }
  });

  test("fills the margin of contain, and nothing but the margin", async () => {
    const settings = { ...preprocessing({ width: 30, height: 20, fit: "contain" }), fill: [1, 2, 3] as const };
    const { pixels, placement } = await prepareImage(
      draw(10, 20, () => [200, 200, 200]),
      settings,
    );
    const input = { width: 30, height: 20, data: pixels };
    assert.equal(placement.offsetX, 10);
    for (let x = 0; x < 30; x++) {
      assert.deepEqual(pixelAt(input, x, 11), x >= 10 && x < 20 ? [200, 200, 200] : [1, 2, 3], `column ${x}`);
    }
  });

  test("covers from a picture one pixel wide and ten thousand high", async () => {
    const tall = draw(1, 10_000, (_, y) => [Math.floor(y / 40), 0, 0]);
    const { pixels, placement } = await prepareImage(tall, preprocessing({ width: 32, height: 32, fit: "cover" }));
    assert.equal(placement.scaleY, 32);
    const middle = toInput(placement, { x: 0, y: 5000, width: 1, height: 0 });
    assert.ok(middle.y >= 0 && middle.y <= 32);
    assert.ok(Math.abs(pixels[0] - 125) <= 1);
    const endless = { width: 1, height: 600_000, data: new Uint8Array(1_800_000).fill(77) };
    const { pixels: same } = await prepareImage(endless, preprocessing({ width: 224, height: 225, fit: "cover" }));
    assert.ok(same.every((value) => value === 77));
  });

  test("reads a photograph of 12,000 × 9,000, turned", async () => {
    const large = sharp({ create: { width: 12_000, height: 9_000, channels: 3, background: "#336699" } });
    const file = await large.withMetadata({ orientation: 6 }).jpeg().toBuffer();
    const prepared = await prepareImage(file, preprocessing({ width: 48, height: 40, fit: "cover" }));
    assert.deepEqual([prepared.imageWidth, prepared.imageHeight], [9_000, 12_000]);
    assert.deepEqual(
      [...prepared.pixels.subarray(0, 3)].map((value) => Math.round(value / 4)),
      [13, 26, 38],
    );
  });

  test("refuses a region without area or outside", async () => {
    const source = draw(9, 7, () => [0, 0, 0]);
    const bad: Box[] = [
      { x: 0, y: 0, width: 0, height: 3 },
      { x: 9, y: 0, width: 2, height: 2 },
      { x: 0, y: NaN, width: 2, height: 2 },
    ];
    for (const region of bad) {
      await assert.rejects(prepareImage(source, fits[0], { region }), (error) => {
        return error instanceof CamlabError && /invalid region: .*inside the image of 9×7 pixels/.test(error.message);
      });
    }
  });
});

/** A box with whole edges that every fit of the tests shows whole. */
function middleBox(width: number, height: number): Box {
  const x = Math.floor(width * 0.35);
  const y = Math.floor(height * 0.4);
  return { x, y, width: Math.floor(width * 0.56) - x, height: Math.floor(height * 0.58) - y };
}

async function findsMarker(
  source: ImageSource,
  settings: Preprocessing,
  options: PrepareImageOptions,
  box: Box,
  what: string,
): Promise<void> {
  const { pixels, placement } = await prepareImage(source, settings, options);
  const { width, height } = settings;
  assert.equal(pixels.length, width * height * 3);
  const expected = toInput(placement, box);
  const found = findMarker({ width, height, data: pixels });
  const message = `${what} ${settings.fit}: ${JSON.stringify({ expected, found })}`;
  assert.ok(Math.abs(found.x - (expected.x + expected.width / 2)) < 0.1, message);
  assert.ok(Math.abs(found.y - (expected.y + expected.height / 2)) < 0.1, message);
  assert.ok(Math.abs(found.area / (expected.width * expected.height) - 1) < 0.03, message);
}
