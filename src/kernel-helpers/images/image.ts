/** Decoded pixels: 8-bit sRGB, three interleaved channels, row by row from the top left. */
export interface Image {
  readonly width: number;
  readonly height: number;
  /** `width · height · 3` bytes: R, G, B, R, G, B, … */
  readonly data: Uint8Array;
}

/** Where pixels come from: a path, the bytes of an encoded file, or pixels that are already decoded. */
export type ImageSource = string | Uint8Array | Image;
