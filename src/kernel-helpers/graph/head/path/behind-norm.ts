// A hidden unit behind a normalisation of the path goes x(t) = s(t) d + b, with s(t) = t / σ(t) and σ² = t² v + ε. With
// z = s √v, which goes from 0 to Z = √(v / (v + ε)), and c = d / √v, so that x = c z + b, its slopes along the path are
//
//   ∫ act′(x) ds = (act(x₁) − act(x₀)) / d   and   ∫ act′(x) dt / σ = v^−½ ∫ act′(c z + b) dz / (1 − z²),
//
// where the last is ½ c ln(1 − z²) and artanh z between the points of a slope that is lines. Of a smooth slope
// act′(c + b) artanh Z is taken off, which leaves a smooth integrand to Gauss's rule.
import { GAUSS } from "../../gauss.js";
import { knotsOf, type Knots } from "../slope-knots.js";
import type { Vector } from "../vectors.js";
import { Gathered } from "./gathered.js";
import { inputsOf, sizeOf } from "./multiply.js";
import { epsilonOf, straight, sumOf, type Path } from "./path.js";
import { meanSlope } from "./secants.js";
import { startOf, type ActivationAtom, type Start } from "./start.js";

/** Slopes of hidden units along the path: ∫ act′ dt / σ, and ∫ act′ ds. */
interface Slopes {
  readonly shares: Float64Array;
  readonly rises: Float64Array;
}

/** A layer of hidden units that read a normalisation of the path: x = s d + b. */
interface Units extends Start {
  readonly activation: ActivationAtom["activation"];
  readonly d: Float64Array;
  readonly variance: number;
  readonly epsilon: number;
}

/** Slopes of the last path, in room that is kept. */
interface Room {
  readonly own: Slopes;
  path?: Path;
  /** Undefined where a slope is too rough. */
  slopes?: Slopes;
}

const rooms = new WeakMap<ActivationAtom, Room>();

/**
 * The gradient of one score along the whole path, where the score reads nothing but activations of normalisations of the
 * path: undefined where it reads others, or where a slope is too rough.
 */
export function gatheredBehindNorms(path: Path, scores: Vector, channels: number): Gathered | undefined {
  const gathered = new Gathered(path, channels);
  for (const { atom, by } of scores.terms) {
    if (atom.kind !== "activation" || atom.of.terms.length !== 1 || by.kind !== "dense") return undefined;
    const [{ by: matrix, atom: inner }] = atom.of.terms;
    const norm = straight(inner);
    if (norm?.kind !== "norm") return undefined;
    const hidden = sizeOf(atom.of);
    const inputs = inputsOf(matrix, norm, hidden);
    const { variance } = path.direction(norm, inputs);
    const d = path.times(matrix, norm, inputs, hidden);
    const way = path.along(norm, inputs, 1);
    const units = { ...startOf(atom), activation: atom.activation, d, variance, epsilon: epsilonOf(norm) };
    const slopes = keptSlopes(path, atom, (room) => slopesOf(units, way, room));
    if (!slopes) return undefined;
    addSlopes(gathered.entry({ by: matrix, atom: norm, inputs }, hidden), slopes, {
      behind: by.data,
      d,
      squares: inputs * variance,
    });
  }
  return gathered;
}

function keptSlopes(path: Path, atom: ActivationAtom, make: (room: Slopes) => Slopes | undefined): Slopes | undefined {
  let room = rooms.get(atom);
  if (!room) {
    const size = sizeOf(atom.of);
    rooms.set(atom, (room = { own: { shares: new Float64Array(size), rises: new Float64Array(size) } }));
  }
  if (room.path !== path) {
    room.slopes = make(room.own);
    room.path = path;
  }
  return room.slopes;
}

function addSlopes(
  entry: ReturnType<Gathered["entry"]>,
  { shares, rises }: Slopes,
  { behind, d, squares }: { readonly behind: Float32Array; readonly d: Float64Array; readonly squares: number },
): void {
  let bent = 0;
  const { sum } = entry;
  for (let i = 0; i < shares.length; i++) {
    const share = behind[i] * shares[i];
    sum[i] += share;
    bent += d[i] * (share - behind[i] * rises[i]);
  }
  if (squares > 0) entry.along += bent / squares;
}

