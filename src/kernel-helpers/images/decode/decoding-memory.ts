import type { Metadata } from "sharp";
import type { ReadFormat } from "../formats/first-bytes.js";

/** What of a header says how a picture is decoded. */
export type DecodedHeader = Pick<
  Metadata,
  "width" | "height" | "channels" | "depth" | "isProgressive" | "bitsPerSample"
>;

/**
 * The bytes that decoding a picture takes beside its result, from what its header says. Measured on pictures of 48
 * megapixels: some decoders hold all of a picture, the others a band of lines.
 */
export function decodingMemory(format: ReadFormat, metadata: DecodedHeader): number {
  const { width, height } = metadata;
  return Math.ceil(width * height * wholeBytes(format, metadata) + band(metadata));
}

/** Bytes a pixel of what a decoder holds whole. */
function wholeBytes(format: ReadFormat, { channels, depth, isProgressive, bitsPerSample }: DecodedHeader): number {
  const sampleBytes = depth === "ushort" || (bitsPerSample ?? 8) > 8 ? 2 : 1;
  switch (format) {
    case "webp":
      return 8.5;
    case "gif":
      return 5.3;
    case "avif":
    case "heic":
      return 19 * sampleBytes;
    case "bmp":
      return 8;
    case "jpeg":
      // Two bytes a coefficient.
      return isProgressive ? 2.1 * channels : 0;
    case "png":
      return isProgressive ? channels * sampleBytes + 0.6 : 0;
    case "tiff":
      return 0;
  }
}

/** Lines that are under way between decoder and filter. */
function band({ width, height, channels, depth }: DecodedHeader): number {
  const sampleBytes = depth === "uchar" ? 1 : depth === "ushort" || depth === "short" ? 2 : 4;
  return Math.min(height, LINES) * width * Math.max(3, channels) * sampleBytes;
}

const LINES = 1600;
