import { Judged, type OtherLook } from "../../cam/faithfulness/judged.js";
import type { Measure } from "../../cam/faithfulness/measure.js";
import { randomisedNetworks } from "../../cam/faithfulness/sanity/randomised-networks.js";
import type { HeatMap } from "../../cam/heat-map.js";
import { mapOfWay } from "../../cam/ways/map-of-way.js";
import { Questioner } from "../../cam/ways/questions.js";
import { seeInput } from "../../cam/ways/see-input.js";
import type { Way } from "../../cam/ways/way.js";
import type { Box } from "../../images/box.js";
import { toInput } from "../../images/input/placement.js";
import { nameOf, type Picture } from "../../images/picture.js";
import type { LookOptions } from "../../networks/look.js";
import type { Network } from "../../networks/network.js";
import { probabilitiesOf } from "../../networks/probabilities-of.js";
import type { Seen } from "../../networks/seen.js";
import { CamlabError, messageOf } from "../../support/errors.js";
import { seededRandom } from "../../support/random.js";
import type { TrustedPicture } from "./trusted-picture.js";

/** The class of a picture, and where it is known to be, in pixels of the photo. */
export interface KnownPlace {
  readonly index: number;
  readonly boxesOn: readonly Box[];
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Judges one picture after the other; owns what it opens for that. */
export class PictureJudge implements Disposable {
  readonly #notes = new Set<string>();
  readonly #questioners = new Map<Network, Questioner>();
  #randomised: Promise<Network[]> | undefined;

  constructor(
    private readonly network: Network,
    private readonly ways: readonly Way[],
    private readonly measures: readonly Measure[],
    private readonly seed: number,
  ) {}

  /** Ways and measures that had to be left out somewhere, and why. */
  get notes(): readonly string[] {
    return [...this.#notes];
  }

  async judge<P extends Picture>(
    picture: P,
    known: KnownPlace | undefined,
    options: Pick<LookOptions, "signal" | "maxPixels" | "maxMemory">,
  ): Promise<TrustedPicture<P>> {
    const { seen: plain, input, size } = await seeInput(this.network, picture, { ...options, top: 1 });
    const seen = await this.#questioner(this.network).scored(plain, { input, size });
    if (seen.logits.length === 0) throw new CamlabError(`there is no class to look at (${this.network.head.summary})`);
    const index = known?.index ?? strongestOf(seen.logits);
    const truth = (known?.boxesOn ?? []).map((box) => toInput(seen.placement, box, { clamp: true }));
    const boxes = truth.filter(({ width, height }) => width > 0 && height > 0);
    const values: Record<string, Record<string, number>> = {};
    for (const way of this.ways) {
      options.signal?.throwIfAborted();
      values[way.name] = await this.#valuesOf(way, { seen, input, size, index, boxes, signal: options.signal });
    }
    return { picture, label: this.network.classes[index] ?? `class ${index}`, values };
  }

  async #valuesOf(
    way: Way,
    {
      seen,
      input,
      size,
      index,
      boxes,
      signal,
    }: { seen: Seen; input: Float32Array; size: Size; index: number; boxes: Box[]; signal?: AbortSignal },
  ): Promise<Record<string, number>> {
    const found: Record<string, number> = Object.fromEntries(this.measures.map(({ name }) => [name, NaN]));
    const seed = `${way.name} ${nameOf(seen.picture)} ${this.seed}`;
    const mapOf = async (other: OtherLook): Promise<HeatMap> => {
      const network = other.network ?? this.network;
      const given = other.input ?? input;
      const isOther = other.input !== undefined || other.network !== undefined;
      const another = isOther
        ? await this.#questioner(network).scored(await seenOf(network, seen, given, size), { input: given, size })
        : seen;
      const wanted = other.index ?? index;
      const questions = this.#questioner(network).of(wanted, given, size, signal);
      const what = `${other.input ? "noise" : ""} ${other.network ? "weights" : ""}`;
      const random = seededRandom(`${seed} ${other.index ?? ""} ${what}`);
      const randomOfPhoto = seededRandom(`${seed}  ${what}`);
      return mapOfWay(way, {
        ...{ seen: another, index: wanted, input: given, size },
        ...{ random, randomOfPhoto, network: questions },
      });
    };
    let map: HeatMap;
    try {
      map = await mapOf({});
    } catch (error) {
      this.#leaveOut(way.title, error);
      return found;
    }
    const looking = {
      ...{ seen, index, input, size, random: seededRandom(seed), randomOfPhoto: seededRandom(seed) },
      network: this.#questioner(this.network).of(index, input, size, signal),
    };
    const randomised = () => (this.#randomised ??= randomisedNetworks(this.network, this.seed));
    const judged = new Judged({ way, looking, map, boxes, mapOf, randomised, seed });
    for (const measure of this.measures) {
      signal?.throwIfAborted();
      if (measure.needs === "boxes" && boxes.length === 0) continue;
      try {
        found[measure.name] = await measure.value(judged);
      } catch (error) {
        this.#leaveOut(`${measure.title} of ${way.title}`, error);
      }
    }
    return found;
  }

  #leaveOut(what: string, error: unknown): void {
    if (!(error instanceof CamlabError)) throw error;
    this.#notes.add(`${what} is left out: ${messageOf(error)}`);
  }

  #questioner(network: Network): Questioner {
    const known = this.#questioners.get(network) ?? new Questioner(network);
    this.#questioners.set(network, known);
    return known;
  }

  [Symbol.dispose](): void {
    for (const questioner of this.#questioners.values()) questioner[Symbol.dispose]();
    this.#questioners.clear();
    void this.#randomised?.then((networks) => networks.forEach((network) => network.dispose())).catch(() => undefined);
  }
}

function strongestOf(scores: Float32Array): number {
  return scores.indexOf(scores.reduce((a, b) => Math.max(a, b), -Infinity));
}

/** What a network sees in an input, as if it were the picture that was looked at. */
async function seenOf(network: Network, seen: Seen, input: Float32Array, size: Size): Promise<Seen> {
  const { featureMaps, features, logits } = await network.run(input, 1, size);
  return { ...seen, network, featureMaps, features, logits, probabilities: probabilitiesOf(network, logits), top: [] };
}
