/**
 * The orientation (1–8, as EXIF's) that XMP gives a picture; some programs write it there alone.
 *
 * @param xmp the packet, as text or bytes; absent for a picture without one
 */
export function xmpOrientation(xmp: string | Uint8Array | undefined): number | undefined {
  if (xmp === undefined) return undefined;
  const text = typeof xmp === "string" ? xmp : Buffer.from(xmp).toString("utf8");
  const found = /tiff:Orientation\s*(?:=\s*["']|>)\s*([1-8])\b/.exec(text);
  return found ? Number(found[1]) : undefined;
}
