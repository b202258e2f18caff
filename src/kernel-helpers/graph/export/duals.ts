import type { Emitter } from "../gradient/emitter.js";
import type { HeadNetwork } from "../head/gap-head.js";
import { inputsOf, sizeOf } from "../head/path/multiply.js";
import type { NormAtom, PoolAtom } from "../head/path/path.js";
import { vectorsBelow, type Atom, type Multiplier, type Vector } from "../head/vectors.js";
import { activationNodes } from "./activation-nodes.js";
import type { MapSources } from "./map-sources.js";

/** A vector at some places t of the path, `N × t × size × 1`, and its tangent for each place, `N × t × size × places`. */
export interface Dual {
  readonly value: string;
  readonly tangent: string;
}

/** A vector along the path, bias + t · rise, and its maps: `N × 1 × size × 1` and `N × 1 × size × places`. */
interface Line {
  readonly rise: string;
  readonly maps: string;
}

/** W u and W u̇ of a normalisation of t · u, the variance of u, and mean (spread · u̇). */
interface Straight extends Line {
  readonly variance: string;
  readonly along: string;
}

/** The values of a small network along t · F, with the maps as tangents of the features F. */
export class Duals {
  readonly #features: string;
  readonly #maps: string;
  readonly #known = new Map<string, string>();
  readonly #lines = new Map<Vector, Line>();
  readonly #constants = new Map<Multiplier | Vector, string>();

  constructor(
    readonly emit: Emitter,
    readonly network: HeadNetwork,
    readonly sources: MapSources,
  ) {
    const { channels, height, width } = sources;
    this.#features = emit.reshape(sources.features, [null, 1, channels, 1]);
    this.#maps = emit.reshape(sources.maps, [null, 1, channels, height * width]);
  }

  /** Pooled features, and their maps. */
  pooled(
    atom: PoolAtom,
    size = atom.size ?? this.sources.channels,
  ): { readonly features: string; readonly maps: string } {
    return { features: this.#part(this.#features, atom, size), maps: this.#part(this.#maps, atom, size) };
  }

  #part(value: string, atom: PoolAtom, size: number): string {
    const from = this.network.offsets.get(atom.key) ?? 0;
    if (from === 0 && size === this.sources.channels) return value;
    return this.once(`${value} ${from} ${size}`, () => this.emit.slice(value, [2], [from], [from + size]));
  }

  once(key: string, make: () => string): string {
    const known = this.#known.get(key) ?? make();
    this.#known.set(key, known);
    return known;
  }

  /** How a vector of nothing but pooled maps goes along the path. */
  line(vector: Vector): Line {
    const known = this.#lines.get(vector);
    if (known) return known;
    const size = sizeOf(vector);
    const parts = vector.terms.map(({ atom, by }) => {
      const { features, maps } = this.pooled(atom as PoolAtom, inputsOf(by, atom, size));
      return { rise: this.times(by, features, size), maps: this.times(by, maps, size) };
    });
    const sum = (pick: (part: Line) => string) => parts.map(pick).reduce((a, b) => this.emit.add(a, b));
    const made = { rise: sum(({ rise }) => rise), maps: sum(({ maps }) => maps) };
    this.#lines.set(vector, made);
    return made;
  }

  /** The bias of a vector, `size × 1`; undefined when it has none. */
  bias(vector: Vector): string | undefined {
    const { bias } = vector;
    if (bias === undefined) return undefined;
    if (typeof bias === "number") return this.emit.floats([1, 1], [bias]);
    const known = this.#constants.get(vector) ?? this.emit.tensor([bias.length, 1], Float32Array.from(bias));
    this.#constants.set(vector, known);
    return known;
  }

  /** A multiplier times a value along its third axis. */
  times(by: Multiplier, value: string, outputs: number): string {
    const { emit } = this;
    return this.once(`${this.#idOf(by)} times ${value}`, () => {
      if (by.kind === "dense") return emit.matMul(this.#constant(by, [by.outputs, by.inputs], by.data), value);
      const { scale, offset } = by;
      const single = typeof scale === "number" ? scale : scale.length === 1 ? scale[0] : undefined;
      const scaled =
        single === 1
          ? value
          : emit.mul(
              value,
              single ??
                this.#constant(by, [(scale as Float64Array).length, 1], Float32Array.from(scale as Float64Array)),
            );
      const size = inputsOf(by, this.#atomOf(by), outputs);
      return emit.pad(scaled, [0, 0, offset, 0, 0, 0, outputs - offset - size, 0]);
    });
  }

  #constant(by: Multiplier, dims: readonly number[], data: Float32Array): string {
    const known = this.#constants.get(by) ?? this.emit.tensor(dims, data);
    this.#constants.set(by, known);
    return known;
  }

  readonly #ids = new Map<Multiplier, number>();
  #idOf(by: Multiplier): number {
    const known = this.#ids.get(by) ?? this.#ids.size;
    this.#ids.set(by, known);
    return known;
  }

