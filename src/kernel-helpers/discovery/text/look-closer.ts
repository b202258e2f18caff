import { cam } from "../../cam/cam.js";
import type { HeatMap } from "../../cam/heat-map.js";
import { loadImage } from "../../images/files/load-image.js";
import { look, type LookOptions } from "../../networks/look.js";
import { isSkipped, lookAtAll } from "../../networks/look-at-all.js";
import type { Network } from "../../networks/network.js";
import type { Seen } from "../../networks/seen.js";
import { CamlabError } from "../../support/errors.js";
import { matrixOf } from "../../support/matrix.js";
import type { LinearSvm } from "../../svm/linear-svm.js";
import { joinedMap, meanMap, partsOf } from "./closer-map.js";
import type { TextExample } from "./text-example.js";

/** What a detector makes of a picture. */
export interface CloserLook {
  /** The decision value of the picture as a whole. */
  readonly score: number;
  /** The class activation map of "text", joined from the maps of its parts. */
  readonly map: HeatMap;
}

/** Into how many parts, across and down, a picture is cut for its map; several, whose maps are averaged. */
export type Zoom = number | readonly number[];

/**
 * Looks at a picture once, for its score, and at `zoom × zoom` parts of it, each as large as the network's input, for the
 * map: letters are small, and a map of the whole has places larger than a word.
 *
 * @param zoom 1: the map is that of the whole, as it is of a mirrored picture; several: the mean of their maps
 * @throws CamlabError when the picture cannot be read
 */
export async function lookCloser(
  network: Network,
  svm: LinearSvm,
  example: TextExample,
  zoom: Zoom,
  reading: Pick<LookOptions, "signal" | "maxPixels" | "maxMemory"> = {},
): Promise<CloserLook> {
  const seen = await look(network, example, { ...reading, top: 1 });
  const score = svm.decisionValues(matrixOf([seen.features])).data[0];
  const zooms = [zoom].flat();
  if (zooms.every((times) => times === 1) || example.flip) return { score, map: mapOf(svm, seen) };
  const file = await loadImage(example.file, reading);
  const maps: HeatMap[] = [];
  for (const times of zooms) {
    if (times === 1) maps.push(mapOf(svm, seen));
    else maps.push(joinedMap(seen.placement, times, await mapsOfParts(times)));
  }
  return { score, map: meanMap(maps) };

  async function mapsOfParts(times: number): Promise<HeatMap[]> {
    const parts = partsOf(seen.placement, times).map((region) => ({ file, region }));
    const found: HeatMap[] = [];
    for await (const part of lookAtAll(network, parts, { ...reading, batchSize: parts.length, top: 1 })) {
      if (isSkipped(part)) throw new CamlabError(`a part of ${example.id}: ${part.error}`);
      found.push(mapOf(svm, part));
    }
    return found;
  }
}

function mapOf(svm: LinearSvm, seen: Seen): HeatMap {
  return cam(seen, svm.weightsOf("text", seen.features), { label: "text" });
}
