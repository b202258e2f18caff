import type { Image, ImageSource } from "../images/image.js";
import { invalid } from "../support/errors.js";
import { rowKey } from "./cache/feature-cache.js";
import { type CropChoice, type FeatureRow, type ImageItem, rowOfItem } from "./image-item.js";
import { TEN_CROPS } from "./ten-crops.js";

/** A row of the table to be. */
export interface PlannedRow {
  /** Its place in the table, as long as no image fails. */
  readonly row: number;
  readonly image: FeatureRow;
  /** The views whose mean it is. */
  readonly views: readonly number[];
  /** Its key in the cache, once the file's content is known. */
  readonly keyOf: (contentHash: string) => string;
}

/** An image to decode, and the rows that come of it. */
export interface Job {
  readonly index: number;
  readonly item: ImageItem;
  readonly crops: CropChoice;
  readonly rows: readonly PlannedRow[];
}

/** All that is to be done. */
export interface Plan {
  readonly jobs: readonly Job[];
  readonly rows: number;
}

/**
 * Lists what is to be done for the given images.
 *
 * @throws CamlabError for an item without a file, or options that cannot be used
 */
export async function planOf(
  images: Iterable<ImageSource | ImageItem> | AsyncIterable<ImageSource | ImageItem>,
  { crops = "one", cropRows = "mean" }: { readonly crops?: CropChoice; readonly cropRows?: "mean" | "apart" },
): Promise<Plan> {
  if (typeof images === "string" || images instanceof Uint8Array) throw invalid("images", images, "a list of images");
  if (cropRows !== "mean" && cropRows !== "apart") throw invalid("cropRows", cropRows, "mean or apart");
  const jobs: Job[] = [];
  let rows = 0;
  for await (const given of images) {
    const item = isItem(given) ? given : { file: given };
    const choice = item.crops ?? crops;
    if (choice !== "one" && choice !== "ten") throw invalid("crops", choice, "one or ten");
    const planned = rowsOf(item, choice, cropRows, rows);
    jobs.push({ index: jobs.length, item, crops: choice, rows: planned });
    rows += planned.length;
  }
  return { jobs, rows };
}

function rowsOf(item: ImageItem, crops: CropChoice, cropRows: "mean" | "apart", first: number): PlannedRow[] {
  const planned = (row: number, views: number[], crop?: string): PlannedRow => ({
    row,
    views,
    image: rowOfItem(item, crop),
    keyOf: (contentHash) => rowKey(contentHash, { region: item.region, flip: item.flip, crop }),
  });
  if (crops === "one") return [planned(first, [0])];
  if (cropRows === "mean") return [planned(first, [...TEN_CROPS.keys()], "ten")];
  return TEN_CROPS.map((crop, view) => planned(first + view, [view], crop));
}

function isItem(given: ImageSource | ImageItem): given is ImageItem {
  if (typeof given !== "object" || given === null) {
    if (typeof given === "string") return false;
    throw invalid("image", given, "a path, bytes, pixels, or { file, … }");
  }
  if (given instanceof Uint8Array || (given as Image).data instanceof Uint8Array) return false;
  if ((given as ImageItem).file === undefined) throw invalid("image", given, "a path, bytes, pixels, or { file, … }");
  return true;
}
