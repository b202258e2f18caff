import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { deflateSync } from "node:zlib";
import { pngOrientation } from "../../../../src/kernel-helpers/images/formats/png-orientation.js";

const packet = (orientation: number) =>
  `<a xmlns:tiff="http://ns.adobe.com/tiff/1.0/" tiff:Orientation="${orientation}"/>`;
/** An EXIF block of one entry, little-endian. */
const exif = (orientation: number) =>
  Buffer.from(`49492a0008000000010012010300010000000${orientation}00000000000000`, "hex");
const marked = (orientation: number) => Buffer.concat([Buffer.from("Exif\0\0"), exif(orientation)]);
const profile = (name: string, bytes: Buffer) => {
  const lines = bytes.toString("hex").replaceAll(/(.{20})/g, "$1\n");
  return Buffer.from(`\n${name}\n${String(bytes.length).padStart(8)}\n${lines}\n`);
};

/** Chunks behind a PNG's signature; their sums are not looked at. */
function png(...chunks: readonly (readonly [type: string, ...parts: (string | Buffer)[]])[]): Buffer {
  const written = chunks.flatMap(([type, ...parts]) => {
    const data = Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part, "latin1") : part)));
    const head = Buffer.alloc(8);
    head.writeUInt32BE(data.length, 0);
    head.write(type, 4, "latin1");
    return [head, data, Buffer.alloc(4, 0xaa)];
  });
  return Buffer.concat([Buffer.from("89504e470d0a1a0a", "hex"), ...written]);
}

describe("a PNG's orientation", () => {
  test("is read from each place that programs write it to", () => {
    const raw = (name: string, bytes: Buffer) => `Raw profile type ${name}\0`.concat(profile(name, bytes).toString());
    const packed = (name: string, bytes: Buffer) =>
      ["zTXt", `Raw profile type ${name}\0\0`, deflateSync(profile(name, bytes))] as const;
    assert.equal(pngOrientation(png(["eXIf", exif(6)])), 6);
    assert.equal(pngOrientation(png(["eXIf", marked(6)])), 6);
    assert.equal(pngOrientation(png(["tEXt", raw("exif", marked(7))])), 7);
    assert.equal(pngOrientation(png(["tEXt", raw("exif", exif(7))])), 7);
    assert.equal(pngOrientation(png(["tEXt", raw("APP1", marked(5))])), 5);
    assert.equal(pngOrientation(png(["tEXt", raw("APP1", Buffer.from(packet(4)))])), 4);
    assert.equal(pngOrientation(png(["tEXt", raw("xmp", Buffer.from(packet(3)))])), 3);
    assert.equal(pngOrientation(png(packed("exif", marked(8)))), 8);
    assert.equal(pngOrientation(png(packed("xmp", Buffer.from(packet(2))))), 2);
    assert.equal(pngOrientation(png(["tEXt", "XML:com.adobe.xmp\0", packet(6)])), 6);
    assert.equal(pngOrientation(png(["zTXt", "XML:com.adobe.xmp\0\0", deflateSync(packet(6))])), 6);
    assert.equal(pngOrientation(png(["iTXt", "XML:com.adobe.xmp\0\0\0\0\0", packet(6)])), 6);
    assert.equal(pngOrientation(png(["iTXt", "XML:com.adobe.xmp\0\0\0en\0Titel\0", packet(5)])), 5);
    assert.equal(pngOrientation(png(["iTXt", "XML:com.adobe.xmp\0\x01\0\0\0", deflateSync(packet(4))])), 4);
  });

  test("is that of EXIF before XMP's, and of two the first", () => {
    const xmp = ["tEXt", "XML:com.adobe.xmp\0", packet(3)] as const;
    assert.equal(pngOrientation(png(xmp, ["eXIf", exif(6)])), 6);
    assert.equal(pngOrientation(png(["eXIf", exif(6)], xmp)), 6);
    assert.equal(pngOrientation(png(["eXIf", exif(6)], ["eXIf", exif(8)])), 6);
    assert.equal(pngOrientation(png(xmp, ["tEXt", "XML:com.adobe.xmp\0", packet(8)])), 3);
    assert.equal(pngOrientation(png(["eXIf", Buffer.alloc(3)], xmp)), 3);
  });

  test("is not looked for behind the end, in a chunk that is cut short, or in other texts", () => {
    assert.equal(pngOrientation(png(["IDAT", "pixels"], ["eXIf", exif(6)])), 6);
    assert.equal(pngOrientation(png(["IEND"], ["eXIf", exif(6)])), undefined);
    const whole = png(["eXIf", exif(6)]);
    assert.equal(pngOrientation(whole.subarray(0, whole.length - 4)), 6, "only its sum is missing");
    assert.equal(pngOrientation(whole.subarray(0, whole.length - 5)), undefined);
    assert.equal(pngOrientation(whole.subarray(0, 12)), undefined);
    assert.equal(pngOrientation(png(["tEXt", "Comment\0", packet(6)])), undefined);
    assert.equal(pngOrientation(png(["tEXt", "XML:com.adobe.xmpx\0", packet(6)])), undefined);
    assert.equal(
      pngOrientation(png(["tEXt", "xRaw profile type xmp\0", profile("xmp", Buffer.from(packet(6)))])),
      undefined,
    );
    assert.equal(pngOrientation(png(["zTXt", "XML:com.adobe.xmp\0\0", "not packed"])), undefined);
    assert.equal(pngOrientation(png(["teXt", "XML:com.adobe.xmp\0", packet(6)])), undefined);
    assert.equal(pngOrientation(png(["tEXt", "Raw profile type exif\0", "no lines"])), undefined);
  });
});
