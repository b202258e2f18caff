import type { Network } from "../../networks/network.js";
import type { Seen } from "../../networks/seen.js";
import type { HeatMap } from "../heat-map.js";
import { placesOf } from "../ways/map-sums.js";
import { openGradient, type OpenGradient } from "../ways/open-gradient.js";
import { seeInput } from "../ways/see-input.js";
import { type MapLayer, mapLayers } from "./map-layers.js";

/**
 * Maps of a network's earlier layers, by LayerCAM (Jiang, Zhang, Hou, Cheng and Wei, 2021): each place of a layer weighed
 * by its own gradient where that is positive, max(0, Σ_k max(0, ∂S_c/∂f_k(x, y)) f_k(x, y)). Finer than the last maps,
 * and less sure of what is what. What was opened stays open until it is disposed.
 *
 * @example
 * using layers = await LayerMaps.of(network);
 * const map = await layers.map(seen, 281, layers.list()[0].name);
 */
export class LayerMaps implements Disposable {
  readonly #layers: readonly MapLayer[];
  readonly #open = new Map<string, Promise<OpenGradient>>();
  readonly #inputs = new WeakMap<Seen, ReturnType<typeof seeInput>>();

  private constructor(layers: readonly MapLayer[]) {
    this.#layers = layers;
  }

  /** The layers of a network; none for one without its graph, and for one whose maps are tokens. */
  static async of(network: Network): Promise<LayerMaps> {
    if (!network.graph || network.head.featureMaps.tokens) return new LayerMaps([]);
    return new LayerMaps(mapLayers(await network.graph(), network.head.featureMaps.name));
  }

  /** The last value of each size of maps before the network's own, the coarsest first. */
  list(): readonly MapLayer[] {
    return this.#layers;
  }

  /**
   * The map of a class at a layer.
   *
   * @param layer one of `list()`, or another value of the graph with channels, rows and columns
   * @throws CamlabError for an unknown value, and where the network's gradients are not known
   */
  async map(seen: Seen, index: number, layer: string): Promise<HeatMap> {
    const { network, placement } = seen;
    const given = this.#inputs.get(seen) ?? seeInput(network, seen.picture, {});
    this.#inputs.set(seen, given);
    const { input, size } = await given;
    const key = `${layer} ${size.width}×${size.height}`;
    const opening = this.#open.get(key) ?? openGradient(network, { by: [layer], withValue: true }, size);
    this.#open.set(key, opening);
    const [{ gradient, value }] = await (await opening).run(input, 1, index);
    const [, channels, height, width] = value!.dims;
    const data = Float32Array.from(value!.data);
    const map = placesOf({ channels, height, width, data }, (f, i) => Math.max(0, gradient.data[i]) * f);
    return { ...map, label: network.classes[index], placement };
  }

  [Symbol.dispose](): void {
    for (const open of this.#open.values()) void open.then(({ dispose }) => dispose()).catch(() => undefined);
    this.#open.clear();
  }
}
