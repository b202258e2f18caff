/**
 * Whether an ICC profile is that of sRGB by its numbers, whatever it is called: converting from it would change no value
 * by more than rounding. Primaries as IEC 61966-2-1 has them, adapted to D50, within 0.0002; each curve within half a
 * level of 255 of sRGB's. A profile with tables of its own (A2B) is another, and so is what cannot be read.
 *
 * @param icc the profile's bytes
 */
export function isSrgbProfile(icc: Uint8Array): boolean {
  const file = Buffer.from(icc.buffer, icc.byteOffset, icc.byteLength);
  try {
    if (textAt(file, 16) !== "RGB " || textAt(file, 20) !== "XYZ ") return false;
    const tags = tagsOf(file);
    if ([...tags.keys()].some((name) => /^(A2B|D2B)/.test(name))) return false;
    const matches = (name: string, wanted: readonly number[]) => {
      const tag = tags.get(name);
      return (
        tag !== undefined &&
        textAt(tag, 0) === "XYZ " &&
        wanted.every((value, i) => near(fixedAt(tag, 8 + 4 * i), value))
      );
    };
    return (
      matches("rXYZ", [0.43607, 0.22249, 0.01392]) &&
      matches("gXYZ", [0.38515, 0.71687, 0.09708]) &&
      matches("bXYZ", [0.14307, 0.06061, 0.7141]) &&
      ["rTRC", "gTRC", "bTRC"].every((name) => isSrgbCurve(tags.get(name)))
    );
  } catch {
    return false;
  }
}

const near = (value: number, wanted: number) => Math.abs(value - wanted) <= 0.0002;

function tagsOf(file: Buffer): Map<string, Buffer> {
  const tags = new Map<string, Buffer>();
  const count = Math.min(file.readUInt32BE(128), 100);
  for (let i = 0; i < count; i++) {
    const at = 132 + 12 * i;
    const start = file.readUInt32BE(at + 4);
    tags.set(textAt(file, at), file.subarray(start, start + file.readUInt32BE(at + 8)));
  }
  return tags;
}

function isSrgbCurve(tag: Buffer | undefined): boolean {
  const curve = tag && curveOf(tag);
  if (!curve) return false;
  for (let level = 0; level < 256; level++) {
    const back = encoded(curve(level / 255));
    if (!(Math.abs(255 * back - level) <= 0.5)) return false;
  }
  return true;
}

/** sRGB's own curve, from light to level. */
function encoded(light: number): number {
  return light <= 0.0031308 ? 12.92 * light : 1.055 * light ** (1 / 2.4) - 0.055;
}

/** From level to light, both from 0 to 1 (ICC.1:2022, 10.6 and 10.18); undefined for kinds that sRGB is not written in. */
function curveOf(tag: Buffer): ((level: number) => number) | undefined {
  const kind = textAt(tag, 0);
  if (kind === "curv") {
    const count = tag.readUInt32BE(8);
    if (count < 2) return undefined;
    const at = (i: number) => tag.readUInt16BE(12 + 2 * i) / 65535;
    return (level) => {
      const low = Math.min(Math.floor(level * (count - 1)), count - 2);
      const share = level * (count - 1) - low;
      return at(low) * (1 - share) + at(low + 1) * share;
    };
  }
  if (kind !== "para" || tag.readUInt16BE(8) !== 3) return undefined;
  const [g, a, b, c, d] = [0, 1, 2, 3, 4].map((i) => fixedAt(tag, 12 + 4 * i));
  return (level) => (level >= d ? (a * level + b) ** g : c * level);
}

/** A signed number of 16 bits before and 16 bits behind the point. */
function fixedAt(bytes: Buffer, at: number): number {
  return bytes.readInt32BE(at) / 65536;
}

function textAt(bytes: Buffer, at: number): string {
  return bytes.toString("latin1", at, at + 4);
}
