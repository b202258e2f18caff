// Writes the header and the first directory of a TIFF file, from the layout that TIFF 6.0 and BigTIFF describe.

/** A tag, the type of its values (3 SHORT, 4 LONG, 16 LONG8, 1 BYTE, 7 UNDEFINED), and the values. */
export type Tag = readonly [tag: number, type: number, values: readonly number[]];

const SIZES: Readonly<Record<number, number>> = { 1: 1, 2: 1, 3: 2, 4: 4, 6: 1, 7: 1, 8: 2, 9: 4, 13: 4, 16: 8, 18: 8 };

/** The bytes of a file that holds nothing but its directory; values that do not fit an entry follow it. */
export function writtenTiff(tags: readonly Tag[], isLittle: boolean, isBig: boolean): Uint8Array {
  const [head, field, entry] = isBig ? [16, 8, 20] : [8, 4, 12];
  const inPlace = isBig ? 8 : 4;
  const directory = head + 6;
  let far = directory + (isBig ? 8 : 2) + tags.length * entry + field;
  const bytes = new Uint8Array(far + tags.reduce((sum, [, type, values]) => sum + SIZES[type] * values.length, 0));
  const view = new DataView(bytes.buffer);
  const write = (at: number, size: number, value: number) => {
    if (size === 1) view.setUint8(at, value);
    else if (size === 2) view.setUint16(at, value, isLittle);
    else if (size === 4) view.setUint32(at, value, isLittle);
    else view.setBigUint64(at, BigInt(value), isLittle);
  };
  bytes.set(isLittle ? [0x49, 0x49] : [0x4d, 0x4d]);
  write(2, 2, isBig ? 43 : 42);
  if (isBig) write(4, 2, 8);
  write(isBig ? 8 : 4, field, directory);
  write(directory, isBig ? 8 : 2, tags.length);
  tags.forEach(([tag, type, values], i) => {
    const at = directory + (isBig ? 8 : 2) + i * entry;
    const length = values.length * SIZES[type];
    write(at, 2, tag);
    write(at + 2, 2, type);
    write(at + 4, field, values.length);
    let to = at + 4 + field;
    if (length > inPlace) {
      write(to, field, far);
      to = far;
      far += length;
    }
    values.forEach((value, k) => write(to + k * SIZES[type], SIZES[type], value));
  });
  return bytes.subarray(0, far);
}
