import type { HeatMap } from "../../kernel-helpers/cam/heat-map.js";
import { classIndexOf } from "../../kernel-helpers/cam/class-index.js";
import { LayerMaps } from "../../kernel-helpers/cam/layers/layer-maps.js";
import type { MapLayer } from "../../kernel-helpers/cam/layers/map-layers.js";
import type { Box } from "../../kernel-helpers/images/box.js";
import { readableName } from "../../kernel-helpers/images/files/readable-name.js";
import { look } from "../../kernel-helpers/networks/look.js";
import type { Seen } from "../../kernel-helpers/networks/seen.js";
import { CamlabError, invalid } from "../../kernel-helpers/support/errors.js";
import { exploreChoice, type ExploreOptions } from "../../widgets/explore/explore.js";
import { ExploredPhoto } from "../../widgets/explore/explored-photo.js";
import { exploreSpec } from "../../widgets/explore/explore-spec.js";
import { showOptions } from "../../widgets/kit/show-options.js";
import { shownAs } from "../../widgets/kit/shown-as.js";
import type { VegaSpec } from "../../widgets/kit/vega-spec.js";

/** What the front end asks for. */
export type ExploreAsk =
  | { readonly kind: "start" }
  /** A class by its name, or a number. */
  | { readonly kind: "class"; readonly name: string }
  /** A part of what is shown, as shares of it: left, top, right, bottom; null for the whole photo. */
  | { readonly kind: "region"; readonly region: readonly [number, number, number, number] | null }
  | { readonly kind: "layer"; readonly layer: string }
  /** Another photo: its bytes come beside. */
  | { readonly kind: "photo"; readonly name: string };

/** What the front end shows. */
export interface ExploreAnswer {
  readonly spec: VegaSpec;
  /** The layer that maps are of. */
  readonly layer: string;
  /** Whether all of the photo was looked at. */
  readonly whole: boolean;
  /** What was done, in words. */
  readonly words: string;
}

/** What an answer shows, where that is not what was shown or asked for before. */
interface Shown extends Pick<ExploreOptions, "pick" | "against"> {
  readonly asked?: readonly number[];
}

/** Called before each step of longer work. */
export type OnStep = (words: string) => void;

/** How many classes are listed at most; beyond, those that were asked for first go. */
const MOST_CLASSES = 12;
const OWN_LAYER = "";

/** The kernel's end of one explorer: what is shown now, and how what is asked for is made. */
export class ExploreAnswers implements Disposable {
  #seen: Seen;
  readonly #options: ExploreOptions;
  #explored: ExploredPhoto;
  /** Classes that were asked for, by index, the last one last. */
  #asked: number[] = [];
  #layer = OWN_LAYER;
  #layers: LayerMaps | undefined;

  constructor(seen: Seen, options: ExploreOptions) {
    this.#seen = seen;
    this.#options = options;
    this.#explored = new ExploredPhoto(seen);
  }

  /** Class names that hold a text, those that begin with it first. */
  names(text: string, most = 12): string[] {
    const wanted = text.trim().toLowerCase();
    const found = this.#seen.network.classes.filter((name) => name.toLowerCase().includes(wanted));
    const begins = (name: string) => (name.toLowerCase().startsWith(wanted) ? 0 : 1);
    return found.sort((a, b) => begins(a) - begins(b)).slice(0, most);
  }

