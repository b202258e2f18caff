import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { crc32 } from "node:zlib";
import { loadImage } from "../../../../src/kernel-helpers/images/files/load-image.js";
import { xmpOrientation } from "../../../../src/kernel-helpers/images/formats/xmp-orientation.js";
import { draw, encode, withOrientation } from "../pictures.js";

const upright = draw(24, 16, (x, y) => [x < 12 ? 240 : 20, y < 8 ? 240 : 20, x < 12 === y < 8 ? 30 : 220]);
const packet = (orientation: number) =>
  '<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">' +
  '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" ' +
  `xmlns:tiff="http://ns.adobe.com/tiff/1.0/" tiff:Orientation="${orientation}"/></rdf:RDF></x:xmpmeta><?xpacket end="w"?>`;

describe("orientation", () => {
  test("by XMP alone turns PNG, AVIF, JPEG and WebP as EXIF's does", async () => {
    for (const format of ["png", "avif", "jpeg", "webp"] as const) {
      for (const orientation of [1, 3, 6, 8]) {
        const stored = await loadImage(await withOrientation(upright, orientation).png().toBuffer().then(withoutExif));
        const file = await encode(stored).withXmp(packet(orientation)).toFormat(format, { quality: 95 }).toBuffer();
        const { width, height, data } = await loadImage(file);
        assert.deepEqual([width, height], [24, 16], `${format} ${orientation}`);
        const differences = data.reduce((sum, value, i) => sum + Math.abs(value - upright.data[i]), 0) / data.length;
        assert.ok(differences < 25, `${format} ${orientation}: ${differences}`);
      }
    }
  });

  test("by the eXIf chunk turns PNG, whatever XMP says beside it", async () => {
    for (const orientation of [3, 6, 8]) {
      const file = await withOrientation(upright, orientation).png().toBuffer();
      assert.ok(file.includes("eXIf"));
      const both = await withOrientation(upright, orientation).keepExif().withXmp(packet(2)).png().toBuffer();
      for (const each of [file, both]) {
        const { width, height, data } = await loadImage(each);
        assert.deepEqual([width, height], [24, 16]);
        assert.deepEqual(Buffer.from(data), Buffer.from(upright.data));
      }
    }
  });

  test("is read as attribute and as element, and nothing else is taken for it", () => {
    assert.equal(xmpOrientation(packet(6)), 6);
    assert.equal(xmpOrientation(Buffer.from("<tiff:Orientation>8</tiff:Orientation>")), 8);
    assert.equal(xmpOrientation("tiff:Orientation = '3'"), 3);
    for (const text of ["", packet(9), packet(0), packet(11), "tiff:Orientation", undefined]) {
      assert.equal(xmpOrientation(text), undefined, text);
    }
  });
});

/** A PNG without its eXIf chunk. */
function withoutExif(file: Buffer): Buffer {
  const at = file.indexOf("eXIf") - 4;
  if (at < 0) return file;
  const end = at + 12 + file.readUInt32BE(at);
  assert.equal(crc32(file.subarray(at + 4, end - 4)), file.readUInt32BE(end - 4));
  return Buffer.concat([file.subarray(0, at), file.subarray(end)]);
}
