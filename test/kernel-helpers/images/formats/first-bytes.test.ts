import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { test } from "node:test";
import { loadImage } from "../../../../src/kernel-helpers/images/files/load-image.js";
import { firstBytes } from "../../../../src/kernel-helpers/images/formats/first-bytes.js";
import { CamlabError } from "../../../../src/kernel-helpers/support/errors.js";
import { draw, encode } from "../pictures.js";

const latin = (text: string, length = 600) => Buffer.concat([Buffer.from(text, "latin1"), Buffer.alloc(length, 7)]);
const box = (brands: string) => latin(`\0\0\0${String.fromCharCode(8 + brands.length)}ftyp${brands}`);
const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>';

test("formats that are read are known by their first bytes", async () => {
  const picture = encode(draw(4, 3, () => [1, 2, 3]));
  for (const format of ["jpeg", "png", "webp", "avif", "tiff", "gif"] as const) {
    assert.deepEqual(firstBytes(await picture.clone().toFormat(format).toBuffer()), { format });
  }
  assert.deepEqual(firstBytes(latin("MM\0*")), { format: "tiff" });
  assert.deepEqual(firstBytes(latin("II+\0")), { format: "tiff" });
  assert.deepEqual(firstBytes(latin("BM")), { format: "bmp" });
  assert.deepEqual(firstBytes(box("heic\0\0\0\0mif1heic")), { format: "heic" });
  assert.deepEqual(firstBytes(box("mif1\0\0\0\0mif1avif")), { format: "avif" });
});

