import { performance } from "node:perf_hooks";
import { cam } from "../../cam/cam.js";
import type { HeatMap } from "../../cam/heat-map.js";
import { identifyFile } from "../../features/cache/content-hash.js";
import { FeatureCache, rowKey } from "../../features/cache/feature-cache.js";
import { hashOfImage } from "../../images/image-hash.js";
import { isLocated } from "../../images/packed/packed-image.js";
import type { Picture, SkippedPicture } from "../../images/picture.js";
import { isSkipped, lookAtAll, type LookAtAllOptions } from "../../networks/look-at-all.js";
import type { Network } from "../../networks/network.js";
import type { Seen } from "../../networks/seen.js";
import { cacheFolder } from "../../support/files/cache-folder.js";
import { messageOf } from "../../support/errors.js";
import type { LocalizationCase } from "./localization-case.js";
import { type SeenMaps, seenFromRow, seenToRow } from "./seen-maps.js";

/** How a class's map is made of what was seen. */
export interface WayToLook {
  /** What it is called: maps that are kept on disk are kept under this name, with `options`. */
  readonly name: string;
  /** What else its maps depend on, as plain data. */
  readonly options?: unknown;
  /** The map of a class. */
  map(seen: Seen, index: number): HeatMap | Promise<HeatMap>;
}

/** The class activation map: the way unless another is asked for. */
export const CAM: WayToLook = { name: "cam", map: (seen, index) => cam(seen, index) };

/** How cases are looked at. */
export interface LookForCasesOptions extends Pick<
  LookAtAllOptions,
  "batchSize" | "signal" | "maxPixels" | "maxMemory"
> {
  readonly way: WayToLook;
  /** How many top classes are kept. */
  readonly guesses: number;
  /** Whether their maps are judged; else they are made only where that costs little, to be kept. */
  readonly judgesGuesses: boolean;
  /** Whether maps are kept on disk, and taken from there; a text is the folder. */
  readonly cache: boolean | string;
}

/** A case and what was seen of it. */
export interface SeenCase<P extends Picture> {
  readonly given: LocalizationCase<P>;
  readonly seen: SeenMaps;
}

/** Counts up when what is kept of a picture changes with camlab itself. */
const VERSION = 1;

/** Larger maps fill disks: they are made anew, unless that takes long. */
const LARGEST_KEPT = 4096;
/** Milliseconds that making a map takes, from which on it is kept whatever its size. */
const LONG = 50;

/** Looks at pictures of cases, or takes what was seen of them before from the cache. */
export class CaseLooker implements AsyncDisposable {
  private constructor(
    private readonly network: Network,
    private readonly options: LookForCasesOptions,
    private readonly cache: FeatureCache | undefined,
  ) {}

  static async open(network: Network, options: LookForCasesOptions): Promise<CaseLooker> {
    return new CaseLooker(network, options, await openCache(network, options));
  }

  /** What the cache had to say. */
  get notes(): readonly string[] {
    return this.cache?.problems ?? [];
  }

