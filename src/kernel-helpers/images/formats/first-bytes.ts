/* eslint-disable no-control-regex -- what files begin with are bytes, not letters */
// What a file is, by its first bytes: before any parser sees it, and whatever its name says.

/** A format that is read. */
export type ReadFormat = "jpeg" | "png" | "webp" | "avif" | "tiff" | "gif" | "bmp" | "heic";

/** How many bytes of a file are enough to say. */
export const FIRST_BYTES = 4096;

/** What a file begins as: a picture of a format that is read, or something else, with what to do about it. */
export type FirstBytes = { readonly format: ReadFormat } | { readonly isOther: string; readonly advice: string };

/**
 * Says what a file is.
 *
 * @param bytes its beginning, `FIRST_BYTES` of it or all there is
 * @example
 * firstBytes(await readFile("drawing.svg")); // { isOther: "an SVG drawing", advice: "save it as PNG …" }
 */
export function firstBytes(bytes: Uint8Array): FirstBytes {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, FIRST_BYTES));
  const text = head.toString("latin1");
  const media = mediaBox(text);
  if (media) return media;
  const raw = cameraRaw(text);
  if (raw) return other(raw, PHOTO);
  const read = SIGNATURES.find(({ starts }) => starts.some((start) => text.startsWith(start)));
  if (read) return { format: read.format };
  if (text.startsWith("RIFF")) return riff(text);
  const known = OTHERS.find(({ is }) => (typeof is === "string" ? text.startsWith(is) : is.test(text)));
  if (known) return other(known.what, known.advice);
  return other(textOrNot(head), `get it again, or save it as ${SAVE_AS}`);
}

/** The formats that are read, for messages. */
const READABLE = "JPEG, PNG, WebP, AVIF, TIFF, GIF, BMP or HEIC";
const SAVE_AS = "PNG or JPEG";
const DRAWING = `save it as ${SAVE_AS} at the size that you want to look at`;
const PHOTO = `develop it to ${SAVE_AS} first`;
const CONVERT = `convert it to ${SAVE_AS} first`;
const DOCUMENT = `save its pages as ${SAVE_AS} first`;
const UNPACK = "unpack it and give what is inside";
const FRAMES = `save the frames that you want to look at as ${SAVE_AS}`;
const LEFT_OUT = "leave it out";

const SIGNATURES: readonly { readonly format: ReadFormat; readonly starts: readonly string[] }[] = [
  { format: "jpeg", starts: ["\xff\xd8\xff"] },
  { format: "png", starts: ["\x89PNG\r\n\x1a\n"] },
  { format: "gif", starts: ["GIF87a", "GIF89a"] },
  { format: "tiff", starts: ["II*\0", "MM\0*", "II+\0", "MM\0+"] },
  { format: "bmp", starts: ["BM"] },
];

interface Other {
  readonly is: string | RegExp;
  readonly what: string;
  readonly advice: string;
}

