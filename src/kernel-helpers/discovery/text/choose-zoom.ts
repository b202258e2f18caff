import { type ExtractOptions, extractFeatures, extractOptionsIn } from "../../features/extract-features.js";
import type { FeatureTable } from "../../features/feature-table.js";
import { readImageInfo } from "../../images/files/read-image-info.js";
import { placementOf } from "../../images/input/placement.js";
import type { Network } from "../../networks/network.js";
import { CamlabError } from "../../support/errors.js";
import { seededRandom, shuffled } from "../../support/random.js";
import { averagePrecision } from "../../svm/metrics/average-precision.js";
import type { TrainOptions } from "../../svm/train-options.js";
import { trainLinearSvm } from "../../svm/train-linear-svm.js";
import { partsOf } from "./closer-map.js";
import type { TextExample } from "./text-example.js";

/** How closely pictures are looked at for their maps, and what that was chosen by. */
export interface ChosenZoom {
  readonly zoom: number;
  /**
   * Average precision on training pictures that were held out, ranked by their score, and by their best part's; absent
   * when there were too few to choose by.
   */
  readonly chosenBy?: { readonly whole: number; readonly parts: number };
}

/** What is tried beside looking once. */
const CLOSER = 2;
/** Pictures of each kind that are looked at in parts. */
const MOST = 100;
/** Fewer of a kind tell nothing. */
const LEAST = 8;
const FOLDS = 5;
/** The parts of a picture are seen by a detector of whole ones: so much less may they tell before they are left alone. */
const MARGIN = 0.05;

/**
 * Whether a picture's parts, each shown as large as a whole picture, are something that the detector can read: letters of
 * photographs gain by it, those that fill a drawing's every pixel become strange to the network. Chosen by labels of
 * whole training pictures alone, with detectors that were not trained on the photographs they are tried on: a picture is
 * ranked by its best part, and by itself.
 *
 * @param features of whole training pictures
 */
export async function chooseZoom(
  network: Network,
  features: FeatureTable<TextExample>,
  training: TrainOptions,
  options: ExtractOptions & { readonly seed?: number },
): Promise<ChosenZoom> {
  const { seed = 0 } = options;
  const rows = shuffled([...features.pictures.keys()], seededRandom(`zoom ${seed}`));
  const tried = (["text", "no text"] as const).map((label) =>
    rows.filter((row) => features.pictures[row].label === label).slice(0, MOST),
  );
  if (tried.some((some) => some.length < LEAST)) return { zoom: 1 };
  const files = [...new Set(rows.map((row) => features.pictures[row].file))];
  const foldOf = new Map(files.map((file, i) => [file, i % FOLDS]));
  const parts = await partFeatures(network, tried.flat(), features, options);
  const found: { whole: number; part: number; text: boolean }[] = [];
  for (let fold = 0; fold < FOLDS; fold++) {
    const isIn = (row: number) => foldOf.get(features.pictures[row].file) === fold;
    const learn = features.select(rows.filter((row) => !isIn(row)));
    if (new Set(learn.labels).size < 2) continue;
    const svm = await trainLinearSvm(learn, learn.labels, training);
    for (const row of tried.flat().filter((one) => isIn(one) && parts.has(one))) {
      const [whole] = svm.decisionValues(features.select([row])).data;
      const part = Math.max(...svm.decisionValues(parts.get(row)!).data);
      found.push({ whole, part, text: features.pictures[row].label === "text" });
    }
  }
  const truth = found.map(({ text }) => text);
  if (!truth.includes(true) || !truth.includes(false)) return { zoom: 1 };
  const chosenBy = {
    whole: averagePrecision(
      found.map(({ whole }) => whole),
      truth,
    ),
    parts: averagePrecision(
      found.map(({ part }) => part),
      truth,
    ),
  };
  return { zoom: chosenBy.parts >= chosenBy.whole - MARGIN ? CLOSER : 1, chosenBy };
}

/** The features of the parts of pictures, by the pictures' rows; those that cannot be read are left out. */
async function partFeatures(
  network: Network,
  rows: readonly number[],
  { pictures }: FeatureTable<TextExample>,
  options: ExtractOptions,
): Promise<Map<number, FeatureTable>> {
  const parts: { file: string; region: ReturnType<typeof partsOf>[number]; row: number }[] = [];
  for (const row of rows) {
    options.signal?.throwIfAborted();
    const { file, region } = pictures[row];
    try {
      const { width, height } = await readImageInfo(file, { signal: options.signal });
      const placement = placementOf(network.preprocessing, width, height, region);
      parts.push(...partsOf(placement, CLOSER).map((part) => ({ file, region: part, row })));
    } catch (error) {
      options.signal?.throwIfAborted();
      if (!(error instanceof CamlabError)) throw error;
    }
  }
  const table = await extractFeatures(network, parts, extractOptionsIn(options));
  const rowsOf = new Map<number, number[]>();
  table.pictures.forEach(({ row }, i) => rowsOf.set(row, [...(rowsOf.get(row) ?? []), i]));
  return new Map([...rowsOf].map(([row, own]) => [row, table.select(own)]));
}
