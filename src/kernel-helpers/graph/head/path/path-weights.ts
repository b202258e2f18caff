// Weights of a small network behind the pooling, complete along the straight path from 0 to the features:
//
//   w̄_k = ∫₀¹ ∂S_c/∂F_k (t F) dt,   so that   Σ_k w̄_k F_k = S_c(F) − S_c(0)
//
// by the chain rule along the path (Aumann-Shapley values; integrated gradients of Sundararajan et al. 2017 for a baseline
// of 0). Along the path a linear layer on the features is t·(W F) + b, so that its matrix is applied once, not once a step,
// and transposed once at the end. Where one layer of activations follows, the integral has a closed form:
//
//   ∫₀¹ act′(t a + b) dt = (act(a + b) − act(b)) / a.
//
// Where that layer reads a normalisation, it nearly has one (`behind-norm.ts`). Else the path is cut into panels, and mean
// gradients over them are taken from differences (`secants.ts`; `before-norm.ts` for one layer that is normalised): complete to
// rounding for any number of panels, and exact but for h² of their width, which Richardson's rule takes off:
// (4 of all panels − 1 of half as many) / 3. Panels are doubled until that moves no more.
import type { GapHead, HeadNetwork } from "../gap-head.js";
import { at, vectorsBelow, type Vector } from "../vectors.js";
import { normalisedUnits, PanelsBeforeNorm, Places, type NormalisedUnits } from "./before-norm.js";
import { gatheredBehindNorms } from "./behind-norm.js";
import { ClosedTail, isClosed } from "./closed.js";
import type { Gathered } from "./gathered.js";
import { bendsBelow, meshOf } from "./mesh.js";
import { sizeOf } from "./multiply.js";
import { Nodes } from "./nodes.js";
import { Path } from "./path.js";
import { Secants } from "./secants.js";

/** A head with a small network behind the pooling. */
type NetworkTail = Pick<GapHead, "featureMaps"> & { readonly network: HeadNetwork };

/** S_c(0): what a score holds that belongs to no place. */
export function scoreAtZero(network: HeadNetwork, classIndex: number): number {
  let known = atZero.get(network);
  if (!known) atZero.set(network, (known = new Map<number, number>()));
  let score = known.get(classIndex);
  if (score === undefined) {
    const path = new Path(network, new Float64Array(channelsOf(network)));
    [score] = new Nodes(path, [0]).vector(rowOf(network.scores, classIndex));
    known.set(classIndex, score);
  }
  return score;
}

const atZero = new WeakMap<HeadNetwork, Map<number, number>>();

/**
 * The weights of one class for one photo.
 *
 * @param features the photo's pooled features F
 * @param along `path` for weights that are complete, `gradient` for the plain gradient at F
 */
export function pathWeights(
  { network, featureMaps: { channels } }: NetworkTail,
  classIndex: number,
  features: Float32Array,
  along: "path" | "gradient" = "path",
): Float32Array {
  const closed = along === "path" ? closedTail(network, channels) : undefined;
  if (closed) return closed.weights(classIndex, features);
  const photo = photoOf(network, features);
  const scores = rowOf(network.scores, classIndex);
  if (along === "gradient") return photo.point.gathered(scores, channels).weights();
  return integrated(photo, network, scores, channels);
}

/** How far the sum of a class's weights is from what it should be: S_c(F) − S_c(0) − Σ_k w̄_k F_k. */
export function pathResidual(tail: NetworkTail, classIndex: number, features: Float32Array): number {
  const { network } = tail;
  const [start, end] = photoOf(network, features).ends.vector(rowOf(network.scores, classIndex));
  return pathWeights(tail, classIndex, features).reduce((rest, w, k) => rest - w * features[k], end - start);
}

const closedTails = new WeakMap<HeadNetwork, ClosedTail | null>();

function closedTail(network: HeadNetwork, channels: number): ClosedTail | undefined {
  let tail = closedTails.get(network);
  if (tail === undefined) {
    tail = (isClosed(network.scores) && ClosedTail.of(network, channels)) || null;
    closedTails.set(network, tail);
  }
  return tail ?? undefined;
}

/** Mean gradients over panels. */
interface Panels {
  gathered(scores: Vector, channels: number): Gathered;
}

type Levels = readonly [fine: Panels, coarse: Panels, coarser: Panels];

/** What is the same for all classes of a photo. */
class Photo {
  readonly path: Path;
  #ends: Nodes | undefined;
  /** How many panels were enough for a class before. */
  panels: number | undefined;
  readonly #levels = new Map<number, Levels>();
  #units: NormalisedUnits | null | undefined;
  #whole: Secants | undefined;
  #point: Secants | undefined;
  #bends: ReturnType<typeof bendsBelow> | undefined;

  constructor(
    readonly network: HeadNetwork,
    features: Float32Array,
  ) {
    this.path = new Path(network, features);
  }

