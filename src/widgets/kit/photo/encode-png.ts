import { crc32, deflateSync } from "node:zlib";

/**
 * Encodes an image of palette indices as PNG: smooth maps in 256 colours take a few kilobytes, and need no library.
 *
 * @param pixels `width · height` indices, row by row from the top left
 * @param palette R, G, B, alpha of each index, at most 256 of them
 */
export function encodeIndexedPng(width: number, height: number, pixels: Uint8Array, palette: Uint8Array): Buffer {
  const { head, body } = indexedPngParts(width, height, pixels);
  return Buffer.concat([head, paletteChunks(palette), body]);
}

/** What stands before the palette of an image of palette indices, and what stands behind it. */
export function indexedPngParts(
  width: number,
  height: number,
  pixels: Uint8Array,
): { readonly head: Buffer; readonly body: Buffer } {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3], 8); // bit depth, colour type "indexed"
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return {
    head: Buffer.concat([signature, chunk("IHDR", header)]),
    body: Buffer.concat([
      chunk("IDAT", deflateSync(differences(width, height, pixels), { level: 9 })),
      chunk("IEND", new Uint8Array(0)),
    ]),
  };
}

/** The palette of an image of palette indices. */
export function paletteChunks(palette: Uint8Array): Buffer {
  const colours = palette.filter((_, i) => i % 4 !== 3);
  const alpha = palette.filter((_, i) => i % 4 === 3);
  return Buffer.concat([chunk("PLTE", colours), chunk("tRNS", alpha)]);
}

/** Each row as its difference from the row above (PNG's filter 2): small numbers where a map is smooth. */
function differences(width: number, height: number, pixels: Uint8Array): Uint8Array {
  const rows = new Uint8Array((width + 1) * height);
  for (let y = 0; y < height; y++) {
    const at = y * (width + 1);
    rows[at] = 2;
    for (let x = 0; x < width; x++) {
      rows[at + 1 + x] = pixels[y * width + x] - (y > 0 ? pixels[(y - 1) * width + x] : 0);
    }
  }
  return rows;
}

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  framed.set(body, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}
