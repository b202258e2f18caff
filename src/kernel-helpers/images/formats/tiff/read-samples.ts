// TIFF files whose samples libvips does not take for what they are: floating-point numbers, integers of 12 and 32 bits,
// tiles of separate planes, channels that nobody explains.
import { CamlabError } from "../../../support/errors.js";
import type { Image } from "../../image.js";
import type { TiffHeader } from "./tiff-header.js";
import { unpackSegment } from "./unpack-segment.js";
import { halfToNumber } from "../../../support/half-float.js";

/**
 * Reads the samples of a TIFF file and shows them in 8 bits: integers by their range, floating-point numbers from 0 to 1.
 *
 * @throws RangeError when the file is damaged; CamlabError for numbers that have no place between black and white
 */
export function readSamples(bytes: Uint8Array, header: TiffHeader, name: string): Image {
  const { width, height, samples, extraSamples } = header;
  const values = sampleValues(bytes, header);
  const colours = header.photometric === 2 ? 3 : 1;
  const shown = brightness(values, header, colours, name);
  const data = new Uint8Array(width * height * 3);
  const alpha = samples > colours && extraSamples[0] > 0 ? colours : -1;
  for (let pixel = 0; pixel < width * height; pixel++) {
    const share = alpha < 0 ? 1 : shown(values[pixel * samples + alpha]);
    for (let channel = 0; channel < 3; channel++) {
      const value = shown(values[pixel * samples + (colours === 3 ? channel : 0)]);
      const seen = header.photometric === 0 ? 1 - value : value;
      const overWhite = extraSamples[0] === 1 ? seen + 1 - share : seen * share + 1 - share;
      data[pixel * 3 + channel] = Math.min(255, Math.round(255 * overWhite));
    }
  }
  return { width, height, data };
}

/** Each value as a share of white. */
function brightness(
  values: Float64Array,
  { bits, sampleFormat, samples }: TiffHeader,
  colours: number,
  name: string,
): (value: number) => number {
  let [least, most] = [Infinity, -Infinity];
  for (let i = 0; i < values.length; i++) {
    if (i % samples >= colours) continue;
    const value = values[i];
    if (Number.isNaN(value)) throw unclear(name, "some of its samples are not numbers (NaN)");
    if (value < least) least = value;
    if (value > most) most = value;
  }
  if (sampleFormat === 3) {
    if (least >= 0 && most <= 1) return (value) => value;
    throw unclear(
      name,
      `its floating-point samples run from ${least} to ${most}, and which of them is white is not said`,
    );
  }
  const white = 2 ** bits[0] - 1;
  if (most > 0 && most < white / 256) throw unclear(name, `its samples reach ${most} of ${white}: all would be black`);
  return (value) => value / white;
}

function unclear(name: string, why: string): CamlabError {
  return new CamlabError(
    `cannot read ${name}: ${why}; bring them to 0 … 1, or save the picture with 8 or 16 bits a sample`,
  );
}

/** `height × width × samples` values. */
function sampleValues(bytes: Uint8Array, header: TiffHeader): Float64Array {
  const { width, height, samples, segment, isPlanar, isTiled, offsets, byteCounts, compression } = header;
  const values = new Float64Array(width * height * samples);
  const across = Math.ceil(width / segment.width);
  const down = Math.ceil(height / segment.height);
  const together = isPlanar ? 1 : samples;
  const rowBytes = Math.ceil((segment.width * together * header.bits[0]) / 8);
  for (let index = 0; index < across * down * (samples / together); index++) {
    const plane = Math.floor(index / (across * down));
    const left = (index % across) * segment.width;
    const top = Math.floor((index % (across * down)) / across) * segment.height;
    const rows = isTiled ? segment.height : Math.min(segment.height, height - top);
    const [offset, count] = [offsets[index], byteCounts[index]];
    if (!(offset + count <= bytes.length)) throw new RangeError("a strip lies beyond the end");
    const unpacked = unpackSegment(bytes.subarray(offset, offset + count), compression, rows * rowBytes);
    const line = lineReader(unpacked, rowBytes, header, together);
    for (let row = 0; row < Math.min(rows, height - top); row++) {
      const read = line(row);
      const columns = Math.min(segment.width, width - left);
      for (let i = 0; i < columns * together; i++) {
        const column = left + Math.floor(i / together);
        values[((top + row) * width + column) * samples + (isPlanar ? plane : i % together)] = read[i];
      }
    }
  }
  return values;
}

/** Gives the values of a line, differences summed up. */
function lineReader(
  bytes: Uint8Array,
  rowBytes: number,
  { bits: [bits], sampleFormat, predictor, segment, isLittleEndian }: TiffHeader,
  samples: number,
): (row: number) => Float64Array {
  const length = segment.width * samples;
  const values = new Float64Array(length);
  const white = 2 ** bits;
  return (row) => {
    let line = bytes.subarray(row * rowBytes, (row + 1) * rowBytes);
    let isLittle = isLittleEndian;
    if (predictor === 3) {
      line = floatsFromBytePlanes(line, samples, bits / 8);
      isLittle = false;
    }
    const view = new DataView(line.buffer, line.byteOffset, line.length);
    for (let i = 0; i < length; i++) values[i] = valueAt(view, i, bits, sampleFormat === 3, isLittle);
    if (predictor === 2) for (let i = samples; i < length; i++) values[i] = (values[i] + values[i - samples]) % white;
    return values;
  };
}

function valueAt(view: DataView, i: number, bits: number, isFloat: boolean, isLittle: boolean): number {
  if (isFloat) {
    if (bits === 64) return view.getFloat64(8 * i, isLittle);
    return bits === 32 ? view.getFloat32(4 * i, isLittle) : halfToNumber(view.getUint16(2 * i, isLittle));
  }
  if (bits === 8) return view.getUint8(i);
  if (bits === 16) return view.getUint16(2 * i, isLittle);
  if (bits === 32) return view.getUint32(4 * i, isLittle);
  const at = Math.floor((i * 12) / 8);
  const pair = (view.getUint8(at) << 8) | view.getUint8(at + 1);
  return i % 2 === 0 ? pair >> 4 : pair & 0xfff;
}

/** Adobe's floating-point predictor: all first bytes of a line, then all second bytes …, as differences. */
function floatsFromBytePlanes(line: Uint8Array, samples: number, size: number): Uint8Array {
  const summed = line.slice();
  for (let i = samples; i < summed.length; i++) summed[i] = (summed[i] + summed[i - samples]) & 255;
  const count = summed.length / size;
  const floats = new Uint8Array(summed.length);
  for (let i = 0; i < count; i++)
    for (let byte = 0; byte < size; byte++) floats[i * size + byte] = summed[byte * count + i];
  return floats;
}
