import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import sharp from "sharp";
import type { Image } from "../../../../src/kernel-helpers/images/image.js";
import { loadImage } from "../../../../src/kernel-helpers/images/files/load-image.js";
import { prepareImage } from "../../../../src/kernel-helpers/images/input/prepare-image.js";
import { CamlabError } from "../../../../src/kernel-helpers/support/errors.js";
import { seededRandom } from "../../../../src/kernel-helpers/support/random.js";
import { seedPictures } from "../../../hostile/images/seeds.js";
import { draw, encode, preprocessing } from "../pictures.js";

const random = seededRandom("half pictures");
const textured = (width: number, height: number) =>
  draw(width, height, (x, y) => [
    128 + 100 * Math.sin(x / 9 + y / 31) + 20 * random(),
    128 + 100 * Math.sin(x / 23 - y / 7) + 20 * random(),
    100 + 80 * Math.cos((x * y) / 900) + 20 * random(),
  ]);
const picture = textured(320, 240);
const flat = draw(320, 240, () => [51, 102, 153]);
const files = new Map<string, Buffer>();

before(async () => {
  const photo = () => encode(picture);
  const written = {
    jpeg: photo().jpeg(),
    "jpeg with 4:4:4 colours": photo().jpeg({ chromaSubsampling: "4:4:4" }),
    "grey jpeg": photo().greyscale().jpeg(),
    "progressive jpeg": photo().jpeg({ progressive: true }),
    png: photo().png(),
    "interlaced png": photo().png({ progressive: true }),
    "palette png": photo().png({ palette: true }),
    webp: photo().webp(),
    "lossless webp": photo().webp({ lossless: true }),
    "webp with alpha": photo().ensureAlpha(0.5).webp(),
    gif: photo().gif(),
    "interlaced gif": photo().gif({ progressive: true }),
    avif: photo().avif({ effort: 1 }),
    "lzw tiff": photo().tiff({ compression: "lzw" }),
    "jpeg tiff": photo().tiff({ compression: "jpeg" }),
    "deflate tiff": photo().tiff({ compression: "deflate" }),
  };
  for (const [name, file] of Object.entries(written)) files.set(name, await file.toBuffer());
});

