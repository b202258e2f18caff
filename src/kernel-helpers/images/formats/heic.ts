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
  const { width, height, data } = await decode({ buffer: bytes });
  const pixels = new Uint8Array(width * height * 3);
  for (let from = 0, to = 0; to < pixels.length; from += 4) {
    const share = data[from + 3] / 255;
    for (let channel = 0; channel < 3; channel++) {
      pixels[to++] = Math.round(data[from + channel] * share + 255 * (1 - share));
    }
  }
  return { width, height, data: pixels };
}

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
