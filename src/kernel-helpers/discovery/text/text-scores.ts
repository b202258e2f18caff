import { averagePrecision } from "../../svm/metrics/average-precision.js";
import { type BootstrapInterval, bootstrapInterval } from "../../svm/metrics/bootstrap-interval.js";
import type { TextView } from "./text-view.js";

/** A figure beside what chance reaches on the same pictures. */
export interface AgainstChance {
  readonly figure: BootstrapInterval;
  readonly chance: number;
  /** How many times chance. */
  readonly times: BootstrapInterval;
}

/** How well a text detector tells pictures apart, and whether it looks at the text. */
export interface TextScores {
  readonly images: number;
  readonly withText: number;
  /** Pictures with text of whose words the network saw some: those that maps are measured on. */
  readonly measured: number;
  /** Of the ranking of pictures by their score. */
  readonly averagePrecision: BootstrapInterval;
  /** How often the map's peak is at a word; chance: the mean share of pixels at a word. */
  readonly pointing?: AgainstChance;
  /** The mean pixel average precision; chance: the mean share of text pixels. */
  readonly pixelPrecision?: AgainstChance;
  /** The mean share of the words' area under the box; chance: the mean share of the picture under it. */
  readonly wordsUnderBox?: AgainstChance;
  /** The mean share of the words' area under all boxes; chance: the mean share of the picture under them. */
  readonly wordsUnderBoxes?: AgainstChance;
  /** The mean share of words of which at least half lies under the boxes; chance as for their area. */
  readonly wordsFound?: AgainstChance;
}

/**
 * Scores of what a detector saw, with 95 % bootstrap intervals. Photographs are drawn, not crops: crops of one
 * photograph resemble each other.
 */
export function textScores(views: readonly TextView[], seed = 0): TextScores {
  const measured = views.filter(({ agreement }) => agreement !== undefined);
  const hasText = views.map(({ label }) => label === "text");
  const scores = views.map(({ score }) => score);
  return {
    images: views.length,
    withText: hasText.filter(Boolean).length,
    measured: measured.length,
    averagePrecision: byPhoto(views, seed, (rows) =>
      averagePrecision(
        rows.map((row) => scores[row]),
        rows.map((row) => hasText[row]),
      ),
    ),
    ...(measured.length > 0 && {
      pointing: againstChance(measured, seed, ({ hit }) => (hit ? 1 : 0), "nearShare"),
      pixelPrecision: againstChance(measured, seed, ({ pixelPrecision }) => pixelPrecision, "textShare"),
      wordsUnderBox: againstChance(measured, seed, ({ wordsUnderBox }) => wordsUnderBox, "boxShare"),
      wordsUnderBoxes: againstChance(measured, seed, ({ wordsUnderBoxes }) => wordsUnderBoxes, "boxesShare"),
      wordsFound: againstChance(measured, seed, ({ wordsFound }) => wordsFound, "boxesShare"),
    }),
  };
}

type Agreement = NonNullable<TextView["agreement"]>;

function againstChance(
  views: readonly TextView[],
  seed: number,
  of: (agreement: Agreement) => number,
  chance: "nearShare" | "textShare" | "boxShare" | "boxesShare",
): AgainstChance {
  const figures = views.map(({ agreement }) => of(agreement!));
  const chances = views.map(({ agreement }) => agreement![chance]);
  const mean = (values: readonly number[], rows: readonly number[]) =>
    rows.reduce((sum, row) => sum + values[row], 0) / rows.length;
  const times = (rows: readonly number[]) => mean(figures, rows) / Math.max(mean(chances, rows), Number.MIN_VALUE);
  return {
    figure: byPhoto(views, seed, (rows) => mean(figures, rows)),
    chance: mean(chances, [...chances.keys()]),
    times: byPhoto(views, seed, times),
  };
}

function byPhoto(
  views: readonly TextView[],
  seed: number,
  statistic: (rows: readonly number[]) => number,
): BootstrapInterval {
  const photos = new Map<string, number[]>();
  views.forEach(({ file }, row) => {
    const rows = photos.get(file);
    if (rows) rows.push(row);
    else photos.set(file, [row]);
  });
  const groups = [...photos.values()];
  return bootstrapInterval(groups.length, (drawn) => statistic(drawn.flatMap((group) => groups[group])), { seed });
}
