import assert from "node:assert/strict";
import { test } from "node:test";
import { plainJpeg } from "../../../../src/kernel-helpers/images/jpeg/plain-jpeg.js";
import { draw, encode, oracles } from "../pictures.js";

const picture = draw(40, 24, (x, y) => [6 * x, 10 * y, (x * y) % 256]);
const written = () => encode(picture).jpeg({ chromaSubsampling: "4:2:0" });

/** The file with other segments behind its first two bytes. */
function withSegment(file: Buffer, marker: number, content: Buffer | string): Buffer {
  const bytes = Buffer.from(content as string, "latin1");
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(bytes.length + 2, 2);
  return Buffer.concat([file.subarray(0, 2), head, bytes, file.subarray(2)]);
}

test("size, components, tables and scan of a plain file", async () => {
  const file = await written().toBuffer();
  const found = plainJpeg(file)!;
  assert.deepEqual(
    [found.width, found.height, found.restart, found.isTagged, found.icc],
    [40, 24, 0, false, undefined],
  );
  assert.deepEqual(
    found.components.map(({ across, down }) => [across, down]),
    [
      [2, 2],
      [1, 1],
      [1, 1],
    ],
  );
  assert.equal(file.readUInt16BE(found.scan - 14), 0xffda);
  for (const { quantisation, dc, ac } of found.components) {
    assert.ok(found.quantisations.has(quantisation) && found.codes.has(dc) && found.codes.has(16 + ac));
  }
  assert.equal(plainJpeg(Buffer.from(oracles.halvedAcrossJpeg, "base64"))!.restart, 2);
  assert.equal(plainJpeg(await encode(picture).toColourspace("b-w").jpeg().toBuffer())!.components.length, 1);
});

test("tags and a profile are noticed", async () => {
  assert.equal(plainJpeg(await written().withMetadata({ orientation: 6 }).toBuffer())!.isTagged, true);
  const { icc } = plainJpeg(await written().withIccProfile("p3").toBuffer())!;
  assert.equal(Buffer.from(icc!).toString("latin1", 36, 40), "acsp");
});

test("what is not plain is left to others", async () => {
  const file = await written().toBuffer();
  const scan = plainJpeg(file)!.scan;
  const others = {
    progressive: await written().jpeg({ progressive: true }).toBuffer(),
    "four inks": Buffer.from(oracles.cmykJpeg, "base64"),
    "a profile in pieces": withSegment(file, 0xe2, "ICC_PROFILE\0\x01\x02abc"),
    "a gain map": withSegment(file, 0xe2, "MPF\0"),
    "a revision of JFIF that never was": withSegment(file, 0xe0, "JFIF\0\x09\x09\0\0\x01\0\x01\0\0"),
    "arithmetic codes": withSegment(file, 0xcc, "\0\x11"),
    "a table that is too long": withSegment(file, 0xc4, "\0" + "\xff".repeat(16)),
    "steps of 16 bits": withSegment(file, 0xdb, "\x10" + "\0\x01".repeat(64)),
    "red, green and blue": withSegment(
      Buffer.concat([file.subarray(0, 2), file.subarray(20)]),
      0xee,
      "Adobe\0\x64\0\0\0\0\0",
    ),
    "stray bytes": Buffer.concat([file.subarray(0, 2), Buffer.from([1, 2]), file.subarray(2)]),
    "no scan": file.subarray(0, scan - 14),
    "half a header": file.subarray(0, scan - 20),
    "nothing else": file.subarray(0, 3),
  };
  for (const [name, bytes] of Object.entries(others)) assert.equal(plainJpeg(bytes), undefined, name);
  assert.ok(plainJpeg(withSegment(file, 0xfe, "a comment")));
  assert.ok(plainJpeg(withSegment(file, 0xee, "Adobe\0\x64\0\0\0\0\x01")));
});