  /** Both ends of the path. */
  get ends(): Nodes {
    return (this.#ends ??= new Nodes(this.path, [0, 1]));
  }

  /** One panel. */
  get whole(): Secants {
    return (this.#whole ??= new Secants(this.ends, 1));
  }

  /** The features themselves. */
  get point(): Secants {
    return (this.#point ??= new Secants(new Nodes(this.path, [1, 1]), 1));
  }

  /** How many panels are tried first. */
  fewest(scores: Vector): number {
    this.#bends ??= bendsBelow(this.path, scores);
    if (this.#bends.length === 0) return FEWEST_PANELS.even;
    return this.#bends.length > 1 ? FEWEST_PANELS.bentTwice : FEWEST_PANELS.bent;
  }

  /** So many panels, half as many, and a quarter. */
  in(panels: number, scores: Vector): Levels {
    let made = this.#levels.get(panels);
    if (!made) {
      this.#bends ??= bendsBelow(this.path, scores);
      const places = meshOf(this.#bends, panels);
      this.#units ??= normalisedUnits(scores) ?? null;
      made = this.#units ? unitLevels(this.#units, this.path, places) : secantLevels(new Nodes(this.path, places));
      this.#levels.set(panels, made);
    }
    return made;
  }
}

function unitLevels(units: NormalisedUnits, path: Path, places: readonly number[]): Levels {
  const at = new Places(units, path, places);
  return [new PanelsBeforeNorm(units, at, 1), new PanelsBeforeNorm(units, at, 2), new PanelsBeforeNorm(units, at, 4)];
}

function secantLevels(nodes: Nodes): Levels {
  return [new Secants(nodes, 1), new Secants(nodes, 2), new Secants(nodes, 4)];
}

const photos = new WeakMap<ArrayLike<number>, Photo>();

function photoOf(network: HeadNetwork, features: Float32Array): Photo {
  const known = photos.get(features);
  if (known?.network === network && known.path.isOf(features)) return known;
  const made = new Photo(network, features);
  photos.set(features, made);
  return made;
}

/** Enough for tails without a normalisation of the path, with one, and with one of what it feeds. */
const FEWEST_PANELS = { even: 8, bent: 32, bentTwice: 32 } as const;
const MOST_PANELS = 512;
/** How far the rule may move from half as many panels to all of them: it is a sixteenth of that off then, and less. */
const MOVES = 1e-3;
/** While a tail is small it may be exact to rounding: so many numbers in all vectors at all places. */
const CHEAP = { moves: 3e-6, numbers: 16_384 } as const;

function integrated(photo: Photo, network: HeadNetwork, scores: Vector, channels: number): Float32Array {
  if (isClosed(network.scores)) {
    return photo.whole.gathered(scores, channels).weights();
  }
  const behind = gatheredBehindNorms(photo.path, scores, channels);
  if (behind) return behind.weights();
  for (let panels = photo.panels ?? photo.fewest(network.scores); ; panels *= 2) {
    const [fine, coarse, coarser] = photo.in(panels, network.scores);
    const half = coarse.gathered(scores, channels);
    const all = extrapolated(fine.gathered(scores, channels), half);
    if (panels >= MOST_PANELS) return all.weights();
    const cheap = 2 * panels * widthOf(network.scores) <= CHEAP.numbers;
    // Another class of the same photo goes along the same path: what was enough for one nearly is for all.
    if (photo.panels !== undefined && !cheap) return all.weights();
    const moves = all.apart(extrapolated(half, coarser.gathered(scores, channels)));
    if (moves > (cheap ? CHEAP.moves : MOVES)) continue;
    photo.panels = panels;
    return all.weights();
  }
}

/** How many numbers a network's vectors hold at one place. */
function widthOf(scores: Vector): number {
  let width = 0;
  for (const vector of vectorsBelow(scores)) if (vector !== scores) width += sizeOf(vector);
  return width;
}

/** Richardson's rule: what an error of h² leaves is of h⁴. */
function extrapolated(fine: Gathered, coarse: Gathered): Gathered {
  return fine.mixed(4 / 3, coarse, -1 / 3);
}

/** Only the row of one class of a vector. */
function rowOf(vector: Vector, row: number): Vector {
  let rows = rowsOf.get(vector);
  if (!rows) rowsOf.set(vector, (rows = new Map<number, Vector>()));
  const known = rows.get(row);
  if (known) return known;
  const terms = vector.terms.flatMap(({ atom, by }) => {
    if (by.kind === "dense") {
      const data = by.data.subarray(row * by.inputs, (row + 1) * by.inputs);
      return [{ atom, by: { kind: "dense" as const, outputs: 1, inputs: by.inputs, data } }];
    }
    const from = row - by.offset;
    const size = atom.size ?? vector.size ?? 0;
    if (from < 0 || from >= size) return [];
    const data = new Float32Array(size);
    data[from] = at(by.scale, from);
    return [{ atom, by: { kind: "dense" as const, outputs: 1, inputs: size, data } }];
  });
  const made: Vector = { size: 1, terms, bias: at(vector.bias ?? 0, row) };
  rows.set(row, made);
  return made;
}

const rowsOf = new WeakMap<Vector, Map<number, Vector>>();

function channelsOf({ scores, offsets }: HeadNetwork): number {
  let channels = 0;
  for (const { size, terms } of vectorsBelow(scores)) {
    for (const { atom, by } of terms) {
      if (atom.kind !== "pool") continue;
      const length = by.kind === "dense" ? by.inputs : (atom.size ?? size ?? 0);
      channels = Math.max(channels, (offsets.get(atom.key) ?? 0) + length);
    }
  }
  return channels;
}
