import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import sharp from "sharp";
import { loadImage } from "../../../../src/kernel-helpers/images/files/load-image.js";
import { prepareImage } from "../../../../src/kernel-helpers/images/input/prepare-image.js";
import { CamlabError } from "../../../../src/kernel-helpers/support/errors.js";
import { preprocessing } from "../pictures.js";

interface Fixture {
  readonly name: string;
  readonly file: string;
  readonly tolerance: number;
  readonly pixels: string | null;
}

/** Written by test/fixtures/images/make_tiffs.py. */
const { width, height, files } = JSON.parse(
  readFileSync(new URL("../../../fixtures/images/tiffs.json", import.meta.url), "utf8"),
) as { width: number; height: number; files: Fixture[] };
const bytesOf = (name: string) => Buffer.from(files.find((fixture) => fixture.name === name)!.file, "base64");

/** Sound files of kinds that are not read, and what they are called. */
const named: Readonly<Record<string, RegExp>> = {
  "grey int8": /signed integers of 8 bits, and which of them is black is not said/,
  "grey int16": /signed integers of 16 bits/,
  "grey int32": /signed integers of 32 bits/,
  lab: /its colours are CIE L\*a\*b\*/,
  "rgb uint8, zstd": /compressed by Zstandard/,
  "rgb uint8, lzma": /compressed by LZMA/,
  "rgb uint8, lerc": /compressed by LERC/,
  "rgb uint8, jpeg2000": /compressed by JPEG 2000/,
  "rgb uint8, png": /compressed by PNG/,
  "float32 beyond 0 to 1": /floating-point samples run from -100 to 795\.4.*, and which of them is white is not said/,
  "float32 with NaN": /not numbers \(NaN\)/,
  "five channels": /it has 5 channels/,
  complex64: /complex numbers of 64 bits/,
};

describe("TIFF", () => {
  for (const { name, file, tolerance, pixels } of files) {
    const bytes = Buffer.from(file, "base64");
    if (name in named) {
      test(`${name}: named as what it is, not called damaged`, async () => {
        await assert.rejects(loadImage(bytes), (error) => {
          assert.ok(error instanceof CamlabError);
          assert.match(error.message, named[name]);
          assert.doesNotMatch(error.message, /damaged|cut short/);
          return true;
        });
      });
    } else {
      test(`${name}: the right pixels`, async () => {
        const image = await loadImage(bytes);
        assert.deepEqual([image.width, image.height], [width, height]);
        if (pixels === null) return;
        const expected = Buffer.from(pixels, "base64");
        const most = expected.reduce((so, value, i) => Math.max(so, Math.abs(value - image.data[i])), 0);
        assert.ok(most <= tolerance, `differs by up to ${most}`);
      });
    }
  }

  test("samples that are read here are cut, resized and turned as others are", async () => {
    const input = preprocessing({ width: 8, height: 8, fit: "squash" });
    const region = { x: 3, y: 2, width: 12, height: 9 };
    const [floats, bytes] = [bytesOf("rgb float32"), bytesOf("rgb uint8")];
    const expected = await prepareImage(bytes, input, { region });
    const found = await prepareImage(floats, input, { region });
    assert.deepEqual(Buffer.from(found.pixels), Buffer.from(expected.pixels));
  });

  test("one that is cut short says so", async () => {
    for (const name of ["grey float32", "rgb float32, tiles", "rgb uint8, tiles of planes", "12 bits"]) {
      const bytes = bytesOf(name);
      for (const share of [0.1, 0.5, 0.9]) {
        await assert.rejects(
          loadImage(bytes.subarray(0, bytes.length * share)),
          /cut short|damaged/,
          `${name} at ${share}`,
        );
      }
    }
  });

  test("one with many bits and few of them used is not shown black", async () => {
    const bytes = Buffer.from(bytesOf("grey uint32"));
    const header = bytes.subarray(0, bytes.length - width * height * 4);
    const values = new Uint32Array(width * height).map((_, i) => i % 4096);
    await assert.rejects(
      loadImage(Buffer.concat([header, Buffer.from(values.buffer)])),
      /its samples reach 377 of 4294967295: all would be black/,
    );
  });

  test("numbers of 8 bits in 16 are not shown black, in PNG neither", async () => {
    const few = Uint16Array.from({ length: width * height }, (_, i) => i % 200);
    const deep = sharp(few, { raw: { width, height, channels: 1 } }).toColourspace("grey16");
    for (const file of [
      await deep.clone().tiff({ compression: "none" }).toBuffer(),
      await deep.clone().png().toBuffer(),
    ]) {
      await assert.rejects(loadImage(file), /its samples reach 199 of 65535: all would be black/);
    }
    const none = sharp(
      few.map(() => 0),
      { raw: { width, height, channels: 1 } },
    ).toColourspace("grey16");
    assert.ok((await loadImage(await none.png().toBuffer())).data.every((value) => value === 0));
  });

  test("luma and chroma that are not compressed are not taken for red, green and blue", async () => {
    const file = await sharp(Buffer.alloc(width * height * 3, 90), { raw: { width, height, channels: 3 } })
      .tiff({ compression: "none" })
      .toBuffer();
    const photometric = Buffer.from([0x06, 0x01, 3, 0, 1, 0, 0, 0, 2, 0]);
    const at = file.indexOf(photometric);
    assert.ok(at > 0);
    file[at + 8] = 6;
    await assert.rejects(loadImage(file), /its colours are YCbCr, not compressed as JPEG/);
  });

  test("XMP turns a file without a tag of its own, and no file that has one", async () => {
    const packet = (orientation: number) =>
      `<a xmlns:tiff="http://ns.adobe.com/tiff/1.0/" tiff:Orientation="${orientation}"/>`;
    const picture = sharp(Buffer.alloc(width * height * 3, 90), { raw: { width, height, channels: 3 } });
    const turned = await picture.clone().withXmp(packet(6)).tiff().toBuffer();
    const own = turned.indexOf(Buffer.from([0x12, 0x01, 3, 0, 1, 0, 0, 0]));
    const { width: across } = await loadImage(turned);
    assert.equal(across, own < 0 ? height : width);
  });
});