  /** The layers that may be asked for, the network's own maps first, and the one that is shown. */
  async layers(): Promise<{ readonly layers: readonly MapLayer[]; readonly layer: string }> {
    const layers = (await this.#layersOf()).list();
    return { layers: [{ name: OWN_LAYER, label: "the last maps (CAM)" }, ...layers], layer: this.#layer };
  }

  /**
   * Makes what is asked for.
   *
   * @throws CamlabError for an unknown class or layer, and when a photo cannot be read; what was shown before stays
   */
  async answer(
    ask: ExploreAsk,
    bytes: Uint8Array | undefined,
    onStep: OnStep,
    signal: AbortSignal,
  ): Promise<ExploreAnswer> {
    switch (ask.kind) {
      case "start":
        return this.#shown("", { against: this.#options.against }, signal);
      case "class":
        return this.#anotherClass(ask.name, signal);
      case "layer":
        return this.#anotherLayer(ask.layer, onStep, signal);
      case "region":
        return this.#look(ask.region === null ? undefined : this.#regionOf(ask.region), undefined, onStep, signal);
      case "photo":
        if (!bytes) throw new CamlabError("the photo came without its bytes");
        return this.#look(undefined, { file: bytes, id: readableName(String(ask.name)) }, onStep, signal);
      default:
        throw invalid("kind", (ask as { kind: unknown }).kind, "start, class, region, layer or photo");
    }
  }

  async #anotherClass(name: string, signal: AbortSignal): Promise<ExploreAnswer> {
    const index = classOf(this.#seen.network.classes, name);
    const asked = [...this.#asked.filter((each) => each !== index), index];
    const answer = await this.#shown(readableName(this.#seen.network.classes[index]), { asked, pick: index }, signal);
    this.#asked = asked;
    return answer;
  }

  async #anotherLayer(layer: string, onStep: OnStep, signal: AbortSignal): Promise<ExploreAnswer> {
    const layers = await this.#layersOf();
    if (layer !== OWN_LAYER && !layers.list().some(({ name }) => name === layer))
      throw new CamlabError(`the network has no layer ${JSON.stringify(layer)}`);
    onStep("opening the network's gradients");
    const explored = this.#exploredAt(layer);
    const before = [this.#explored, this.#layer] as const;
    [this.#explored, this.#layer] = [explored, layer];
    try {
      return await this.#shown(
        layer === OWN_LAYER ? "the class activation maps" : "LayerCAM at this layer",
        {},
        signal,
      );
    } catch (error) {
      [this.#explored, this.#layer] = before;
      throw error;
    }
  }

  #exploredAt(layer: string, seen = this.#seen): ExploredPhoto {
    if (layer === OWN_LAYER) return new ExploredPhoto(seen);
    return new ExploredPhoto(seen, async (index): Promise<HeatMap> => (await this.#layersOf()).map(seen, index, layer));
  }

  async #look(
    region: Box | undefined,
    picture: Seen["picture"] | undefined,
    onStep: OnStep,
    signal: AbortSignal,
  ): Promise<ExploreAnswer> {
    onStep("looking");
    const { region: _, ...whole } = this.#seen.picture;
    const wanted = picture ?? { ...whole, ...(region && { region }) };
    const seen = await look(this.#seen.network, wanted, { signal, ...(this.#seen.view && { view: this.#seen.view }) });
    onStep("drawing");
    const before = { seen: this.#seen, explored: this.#explored };
    this.#seen = seen;
    this.#explored = this.#exploredAt(this.#layer, seen);
    try {
      return await this.#shown(region ? "the region" : "the photo", {}, signal);
    } catch (error) {
      [this.#seen, this.#explored] = [before.seen, before.explored];
      throw error;
    }
  }

  async #shown(
    words: string,
    { asked = this.#asked, pick = this.#options.pick, against }: Shown,
    signal: AbortSignal,
  ): Promise<ExploreAnswer> {
    const own = exploreChoice(this.#seen, this.#options).classes;
    const others = asked.filter((index) => !own.includes(index)).slice(-Math.max(1, MOST_CLASSES - own.length));
    const choice = exploreChoice(this.#seen, { ...this.#options, pick, against, classes: [...own, ...others] });
    const data = await this.#explored.data({ ...choice, drawing: true }, signal);
    signal.throwIfAborted();
    return {
      spec: shownAs(exploreSpec(data), showOptions(this.#options)),
      ...{ layer: this.#layer, whole: this.#seen.placement.region === undefined, words },
    };
  }

  async #layersOf(): Promise<LayerMaps> {
    return (this.#layers ??= await LayerMaps.of(this.#seen.network));
  }

  /** In whole pixels of the photo, within what is shown. */
  #regionOf(region: readonly number[]): Box {
    const { region: shown, imageWidth, imageHeight } = this.#seen.placement;
    const frame = shown ?? { x: 0, y: 0, width: imageWidth, height: imageHeight };
    if (region.length !== 4 || !region.every((share) => Number.isFinite(share) && share >= 0 && share <= 1))
      throw invalid("region", region, "four shares of what is shown, 0–1");
    const [left, top, right, bottom] = region;
    const [x, y] = [Math.floor(frame.x + left * frame.width), Math.floor(frame.y + top * frame.height)];
    const [endX, endY] = [Math.ceil(frame.x + right * frame.width), Math.ceil(frame.y + bottom * frame.height)];
    if (endX - x < 8 || endY - y < 8)
      throw new CamlabError("this region is smaller than 8 pixels: choose a larger one");
    return { x, y, width: Math.min(endX, imageWidth) - x, height: Math.min(endY, imageHeight) - y };
  }

  [Symbol.dispose](): void {
    this.#layers?.[Symbol.dispose]();
    this.#layers = undefined;
  }
}

/** A class by its name, or by its number where no class has that name. */
function classOf(names: readonly string[], wanted: string): number {
  const isNumber = /^\d+$/.test(wanted) && !names.includes(wanted);
  return classIndexOf(names, isNumber ? Number(wanted) : wanted);
}