const OTHERS: readonly Other[] = [
  { is: /^(?:\xef\xbb\xbf)?\s*<(?:[^]*<)?(?:\w+:)?svg[\s>/]/i, what: "an SVG drawing", advice: DRAWING },
  { is: /^(?:\xff\xfe|\xfe\xff)[^]*s\0?v\0?g\0?/i, what: "an SVG drawing", advice: DRAWING },
  {
    is: /^(?:\xef\xbb\xbf|\s)*<(?:!DOCTYPE html|html|head|body)/i,
    what: "a web page",
    advice: "get the picture itself",
  },
  { is: /^(?:\xef\xbb\xbf|\s)*<\?xml/i, what: "an XML file", advice: LEFT_OUT },
  { is: /^[^]{0,1020}%PDF-/, what: "a PDF document", advice: DOCUMENT },
  { is: /^(?:\x04?%!PS|\xc5\xd0\xd3\xc6)/, what: "a PostScript drawing", advice: DRAWING },
  { is: "8BPS", what: "a Photoshop document (PSD)", advice: CONVERT },
  { is: "gimp xcf", what: "a GIMP picture (XCF)", advice: CONVERT },
  { is: /^(?:\0\0\0\x0cjP {2}\r\n\x87\n|\xff\x4f\xff\x51)/, what: "a JPEG 2000 picture", advice: CONVERT },
  { is: /^(?:\0\0\0\x0cJXL \r\n\x87\n|\xff\x0a)/, what: "a JPEG XL picture", advice: CONVERT },
  { is: /^(?:II|MM)\xbc/, what: "a JPEG XR picture", advice: CONVERT },
  { is: /^\0\0[\x01\x02]\0/, what: "an icon (ICO)", advice: CONVERT },
  { is: "icns", what: "an icon (ICNS)", advice: CONVERT },
  { is: "v/1\x01", what: "an OpenEXR picture", advice: CONVERT },
  { is: /^#\?(?:RADIANCE|RGBE)/, what: "a Radiance picture (HDR)", advice: CONVERT },
  { is: /^P[1-7][\s#]/, what: "a Netpbm picture", advice: CONVERT },
  { is: /^P[Ff]\s/, what: "a floating-point Netpbm picture (PFM)", advice: CONVERT },
  { is: "DDS ", what: "a texture (DDS)", advice: CONVERT },
  { is: "\xabKTX", what: "a texture (KTX)", advice: CONVERT },
  { is: "qoif", what: "a QOI picture", advice: CONVERT },
  { is: "FLIF", what: "a FLIF picture", advice: CONVERT },
  { is: "BPG\xfb", what: "a BPG picture", advice: CONVERT },
  { is: /^\n[\0-\x05]\x01[\x01\x02\x04\x08]/, what: "a PCX picture", advice: CONVERT },
  { is: "AT&TFORM", what: "a DjVu document", advice: DOCUMENT },
  { is: /^(?:\x8aMNG|\x8bJNG)\r\n\x1a\n/, what: "an MNG animation", advice: FRAMES },
  { is: /^(?:\/\* XPM \*\/|#define \w+_width)/, what: "an X11 bitmap", advice: CONVERT },
  { is: /^(?:\xd7\xcd\xc6\x9a|\x01\0\t\0\0\x03)/, what: "a Windows metafile", advice: DRAWING },
  { is: /^\x01\0\0\0[^]{36} EMF/, what: "a Windows metafile", advice: DRAWING },
  { is: /^[^]{128}DICM/, what: "a DICOM record", advice: CONVERT },
  { is: "SIMPLE  =", what: "a FITS record", advice: CONVERT },
  { is: /^(?:\x89HDF\r\n|CDF[\x01\x02])/, what: "a file of arrays (HDF or NetCDF)", advice: CONVERT },
  { is: "\x93NUMPY", what: "a NumPy array", advice: "read it with readNpy" },
  { is: /^MATLAB 5/, what: "a MATLAB file", advice: CONVERT },
  {
    is: "\0\x05\x16\x07",
    what: "what macOS keeps beside a file (AppleDouble), not the picture itself",
    advice: LEFT_OUT,
  },
  {
    is: "version https://git-lfs",
    what: "a Git LFS pointer, not the picture itself",
    advice: "get the files with `git lfs pull`",
  },
  { is: "\x1aE\xdf\xa3", what: "a video (Matroska, WebM)", advice: FRAMES },
  { is: /^(?:\0\0\x01[\xb3\xba]|FLV)/, what: "a video", advice: FRAMES },
  { is: /^PK[\x03\x05]/, what: "a ZIP archive", advice: UNPACK },
  { is: /^(?:\x1f\x8b|BZh|\xfd7zXZ|7z\xbc\xaf|Rar!|\x28\xb5\x2f\xfd)/, what: "packed", advice: UNPACK },
  { is: /^[^]{257}ustar/, what: "a tar archive", advice: UNPACK },
  { is: "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", what: "an Office document", advice: DOCUMENT },
];

/** Boxes of the ISO base media format: AVIF, HEIC, raw photographs and videos begin alike. */
function mediaBox(text: string): FirstBytes | undefined {
  if (text.slice(4, 8) !== "ftyp") return undefined;
  const length = Math.min(Math.max(Buffer.from(text.slice(0, 4), "latin1").readUInt32BE(0), 16), text.length);
  const brands = [text.slice(8, 12), ...(text.slice(16, length).match(/[^]{4}/g) ?? [])];
  const has = (...wanted: string[]) => brands.some((brand) => wanted.includes(brand));
  if (has("avif", "avis")) return { format: "avif" };
  if (has("crx ")) return other("a camera's raw file (CR3)", PHOTO);
  if (has("heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1")) return { format: "heic" };
  return other("a video (MP4, QuickTime)", FRAMES);
}

/** Raw files whose own mark stands behind or in place of TIFF's. */
function cameraRaw(text: string): string | undefined {
  if (/^(?:II\*\0|MM\0\*)[^]{4}CR\x02/.test(text)) return "a camera's raw file (CR2)";
  const starts = ["FUJIFILMCCD-RAW", "IIRO", "IIRS", "MMOR", "IIU\0", "FOVb", "\0MRM"];
  if (starts.some((start) => text.startsWith(start)) || /^II[^]{4}HEAPCCDR/.test(text)) return "a camera's raw file";
  return undefined;
}

function riff(text: string): FirstBytes {
  const kind = text.slice(8, 12);
  if (kind === "WEBP") return { format: "webp" };
  return kind === "AVI " ? other("a video (AVI)", FRAMES) : other("no picture (RIFF)", LEFT_OUT);
}

function textOrNot(head: Buffer): string {
  if (head.every((byte) => byte === 0)) return "nothing but zero bytes";
  const isText = head.every((byte) => byte >= 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d);
  return isText ? `a text, not a ${READABLE} image` : `not a ${READABLE} image, whatever its name says`;
}

function other(isOther: string, advice: string): FirstBytes {
  return { isOther, advice };
}
