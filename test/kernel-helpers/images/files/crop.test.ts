import assert from "node:assert/strict";
import { test } from "node:test";
import { crop } from "../../../../src/kernel-helpers/images/files/crop.js";
import { CamlabError } from "../../../../src/kernel-helpers/support/errors.js";
import { draw, encode, withOrientation } from "../pictures.js";

const picture = draw(40, 30, (x, y) => [x * 5, y * 8, x + y]);
const cut = (x: number, y: number, width: number, height: number) =>
  draw(width, height, (column, row) => [(x + column) * 5, (y + row) * 8, x + column + y + row]);

test("cuts the box out of the upright picture, through all eight orientations", async () => {
  const box = { x: 7, y: 3, width: 11, height: 20 };
  for (let exif = 1; exif <= 8; exif++) {
    const file = await withOrientation(picture, exif).png().toBuffer();
    assert.deepEqual(plain(await crop(file, box)), cut(7, 3, 11, 20), `orientation ${exif}`);
  }
  assert.deepEqual(plain(await crop(picture, box)), cut(7, 3, 11, 20), "pixels");
  const jpeg = await encode(picture).jpeg({ quality: 100, chromaSubsampling: "4:4:4" }).toBuffer();
  const { width, height, data } = await crop(jpeg, box);
  assert.deepEqual([width, height], [11, 20]);
  assert.ok(data.every((value, i) => Math.abs(value - cut(7, 3, 11, 20).data[i]) < 6));
});

test("rounds edges, cuts off what reaches beyond, keeps at least one pixel", async () => {
  const at = (x: number, y: number, width: number, height: number) => crop(picture, { x, y, width, height });
  assert.deepEqual(plain(await at(6.6, 2.5, 11.3, 20)), cut(7, 3, 11, 20));
  assert.deepEqual(plain(await at(-5, -5, 10, 100)), cut(0, 0, 5, 30));
  assert.deepEqual(plain(await at(0, 0, 40, 30)), cut(0, 0, 40, 30));
  assert.deepEqual(plain(await at(39.7, 29.9, 0.1, 5)), cut(39, 29, 1, 1));
});

test("takes what has a file, and its region where no box is given", async () => {
  const region = { x: 1, y: 2, width: 3, height: 4 };
  assert.deepEqual(plain(await crop({ file: picture, region })), cut(1, 2, 3, 4));
  assert.deepEqual(plain(await crop({ file: picture, region }, { x: 5, y: 5, width: 2, height: 2 })), cut(5, 5, 2, 2));
});

test("refuses a box without area, outside, or none", async () => {
  const wrong: [unknown, RegExp][] = [
    [{ x: 0, y: 0, width: 0, height: 5 }, /invalid box: .*inside the image of 40×30 pixels/],
    [{ x: 40, y: 0, width: 4, height: 5 }, /invalid box/],
    [{ x: 0, y: -9, width: 4, height: 5 }, /invalid box/],
    [{ x: 0, y: 0, width: NaN, height: 5 }, /invalid box/],
    [[0, 0, 4, 5], /invalid box/],
    [undefined, /invalid box: undefined \(expected \{ x, y, width, height \}/],
    [null, /invalid box/],
  ];
  for (const [box, expected] of wrong) {
    await assert.rejects(crop(picture, box as never), (error) => {
      assert.ok(error instanceof CamlabError, String(error));
      assert.match(error.message, expected);
      return true;
    });
  }
  await assert.rejects(crop("nowhere.jpg", { x: 0, y: 0, width: 4, height: 5 }), /there is no such file/);
});

function plain<T extends { data: Uint8Array }>(image: T): T {
  return { ...image, data: new Uint8Array(image.data) };
}

test("a black part of a picture of 8 bits is black, however dark the rest is", async () => {
  const picture = draw(16, 8, (x) => (x < 8 ? [0, 0, 0] : [90, 0, 200]));
  const file = await encode(picture).png().toBuffer();
  const { data } = await crop(file, { x: 0, y: 0, width: 8, height: 8 });
  assert.ok(data.every((value) => value === 0));
});
