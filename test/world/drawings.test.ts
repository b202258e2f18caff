import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { describe, test } from "node:test";
import { decodeMask } from "../../src/kernel-helpers/images/masks/masks.js";
import { labelClasses } from "../../src/world/classes.js";
import { contactSheet } from "../../src/world/contact-sheet.js";
import { drawings } from "../../src/world/drawings.js";
import { WORLD_PARTS, type WorldPart, type Drawing } from "../../src/world/drawing.js";
import type { Box } from "../../src/kernel-helpers/images/box.js";

const HASHES = new URL("../fixtures/datasets/world-hashes.json", import.meta.url);

describe("drawings", () => {
  test("draws the same pixels for a seed on every version of Node", async () => {
    // Written by make_world_hashes.js. A change here means: raise WORLD_VERSION.
    const expected = JSON.parse(await readFile(HASHES, "utf8")) as Record<string, string>;
    for (const part of WORLD_PARTS) {
      assert.equal(hashOf(await draw(part, { seed: 7, count: 2 })), expected[part], part);
    }
  });

  test("draws picture 3 alike alone and among others, but not in another split or seed", async () => {
    const [, , , third] = await draw("objects", { seed: 1, count: 4 });
    const [alone] = await draw("objects", { seed: 1, start: 3, count: 1, ahead: 1 });
    assert.equal(hashOf([alone]), hashOf([third]));
    for (const other of [{ split: "test" as const, seed: 1 }, { seed: 2 }]) {
      const [changed] = await draw("objects", { start: 3, count: 1, ...other });
      assert.notEqual(hashOf([changed]), hashOf([third]));
    }
  });

  test("refuses what it cannot draw", async () => {
    await assert.rejects(
      draw("dragons" as WorldPart, { count: 1 }),
      /invalid part: "dragons" \(expected objects, scenes/,
    );
    await assert.rejects(draw("birds", { count: -1 }), /invalid count: -1/);
  });

  for (const part of WORLD_PARTS) {
    test(`${part}: masks, boxes, parts, phrases and words agree with each other`, async () => {
      for (const picture of await draw(part, { seed: 3, count: 6 })) check(part, picture);
    });
  }
});

test("a contact sheet is a PNG of all its pictures", async () => {
  const { default: sharp } = await import("sharp");
  const png = await contactSheet("scenes", { seed: 1, count: 3, columns: 2, boxes: true });
  const { format, width, height } = await sharp(png).metadata();
  assert.deepEqual({ format, width, height }, { format: "png", width: 2 * 228 + 4, height: 2 * 228 + 4 });
});

function check(part: WorldPart, { image, objects, labels, words, phrases, questions, name }: Drawing): void {
  const { width, height } = image;
  assert.equal(image.data.length, width * height * 3);
  const covered = new Uint8Array(width * height);
  for (const { box, area, mask, parts = {} } of objects) {
    assert.ok(inside(box, { x: 0, y: 0, width, height }), `${name}: box`);
    const bits = decodeMask(mask);
    const seen = boundsOf(bits, width);
    assert.deepEqual(seen.box, box, `${name}: the box is the mask's`);
    assert.equal(seen.area, area);
    bits.forEach((bit, i) => (covered[i] += bit));
    for (const partBox of Object.values(parts)) assert.ok(inside(partBox, box), `${name}: part`);
  }
  assert.ok(
    covered.every((count) => count <= 1),
    `${name}: no pixel belongs to two objects`,
  );
  assert.ok(
    covered.filter((count) => count === 1).length > 0.97 * width * height,
    `${name}: hardly any pixel belongs to nothing`,
  );
  for (const label of labels) assert.ok(labelClasses(part).includes(label), label);
  for (const { objects: ids, box } of [...phrases, ...questions]) {
    assert.ok(ids.length > 0);
    for (const id of ids) assert.ok(inside(objects.find((object) => object.id === id)!.box, box));
  }
  for (const { polygon } of words) assert.ok(Math.abs(signedArea(polygon)) > 20, `${name}: word`);
  if (part.startsWith("text")) assert.equal(words.length > 0, labels[0] === "text");
}

async function draw(part: WorldPart, options: Parameters<typeof drawings>[1]): Promise<Drawing[]> {
  const pictures: Drawing[] = [];
  for await (const picture of drawings(part, options)) pictures.push(picture);
  return pictures;
}

function hashOf(pictures: readonly Drawing[]): string {
  const hash = createHash("sha256");
  for (const { image } of pictures) hash.update(image.data);
  return hash.digest("hex");
}

function inside(inner: Box, outer: Box): boolean {
  return (
    inner.width > 0 &&
    inner.height > 0 &&
    inner.x >= outer.x &&
    inner.y >= outer.y &&
    inner.x + inner.width <= outer.x + outer.width &&
    inner.y + inner.height <= outer.y + outer.height
  );
}

function boundsOf(bits: Uint8Array, width: number): { box: Box; area: number } {
  const xs: number[] = [];
  const ys: number[] = [];
  bits.forEach((bit, i) => {
    if (!bit) return;
    xs.push(i % width);
    ys.push(Math.floor(i / width));
  });
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return { box: { x, y, width: Math.max(...xs) + 1 - x, height: Math.max(...ys) + 1 - y }, area: xs.length };
}

function signedArea(polygon: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < polygon.length; i += 2) {
    const next = (i + 2) % polygon.length;
    sum += polygon[i] * polygon[next + 1] - polygon[next] * polygon[i + 1];
  }
  return sum / 2;
}
