import type { Image } from "../image.js";

/** A file whose pixels do not come from libvips. */
export interface DecodedFile {
  /** Its size as stored, before its orientation is applied. */
  readonly stored: { readonly width: number; readonly height: number };
  /** As EXIF's; absent for upright. */
  readonly orientation?: number;
  /** Bytes that decoding takes. */
  readonly memory: number;
  /** Decodes it: the pixels as stored. */
  readonly decode: () => Promise<Image>;
}
