import { check } from "../../kernel-helpers/support/check.js";
import { CamlabError, invalid } from "../../kernel-helpers/support/errors.js";
import type { HeatMap } from "../../kernel-helpers/cam/heat-map.js";
import type { ImageSource } from "../../kernel-helpers/images/image.js";
import { nameOfSource, readableName } from "../../kernel-helpers/images/files/readable-name.js";
import type { ConfusionMatrix } from "../../kernel-helpers/svm/metrics/confusion-matrix.js";
import { SHOW_OPTIONS, type ShowOptions } from "../kit/show-options.js";
import { Widget } from "../kit/widget.js";
import { colourMap } from "../kit/photo/colour-map.js";
import { pictureWithMap } from "../kit/photo/map-tile.js";
import { BLANK, orBlank, shownPhoto } from "../kit/photo/shown-photo.js";
import { CONFUSION_TILE, confusionChartSpec, type ConfusionTile } from "./confusion-chart-spec.js";

/** How a confusion chart is headed. */
export interface ConfusionChartOptions extends ShowOptions {
  /** Stands above the chart; "What was taken for what" unless given. */
  readonly title?: string;
  /**
   * The pictures behind the counts: of the cell that is chosen up to six are shown, with their maps where they have one.
   * Where Vega runs, a reader clicks on a cell, or chooses it by its names.
   */
  readonly pictures?: readonly ConfusedPicture[];
}

/** A picture, its true class and the class that it was taken for. */
export interface ConfusedPicture {
  readonly file: ImageSource;
  readonly truth: string;
  readonly predicted: string;
  /** A map with its placement, such as `cam(seen, probe.weightsOf(predicted))`. */
  readonly map?: HeatMap;
}

/**
 * What was taken for what: a row a true class, a column a predicted one, in each cell how many pictures; the colour is
 * the share of the row. At the right each class's own accuracy.
 *
 * @param confusion as `confusionMatrix` or a probe's result gives it
 * @throws CamlabError when it has no classes
 * @example
 * const [{ findings }] = (await learnTasks(network, tasks)).results;
 * widgets.confusionChart(findings.confusion);
 * widgets.confusionChart(findings.confusion, { pictures: [{ file: "a.jpg", truth: "beach", predicted: "city" }] });
 */
export function confusionChart(confusion: ConfusionMatrix, options: ConfusionChartOptions = {}): Widget {
  check.known(options, ["title", "pictures", ...SHOW_OPTIONS], "confusionChart");
  if (confusion.classes.length === 0) throw new CamlabError("the confusion matrix has no classes");
  const { title = "What was taken for what", pictures = [] } = options;
  const placed = pictures.map((picture) => ({ ...picture, ...cellOf(confusion, picture) }));
  return new Widget(async () => confusionChartSpec(confusion, { title, tiles: await tilesOf(placed) }), options);
}

/** @throws CamlabError for a class that the matrix does not have */
function cellOf({ classes }: ConfusionMatrix, { truth, predicted }: ConfusedPicture): { i: number; j: number } {
  const [i, j] = [truth, predicted].map((name) => classes.indexOf(name));
  if (i < 0 || j < 0) throw invalid("pictures", i < 0 ? truth : predicted, "classes of the matrix");
  return { i, j };
}

/** Up to as many pictures a cell as are shown of it. */
async function tilesOf(pictures: readonly (ConfusedPicture & { i: number; j: number })[]): Promise<ConfusionTile[]> {
  const { side, most } = CONFUSION_TILE;
  const colours = await colourMap("inferno");
  const counts = new Map<string, number>();
  const tiles: ConfusionTile[] = [];
  for (const { file, map, i, j } of pictures) {
    const nth = counts.get(`${i} ${j}`) ?? 0;
    counts.set(`${i} ${j}`, nth + 1);
    if (nth >= most) continue;
    const shown = map
      ? pictureWithMap(file, map, side, colours).then(({ mutedUri, heatUri }) => ({ uri: mutedUri, heatUri }))
      : shownPhoto(file, { side }).then(({ uri }) => ({ uri }));
    const own = (await orBlank(file, shown)) ?? { uri: BLANK };
    tiles.push({ i, j, nth, name: readableName(nameOfSource(file)), ...own });
  }
  return tiles;
}
