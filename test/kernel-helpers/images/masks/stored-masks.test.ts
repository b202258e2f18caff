import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { loadMask } from "../../../../src/kernel-helpers/images/masks/load-mask.js";
import { maskBox } from "../../../../src/kernel-helpers/images/masks/mask-box.js";
import { decodeMask, uncompressCounts } from "../../../../src/kernel-helpers/images/masks/masks.js";
import { placedMask } from "../../../../src/kernel-helpers/images/masks/placed-mask.js";
import sharp from "sharp";

interface Case {
  readonly size: readonly [height: number, width: number];
  readonly counts: string;
  readonly box: readonly number[];
  readonly area: number;
}

const { masks } = JSON.parse(
  readFileSync(new URL("../../../fixtures/datasets/readers.json", import.meta.url), "utf8"),
) as { masks: Case[] };

test("the box of a mask is pycocotools'", () => {
  assert.ok(masks.length >= 12);
  for (const { size, counts, box, area } of masks) {
    const mask = { height: size[0], width: size[1], counts: uncompressCounts(counts) };
    const found = maskBox(mask);
    assert.deepEqual(area === 0 ? [0, 0, 0, 0] : [found?.x, found?.y, found?.width, found?.height], box);
    assert.equal(decodeMask(mask).filter(Boolean).length, area);
  }
  assert.equal(maskBox({ width: 2, height: 2, counts: [4] }), undefined);
});

describe("images as masks", () => {
  const inside = async (bytes: Uint8Array) => [...decodeMask(await loadMask(bytes))];
  const png = (data: readonly number[], channels: 1 | 2 | 3 | 4) =>
    sharp(Uint8Array.from(data), { raw: { width: 2, height: 2, channels } })
      .png()
      .toBuffer();

  test("white on black, and the 0 and 1 of a label image", async () => {
    assert.deepEqual(await inside(await png([0, 255, 255, 0], 1)), [0, 1, 1, 0]);
    assert.deepEqual(await inside(await png([0, 1, 1, 0], 1)), [0, 1, 1, 0]);
    assert.deepEqual(await inside(await png([0, 0, 0, 9, 200, 9, 0, 0, 0, 0, 0, 250], 3)), [0, 1, 0, 1]);
  });

  test("where a part is transparent, what is not is inside, whatever its colour", async () => {
    assert.deepEqual(await inside(await png([255, 0, 255, 255, 0, 255, 0, 0], 2)), [0, 1, 1, 0]);
  });

  test("half transparent is transparent, half as bright as the brightest is dark", async () => {
    const alpha = (...values: number[]) => values.flatMap((value) => [200, value]);
    assert.deepEqual(await inside(await png(alpha(127, 128, 255, 0), 2)), [0, 1, 1, 0]);
    assert.deepEqual(await inside(await png(alpha(128, 128, 129, 200), 2)), [1, 1, 1, 1], "none is clear");
    assert.deepEqual(await inside(await png([100, 50, 51, 0], 1)), [1, 0, 1, 0]);
    assert.deepEqual(await inside(await png([0, 50, 0, 0, 0, 51, 100, 0, 0, 0, 0, 0], 3)), [0, 1, 1, 0]);
    const turned = await sharp(await png([0, 255, 0, 0], 1))
      .withMetadata({ orientation: 6 })
      .png()
      .toBuffer();
    assert.deepEqual(await inside(turned), [0, 0, 0, 1], "upright");
  });

  test("an image that shows nothing, or is none, is refused", async () => {
    await assert.rejects(loadMask(await png([0, 0, 0, 0], 1)), /shows nothing/);
    await assert.rejects(loadMask(Buffer.from("no image")), /cannot read/);
  });
});

test("a mask is placed into a larger one, and clipped to it", () => {
  const corner = { width: 2, height: 2, counts: [0, 3, 1] };
  const placed = (x: number, y: number) => [...decodeMask(placedMask(corner, { x, y }, { width: 3, height: 3 }))];
  assert.deepEqual(placed(1, 1), [0, 0, 0, 0, 1, 1, 0, 1, 0]);
  assert.deepEqual(placed(-1, 0), [1, 0, 0, 0, 0, 0, 0, 0, 0]);
  assert.throws(() => placed(5, 5), /lies outside of its picture/);
  assert.throws(() => placedMask(corner, { x: 0, y: 0 }, { width: 1e9, height: 1e9 }), /cannot have 1000000000 ×/);
});
