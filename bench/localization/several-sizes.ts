// The repair of CAM that finds most boxes on photographs: thresholded pooling, over several sizes of the input, finer maps
// among them, each with its mirror image. As a way of one's own for `evaluateLocalization`.
import {
  type boxes,
  type HeatMap,
  look,
  normalise,
  type Network,
  type Picture,
  type Seen,
  upsample,
} from "../../src/index.js";
import { WAYS } from "../../src/kernel-helpers/cam/ways/ways.js";
import type { Looking } from "../../src/kernel-helpers/cam/ways/way.js";

/** What is averaged: the input's size as a multiple of the network's own, and whether maps are made finer. */
export const SIZES: readonly (readonly [scale: number, maps: "own" | "finer"])[] = [
  [1, "own"],
  [1, "finer"],
  [1.23, "finer"],
  [1.5, "own"],
];

/** Of boxes on these maps: a share of the 95th percentile, not of the maximum. */
export const PERCENTILE = 0.95;

/** A side of the maps that come out. */
const SIDE = 224;

/** A way of `boxes.WAYS` that needs no more than what was seen. */
export function mapOf(name: string, seen: Seen, index: number): HeatMap {
  return WAYS.find((way) => way.name === name)!.map({ seen, index } as Looking) as HeatMap;
}

/** The sum of maps, each brought to its maximum and to one size; those of mirror images turned back. */
export function sumOf(maps: readonly { readonly map: HeatMap; readonly flip: boolean }[]): HeatMap {
  const data = new Float32Array(SIDE * SIDE);
  for (const { map, flip } of maps) {
    const large = normalise(upsample({ ...map, placement: undefined }, { width: SIDE, height: SIDE }), "max").data;
    for (let p = 0; p < data.length; p++) {
      const x = p % SIDE;
      data[p] += large[flip ? p - x + (SIDE - 1 - x) : p];
    }
  }
  return { width: SIDE, height: SIDE, data };
}

/** The way, of networks that are the same one opened at several sizes; they stay open. */
export function severalSizes(networks: readonly Network[]): boxes.WayToLook {
  let last: { readonly picture: Picture; readonly views: Promise<{ seen: Seen; flip: boolean }[]> } | undefined;
  const viewsOf = async (picture: Picture) => {
    const views = [];
    for (const network of networks) {
      for (const flip of [false, true]) views.push({ seen: await look(network, { ...picture, flip }), flip });
    }
    return views;
  };
  return {
    name: "thresholded CAM, several sizes",
    options: { sizes: networks.map(({ preprocessing, fingerprint }) => [preprocessing, fingerprint]), side: SIDE },
    async map(seen, index) {
      const { picture, placement } = seen;
      if (last?.picture !== picture) last = { picture, views: viewsOf(picture) };
      const views = await last.views;
      const maps = views.map((view) => ({ map: mapOf("thresholded-cam", view.seen, index), flip: view.flip }));
      return { ...sumOf(maps), placement };
    },
  };
}
