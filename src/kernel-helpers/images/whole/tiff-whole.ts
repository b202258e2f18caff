import type { TiffHeader } from "../formats/tiff/tiff-header.js";
import { walkJpeg } from "./jpeg-walk.js";
import { isCutRaster } from "./raster-cut.js";
import { hasZeroRun } from "./zero-run.js";

/** Whether a part of a TIFF's picture was never written: strips of zeros that its decoders take for pixels. */
export function isShortTiff(bytes: Uint8Array, header: TiffHeader): boolean {
  const { offsets, byteCounts, compression, segment, bits, samples, isPlanar } = header;
  const parts = offsets.map((offset, i) => bytes.subarray(offset, offset + byteCounts[i]));
  if (compression === JPEG) {
    const tables = header.jpegTables;
    return (tables !== undefined && !isClosed(tables)) || parts.some((part) => isShortStrip(part, tables));
  }
  if (compression !== UNCOMPRESSED) return false;
  const together = isPlanar ? 1 : samples;
  const line = Math.ceil((segment.width * together * bits[0]) / 8);
  return isCutRaster(parts.map((part) => ({ bytes: part, line })));
}

const UNCOMPRESSED = 1;
const JPEG = 7;

function isClosed(jpeg: Uint8Array): boolean {
  return jpeg[jpeg.length - 2] === 0xff && jpeg[jpeg.length - 1] === 0xd9;
}

function isShortStrip(strip: Uint8Array, tables: Uint8Array | undefined): boolean {
  if (!hasZeroRun(strip)) return false;
  if (strip[0] !== 0xff || strip[1] !== 0xd8) return true;
  const walk = walkJpeg(tables ? Buffer.concat([tables.subarray(0, -2), strip.subarray(2)]) : strip);
  return walk !== undefined && (walk.missing > 0 || walk.unused > 64);
}
