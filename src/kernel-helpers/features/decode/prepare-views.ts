// What happens to one image before the network: decoding, cropping, scaling to numbers. Runs on either side of a thread.
import { nameOfSource } from "../../images/files/readable-name.js";
import type { Box } from "../../images/box.js";
import type { ImageSource } from "../../images/image.js";
import { isLocated } from "../../images/packed/packed-image.js";
import { hashOfImage } from "../../images/image-hash.js";
import { prepareImage, type PrepareImageOptions } from "../../images/input/prepare-image.js";
import type { Preprocessing } from "../../images/input/preprocessing.js";
import { identifyFile, sameState, type FileIdentity } from "../cache/content-hash.js";
import { cutTenCrops, tenCropFrame } from "../ten-crops.js";

/** An image to prepare. */
export interface ViewTask {
  readonly source: ImageSource;
  readonly region?: Box;
  readonly flip?: boolean;
  readonly crops: "one" | "ten";
  /** Also say what the file's content is, for the cache. */
  readonly identify: boolean;
}

/** One image's views, decoded. */
export interface PreparedViews {
  /** Of each view, one or ten, its pixels as `prepareImage` gives them. */
  readonly pixels: readonly Uint8Array[];
  /** The size of each. */
  readonly width: number;
  readonly height: number;
  /** The file's content; absent unless asked for, and when the file changed while it was read. */
  readonly identity?: FileIdentity;
}

/** How images are prepared: the same for all of an extraction. */
export interface PrepareSetting {
  readonly preprocessing: Preprocessing;
  readonly maxPixels?: number;
  readonly maxMemory?: number;
}

/** How many views an image has. */
export function viewCount(crops: "one" | "ten"): number {
  return crops === "ten" ? 10 : 1;
}

/**
 * Prepares the views of an image.
 *
 * @throws CamlabError as `prepareImage` does
 */
export async function prepareViews(
  task: ViewTask,
  { preprocessing, maxPixels, maxMemory }: PrepareSetting,
): Promise<PreparedViews> {
  const { source, region, flip, crops, identify } = task;
  const known = identify ? await identified(source) : { source };
  const name = nameOfSource(source);
  const views = await viewPixels(known.source, crops, preprocessing, { region, flip, maxPixels, maxMemory, name });
  const { identity } = known;
  // Where what was decoded was read apart from what was identified, the file may have changed in between.
  const isSame =
    identity && (known.source !== source || typeof source !== "string" || (await sameState(source, identity)));
  return { ...views, ...(isSame && { identity }) };
}

async function viewPixels(
  source: ImageSource,
  crops: "one" | "ten",
  preprocessing: Preprocessing,
  options: PrepareImageOptions,
): Promise<Omit<PreparedViews, "identity">> {
  if (crops === "one") {
    const { pixels, placement } = await prepareImage(source, preprocessing, options);
    return { pixels: [pixels], width: placement.inputWidth, height: placement.inputHeight };
  }
  const { width, height } = preprocessing;
  const frame = tenCropFrame(preprocessing);
  const { pixels } = await prepareImage(source, frame, options);
  const crop = { width: frame.width, height: frame.height, data: pixels };
  return { pixels: cutTenCrops(crop, preprocessing), width, height };
}

/** What a source holds, and what to decode: a small file's bytes, as they have been read by then. */
async function identified(source: ImageSource): Promise<{ source: ImageSource; identity?: FileIdentity }> {
  if (!isLocated(source)) return { source, identity: { hash: hashOfImage(source) } };
  try {
    const { bytes, ...identity } = await identifyFile(source);
    return { source: bytes?.length ? bytes : source, identity };
  } catch {
    // What cannot be read, or is no regular file, is reported by the decoder, in its words.
    return { source };
  }
}
