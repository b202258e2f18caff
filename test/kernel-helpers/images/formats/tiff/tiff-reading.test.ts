import assert from "node:assert/strict";
import { test } from "node:test";
import { readTiffHeader, type TiffHeader } from "../../../../../src/kernel-helpers/images/formats/tiff/tiff-header.js";
import { tiffReading } from "../../../../../src/kernel-helpers/images/formats/tiff/tiff-reading.js";
import { writtenTiff } from "./written-tiff.js";

const plain = readTiffHeader(
  writtenTiff(
    [
      [256, 3, [4]],
      [257, 3, [4]],
    ],
    true,
    false,
  ),
)!;
const of = (kind: Partial<TiffHeader>) => {
  const reading = tiffReading({ ...plain, bits: [8], ...kind });
  return typeof reading === "string" ? reading : reading.isNot;
};
const RGB = { photometric: 2, samples: 3, bits: [8, 8, 8] };

test("usual files are left to libvips", () => {
  for (const depth of [1, 2, 4, 8, 16]) assert.equal(of({ bits: [depth] }), "libvips", `${depth} bits`);
  assert.equal(of(RGB), "libvips");
  assert.equal(of({ ...RGB, isPlanar: true }), "libvips");
  assert.equal(of({ ...RGB, isTiled: true }), "libvips");
  assert.equal(of({ ...RGB, compression: 7 }), "libvips");
  assert.equal(of({ ...RGB, samples: 4, bits: [8, 8, 8, 8], extraSamples: [1] }), "libvips");
  assert.equal(of({ photometric: 3 }), "libvips");
  assert.equal(of({ photometric: 5, samples: 5, bits: [8, 8, 8, 8, 8], extraSamples: [0] }), "libvips");
  assert.equal(of({ bits: [4, 4], samples: 2, extraSamples: [0] }), "libvips");
});

test("samples that libvips does not take for what they are, are read here", () => {
  for (const depth of [16, 32, 64]) assert.equal(of({ bits: [depth], sampleFormat: 3 }), "samples", `${depth} floats`);
  for (const depth of [12, 32]) assert.equal(of({ bits: [depth] }), "samples", `${depth} bits`);
  for (const compression of [1, 5, 8, 32_946, 32_773]) assert.equal(of({ bits: [32], compression }), "samples");
  for (const photometric of [0, 1]) assert.equal(of({ bits: [32], photometric }), "samples");
  assert.equal(of({ ...RGB, isPlanar: true, isTiled: true }), "samples");
  assert.equal(of({ ...RGB, samples: 4, bits: [8, 8, 8, 8], extraSamples: [0] }), "samples");
  assert.equal(of({ bits: [8, 8], samples: 2, extraSamples: [0] }), "samples");
});

test("everything else is named", () => {
  assert.match(of({ isRaw: true }), /a camera's raw file/);
  assert.match(of({ bits: [8, 8, 16], photometric: 2, samples: 3 }), /its samples have 8, 8, 16 bits/);
  assert.match(of({ sampleFormat: 2 }), /signed integers of 8 bits, and which of them is black is not said/);
  assert.match(of({ sampleFormat: 5, bits: [32] }), /complex integers of 32 bits/);
  assert.match(of({ sampleFormat: 6, bits: [64] }), /complex numbers of 64 bits/);
  assert.match(of({ sampleFormat: 9 }), /unknown numbers of 8 bits/);
  assert.match(of({ bits: [24], sampleFormat: 3 }), /floating-point numbers of 24 bits$/);
  assert.match(of({ bits: [64] }), /unsigned integers of 64 bits$/);
  assert.match(of({ bits: [32], compression: 7 }), /unsigned integers of 32 bits$/);
  assert.match(of({ bits: [32], photometric: 3 }), /unsigned integers of 32 bits$/);
  assert.match(
    of({ bits: [2, 2, 2], photometric: 2, samples: 3, isPlanar: true, isTiled: true }),
    /2 bits, in tiles of separate planes$/,
  );
  assert.doesNotMatch(of({ bits: [64], isPlanar: true }), /tiles/);
  for (const samples of [2, 5]) assert.equal(of({ ...RGB, bits: [32, 32, 32], samples }), `it has ${samples} channels`);
  for (const samples of [3, 4]) assert.equal(of({ ...RGB, bits: [32, 32, 32], samples }), "samples");
  for (const samples of [1, 2]) assert.equal(of({ bits: [32], samples }), "samples");
  assert.equal(of({ bits: [32], samples: 3 }), "it has 3 channels");
  // TIFF 6.0 and its technical notes: the numbers of colour spaces and compressions.
  for (const [photometric, name] of [
    [4, /transparency/],
    [8, /L\*a\*b\*$/],
    [9, /ICC/],
    [10, /ITU/],
    [32_803, /mosaic/],
    [32_844, /LogL$/],
    [32_845, /LogLuv/],
    [34_892, /raw values/],
  ] as const) {
    assert.match(of({ photometric }), name);
    assert.match(of({ photometric }), /^its colours are /);
  }
  for (const [compression, name] of [
    [6, /old kind of JPEG/],
    [9, /JBIG/],
    [10, /JBIG/],
    [32_766, /NeXT/],
    [32_809, /ThunderScan/],
    [33_003, /JPEG 2000/],
    [33_005, /JPEG 2000/],
    [34_661, /JBIG/],
    [34_712, /JPEG 2000/],
    [34_887, /LERC/],
    [34_892, /lossy JPEG/],
    [34_925, /LZMA/],
    [34_933, /PNG/],
    [34_934, /JPEG XR/],
    [50_000, /Zstandard/],
    [50_001, /WebP/],
    [50_002, /JPEG XL/],
    [52_546, /JPEG XL/],
  ] as const) {
    assert.match(of({ compression }), name);
    assert.match(of({ compression }), /^it is compressed by /);
  }
});

test("floating-point numbers of 16, 32 and 64 bits are read, others are named", () => {
  for (const bits of [16, 32, 64]) assert.equal(of({ bits: [bits], sampleFormat: 3 }), "samples", `${bits} bits`);
  for (const bits of [8, 17, 24]) {
    assert.equal(of({ bits: [bits], sampleFormat: 3 }), `its samples are floating-point numbers of ${bits} bits`);
  }
});
