import { CamlabError, messageOf } from "../../support/errors.js";
import type { Image } from "../image.js";

/** What `heic-decode`, an optional package, gives. */
interface HeicDecode {
  (file: { readonly buffer: Uint8Array }): Promise<{ width: number; height: number; data: ArrayLike<number> }>;
}

/**
 * Decodes a HEIC file, as iPhones write them, by the optional package `heic-decode`: libheif, whose licence and patents are
 * the user's to accept.
 *
 * @param decoder the package
 * @throws CamlabError saying how to get the package where it is missing; whatever it throws for a file that is damaged
 */
export async function decodeHeic(bytes: Uint8Array, name: string, decoder = "heic-decode"): Promise<Image> {
  const decode = await loadHeicDecode(name, decoder);
  if (endsUnwritten(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length))) {
    throw new RangeError("the picture's data end in zeros");
  }
  const { width, height, data } = await alone(() => decode({ buffer: bytes }));
  const pixels = new Uint8Array(width * height * 3);
  for (let from = 0, to = 0; to < pixels.length; from += 4) {
    const share = data[from + 3] / 255;
    for (let channel = 0; channel < 3; channel++) {
      pixels[to++] = Math.round(data[from + channel] * share + 255 * (1 - share));
    }
  }
  return { width, height, data: pixels };
}

/** HEVC keeps three zeros in a row out of its data; what was never written is nothing else. */
function endsUnwritten(file: Buffer): boolean {
  let at = 0;
  while (at + 8 <= file.length) {
    const size = file.readUInt32BE(at) || file.length - at;
    const end = size === 1 ? file.length : Math.min(at + size, file.length);
    const isData = file.toString("latin1", at + 4, at + 8) === "mdat";
    if (isData) return end - at > ZEROS + 8 && file.subarray(end - ZEROS, end).every((byte) => byte === 0);
    at += Math.max(8, size);
  }
  return false;
}

const ZEROS = 24;

/**
 * libheif says of a damaged file with `console.log` that it is, in the midst of whatever a program prints: that one line is
 * left out, and one file decoded at a time so that nothing else is.
 */
async function alone<T>(decode: () => Promise<T>): Promise<T> {
  const mine = last.then(async () => {
    const { log } = console;
    const withoutLibheif = (...said: unknown[]) => {
      if (said[0] !== "Decoding image failed" && said[0] !== "Could not parse HEIF file") log.apply(console, said);
    };
    console.log = withoutLibheif;
    try {
      return await decode();
    } finally {
      if (console.log === withoutLibheif) console.log = log;
    }
  });
  last = mine.catch(() => {});
  return mine;
}
let last: Promise<unknown> = Promise.resolve();

async function loadHeicDecode(name: string, decoder: string): Promise<HeicDecode> {
  try {
    return ((await import(decoder)) as { readonly default: HeicDecode }).default;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const isMissing = code === "ERR_MODULE_NOT_FOUND" || code === "MODULE_NOT_FOUND";
    const why = isMissing ? "" : ` (it is there, but: ${messageOf(error)})`;
    throw new CamlabError(
      `cannot read ${name}: it is a HEIC picture, which needs a package of its own: npm install heic-decode${why}; or ` +
        `convert it to JPEG first`,
      { cause: error },
    );
  }
}
