import type { StoredPicture } from "../../images/picture.js";
import { decodeMask } from "../../images/masks/masks.js";
import { maskOfPolygons } from "../../images/masks/polygon-mask.js";
import type { Box } from "../../images/box.js";
import { readImageInfo } from "../../images/files/read-image-info.js";
import { check } from "../../support/check.js";
import { CamlabError, messageOf } from "../../support/errors.js";
import { type OnProgress, tellProgress } from "../../support/progress.js";
import { type Random, seededRandom } from "../../support/random.js";
import type { TextExample, TextLabel } from "./text-example.js";

/** How crops are cut. */
export interface TextCropsOptions {
  /** The shortest and the longest side of a crop, in pixels of the photograph; 140 to 240 unless given. */
  readonly side?: readonly [shortest: number, longest: number];
  /** A crop with text has at least this share of text pixels; 0.015 unless given. */
  readonly minText?: number;
  /** At most so many crops with text, and as many without, from each photograph; 1 unless given. More of them resemble each other. */
  readonly perPhoto?: number;
  /** Places tried in each photograph; 100 unless given. */
  readonly tries?: number;
  /** Same seed, same crops; 0 unless given. */
  readonly seed?: number;
  /** Called after each photograph. */
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

/** Crops, and what could not be used. */
export interface TextCrops {
  readonly examples: readonly TextExample[];
  /** What a person should know: photographs that gave nothing, words outside of them. */
  readonly notes: readonly string[];
}

/**
 * Square crops with text and crops without any, cut from the *same* photographs, so that text is all that tells the
 * two apart. The first, third, … photograph is for training, the others for testing. Words that nobody could read are
 * text as well: a crop that they touch is never one without.
 *
 * @param images photographs with their words, as `readIcdar` and `readSvt` give them
 * @throws CamlabError for options outside their range, when no crop can be cut, and when all are of one kind
 * @example
 * const { pictures } = await readers.readIcdar("scene-text");
 * const { examples } = await discover.textCrops(pictures, { seed: 1 });
 */
export async function textCrops(images: readonly StoredPicture[], options: TextCropsOptions = {}): Promise<TextCrops> {
  const { seed = 0, onProgress, signal } = options;
  const recipe = recipeOf(options);
  const examples: TextExample[] = [];
  const notes: string[] = [];
  const tell = tellProgress(onProgress, "cutting crops", images.length);
  for (const [index, image] of images.entries()) {
    signal?.throwIfAborted();
    const split = index % 2 === 0 ? "train" : "test";
    try {
      const { width, height } = await readImageInfo(image.file, { signal });
      notes.push(...strayWords(image, width, height));
      const cut = cropsOf(image, width, height, recipe, seededRandom(`text crops ${seed} ${image.id}`));
      if (cut.length === 0) notes.push(`${image.id} (${width} × ${height}) gave no crop`);
      cut.forEach(({ region, label }, i) =>
        examples.push({
          file: image.file,
          id: `${image.id} crop ${i + 1}`,
          region,
          label,
          split,
          words: image.words ?? [],
        }),
      );
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof CamlabError)) throw error;
      notes.push(`${image.id} was left out: ${messageOf(error)}`);
    }
    tell(index + 1);
  }
  checkBoth(examples, images, notes);
  return { examples, notes };
}

type Recipe = Required<Pick<TextCropsOptions, "side" | "minText" | "perPhoto" | "tries">>;

function recipeOf({ side = [140, 240], minText = 0.015, perPhoto = 1, tries = 100 }: TextCropsOptions): Recipe {
  const [shortest, longest] = side;
  check.wholeNumber("side[0]", shortest, { from: 1, to: check.count("side[1]", longest) });
  check.number("minText", minText, { above: 0, below: 1 });
  check.counts({ perPhoto, tries });
  return { side, minText, perPhoto, tries };
}

interface Crop {
  readonly region: Box;
  readonly label: TextLabel;
}

function cropsOf(image: StoredPicture, width: number, height: number, recipe: Recipe, random: Random): Crop[] {
  const { side, minText, perPhoto, tries } = recipe;
  const longest = Math.min(side[1], width, height);
  if (longest < side[0]) return [];
  const textIn = textCounter(image, width, height);
  const found: Record<TextLabel, Crop[]> = { text: [], "no text": [] };
  for (let i = 0; i < tries; i++) {
    const size = side[0] + Math.floor(random() * (longest - side[0] + 1));
    const x = Math.floor(random() * (width - size + 1));
    const y = Math.floor(random() * (height - size + 1));
    const region = { x, y, width: size, height: size };
    const share = textIn(region) / (size * size);
    const label = share === 0 ? "no text" : share >= minText ? "text" : undefined;
    if (label && found[label].length < perPhoto) found[label].push({ region, label });
    if (found.text.length === perPhoto && found["no text"].length === perPhoto) break;
  }
  return [...found.text, ...found["no text"]];
}

/** Counts the text pixels of any part of a photograph, from sums over all parts that begin at its corner. */
function textCounter({ words = [] }: StoredPicture, width: number, height: number): (region: Box) => number {
  const polygons = words.map(({ polygon }) => polygon);
  const mask = decodeMask(maskOfPolygons(polygons, width, height));
  const columns = width + 1;
  const sums = new Float64Array(columns * (height + 1));
  for (let y = 0; y < height; y++) {
    let row = 0;
    for (let x = 0; x < width; x++) {
      row += mask[y * width + x];
      sums[(y + 1) * columns + x + 1] = sums[y * columns + x + 1] + row;
    }
  }
  return ({ x, y, width: across, height: down }) => {
    const at = (column: number, line: number) => sums[line * columns + column];
    return at(x + across, y + down) - at(x, y + down) - at(x + across, y) + at(x, y);
  };
}

function strayWords({ id, words = [] }: StoredPicture, width: number, height: number): string[] {
  const stray = words.filter(({ polygon }) => {
    const [xs, ys] = [0, 1].map((axis) => polygon.filter((_, i) => i % 2 === axis));
    return Math.max(...xs) <= 0 || Math.min(...xs) >= width || Math.max(...ys) <= 0 || Math.min(...ys) >= height;
  });
  if (stray.length === 0) return [];
  const which = stray.map(({ text }) => JSON.stringify(text)).slice(0, 3);
  const named = stray.length > which.length ? [...which, "…"] : which;
  return [`${id}: ${stray.length} words lie outside of its ${width} × ${height} pixels (${named.join(", ")})`];
}

function checkBoth(examples: readonly TextExample[], images: readonly StoredPicture[], notes: readonly string[]): void {
  const why = notes.length ? ` (${notes[0]}${notes.length > 1 ? ", …" : ""})` : "";
  if (examples.length === 0) throw new CamlabError(`no crop could be cut from ${images.length} photographs${why}`);
  for (const label of ["text", "no text"] as const) {
    if (examples.some((example) => example.label === label)) continue;
    const hint =
      label === "text"
        ? "lower minText, or take photographs with larger words"
        : "take smaller sides, or add photographs with less text";
    throw new CamlabError(
      `none of the crops from ${images.length} photographs is of the kind "${label}": ${hint}${why}`,
    );
  }
}
