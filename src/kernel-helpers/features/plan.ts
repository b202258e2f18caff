import type { ImageSource } from "../images/image.js";
import { type Picture, pictureOf, type PictureSet, picturesOf } from "../images/picture.js";
import { invalid } from "../support/errors.js";
import { rowKey } from "./cache/feature-cache.js";
import type { CropChoice } from "./feature-row.js";
import { TEN_CROPS } from "./ten-crops.js";

/** A row of the table to be. */
export interface PlannedRow {
  /** Its place in the table, as long as no image fails. */
  readonly row: number;
  /** Which of the ten crops it is, `ten` for their mean. */
  readonly crop?: string;
  /** The views whose mean it is. */
  readonly views: readonly number[];
  /** Its key in the cache, once the file's content is known. */
  readonly keyOf: (contentHash: string) => string;
}

/** A picture to decode, and the rows that come of it. */
export interface Job<P extends Picture = Picture> {
  readonly index: number;
  readonly picture: P;
  readonly crops: CropChoice;
  readonly rows: readonly PlannedRow[];
}

/** All that is to be done. */
export interface Plan<P extends Picture = Picture> {
  readonly jobs: readonly Job<P>[];
  readonly rows: number;
}

/**
 * Lists what is to be done for the given pictures.
 *
 * @throws CamlabError for a picture without a file, or options that cannot be used
 */
export async function planOf<P extends Picture>(
  pictures: PictureSet<P> | Iterable<P | ImageSource> | AsyncIterable<P | ImageSource>,
  { crops = "one", cropRows = "mean" }: { readonly crops?: CropChoice; readonly cropRows?: "mean" | "apart" },
): Promise<Plan<P>> {
  if (cropRows !== "mean" && cropRows !== "apart") throw invalid("cropRows", cropRows, "mean or apart");
  if (crops !== "one" && crops !== "ten") throw invalid("crops", crops, "one or ten");
  const jobs: Job<P>[] = [];
  let rows = 0;
  for await (const given of picturesOf<P | ImageSource>(pictures)) {
    const picture = pictureOf(given) as P;
    const planned = rowsOf(picture, crops, cropRows, rows);
    jobs.push({ index: jobs.length, picture, crops, rows: planned });
    rows += planned.length;
  }
  return { jobs, rows };
}

function rowsOf({ region, flip }: Picture, crops: CropChoice, cropRows: "mean" | "apart", first: number): PlannedRow[] {
  const planned = (row: number, views: number[], crop?: string): PlannedRow => ({
    row,
    views,
    ...(crop !== undefined && { crop }),
    keyOf: (contentHash) => rowKey(contentHash, { region, flip, crop }),
  });
  if (crops === "one") return [planned(first, [0])];
  if (cropRows === "mean") return [planned(first, [...TEN_CROPS.keys()], "ten")];
  return TEN_CROPS.map((crop, view) => planned(first + view, [view], crop));
}
