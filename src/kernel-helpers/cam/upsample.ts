import { check, optionNames } from "../support/check.js";
import { CamlabError, invalid } from "../support/errors.js";
import type { HeatMap } from "./heat-map.js";
import { type Upsampling, UPSAMPLINGS, resample } from "./resample.js";

/** What a map is stretched to, and how. */
export interface UpsampleOptions {
  /** Columns of the result; those of the network's input unless given. */
  readonly width?: number;
  /** Rows of the result; those of the network's input unless given. */
  readonly height?: number;
  /** `bilinear` unless given. `bicubic` overshoots: its result may pass the map's minimum and maximum. */
  readonly method?: Upsampling;
}

const OPTIONS = optionNames<UpsampleOptions>({ width: true, height: true, method: true });

/**
 * Stretches a map, to the network's input grid unless told otherwise. Pixel centres are at half coordinates, as in
 * PyTorch's `interpolate(…, align_corners=False)` and OpenCV's `INTER_LINEAR` and `INTER_CUBIC` (a = −0.75, borders
 * repeated). Making a map smaller works too: samples are then picked without averaging what lies between them.
 *
 * A map of one row or column repeats it. Places that were not seen (NaN) stay unseen as far as they are the nearest, and
 * what lies beside them is made from the places that were seen.
 *
 * @returns a map of `width × height`, in the same units, over the same part of the photo
 * @throws CamlabError when a size is not a whole number from 1, the method is unknown, or neither a size nor a
 *   placement says how large the result should be
 * @example
 * upsample(cam(seen, "goldfish"), { width: 224, height: 224, method: "bicubic" });
 */
export function upsample(map: HeatMap, options: UpsampleOptions = {}): HeatMap {
  check.known(options, OPTIONS, "upsample");
  checkHeatMap(map);
  const { width = map.placement?.inputWidth, height = map.placement?.inputHeight, method = "bilinear" } = options;
  check.oneOf("method", method, UPSAMPLINGS);
  checkSize("width", width);
  checkSize("height", height);
  const columns = { size: width, step: map.width / width, start: 0 };
  const rows = { size: height, step: map.height / height, start: 0 };
  return { ...map, width, height, data: resample(map.data, map.width, map.height, columns, rows, method) };
}

/** Refuses a map whose data is not as long as its shape says. */
export function checkHeatMap(map: HeatMap): void {
  if (typeof map !== "object" || map === null || !ArrayBuffer.isView(map.data)) {
    throw invalid("map", map, "a heat map { width, height, data }, as cam gives it");
  }
  const { width, height, data } = map;
  if (width > 0 && height > 0 && data.length === width * height) return;
  throw new CamlabError(`a map of ${width}×${height} should hold ${width * height} numbers, not ${data.length}`);
}

function checkSize(name: string, size: number | undefined): asserts size is number {
  if (size === undefined) throw new CamlabError(`say the ${name} to upsample to: this map has no placement on a photo`);
  check.count(name, size);
}
