import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { crc32, deflateSync } from "node:zlib";
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

  test("is read under whatever prefix the packet gives, and not in comments", () => {
    const tiff = "http://ns.adobe.com/tiff/1.0/";
    assert.equal(xmpOrientation(`<rdf:Description xmlns:ns2='${tiff}' ns2:Orientation='6'/>`), 6);
    assert.equal(xmpOrientation(`<a xmlns:t="${tiff}"><t:Orientation rdf:datatype="int">\n 3 </t:Orientation></a>`), 3);
    assert.equal(xmpOrientation(`<!-- tiff:Orientation="6" --><a xmlns:tiff="${tiff}" tiff:Orientation="1"/>`), 1);
    assert.equal(xmpOrientation('<a xmlns:tiff="urn:other" xmlns:b="urn:b" b:Orientation="6"/>'), undefined);
    assert.equal(xmpOrientation(Buffer.from(`\ufeff${packet(8)}`, "utf16le")), 8);
  });

  test("turns PNG from behind the pixels, and from the profiles that programs wrote before there were chunks for it", async () => {
    const stored = await loadImage(await withOrientation(upright, 6).png().toBuffer().then(withoutExif));
    const plain = await encode(stored).png().toBuffer();
    const exif = Buffer.from("49492a000800000001001201030001000000060000000000", "hex");
    const marked = Buffer.concat([Buffer.from("Exif\0\0"), exif]);
    const profile = (name: string, bytes: Buffer) =>
      `\n${name}\n${String(bytes.length).padStart(8)}\n${bytes.toString("hex")}\n`;
    const raw = (name: string, bytes: Buffer) =>
      chunk("zTXt", `Raw profile type ${name}\0\0`, deflateSync(profile(name, bytes)));
    const xmp = Buffer.from(packet(6));
    const chunks: Readonly<Record<string, Buffer>> = {
      eXIf: chunk("eXIf", "", exif),
      "eXIf with JPEG's mark": chunk("eXIf", "", marked),
      "profile of EXIF": raw("exif", marked),
      "profile of APP1": raw("APP1", marked),
      "profile of XMP": raw("xmp", xmp),
      "XMP, packed": chunk("iTXt", "XML:com.adobe.xmp\0\x01\0\0\0", deflateSync(xmp)),
      "XMP as plain text": chunk("tEXt", "XML:com.adobe.xmp\0", xmp),
    };
    for (const [name, bytes] of Object.entries(chunks)) {
      for (const at of [33, plain.length - 12]) {
        const file = Buffer.concat([plain.subarray(0, at), bytes, plain.subarray(at)]);
        const { width, height, data } = await loadImage(file);
        assert.deepEqual([width, height], [24, 16], `${name} at ${at}`);
        assert.deepEqual(Buffer.from(data), Buffer.from(upright.data), `${name} at ${at}`);
      }
    }
    const damaged = chunk("zTXt", "Raw profile type exif\0\0", Buffer.from("no deflate"));
    const image = await loadImage(Buffer.concat([plain.subarray(0, 33), damaged, plain.subarray(33)]));
    assert.deepEqual([image.width, image.height], [16, 24]);
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

function chunk(type: string, head: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type + head, "latin1"), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(body.length - 4);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}

/** A PNG without its eXIf chunk. */
function withoutExif(file: Buffer): Buffer {
  const at = file.indexOf("eXIf") - 4;
  if (at < 0) return file;
  const end = at + 12 + file.readUInt32BE(at);
  assert.equal(crc32(file.subarray(at + 4, end - 4)), file.readUInt32BE(end - 4));
  return Buffer.concat([file.subarray(0, at), file.subarray(end)]);
}
