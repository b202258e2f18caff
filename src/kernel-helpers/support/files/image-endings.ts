/** The endings of the files that camlab reads as images: JPEG, PNG, WebP, AVIF, GIF, TIFF, BMP and HEIC. */
export const IMAGE_ENDINGS = [
  ".jpg",
  ".jpeg",
  ".jpe",
  ".jfif",
  ".png",
  ".webp",
  ".avif",
  ".gif",
  ".tif",
  ".tiff",
  ".bmp",
  ".dib",
  ".heic",
  ".heif",
  ".hif",
] as const;

/**
 * Whether a file's name ends as an image's does, in capitals or not.
 *
 * @example
 * files.filter(isImageName); // ["a.jpg", "b.JPEG"] of ["a.jpg", "b.JPEG", "notes.txt"]
 */
export function isImageName(name: string): boolean {
  const folded = name.toLowerCase();
  return IMAGE_ENDINGS.some((ending) => folded.endsWith(ending));
}
