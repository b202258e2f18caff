// Where a path is cut into panels: close together where a normalisation bends.
import { at, vectorsBelow, type Vector } from "../vectors.js";
import { inputsOf, sizeOf } from "./multiply.js";
import { epsilonOf, straight, type NormAtom, type Path } from "./path.js";

/**
 * σ(t) = √((t − centre)² + width²), but for a factor: with u = asinh((t − centre) / width) nothing bends sharply in u. Where a
 * panel's share of 1/σ has a closed form (`isShare`) only the normalised vector is followed, which no longer changes where u is
 * large: with atan((t − centre) / width) panels lie as close together as it changes.
 */
interface Bend {
  readonly centre: number;
  readonly width: number;
  readonly isShare: boolean;
  /** Beyond this |u| the normalised vector no longer changes. */
  readonly most: number;
}

/** The normalisations below a vector whose input goes straight along the path. */
export function bendsBelow(path: Path, scores: Vector): Bend[] {
  const bends = new Map<string, Bend>();
  let norms = 0;
  for (const vector of vectorsBelow(scores)) {
    for (const { atom, by } of vector.terms) {
      if (atom.kind !== "norm" || bends.has(atom.key)) continue;
      norms++;
      const bend = straight(atom) ? ofStraight(path, atom, inputsOf(by, atom, sizeOf(vector))) : ofLine(path, atom);
      if (bend) bends.set(atom.key, bend);
    }
  }
  const found = [...bends.values()];
  // A normalisation of what a normalisation feeds bends earlier.
  return norms > 1 ? found.flatMap((bend) => [bend, { ...bend, isShare: false, width: bend.width / EARLIER }]) : found;
}

const EARLIER = 16;

function ofStraight(path: Path, atom: NormAtom, size: number): Bend | undefined {
  const { variance } = path.direction(atom, size);
  // tanh 7 is 1 but for 2e-6
  return variance > 0 ? { centre: 0, width: Math.sqrt(epsilonOf(atom) / variance), isShare: true, most: 7 } : undefined;
}

/** A normalisation of bias + t · rise. */
function ofLine(path: Path, atom: NormAtom): Bend | undefined {
  const { terms, bias } = atom.of;
  if (terms.some((term) => term.atom.kind !== "pool")) return undefined;
  const size = sizeOf(atom.of);
  const rise = new Float64Array(size);
  for (const term of terms) {
    if (term.atom.kind !== "pool") continue;
    const direction = path.times(term.by, term.atom, inputsOf(term.by, term.atom, size), size);
    for (let i = 0; i < size; i++) rise[i] += direction[i];
  }
  const start = Float64Array.from({ length: size }, (_, i) => at(bias ?? 0, i));
  const centred = (values: Float64Array) => {
    const mean = atom.norm === "rms" ? 0 : values.reduce((a, b) => a + b, 0) / size;
    return values.map((value) => value - mean);
  };
  const [a, b] = [centred(rise), centred(start)];
  const mean = (x: Float64Array, y: Float64Array) => x.reduce((sum, value, i) => sum + value * y[i], 0) / size;
  const [steep, along, first] = [mean(a, a), mean(a, b), mean(b, b)];
  if (steep === 0) return undefined;
  const centre = -along / steep;
  return {
    centre,
    width: Math.sqrt(Math.max(first / steep - centre ** 2, 0) + epsilonOf(atom) / steep),
    isShare: false,
    most: Infinity,
  };
}

/** The ends of `panels` panels from 0 to 1; those of half as many are every other one. */
export function meshOf(bends: readonly Bend[], panels: number): number[] {
  if (bends.length === 0) return Array.from({ length: panels + 1 }, (_, i) => i / panels);
  const lines = bends.map(lineOf).filter(({ span }) => span > 0);
  const grown = (t: number) => lines.reduce((sum, { from, span, u }) => sum + (u(t) - from) / span, 0.5 * t);
  const growth = (t: number) => lines.reduce((sum, { span, slope }) => sum + slope(t) / span, 0.5);
  const total = grown(1);
  const ends = [0];
  for (let i = 1; i < panels; i++) ends.push(solved(grown, growth, (i / panels) * total, ends[i - 1]));
  return [...ends, 1];
}

function lineOf({ centre, width, isShare, most }: Bend) {
  const x = (t: number) => (t - centre) / width;
  const u = isShare ? (t: number) => Math.atan(x(t)) : (t: number) => Math.min(Math.max(Math.asinh(x(t)), -most), most);
  const slope = isShare
    ? (t: number) => 1 / (width * (1 + x(t) ** 2))
    : (t: number) => (Math.abs(Math.asinh(x(t))) < most ? 1 / (width * Math.sqrt(1 + x(t) ** 2)) : 0);
  return { from: u(0), span: u(1) - u(0), u, slope };
}

/** Where an increasing function reaches a value, by Newton's steps between bounds, of which the lower is where they begin. */
function solved(of: (t: number) => number, slope: (t: number) => number, wanted: number, from: number): number {
  let [low, high, t] = [from, 1, from];
  for (let step = 0; step < 100; step++) {
    const over = of(t) - wanted;
    if (over > 0) high = t;
    else low = t;
    const next = t - over / slope(t);
    const inside = next > low && next < high ? next : (low + high) / 2;
    if (Math.abs(inside - t) <= 1e-9 * t) return inside;
    t = inside;
  }
  return t;
}
