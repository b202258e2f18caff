import assert from "node:assert/strict";
import { test } from "node:test";
import sharp from "sharp";
import { loadImage } from "../../../../src/kernel-helpers/images/files/load-image.js";
import { isSrgbProfile } from "../../../../src/kernel-helpers/images/formats/srgb-profile.js";
import { seededRandom } from "../../../../src/kernel-helpers/support/random.js";

const random = seededRandom(5);
const data = Uint8Array.from({ length: 32 * 32 * 3 }, () => Math.floor(256 * random()));
const picture = () => sharp(data, { raw: { width: 32, height: 32, channels: 3 } });

const fixed = (value: number) => Math.round(value * 65536);
/** A matrix profile with one curve for all three colours. */
function profile(primaries: readonly number[][], curve: Buffer, others: readonly string[] = []): Buffer {
  const xyz = primaries.map((values) => {
    const tag = Buffer.alloc(20);
    tag.write("XYZ ", 0, "latin1");
    values.forEach((value, i) => tag.writeInt32BE(fixed(value), 8 + 4 * i));
    return tag;
  });
  const tags: [string, Buffer][] = [
    ...["rXYZ", "gXYZ", "bXYZ"].map((name, i): [string, Buffer] => [name, xyz[i]]),
    ...["rTRC", "gTRC", "bTRC", ...others].map((name): [string, Buffer] => [name, curve]),
  ];
  const head = Buffer.alloc(132 + 12 * tags.length);
  head.write("mntrRGB XYZ ", 12, "latin1");
  head.writeUInt32BE(tags.length, 128);
  let at = head.length;
  tags.forEach(([name, { length }], i) => {
    head.write(name, 132 + 12 * i, "latin1");
    head.writeUInt32BE(at, 136 + 12 * i);
    head.writeUInt32BE(length, 140 + 12 * i);
    at += length;
  });
  return Buffer.concat([head, ...tags.map(([, tag]) => tag)]);
}

const SRGB = [
  [0.43607, 0.22249, 0.01392],
  [0.38515, 0.71687, 0.09708],
  [0.14307, 0.06061, 0.7141],
];
/** sRGB's curve in so many entries, raised to a power. */
function table(count: number, power = 1): Buffer {
  const tag = Buffer.alloc(12 + 2 * count);
  tag.write("curv", 0, "latin1");
  tag.writeUInt32BE(count, 8);
  for (let i = 0; i < count; i++) {
    const level = (i / (count - 1)) ** power;
    const light = level <= 0.04045 ? level / 12.92 : ((level + 0.055) / 1.055) ** 2.4;
    tag.writeUInt16BE(Math.round(65535 * light), 12 + 2 * i);
  }
  return tag;
}
function formula(...numbers: number[]): Buffer {
  const tag = Buffer.alloc(12 + 4 * numbers.length);
  tag.write("para", 0, "latin1");
  tag.writeUInt16BE(3, 8);
  numbers.forEach((value, i) => tag.writeInt32BE(fixed(value), 12 + 4 * i));
  return tag;
}

test("a profile is sRGB by its numbers: a table or a formula, not another's primaries, curve or tables", () => {
  const usual = formula(2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045);
  assert.equal(isSrgbProfile(profile(SRGB, table(1024))), true);
  assert.equal(isSrgbProfile(profile(SRGB, usual)), true);
  assert.equal(isSrgbProfile(profile(SRGB, table(1024, 1.02))), false);
  assert.equal(isSrgbProfile(profile(SRGB, formula(2.2, 1, 0, 1, 0))), false);
  assert.equal(isSrgbProfile(profile([SRGB[0], SRGB[2], SRGB[1]], usual)), false);
  assert.equal(isSrgbProfile(profile([[0.43607, 0.2229, 0.01392], SRGB[1], SRGB[2]], usual)), false);
  assert.equal(isSrgbProfile(profile(SRGB, usual, ["A2B0"])), false);
  const whole = profile(SRGB, usual);
  for (let length = 0; length < whole.length - 60; length += 7)
    assert.equal(isSrgbProfile(whole.subarray(0, length)), false);
});

test("sRGB is taken as it is, within one level of what its conversion gives; another profile is honoured", async () => {
  for (const [name, expected] of [
    ["srgb", true],
    ["p3", false],
  ] as const) {
    const png = await picture().png().withIccProfile(name, { attach: true }).toBuffer();
    const { icc } = await sharp(png).metadata();
    assert.equal(isSrgbProfile(icc!), expected, name);
    const { data: loaded } = await loadImage(png);
    const converted = await sharp(png).toColourspace("srgb").raw().toBuffer();
    const apart = Math.max(...loaded.map((value, i) => Math.abs(value - converted[i])));
    assert.ok(apart <= (expected ? 1 : 0), `${name}: ${apart}`);
  }
});