  /** The atom that a multiplier stands before. */
  #atomOf(by: Multiplier): Atom {
    for (const { terms } of vectorsBelow(this.network.scores)) {
      const term = terms.find((each) => each.by === by);
      if (term) return term.atom;
    }
    throw new Error("a multiplier of another network");
  }

  /** What bends along the path: normalisations of what is linear in pooled maps. */
  bendsBelow(atoms: readonly Atom[]): string[] {
    const { emit } = this;
    const norms = new Map<string, NormAtom>();
    const start: Vector = {
      size: 1,
      terms: atoms.map((atom) => ({ atom, by: { kind: "scale", offset: 0, scale: 1 } })),
    };
    for (const { terms } of vectorsBelow(start)) {
      for (const { atom } of terms) {
        if (atom.kind === "norm" && atom.of.terms.every((term) => term.atom.kind === "pool")) norms.set(atom.key, atom);
      }
    }
    return [...norms.values()].map((atom) => {
      const { bias } = atom.of;
      const fixed =
        bias === undefined
          ? 0
          : typeof bias === "number"
            ? bias * bias
            : bias.reduce((sum, b) => sum + b * b, 0) / bias.length;
      const { spread } = this.moments(atom, this.line(atom.of).rise);
      const variance = emit.add(emit.mean(emit.mul(spread, spread), [2]), 1e-30);
      return emit.node("Sqrt", [emit.div(atom.epsilon + fixed + 1e-30, variance)]);
    });
  }

  /**
   * What a multiplier makes of a normalisation of t · u, with u linear in pooled maps: its matrix is applied once, not at
   * every place of the path.
   */
  straight(atom: NormAtom, by: Multiplier, outputs: number): Straight {
    const { emit } = this;
    const { rise, maps } = this.line(atom.of);
    const once = (what: string, make: () => string) => this.once(`${what} of ${atom.key} ${rise}`, make);
    const spread = once("spread", () => this.moments(atom, rise).spread);
    const less = atom.norm === "layer";
    const moved = less ? once("moved", () => emit.sub(maps, emit.mean(maps, [2]))) : maps;
    return {
      variance: once("variance", () => emit.mean(emit.mul(spread, spread), [2])),
      along: once("along", () => emit.mean(emit.mul(spread, maps), [2])),
      rise: this.times(by, less ? spread : rise, outputs),
      maps: this.times(by, moved, outputs),
    };
  }

  /** x − mean x, or x itself for RMS normalisation. */
  moments({ norm }: NormAtom, x: string): { readonly spread: string } {
    return { spread: norm === "rms" ? x : this.emit.sub(x, this.emit.mean(x, [2])) };
  }

  /**
   * The network at some places of the path.
   *
   * @param cell where the parts of the path begin and end that the places stand for
   */
  at(t: string, cell?: { readonly from: string; readonly to: string }): DualsAt {
    return new DualsAt(this, t, cell && { from: this.at(cell.from), to: this.at(cell.to) });
  }
}

/** The values of a small network at places t of the path, `N × t × 1 × 1`. */
export class DualsAt {
  readonly #vectors = new Map<Vector, Dual>();
  readonly #atoms = new Map<string, Dual>();

  constructor(
    readonly duals: Duals,
    readonly t: string,
    readonly cell?: { readonly from: DualsAt; readonly to: DualsAt },
  ) {}

  atom(atom: Atom): Dual {
    const known = this.#atoms.get(atom.key);
    if (known) return known;
    const made = this.#made(atom);
    this.#atoms.set(atom.key, made);
    return made;
  }

