// What a measure may ask about one map of one picture. What several measures need is computed once.
import type { Box } from "../../images/box.js";
import type { Network } from "../../networks/network.js";
import type { Seen } from "../../networks/seen.js";
import type { Random } from "../../support/random.js";
import { seededRandom } from "../../support/random.js";
import type { HeatMap } from "../heat-map.js";
import { upsample } from "../upsample.js";
import type { Looking, NetworkQuestions, Way } from "../ways/way.js";
import { descendingOrder } from "./perturbing/order.js";

/** One map of one picture, and what can be asked about it. */
export interface JudgedParts {
  readonly way: Way;
  readonly looking: Looking;
  /** The way's map, raw. */
  readonly map: HeatMap;
  /** True boxes of the class, in pixels of the input grid; none where it is not known where the class is. */
  readonly boxes: readonly Box[];
  /** The same way's map when the class, the input or the network is another. */
  readonly mapOf: (other: OtherLook) => Promise<HeatMap>;
  /** The network with weights dealt anew, from the classifier down, further with each. */
  readonly randomised: () => Promise<readonly Network[]>;
  /** Random numbers of this picture are made from it. */
  readonly seed: string;
}

/** In what a look differs from the one that is judged. */
export interface OtherLook {
  readonly index?: number;
  readonly input?: Float32Array;
  readonly network?: Network;
}

/** One map of one picture, as measures see it. */
export class Judged {
  readonly #once = new Map<string, unknown>();
  #heat?: Float32Array;
  #order?: Uint32Array;

  constructor(private readonly parts: JudgedParts) {}

  get way(): Way {
    return this.parts.way;
  }

  get map(): HeatMap {
    return this.parts.map;
  }

  get seen(): Seen {
    return this.parts.looking.seen;
  }

  /** The class, by index. */
  get index(): number {
    return this.parts.looking.index;
  }

  /** `3 × height × width`, normalised. */
  get input(): Float32Array {
    return this.parts.looking.input;
  }

  get size(): { readonly width: number; readonly height: number } {
    return this.parts.looking.size;
  }

  get network(): NetworkQuestions {
    return this.parts.looking.network;
  }

  get boxes(): readonly Box[] {
    return this.parts.boxes;
  }

  /** The map on the input grid, bilinearly stretched; a number a pixel. */
  get heat(): Float32Array {
    return (this.#heat ??= this.stretched(this.map));
  }

  /** Pixels by their heat, the hottest first; equal ones in a random order. */
  get order(): Uint32Array {
    return (this.#order ??= descendingOrder(this.heat, this.random("order")));
  }

  /** Probability of the class. */
  get probability(): number {
    return this.seen.probabilities[this.index];
  }

  /** Any map on the input grid. Places that were not seen speak for nothing. */
  stretched(map: HeatMap): Float32Array {
    return upsample(map, this.size).data.map((value) => (Number.isNaN(value) ? 0 : value));
  }

  /** The same way's map on the input grid, of another class, input or network. */
  async heatOf(other: OtherLook): Promise<Float32Array> {
    return this.stretched(await this.parts.mapOf(other));
  }

  randomised(): Promise<readonly Network[]> {
    return this.parts.randomised();
  }

  /** Random numbers that picture, way and seed decide, anew for each purpose. */
  random(purpose: string): Random {
    return seededRandom(`${purpose} ${this.parts.seed}`);
  }

  /** Computed at the first question, kept for the next. */
  once<T>(name: string, make: () => T): T {
    if (!this.#once.has(name)) this.#once.set(name, make());
    return this.#once.get(name) as T;
  }
}
