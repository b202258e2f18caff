import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { loadImage } from "../../../../src/kernel-helpers/images/files/load-image.js";
import { readImageInfo } from "../../../../src/kernel-helpers/images/files/read-image-info.js";
import { decodeHeic } from "../../../../src/kernel-helpers/images/formats/heic.js";

/** Written by test/fixtures/images/make_heic.py. */
const { width, height, files } = JSON.parse(
  readFileSync(new URL("../../../fixtures/images/heic.json", import.meta.url), "utf8"),
) as { width: number; height: number; files: { orientation: number; file: string; pixels: string }[] };

describe("HEIC", () => {
  test("shows what Pillow shows, upright", async () => {
    for (const { orientation, file, pixels } of files) {
      const bytes = Buffer.from(file, "base64");
      assert.deepEqual(await readImageInfo(bytes), { width, height, format: "heic" });
      const image = await loadImage(bytes);
      assert.deepEqual([image.width, image.height], [width, height]);
      const expected = Buffer.from(pixels, "base64");
      const most = expected.reduce((so, value, i) => Math.max(so, Math.abs(value - image.data[i])), 0);
      assert.ok(most <= 6, `orientation ${orientation} differs by up to ${most}`);
    }
  });

  test("says which package it needs where it is missing, and what is damaged where it is", async () => {
    const bytes = Buffer.from(files[0].file, "base64");
    await assert.rejects(
      decodeHeic(bytes, "IMG_1.HEIC", "no-such-decoder"),
      /cannot read IMG_1\.HEIC: it is a HEIC picture, which needs a package of its own: npm install heic-decode; or convert/,
    );
    const { log } = console;
    const said: unknown[] = [];
    console.log = (...words: unknown[]) => said.push(words);
    try {
      for (const share of [0.3, 0.6, 0.9]) {
        await assert.rejects(loadImage(bytes.subarray(0, bytes.length * share)), /damaged|cut short/);
        await assert.rejects(
          loadImage(Buffer.from(bytes).fill(0, Math.floor(bytes.length * share))),
          /damaged|cut short/,
        );
        await loadImage(Buffer.from(bytes).fill(7, Math.floor(bytes.length * share))).catch(() => {});
      }
    } finally {
      console.log = log;
    }
    assert.deepEqual(said, [], "libheif's own words stay out of what a program prints");
  });
});
