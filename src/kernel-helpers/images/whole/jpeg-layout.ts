// The parts of a JPEG file (ITU-T T.81, annex B), by its markers alone: nothing is decoded.

/** A scan's compressed data, and which coefficients of which components it carries to which precision. */
export interface JpegScan {
  /** First byte of the compressed data. */
  readonly start: number;
  /** First byte after it: a marker, or the end of the file. */
  readonly end: number;
  readonly components: readonly number[];
  readonly firstCoefficient: number;
  readonly lastCoefficient: number;
  /** Bits that are still missing after this scan: Al of the standard. */
  readonly missingBits: number;
}

/** What lies where in a JPEG file. */
export interface JpegLayout {
  readonly scans: readonly JpegScan[];
  /** Where the marker of the picture's end stands; absent when there is none. */
  readonly end?: number;
  readonly isProgressive: boolean;
  readonly components: readonly number[];
  /** Lines that are decoded at a time: 16 where colours are halved from above, else 8. */
  readonly linesAtOnce: number;
  /** Bytes between segments that belong to none: first byte, first byte after. */
  readonly strays: readonly (readonly [number, number])[];
}

/** The parts of a JPEG file; undefined when its markers make no sense. */
export function jpegLayout(bytes: Uint8Array): JpegLayout | undefined {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const scans: JpegScan[] = [];
  const strays: [number, number][] = [];
  let components: number[] = [];
  let isProgressive = false;
  let linesAtOnce = 8;
  let end: number | undefined;
  let at = 2;
  while (at < file.length) {
    const mark = file.indexOf(0xff, at);
    if (mark < 0) break;
    let code = mark + 1;
    while (file[code] === 0xff) code++;
    const marker = file[code];
    if (marker === 0 && scans.length === 0) return undefined;
    if (mark > at) strays.push([at, mark]);
    if (marker === EOI) {
      end = mark;
      break;
    }
    if (marker === undefined) break;
    at = code + 1;
    if (isBare(marker)) continue;
    if (at + 2 > file.length) break;
    const length = file.readUInt16BE(at);
    const segment = file.subarray(at + 2, at + length);
    if (length < 2) return undefined;
    at += length;
    if (isFrame(marker)) {
      isProgressive = marker === SOF_PROGRESSIVE || marker === SOF_PROGRESSIVE + 8;
      components = Array.from({ length: segment[5] ?? 0 }, (_, i) => segment[6 + 3 * i]);
      linesAtOnce = 8 * Math.max(1, ...components.map((_, i) => segment[7 + 3 * i] & 15));
    }
    if (marker !== SOS) continue;
    const stop = endOfScan(file, at);
    scans.push({ start: at, end: stop, ...scanOf(segment) });
    at = stop;
  }
  return { scans, ...(end !== undefined && { end }), isProgressive, components, linesAtOnce, strays };
}

/**
 * Whether the scans of a progressive picture carry every coefficient to its last bit. One that was cut between two scans
 * shows all of its area, and none of its detail.
 */
export function hasAllDetail({ scans, components, isProgressive }: JpegLayout): boolean {
  if (!isProgressive) return true;
  return components.every((component) =>
    Array.from({ length: 64 }, (_, coefficient) => coefficient).every((coefficient) =>
      scans.some(
        (scan) =>
          scan.missingBits === 0 &&
          scan.components.includes(component) &&
          scan.firstCoefficient <= coefficient &&
          coefficient <= scan.lastCoefficient,
      ),
    ),
  );
}

const EOI = 0xd9;
const SOS = 0xda;
const SOF_PROGRESSIVE = 0xc2;

/** Markers that no length follows. */
function isBare(marker: number): boolean {
  return marker === 0 || marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8);
}

function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

function scanOf(segment: Uint8Array): Omit<JpegScan, "start" | "end"> {
  const count = segment[0] ?? 0;
  const [firstCoefficient = 0, lastCoefficient = 63, bits = 0] = segment.subarray(1 + 2 * count);
  const components = Array.from({ length: count }, (_, i) => segment[1 + 2 * i]);
  return { components, firstCoefficient, lastCoefficient, missingBits: bits & 15 };
}

/** Compressed data goes on over stuffed zeros, fill bytes and restart markers. */
function endOfScan(file: Buffer, start: number): number {
  let at = start;
  for (;;) {
    at = file.indexOf(0xff, at);
    if (at < 0) return file.length;
    const next = file[at + 1];
    if (next !== 0 && next !== 0xff && !(next >= 0xd0 && next <= 0xd7)) return at;
    at += next === 0xff ? 1 : 2;
  }
}