describe("half a picture is an error", () => {
  const shares = [0.3, 0.5, 0.7, 0.9, 0.97];

  test("cut short", () => everyFile(shares, (file, from) => file.subarray(0, from)));

  test("its end never written: zeros to the end of the file", () =>
    everyFile(shares, (file, from) => Buffer.from(file).fill(0, from)));

  test("zeros that decode to just as many blocks as are missing, in a JPEG of four inks", async () => {
    const { bytes: whole } = (await seedPictures()).find(({ name }) => name === "cmyk jpeg")!;
    for (let from = Math.floor(whole.length * 0.85); from < whole.length - 26; from += 11) {
      await refuses(Buffer.from(whole).fill(0, from), `zeros from ${from} of ${whole.length}`);
    }
  });

  test("a JPEG cut and closed again, and one whose middle was never written", async () => {
    for (const [name, file] of files) {
      if (!name.includes("jpeg") || name.includes("tiff")) continue;
      for (const share of [...shares, 0.99]) {
        const from = Math.floor(file.length * share);
        await refuses(Buffer.concat([file.subarray(0, from), Buffer.from([0xff, 0xd9])]), `${name} cut at ${share}`);
      }
      for (const share of [0.2, 0.5, 0.7]) {
        const from = Math.floor(file.length * share);
        const hole = Buffer.from(file).fill(0, from, from + Math.floor(file.length / 10));
        await refuses(hole, `${name} with a hole at ${share}`);
      }
    }
  });

  test("where the JPEG decoder shrinks, too, down to the last lines", async () => {
    const file = await encode(textured(1600, 1200)).jpeg().toBuffer();
    const input = preprocessing({ width: 224, height: 224, fit: "squash" });
    await prepareImage(file, input);
    for (const share of [0.5, 0.9, 0.97, 0.98, 0.99, 0.995]) {
      const cut = Buffer.concat([file.subarray(0, file.length * share), Buffer.from([0xff, 0xd9])]);
      await assert.rejects(prepareImage(cut, input), /cut short/, `cut at ${share}`);
    }
  });

  test("an uncompressed TIFF whose directory comes first, in strips and in tiles", async () => {
    for (const tile of [false, true]) {
      const file = directoryFirst(await encode(picture).tiff({ compression: "none", tile, tileWidth: 64 }).toBuffer());
      await loadImage(file);
      let refused = 0;
      for (const share of [0.2, 0.31, 0.5, 0.63, 0.7, 0.9]) {
        const zeros = Buffer.from(file).fill(0, Math.floor(file.length * share));
        await loadImage(zeros).catch((error: unknown) => {
          assert.match(String(error), /cut short/);
          refused += 1;
        });
      }
      // Where the zeros begin with a line, or with a tile, nobody can tell them from black.
      assert.ok(refused >= 5, `${refused} of 6 refused`);
    }
  });

  test("a progressive JPEG cut between two scans", async () => {
    const file = files.get("progressive jpeg")!;
    const scans = [...file.keys()].filter((i) => file[i] === 0xff && file[i + 1] === 0xda);
    assert.ok(scans.length > 4);
    for (const scan of scans.slice(1)) {
      await refuses(Buffer.concat([file.subarray(0, scan), Buffer.from([0xff, 0xd9])]), `before byte ${scan}`);
    }
  });

  /** Damage behind the picture's data may leave it whole: then it is the same to the byte. */
  async function everyFile(at: readonly number[], damage: (file: Buffer, from: number) => Buffer): Promise<void> {
    let refused = 0;
    for (const [name, file] of files) {
      const { data } = await loadImage(file);
      for (const share of at) {
        const found = await loadImage(damage(file, Math.floor(file.length * share))).catch((error: unknown) => error);
        if (found instanceof CamlabError && /damaged|cut short/.test(found.message)) refused += 1;
        else assert.ok(Buffer.from((found as Image).data ?? []).equals(data), `${name} at ${share}: ${String(found)}`);
      }
    }
    assert.ok(refused >= at.length * files.size - 3, `${refused} refused`);
  }
});

