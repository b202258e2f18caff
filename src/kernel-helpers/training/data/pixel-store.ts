// Prepared pictures: decoded once and kept as bytes while they fit into memory, else decoded again each time.
import { prepareImage } from "../../images/input/prepare-image.js";
import type { Preprocessing } from "../../images/input/preprocessing.js";
import { ahead } from "../../support/ahead.js";
import { messageOf } from "../../support/errors.js";
import { type OnProgress, tellProgress } from "../../support/progress.js";
import type { Picture, SkippedPicture } from "../../images/picture.js";

/** Pictures as a network's input sees them, 8 bits a channel. */
export interface PixelStore {
  /** Whether a picture can be read, as far as is known. */
  readonly readable: (index: number) => boolean;
  readonly skipped: readonly SkippedPicture[];
  /** The pixels of some pictures, in their order; undefined where one cannot be read. */
  pixels(indices: readonly number[]): Promise<(Uint8Array | undefined)[]>;
}

/** How pictures are opened. */
export interface PixelStoreOptions {
  /** Bytes that may be kept. */
  readonly memory: number;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

/** Decodes all pictures where they fit into memory, the region and the mirror image that they ask for. Those that cannot be read are reported, once each. */
export async function openPixels(
  pictures: readonly Picture[],
  preprocessing: Preprocessing,
  { memory, onProgress, signal }: PixelStoreOptions,
): Promise<PixelStore> {
  const size = preprocessing.width * preprocessing.height * 3;
  const broken = new Map<number, SkippedPicture>();
  const read = async (index: number): Promise<Uint8Array | undefined> => {
    if (broken.has(index)) return undefined;
    const picture = pictures[index];
    const { file, region, flip } = picture;
    try {
      return (await prepareImage(file, preprocessing, { region, flip, signal })).pixels;
    } catch (error) {
      signal?.throwIfAborted();
      broken.set(index, { picture, error: messageOf(error) });
      return undefined;
    }
  };
  const store = (pixels: PixelStore["pixels"]): PixelStore => ({
    pixels,
    readable: (index) => !broken.has(index),
    get skipped() {
      return [...broken.entries()].sort(([a], [b]) => a - b).map(([, skipped]) => skipped);
    },
  });
  if (pictures.length * size > memory) {
    return store(async (indices) => {
      const pixels: (Uint8Array | undefined)[] = [];
      for await (const each of ahead(indices, read, { limit: AT_ONCE, signal })) pixels.push(each);
      return pixels;
    });
  }
  const all = new Uint8Array(pictures.length * size);
  const tell = tellProgress(onProgress, "reading images", pictures.length);
  let done = 0;
  for await (const pixels of ahead(pictures.keys(), read, { limit: AT_ONCE, signal })) {
    if (pixels) all.set(pixels, done * size);
    tell(++done);
  }
  return store((indices) =>
    Promise.resolve(indices.map((i) => (broken.has(i) ? undefined : all.subarray(i * size, (i + 1) * size)))),
  );
}

/** Pictures that are decoded at a time, however large a batch is. */
const AT_ONCE = 8;
