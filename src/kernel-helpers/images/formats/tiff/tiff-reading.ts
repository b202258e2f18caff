import type { TiffHeader } from "./tiff-header.js";

/** Who reads a TIFF file: libvips, or the samples themselves (`readSamples`); or why nobody does. */
export type TiffReading = "libvips" | "samples" | { readonly isNot: string };

/** How a TIFF file is read, by what its samples are. */
export function tiffReading(header: TiffHeader): TiffReading {
  const { bits, sampleFormat, photometric, compression, samples, isPlanar, isTiled, isRaw } = header;
  if (isRaw) return { isNot: "it is a camera's raw file (DNG, NEF, …), whose first picture is but a preview" };
  const colours = COLOURS[photometric];
  if (colours !== undefined) return { isNot: `its colours are ${colours}` };
  // libvips shows luma and chroma as if they were red, green and blue.
  if (photometric === YCBCR && compression !== JPEG) return { isNot: "its colours are YCbCr, not compressed as JPEG" };
  const packing = PACKINGS[compression];
  if (packing !== undefined) return { isNot: `it is compressed by ${packing}` };
  const depth = bits[0];
  if (bits.some((each) => each !== depth)) return { isNot: `its samples have ${bits.join(", ")} bits` };
  const kind = SAMPLE_FORMATS[sampleFormat] ?? "unknown numbers";
  if (sampleFormat !== UNSIGNED && sampleFormat !== FLOAT) {
    return { isNot: `its samples are ${kind} of ${depth} bits, and which of them is black is not said` };
  }
  const meaningless = header.extraSamples.length > 0 && header.extraSamples[0] === 0;
  const isUsual = sampleFormat === UNSIGNED && [1, 2, 4, 8, 16].includes(depth) && !(isPlanar && isTiled);
  if (isUsual && !(meaningless && depth >= 8 && photometric <= RGB)) return "libvips";
  const isKnown = sampleFormat === FLOAT ? [16, 32, 64].includes(depth) : [8, 12, 16, 32].includes(depth);
  if (!isKnown || photometric > RGB || !SAMPLE_PACKINGS.has(compression)) {
    return {
      isNot: `its samples are ${kind} of ${depth} bits${isPlanar && isTiled ? ", in tiles of separate planes" : ""}`,
    };
  }
  const wanted = photometric === RGB ? 3 : 1;
  if (samples < wanted || samples > wanted + 1) return { isNot: `it has ${samples} channels` };
  return "samples";
}

const UNSIGNED = 1;
const FLOAT = 3;
const RGB = 2;
const YCBCR = 6;
const JPEG = 7;

const SAMPLE_FORMATS: Readonly<Record<number, string>> = {
  1: "unsigned integers",
  2: "signed integers",
  3: "floating-point numbers",
  5: "complex integers",
  6: "complex numbers",
};

/** Compressions that samples are read from: none, LZW, Deflate twice, PackBits. */
const SAMPLE_PACKINGS: ReadonlySet<number> = new Set([1, 5, 8, 32_946, 32_773]);

const COLOURS: Readonly<Record<number, string>> = {
  4: "a mask of transparency",
  8: "CIE L*a*b*",
  9: "CIE L*a*b* (ICC)",
  10: "CIE L*a*b* (ITU)",
  32_803: "the mosaic of a camera's sensor",
  32_844: "LogL",
  32_845: "LogLuv",
  34_892: "a camera's raw values",
};

const PACKINGS: Readonly<Record<number, string>> = {
  6: "the old kind of JPEG",
  9: "JBIG",
  10: "JBIG",
  32_766: "NeXT's run lengths",
  32_809: "ThunderScan",
  33_003: "JPEG 2000",
  33_005: "JPEG 2000",
  34_661: "JBIG",
  34_712: "JPEG 2000",
  34_887: "LERC",
  34_892: "lossy JPEG of a camera's raw file",
  34_925: "LZMA",
  34_933: "PNG",
  34_934: "JPEG XR",
  50_000: "Zstandard",
  50_001: "WebP",
  50_002: "JPEG XL",
  52_546: "JPEG XL",
};
