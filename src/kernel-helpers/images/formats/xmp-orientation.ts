import { decodeText } from "../../support/decode-text.js";

/**
 * The orientation (1–8, as EXIF's) that XMP gives a picture; some programs write it there alone. Under whatever prefix
 * the packet gives the properties of TIFF, as attribute or as element.
 *
 * @param xmp the packet, as text or bytes; absent for a picture without one
 */
export function xmpOrientation(xmp: string | Uint8Array | undefined): number | undefined {
  if (xmp === undefined) return undefined;
  const packet = typeof xmp === "string" ? xmp : decodeText(xmp).text;
  const text = packet.replaceAll(/<!--[^]*?-->|<!\[CDATA\[[^]*?\]\]>/g, "");
  const prefixes = [...text.matchAll(/\sxmlns:([\w.-]+)\s*=\s*(["'])http:\/\/ns\.adobe\.com\/tiff\/1\.0\/\2/g)];
  for (const prefix of new Set([...prefixes.map(([, name]) => name), "tiff"])) {
    const name = `${prefix.replaceAll(".", "\\.")}:Orientation`;
    const attribute = new RegExp(`(?:^|[\\s"'])${name}\\s*=\\s*(["'])\\s*([1-8])\\s*\\1`).exec(text);
    const element = new RegExp(`<${name}(?:\\s[^<>]*)?>\\s*([1-8])\\s*<`).exec(text);
    const found = attribute?.[2] ?? element?.[1];
    if (found !== undefined) return Number(found);
  }
  return undefined;
}