  /** Cases in their order, each with what was seen, or why nothing was. A picture of several cases is looked at once. */
  async look<P extends Picture>(
    cases: readonly LocalizationCase<P>[],
  ): Promise<(SeenCase<P> | (SkippedPicture<P> & { readonly given: LocalizationCase<P> }))[]> {
    const found = new Map<LocalizationCase<P>, SeenMaps>();
    const hashes = await this.#takeKept(cases, found);
    const missing = [...new Set(cases.filter((one) => !found.has(one)).map(({ picture }) => picture))];
    const errors = new Map<P, string>();
    const { batchSize, signal, maxPixels, maxMemory, guesses } = this.options;
    if (missing.length > 0) {
      const stream = lookAtAll(this.network, missing, { batchSize, signal, maxPixels, maxMemory, top: guesses });
      for await (const seen of stream) {
        if (isSkipped(seen)) {
          errors.set(seen.picture, seen.error);
          continue;
        }
        try {
          await this.#takeSeen(seen, cases, found, hashes);
        } catch (error) {
          signal?.throwIfAborted();
          errors.set(seen.picture, messageOf(error));
        }
      }
    }
    return cases.map((given) => {
      const seen = found.get(given);
      const { picture } = given;
      return seen ? { given, seen } : { given, picture, error: errors.get(picture) ?? "it was not looked at" };
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.cache?.flush();
  }

  async #takeKept<P extends Picture>(
    cases: readonly LocalizationCase<P>[],
    found: Map<LocalizationCase<P>, SeenMaps>,
  ): Promise<ReadonlyMap<P, string>> {
    const hashes = new Map<P, string>();
    if (!this.cache) return hashes;
    for (const { picture } of cases) {
      if (hashes.has(picture)) continue;
      const hash = await this.#hashOf(picture);
      if (hash !== undefined) hashes.set(picture, hash);
    }
    for (const kept of this.options.judgesGuesses ? ([ALL_MAPS] as const) : ([ALL_MAPS, TRUE_MAP] as const)) {
      const wanted = cases.filter((one) => !found.has(one));
      const keys = wanted.map((one) => keyOf(one, hashes.get(one.picture), kept));
      const guesses = { classes: this.#guesses, maps: kept === ALL_MAPS ? this.#guesses : 0 };
      await this.cache.read(keys, (i, row) => {
        const seen = seenFromRow(row, guesses, wanted[i].picture, this.network.preprocessing);
        if (seen) found.set(wanted[i], seen);
      });
    }
    return hashes;
  }

  /** A network of few classes has no more guesses than those. */
  get #guesses(): number {
    return Math.min(this.options.guesses, this.network.classes.length);
  }

  async #takeSeen<P extends Picture>(
    seen: Seen<P>,
    cases: readonly LocalizationCase<P>[],
    found: Map<LocalizationCase<P>, SeenMaps>,
    hashes: ReadonlyMap<P, string>,
  ): Promise<void> {
    const { way, judgesGuesses } = this.options;
    const made = new Map<number, HeatMap>();
    const began = performance.now();
    const mapOf = async (index: number) => {
      const map = made.get(index) ?? (await way.map(seen, index));
      made.set(index, map);
      return map;
    };
    const top = seen.top.map(({ index, probability }) => ({ index, probability: Math.fround(probability) }));
    for (const one of cases) {
      if (one.picture !== seen.picture || found.has(one)) continue;
      const trueMap = await mapOf(one.index);
      // Another protocol may ask for more maps of what costs little.
      const makesAll = judgesGuesses || (this.cache !== undefined && way.name === CAM.name);
      const maps: HeatMap[] = [];
      if (makesAll) for (const { index } of top) maps.push(await mapOf(index));
      const { width: imageWidth, height: imageHeight } = seen.photo;
      const all = { imageWidth, imageHeight, top, trueMap, maps };
      found.set(one, all);
      const isCostly = (performance.now() - began) / made.size > LONG;
      const key = keyOf(one, hashes.get(seen.picture), makesAll ? ALL_MAPS : TRUE_MAP);
      if (key !== undefined && (isCostly || trueMap.width * trueMap.height <= LARGEST_KEPT)) {
        await this.cache?.add(key, seenToRow(all));
      }
    }
  }

  async #hashOf({ file }: Picture): Promise<string | undefined> {
    if (!isLocated(file)) return hashOfImage(file);
    const known = await this.cache?.hashOf(file);
    if (known !== undefined) return known;
    // Why it cannot be read is said where it is decoded.
    const identity = await identifyFile(file).catch(() => undefined);
    if (identity) this.cache?.identify(file, identity);
    return identity?.hash;
  }
}

async function openCache(
  network: Network,
  { cache, guesses, way }: LookForCasesOptions,
): Promise<FeatureCache | undefined> {
  if (cache === false || network.fingerprint === undefined) return undefined;
  const { fingerprint, name, preprocessing, engine, device } = network;
  const how = { way: way.name, options: way.options, guesses, preprocessing, engine, device };
  const setting = { kind: "class maps", version: VERSION, fingerprint, ...how };
  return FeatureCache.open(cacheFolder("features", typeof cache === "string" ? cache : undefined), setting, {
    network: name,
  });
}

/** Which maps a row holds. */
const [ALL_MAPS, TRUE_MAP] = ["", " alone"] as const;

function keyOf(
  { picture: { region, flip }, index }: LocalizationCase,
  hash: string | undefined,
  kept: typeof ALL_MAPS | typeof TRUE_MAP,
): string | undefined {
  return hash === undefined ? undefined : rowKey(hash, { region, flip, crop: `class ${index}${kept}` });
}
