// Small pictures of every format that is read, to be damaged.
import { readFileSync } from "node:fs";
import sharp from "sharp";
import { draw, encode } from "../../kernel-helpers/images/pictures.js";

/** A sound picture. */
export interface SeedPicture {
  readonly name: string;
  readonly bytes: Buffer;
}

/** The pictures, the same each time. */
export async function seedPictures(): Promise<SeedPicture[]> {
  const noise = (x: number, y: number) => ((x * 7919 + y * 104_729 + x * y * 31) % 41) - 20;
  const picture = draw(96, 72, (x, y) => [
    128 + 100 * Math.sin(x / 9 + y / 31) + noise(x, y),
    128 + 100 * Math.sin(x / 23 - y / 7) + noise(y, x),
    100 + 80 * Math.cos((x * y) / 300) + noise(x + 1, y),
  ]);
  const photo = () => encode(picture);
  const frames = Buffer.concat([picture.data, Buffer.from(picture.data).reverse()]);
  const animation = () => sharp(frames, { raw: { width: 96, height: 144, channels: 3, pageHeight: 72 } });
  const written = {
    jpeg: photo().jpeg(),
    "jpeg 4:4:4, turned": photo().withMetadata({ orientation: 6 }).jpeg({ chromaSubsampling: "4:4:4" }),
    "grey jpeg": photo().greyscale().jpeg(),
    "progressive jpeg": photo().jpeg({ progressive: true }),
    "cmyk jpeg": photo().toColourspace("cmyk").jpeg(),
    png: photo().png(),
    "interlaced png": photo().png({ progressive: true }),
    "palette png": photo().png({ palette: true }),
    "png of 16 bits with alpha": photo().ensureAlpha(0.5).toColourspace("rgb16").png(),
    webp: photo().webp(),
    "lossless webp": photo().webp({ lossless: true }),
    "webp with alpha": photo().ensureAlpha(0.5).webp(),
    "animated webp": animation().webp(),
    gif: photo().gif(),
    "animated gif": animation().gif(),
    avif: photo().avif({ effort: 0 }),
    "tiff, uncompressed": photo().tiff({ compression: "none" }),
    "tiff, LZW": photo().tiff({ compression: "lzw" }),
    "tiff, JPEG": photo().tiff({ compression: "jpeg" }),
    "tiff, tiles": photo().tiff({ compression: "deflate", tile: true, tileWidth: 32, tileHeight: 32 }),
  };
  const pictures: SeedPicture[] = [];
  for (const [name, file] of Object.entries(written)) pictures.push({ name, bytes: await file.toBuffer() });
  return [...pictures, ...fixtures(), { name: "bmp", bytes: bitmap(picture) }];
}

function fixtures(): SeedPicture[] {
  const read = (name: string) =>
    JSON.parse(readFileSync(new URL(`../../fixtures/images/${name}.json`, import.meta.url), "utf8")) as {
      files: { name?: string; file: string }[];
    };
  const tiffs = ["rgb float32, tiles", "grey float32, predictor", "12 bits", "rgb uint8, tiles of planes"];
  const found = read("tiffs").files.filter(({ name }) => tiffs.includes(name!));
  return [...found, { name: "heic", file: read("heic").files[1].file }].map(({ name, file }) => ({
    name: `${name}`,
    bytes: Buffer.from(file, "base64"),
  }));
}

/** An uncompressed bitmap of 24 bits, whose rows must need no padding. */
export function bitmap({ width, height, data }: { width: number; height: number; data: Uint8Array }): Buffer {
  const file = Buffer.alloc(54 + width * height * 3);
  file.write("BM");
  [file.length, 0, 54, 40, width, height].forEach((value, i) => file.writeUInt32LE(value, 2 + 4 * i));
  file.writeUInt16LE(1, 26);
  file.writeUInt16LE(24, 28);
  for (let y = 0; y < height; y++) {
    const line = data.subarray((height - 1 - y) * width * 3, (height - y) * width * 3);
    for (let i = 0; i < line.length; i += 3) file.set([line[i + 2], line[i + 1], line[i]], 54 + y * width * 3 + i);
  }
  return file;
}