function slopesOf(units: Units, way: number, room: Slopes): Slopes | undefined {
  const { act, d, bias, values, variance, epsilon } = units;
  const { rises } = room;
  for (let i = 0; i < rises.length; i++) {
    const end = bias[i] + way * d[i];
    rises[i] = way * meanSlope(act, bias[i], end, values[i], act.value(end));
  }
  if (variance === 0) return { shares: rises.map((rise) => rise / way / Math.sqrt(epsilon)), rises };
  const knots = knotsOf(units.activation);
  const shares = knots ? sharesOfLines(units, knots, room.shares) : sharesOfSmooth(units);
  return shares && Number.isFinite(sumOf(shares)) ? { shares, rises } : undefined;
}

function sharesOfLines(
  { d, bias, variance, epsilon }: Units,
  { p, q, knots }: Knots,
  shares: Float64Array,
): Float64Array {
  const deviation = Math.sqrt(variance);
  const last = Math.sqrt(variance / (variance + epsilon));
  const [whole, all] = [Math.asinh(Math.sqrt(variance / epsilon)), Math.log(epsilon / (variance + epsilon))];
  for (let i = 0; i < d.length; i++) {
    const [c, b] = [d[i] / deviation, bias[i]];
    let sum = (p + q * b) * whole - (q * c * all) / 2;
    for (const { from, p: more, q: steeper } of knots) {
      // Knots that lie on one side of the whole way.
      if (b <= from && b + c * last <= from) continue;
      const line = more + steeper * b;
      const tilt = (steeper * c) / 2;
      if (b > from && b + c * last >= from) {
        sum += line * whole - tilt * all;
        continue;
      }
      // Where the knot is passed: artanh z and ln(1 − z²) there.
      const z = (from - b) / c;
      const [ahead, back] = [Math.log(1 + z), Math.log(1 - z)];
      const [artanh, logarithm] = [(ahead - back) / 2, ahead + back];
      if (c > 0) sum += line * (whole - artanh) - tilt * (all - logarithm);
      else sum += line * artanh - tilt * logarithm;
    }
    shares[i] = sum / deviation;
  }
  return shares;
}

/** How far Gauss's rule may move from half as many pieces to all, as a share of the largest: it is far less off then. */
const MOVES = 1e-3;
const MOST_PIECES = 16;

function sharesOfSmooth(units: Units): Float64Array | undefined {
  if (units.act.steep) return undefined;
  let before = sharesInPieces(units, 1);
  for (let pieces = 2; pieces <= MOST_PIECES; pieces *= 2) {
    const shares = sharesInPieces(units, pieces);
    let [moved, largest] = [0, 0];
    for (let i = 0; i < shares.length; i++) {
      moved = Math.max(moved, Math.abs(shares[i] - before[i]));
      largest = Math.max(largest, Math.abs(shares[i]));
    }
    if (moved <= MOVES * largest) return shares;
    before = shares;
  }
  return undefined;
}

function sharesInPieces({ act, d, bias, variance, epsilon }: Units, pieces: number): Float64Array {
  const { slope } = act;
  const deviation = Math.sqrt(variance);
  const width = Math.sqrt(variance / (variance + epsilon)) / pieces;
  const whole = Math.asinh(Math.sqrt(variance / epsilon));
  const places = Float64Array.from({ length: pieces * GAUSS.length }, (_, j) => {
    const piece = Math.floor(j / GAUSS.length);
    return (piece + GAUSS[j % GAUSS.length][0]) * width;
  });
  const weights = places.map((z, j) => (GAUSS[j % GAUSS.length][1] * width) / (1 - z * z));
  const rest = whole - weights.reduce((a, b) => a + b, 0);
  const shares = new Float64Array(d.length);
  for (let i = 0; i < shares.length; i++) {
    const [c, b] = [d[i] / deviation, bias[i]];
    let sum = slope(c + b) * rest;
    for (let j = 0; j < places.length; j++) sum += weights[j] * slope(c * places[j] + b);
    shares[i] = sum / deviation;
  }
  return shares;
}