test("other files are refused by what they are, with what to do", async () => {
  const others: [Buffer, RegExp][] = [
    [Buffer.from(svg), /an SVG drawing; save it as PNG/],
    [Buffer.from(`\ufeff \n<?xml version="1.0"?>\n<!-- a drawing -->\n<!DOCTYPE svg>\n${svg}`), /an SVG drawing/],
    [Buffer.from(`<!-- ${"-".repeat(900)} -->${svg}`), /an SVG drawing/],
    [Buffer.from(`\ufeff${svg}`, "utf16le"), /an SVG drawing/],
    [gzipSync(svg), /it is packed; unpack it/],
    [latin("%PDF-1.7"), /a PDF document; save its pages/],
    [latin("\n\n%PDF-1.7"), /a PDF document/],
    [latin("%!PS-Adobe-3.0 EPSF"), /a PostScript drawing/],
    [latin("8BPS\0\x01"), /a Photoshop document/],
    [latin("gimp xcf file"), /a GIMP picture/],
    [latin("\0\0\0\x0cjP  \r\n\x87\n"), /JPEG 2000/],
    [latin("\xff\x4f\xff\x51"), /JPEG 2000/],
    [latin("\xff\x0a"), /JPEG XL/],
    [latin("\0\0\x01\0\x01\0"), /an icon/],
    [latin("v/1\x01"), /OpenEXR/],
    [latin("#?RADIANCE\n"), /Radiance/],
    [latin("P6\n4 4\n255\n"), /Netpbm/],
    [latin("qoif"), /QOI/],
    [latin(" ".repeat(128) + "DICM"), /DICOM/],
    [latin("II*\0\x10\0\0\0CR\x02\0"), /a camera's raw file \(CR2\); develop it/],
    [latin("FUJIFILMCCD-RAW"), /a camera's raw file/],
    [box("crx \0\0\0\0"), /a camera's raw file \(CR3\)/],
    [box("isom\0\0\0\0mp41"), /a video/],
    [box("qt  \0\0\0\0"), /a video/],
    [latin("RIFF1234AVI "), /a video/],
    [latin("\x1aE\xdf\xa3"), /a video/],
    [latin("PK\x03\x04"), /a ZIP archive; unpack it/],
    [latin("\0\x05\x16\x07\0\x02"), /what macOS keeps beside a file/],
    [Buffer.from("version https://git-lfs.github.com/spec/v1\noid sha256:1\n"), /a Git LFS pointer.*git lfs pull/],
    [Buffer.from("<!DOCTYPE html><html>404</html>"), /a web page; get the picture itself/],
    [Buffer.alloc(5000), /nothing but zero bytes/],
    [Buffer.from("a text\n"), /a text, not a JPEG/],
    [Buffer.from("\tlines\r\nof ü\n"), /a text, not a JPEG/],
    [Buffer.from("no\x1ftext"), /not a JPEG, .* whatever its name says/],
    [Buffer.from("no\x0btext"), /not a JPEG, .* whatever its name says/],
    [latin("\x01\x02\x03"), /it is not a JPEG, PNG.* image, whatever its name says/],
  ];
  for (const [file, expected] of others) {
    await assert.rejects(loadImage(file), (error) => {
      assert.ok(error instanceof CamlabError);
      assert.match(error.message, expected);
      assert.doesNotMatch(error.message, /damaged/);
      return true;
    });
  }
});

test("each kind of file is called by its own name", () => {
  const kinds: [string, string][] = [
    ["\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an Office document"],
    ["<html><head>", "a web page"],
    ["<?xml version='1.0'?><a/>", "an XML file"],
    ["\xc5\xd0\xd3\xc6", "a PostScript drawing"],
    ["\0\0\0\x0cJXL \r\n\x87\n", "a JPEG XL picture"],
    ["II\xbc\x01", "a JPEG XR picture"],
    ["MM\xbc", "a JPEG XR picture"],
    ["\0\0\x02\0", "an icon (ICO)"],
    ["icns", "an icon (ICNS)"],
    ["#?RGBE", "a Radiance picture (HDR)"],
    ["P7\n", "a Netpbm picture"],
    ["Pf\n", "a floating-point Netpbm picture (PFM)"],
    ["PF ", "a floating-point Netpbm picture (PFM)"],
    ["DDS |", "a texture (DDS)"],
    ["\xabKTX 11", "a texture (KTX)"],
    ["FLIF", "a FLIF picture"],
    ["BPG\xfb", "a BPG picture"],
    ["\n\x05\x01\x08", "a PCX picture"],
    ["AT&TFORM", "a DjVu document"],
    ["\x8aMNG\r\n\x1a\n", "an MNG animation"],
    ["/* XPM */", "an X11 bitmap"],
    ["#define cat_width 16", "an X11 bitmap"],
    ["\xd7\xcd\xc6\x9a", "a Windows metafile"],
    [`\x01\0\0\0${"x".repeat(36)} EMF`, "a Windows metafile"],
    ["SIMPLE  =  T", "a FITS record"],
    ["\x89HDF\r\n", "a file of arrays (HDF or NetCDF)"],
    ["CDF\x02", "a file of arrays (HDF or NetCDF)"],
    ["\x93NUMPY\x01", "a NumPy array"],
    ["MATLAB 5.0", "a MATLAB file"],
    ["\0\0\x01\xba", "a video"],
    ["FLV\x01", "a video"],
    ["Rar!\x1a", "packed"],
    ["7z\xbc\xaf", "packed"],
    [`${"x".repeat(257)}ustar`, "a tar archive"],
    ["IIRO", "a camera's raw file"],
    ["\0MRM", "a camera's raw file"],
    ["II\x1a\0\0\0HEAPCCDR", "a camera's raw file"],
    ["RIFF1234WAVE", "no picture (RIFF)"],
  ];
  for (const [start, name] of kinds) {
    const found = firstBytes(latin(start));
    assert.equal("isOther" in found ? found.isOther : JSON.stringify(found), name, JSON.stringify(start));
    if (!("isOther" in found)) continue;
    assert.ok(found.advice.length > 8, "and something to do about it");
  }
  // A mark that is not at the beginning, or not whole, is none.
  for (const start of ["xicns", "xqoif", "NUMPY", "Pg\n", "MATLAB 4", "IIRX"]) {
    const found = firstBytes(latin(start));
    assert.match("isOther" in found ? found.isOther : "", /^not a JPEG/, start);
  }
});

test("a long beginning without an end takes no time", () => {
  const start = performance.now();
  for (const text of ["<?xml ", "<!--", " ", "<", "<svg", "%PDF"]) firstBytes(Buffer.from(text.repeat(4096)));
  assert.ok(performance.now() - start < 1000);
});

test("boxes of media are told by their brands: the first, or any that is said to be compatible", () => {
  const file = (first: string, ...others: string[]) => {
    const bytes = Buffer.alloc(16 + 4 * others.length + 8);
    bytes.writeUInt32BE(16 + 4 * others.length, 0);
    bytes.write(`ftyp${first}`, 4, "latin1");
    others.forEach((brand, i) => bytes.write(brand, 16 + 4 * i, "latin1"));
    bytes.write("avif", 16 + 4 * others.length + 4, "latin1"); // Behind the box, where no brand is.
    return firstBytes(bytes);
  };
  for (const brand of ["heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1"]) {
    assert.deepEqual(file(brand), { format: "heic" }, brand);
    assert.deepEqual(file("isom", "mp42", brand), { format: "heic" }, brand);
  }
  for (const brand of ["avif", "avis"]) {
    assert.deepEqual(file(brand, "mif1"), { format: "avif" }, brand);
    assert.deepEqual(file("mif1", "miaf", brand), { format: "avif" }, brand);
  }
  assert.match(JSON.stringify(file("crx ", "mif1")), /camera's raw file \(CR3\)/);
  assert.match(JSON.stringify(file("isom", "mp42")), /a video/);
});
