import type { PhraseResult } from "../../kernel-helpers/discovery/phrases/phrase-report.js";
import { precisionByRank } from "../../kernel-helpers/discovery/phrases/ranking.js";
import { readableName } from "../../kernel-helpers/images/files/readable-name.js";
import { check } from "../../kernel-helpers/support/check.js";
import { colourMap } from "../kit/photo/colour-map.js";
import { heatRamp } from "../kit/photo/heat-image.js";
import { HEAT_OPTIONS, heatOptions, type HeatOptions } from "../kit/photo/heat-options.js";
import { SHOW_OPTIONS, type ShowOptions } from "../kit/show-options.js";
import { Widget } from "../kit/widget.js";
import type { PhraseRow } from "./phrase-chart-data.js";
import { phraseChartSpec, phraseSheetSpec } from "./phrase-chart-spec.js";
import { PhrasePainter, type SheetPhrase } from "./phrase-painter.js";

/** How phrases are shown. */
export interface PhraseChartOptions extends HeatOptions, ShowOptions {
  /** Photos a row; 6 unless given. */
  readonly images?: number;
  /**
   * The side of a square photo in pixels; as much as fills a row, up to 200, unless given. Photos of a row are equally high, and
   * as wide as squares together.
   */
  readonly size?: number;
  /** The chart of precision by rank ends here; 50 unless given. */
  readonly ranks?: number;
  /** The detector's scores under the photos; true unless given. */
  readonly scores?: boolean;
}

/**
 * One concept in depth: precision by round and by rank; the images that its detector ranked first before mining, with
 * their maps; the negatives that came in first; and the images ranked first after mining, with their maps before and
 * after. Everything comes from the result: nothing is computed again.
 *
 * @param result one of `discoverPhrases`' results
 * @throws CamlabError for an option outside its range
 * @example
 * widgets.phraseChart(phrases.findings.results[0], { images: 5 });
 */
export function phraseChart(result: PhraseResult, options: PhraseChartOptions = {}): Widget {
  const checked = checkOptions(options, "phraseChart");
  return new Widget(async () => {
    const colours = await colourMap(checked.colourMap);
    const painter = new PhrasePainter(checked, colours);
    const { rounds, ranking, text, at, heldOutPositives, positives, negatives } = result;
    const last = rounds[rounds.length - 1];
    const byBefore = [...ranking].sort((a, b) => b.before - a.before);
    const holds = (order: typeof ranking) => order.map((image) => image.holds);
    return phraseChartSpec({
      text: readableName(text),
      subtitle:
        `learned from ${positives} images whose captions say it, and ${last.negatives} of the ${negatives} others; ` +
        (result.stopped === "round limit" ? "stopped at the limit of rounds" : "none of the rest is above the margin"),
      at,
      rounds: rounds.map(({ round, negatives: count, precision }) => ({ round, negatives: count, precision })),
      byRank: {
        before: precisionByRank(holds(byBefore)).slice(0, checked.ranks),
        after: precisionByRank(holds(ranking)).slice(0, checked.ranks),
      },
      chance: heldOutPositives / ranking.length,
      rows: await painter.rowsOf(result),
      ramp: heatRamp(colours),
      size: checked.size,
      opacity: checked.opacity,
      dimming: checked.dimming,
    });
  }, options);
}

/**
 * Several concepts, a row each: the held-out images that its detector ranks first, with the maps that say where.
 *
 * @throws CamlabError for an option outside its range
 * @example
 * widgets.phraseSheet(phrases, { images: 5, size: 110 });
 */
export function phraseSheet(
  { findings }: { readonly findings: { readonly results: readonly SheetPhrase[] } },
  options: PhraseChartOptions = {},
): Widget {
  const checked = checkOptions(options, "phraseSheet");
  return new Widget(async () => {
    const colours = await colourMap(checked.colourMap);
    const painter = new PhrasePainter(checked, colours);
    const rows: PhraseRow[] = [];
    for (const result of findings.results) {
      rows.push(await painter.firstAfter(result, `“${readableName(result.text)}”`));
    }
    const { size, opacity, dimming } = checked;
    return phraseSheetSpec({ rows, ramp: heatRamp(colours), size, opacity, dimming });
  }, options);
}

type Checked = Required<Omit<PhraseChartOptions, keyof ShowOptions>>;

function checkOptions(options: PhraseChartOptions, of: string): Checked {
  check.known(options, ["images", "size", "ranks", "scores", ...HEAT_OPTIONS, ...SHOW_OPTIONS], of);
  const { images = 6, ranks = 50, scores = true } = options;
  check.wholeNumber("images", images, { from: 1, to: 50 });
  const { size = Math.max(60, Math.min(200, Math.floor(ROW_WIDTH / images) - 10)) } = options;
  check.number("size", size, { from: 40, to: 600 });
  check.wholeNumber("ranks", ranks, { from: 2 });
  return { images, size, ranks, scores, ...heatOptions(options) };
}

const ROW_WIDTH = 1000;
