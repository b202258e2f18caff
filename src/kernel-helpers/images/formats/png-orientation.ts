// libvips passes over what tells a PNG's orientation where it stands behind the pixels, and where it is written as programs
// did before PNG had a place for it (ImageMagick's profiles in hexadecimal text).
import { inflateSync } from "node:zlib";
import { tiffOrientation } from "./tiff/tiff-header.js";
import { xmpOrientation } from "./xmp-orientation.js";

/** The orientation (1–8) that a PNG file gives, by EXIF or else by XMP, wherever in the file; undefined when none does. */
export function pngOrientation(bytes: Uint8Array): number | undefined {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  let exif: number | undefined;
  let xmp: number | undefined;
  for (let at = 8; at + 8 <= file.length;) {
    const end = at + 8 + file.readUInt32BE(at);
    const type = file.toString("latin1", at + 4, at + 8);
    if (end > file.length || type === "IEND") break;
    const data = file.subarray(at + 8, end);
    at = end + 4;
    if (type === "eXIf") exif ??= exifOrientation(data);
    if (type !== "tEXt" && type !== "zTXt" && type !== "iTXt") continue;
    const keyword = data.toString("latin1", 0, Math.min(data.length, 80)).split("\0", 1)[0];
    const profile = /^Raw profile type (exif|APP1|xmp)$/.exec(keyword)?.[1];
    if (profile === undefined && keyword !== "XML:com.adobe.xmp") continue;
    const text = textOf(type, data, keyword.length + 1);
    const value = profile === undefined ? text : profileOf(text);
    if (profile === "exif" || (profile === "APP1" && isExif(value))) exif ??= exifOrientation(value);
    else xmp ??= xmpOrientation(value);
  }
  return exif ?? xmp;
}

/** No packet is larger. */
const LARGEST = 16 * 2 ** 20;

function textOf(type: string, data: Buffer, start: number): Buffer {
  if (type === "tEXt") return data.subarray(start);
  if (type === "zTXt") return inflated(data.subarray(start + 1));
  const isPacked = data[start] === 1;
  const afterLanguage = data.indexOf(0, start + 2) + 1;
  const text = data.subarray(data.indexOf(0, afterLanguage) + 1);
  return isPacked ? inflated(text) : text;
}

function inflated(packed: Buffer): Buffer {
  try {
    return inflateSync(packed, { maxOutputLength: LARGEST });
  } catch {
    return Buffer.alloc(0);
  }
}

/** A line with the profile's name, one with its length, then its bytes in hexadecimal. */
function profileOf(text: Buffer): Buffer {
  const [, hexadecimal = ""] = /^\s*\w+\s+\d+\s([\da-fA-F\s]*)/.exec(text.toString("latin1")) ?? [];
  return Buffer.from(hexadecimal.replaceAll(/\s/g, ""), "hex");
}

function isExif(bytes: Buffer): boolean {
  return bytes.toString("latin1", 0, 4) === "Exif";
}

function exifOrientation(bytes: Buffer): number | undefined {
  return tiffOrientation(isExif(bytes) ? bytes.subarray(6) : bytes);
}
