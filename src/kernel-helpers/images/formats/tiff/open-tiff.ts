import { CamlabError } from "../../../support/errors.js";
import type { DecodedFile } from "../decoded-file.js";
import { readSamples } from "./read-samples.js";
import { readTiffHeader } from "./tiff-header.js";
import { tiffReading } from "./tiff-reading.js";

/**
 * Opens a TIFF file whose samples libvips does not take for what they are.
 *
 * @returns undefined where libvips reads it
 * @throws CamlabError saying what it is, for a sound file of a kind that nobody here reads
 */
export function openTiff(bytes: Uint8Array, name: string): DecodedFile | undefined {
  const header = readTiffHeader(bytes);
  if (!header) return undefined;
  const reading = tiffReading(header);
  if (typeof reading !== "string") {
    throw new CamlabError(
      `cannot read ${name}: ${reading.isNot}; such TIFF files are not read: save it as grey or RGB with 8 or 16 bits a sample`,
    );
  }
  if (reading === "libvips") return undefined;
  const { width, height, samples, orientation } = header;
  return {
    stored: { width, height },
    ...(orientation !== undefined && { orientation }),
    memory: width * height * (8 * samples + 3),
    decode: () => Promise.resolve().then(() => readSamples(bytes, header, name)),
  };
}