  #made(atom: Atom): Dual {
    const { emit } = this.duals;
    if (atom.kind === "pool") {
      const { features, maps } = this.duals.pooled(atom);
      return { value: emit.mul(features, this.t), tangent: maps };
    }
    if (atom.kind === "product") {
      const [a, b] = atom.of.map((each) => this.vector(each));
      return {
        value: emit.mul(a.value, b.value),
        tangent: emit.add(emit.mul(a.tangent, b.value), emit.mul(b.tangent, a.value)),
      };
    }
    const x = this.vector(atom.of);
    if (atom.kind === "norm") return this.#normalised(atom, x);
    const { value, slope, meanSlope, jumps } = activationNodes(emit, atom.activation);
    const { cell } = this;
    let steep = slope(x.value);
    if (cell && jumps.length > 0) {
      // A slope that jumps inside a cell is taken as its mean there: at a single place it would be on one side or the other.
      const [from, to] = [cell.from, cell.to].map((end) => end.vector(atom.of).value);
      const passed = anyPassed(emit, from, to, jumps);
      const mean = meanSlope(from, emit.sub(to, from));
      steep = emit.add(emit.mul(mean, passed), emit.mul(steep, emit.sub(1, passed)));
    }
    return { value: value(x.value), tangent: emit.mul(steep, x.tangent) };
  }

  /** z = (x − m) / σ; ż = (ẋ − ṁ) / σ − z · (spread · ẋ) / (K σ²). */
  #normalised(atom: NormAtom, { value, tangent }: Dual): Dual {
    const { emit } = this.duals;
    const { spread } = this.duals.moments(atom, value);
    const variance = emit.add(emit.mean(emit.mul(spread, spread), [2]), Math.max(atom.epsilon, 1e-30));
    const deviation = emit.node("Sqrt", [variance]);
    const less = atom.norm === "layer";
    const z = emit.div(less ? spread : value, deviation);
    const along = emit.div(emit.mean(emit.mul(spread, tangent), [2]), variance);
    const moved = less ? emit.sub(tangent, emit.mean(tangent, [2])) : tangent;
    return { value: z, tangent: emit.sub(emit.div(moved, deviation), emit.mul(z, along)) };
  }

  /** z = t u / σ, σ² = t² v + ε; ż = u̇ / σ − t² u (spread · u̇) / (K σ³). */
  #straight(atom: NormAtom, by: Multiplier, outputs: number): Dual {
    const { duals, t } = this;
    const { emit } = duals;
    const { rise, maps, variance: own, along } = duals.straight(atom, by, outputs);
    const square = emit.mul(t, t);
    const variance = emit.add(emit.mul(square, own), Math.max(atom.epsilon, 1e-30));
    const deviation = emit.node("Sqrt", [variance]);
    const turn = emit.div(emit.mul(square, along), emit.mul(variance, deviation));
    return {
      value: emit.mul(rise, emit.div(t, deviation)),
      tangent: emit.sub(emit.div(maps, deviation), emit.mul(rise, turn)),
    };
  }

  vector(vector: Vector): Dual {
    const known = this.#vectors.get(vector);
    if (known) return known;
    const { duals, t } = this;
    const { emit } = duals;
    const size = sizeOf(vector);
    const pools = vector.terms.filter(({ atom }) => atom.kind === "pool");
    const parts = vector.terms
      .filter(({ atom }) => atom.kind !== "pool")
      .map(({ atom, by }): Dual => {
        if (isStraight(atom)) return this.#straight(atom, by, size);
        const inner = this.atom(atom);
        return { value: duals.times(by, inner.value, size), tangent: duals.times(by, inner.tangent, size) };
      });
    if (pools.length > 0) {
      const { rise, maps } = duals.line(pools.length === vector.terms.length ? vector : pooledPart(vector, size));
      parts.unshift({ value: emit.mul(rise, t), tangent: maps });
    }
    const sum = (pick: (part: Dual) => string) => parts.map(pick).reduce((a, b) => emit.add(a, b));
    const bias = duals.bias(vector);
    const value = sum((part) => part.value);
    const made = { value: bias === undefined ? value : emit.add(value, bias), tangent: sum((part) => part.tangent) };
    this.#vectors.set(vector, made);
    return made;
  }
}

/** 1 where a point lies between two numbers, else 0. */
function anyPassed(emit: Emitter, from: string, to: string, points: readonly number[]): string {
  const passed = points.map((point) => emit.less(emit.mul(emit.sub(from, point), emit.sub(to, point)), 0));
  return emit.number(passed.reduce((a, b) => emit.node("Or", [a, b])));
}

/** A normalisation of what is linear in pooled maps. */
function isStraight(atom: Atom): atom is NormAtom {
  return atom.kind === "norm" && atom.of.bias === undefined && atom.of.terms.every((term) => term.atom.kind === "pool");
}

const pooledParts = new WeakMap<Vector, Vector>();

/** The terms of a vector that are pooled maps. */
function pooledPart(vector: Vector, size: number): Vector {
  const made = pooledParts.get(vector) ?? { size, terms: vector.terms.filter(({ atom }) => atom.kind === "pool") };
  pooledParts.set(vector, made);
  return made;
}