describe("a whole picture is no error, whatever is odd about its file", () => {
  test("bytes after its end, or no mark of its end", async () => {
    const withoutEnd = { jpeg: 2, "grey jpeg": 2, "progressive jpeg": 2, png: 12, gif: 1, "interlaced gif": 1 };
    for (const [name, file] of files) {
      const { data } = await loadImage(file);
      await same(Buffer.concat([file, Buffer.alloc(3000)]), data, `${name}, zeros after`);
      await same(Buffer.concat([file, Buffer.alloc(500, "odd")]), data, `${name}, text after`);
      const end = withoutEnd[name as keyof typeof withoutEnd];
      if (end !== undefined) await same(file.subarray(0, -end), data, `${name} without its end`);
    }
  });

  test("odd markers of JPEG", async () => {
    const file = files.get("jpeg")!;
    const { data } = await loadImage(file);
    const header = 2 + 2 + file.readUInt16BE(4);
    const inserted = (at: number, bytes: number[]) =>
      Buffer.concat([file.subarray(0, at), Buffer.from(bytes), file.subarray(at)]);
    await same(inserted(header, [1, 2, 3, 4]), data, "stray bytes between segments");
    await same(inserted(header, [0xff, 0xff, 0xff]), data, "fill bytes");
    await same(inserted(file.length - 2, [0xff, 0xff, 0xff]), data, "fill bytes before the end");
    await same(inserted(file.length - 2, [7, 7, 7, 7]), data, "stray bytes before the end");
    const jfif = Buffer.concat([
      file.subarray(0, 2),
      Buffer.from([0xff, 0xe0, 0, 16, ...Buffer.from("JFIF\0"), 9, 9, 0, 0, 1, 0, 1, 0, 0]),
      file.subarray(2),
    ]);
    await same(jfif, data, "a revision of JFIF that never was");
  });

  test("one colour, whose data are zeros for long", async () => {
    const [black, below] = [
      draw(320, 240, () => [0, 0, 0]),
      draw(320, 240, (_, y) => (y < 100 ? [200, 99, 3] : [0, 0, 0])),
    ];
    const plain = () => encode(flat);
    const written = [
      plain().jpeg(),
      plain().jpeg({ optimiseCoding: false, chromaSubsampling: "4:4:4" }),
      plain().jpeg({ progressive: true }),
      plain().webp(),
      plain().webp({ lossless: true }),
      plain().gif(),
      plain().png(),
      plain().tiff({ compression: "none" }),
      encode(black).tiff({ compression: "none" }),
      encode(below).tiff({ compression: "none" }),
    ];
    for (const [i, file] of written.entries()) {
      const image = await loadImage(await file.toBuffer());
      const { data } = i === 8 ? black : i === 9 ? below : flat;
      assert.equal(image.width * image.height * 3, data.length);
      assert.ok(
        image.data.every((value, k) => Math.abs(value - data[k]) <= 3),
        `file ${i}`,
      );
    }
  });

  test("the first frame of an animation whose last is cut", async () => {
    const frames = Buffer.concat([picture.data, textured(320, 240).data, textured(320, 240).data]);
    const raw = { width: 320, height: 720, channels: 3 as const, pageHeight: 240 };
    const file = await sharp(frames, { raw }).webp().toBuffer();
    const { data } = await loadImage(file);
    await same(Buffer.from(file).fill(0, file.length - 40), data, "zeros in the last frame");
  });

  async function same(file: Uint8Array, expected: Uint8Array, what: string): Promise<void> {
    const { data } = await loadImage(file).catch((error: unknown) => assert.fail(`${what}: ${String(error)}`));
    assert.ok(Buffer.from(data).equals(expected), what);
  }
});

/** The same TIFF with its directory right behind the header, as Pillow writes it. */
function directoryFirst(file: Buffer): Buffer {
  const directory = file.readUInt32LE(4);
  const end = directory + 2 + 12 * file.readUInt16LE(directory) + 4;
  const tail = file.subarray(8, directory);
  // Whatever the directory points to moves behind it and what follows it.
  const moved = file.length - directory;
  const result = Buffer.concat([file.subarray(0, 8), file.subarray(directory), tail]);
  result.writeUInt32LE(8, 4);
  const shift = (offset: number) => (offset >= directory ? offset - directory + 8 : offset + moved);
  const sizes: Record<number, number> = { 1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1 };
  for (let entry = 10; entry < end - directory + 4; entry += 12) {
    const [tag, type, count] = [
      result.readUInt16LE(entry),
      result.readUInt16LE(entry + 2),
      result.readUInt32LE(entry + 4),
    ];
    const isFar = count * (sizes[type] ?? 4) > 4;
    const far = isFar ? shift(result.readUInt32LE(entry + 8)) : entry + 8;
    if (isFar) result.writeUInt32LE(far, entry + 8);
    if (tag !== 273 && tag !== 324) continue;
    for (let i = 0; i < count; i++) {
      if (type === 3) result.writeUInt16LE(shift(result.readUInt16LE(far + 2 * i)), far + 2 * i);
      else result.writeUInt32LE(shift(result.readUInt32LE(far + 4 * i)), far + 4 * i);
    }
  }
  return result;
}

async function refuses(file: Uint8Array, what: string): Promise<void> {
  await assert.rejects(
    loadImage(file),
    (error) => {
      assert.ok(error instanceof CamlabError, String(error));
      assert.match(error.message, /damaged|cut short/);
      return true;
    },
    what,
  );
}
