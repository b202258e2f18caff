/** Decoded pixels: 8-bit sRGB, three interleaved channels, row by row from the top left. */
export interface Image {
  readonly width: number;
  readonly height: number;
  /** `width · height · 3` bytes: R, G, B, R, G, B, … */
  readonly data: Uint8Array;
}

/**
 * The file of an image within something larger, as plain data: its bytes are read when they are needed, and let go after.
 * The readers of Parquet, tar, zip and lists of addresses give them.
 *
 * @example
 * const file: images.PackedImage = { kind: "part", pack: "birds.tar", entry: "0001.jpg", start: 512, size: 48_211 };
 */
export type PackedImage = PackedPart | PackedZipEntry | PackedRow | PackedAddress;

/** A stretch of a file, as in a tar archive. */
export interface PackedPart {
  readonly kind: "part";
  /** Path of the file that holds it. */
  readonly pack: string;
  /** Its name in there. */
  readonly entry: string;
  /** Where it begins, in bytes. */
  readonly start: number;
  /** In bytes. */
  readonly size: number;
}

/** An entry of a zip archive. */
export interface PackedZipEntry {
  readonly kind: "zip";
  readonly pack: string;
  readonly entry: string;
  /** Where its local header begins, in bytes. */
  readonly start: number;
  /** Bytes in the archive. */
  readonly packedSize: number;
  /** Bytes of the file. */
  readonly size: number;
  /** The file's CRC-32. */
  readonly crc: number;
  readonly isDeflated: boolean;
}

/** A value in a Parquet file. */
export interface PackedRow {
  readonly kind: "row";
  readonly pack: string;
  readonly entry: string;
  /** The column: of bytes, or of `{ bytes, path }`. */
  readonly column: string;
  /** Counted from 0. */
  readonly row: number;
}

/** A file of a server. */
export interface PackedAddress {
  readonly kind: "address";
  /** `http://…` or `https://…` */
  readonly pack: string;
  /** Empty: the address says all. */
  readonly entry: string;
  /** More bytes than this are not taken. */
  readonly most: number;
}

/** Where pixels come from: a path, the bytes of an encoded file, pixels that are already decoded, or a file in a larger one. */
export type ImageSource = string | Uint8Array | Image | PackedImage;
