// Phrases of captions on drawn pictures: what hard-negative mining gains, and whether the maps point at the phrase.
import { discoverPhrases, drawWorld } from "../../src/index.js";
import { type BootstrapInterval, bootstrapInterval } from "../../src/kernel-helpers/svm/metrics/bootstrap-interval.js";
import type { LocatedImage } from "../../src/kernel-helpers/discovery/phrases/locate-phrases.js";
import { minePhrases } from "../../src/kernel-helpers/discovery/phrases/mine-phrases.js";
import type { PhraseResult } from "../../src/kernel-helpers/discovery/phrases/phrase-report.js";
import { pointInBox } from "../../src/kernel-helpers/boxes/box-geometry.js";
import { mean } from "../world/probe.js";
import type { Estimate, TableContext, TableResult } from "./table.js";

const SEED = 101;
const TRAIN = 2000;
const TEST = 1000;
const AT = 20;
/** Samples of random negatives to begin with. */
const STARTS = [0, 1, 2, 3, 4];

/** Concepts from captions, with hard-negative mining. */
export async function phrasesTable({ network, say }: TableContext): Promise<TableResult> {
  const world = await drawWorld("phrases", { seed: SEED, train: TRAIN, test: TEST });
  const { pictures: images } = world;
  const wanted = world.classes;
  const mined = minePhrases(images.filter(({ split }) => split === "train").map(({ captions }) => captions));
  const minedRight = mined.filter(({ text }) => wanted.includes(text)).length;
  const report = await discoverPhrases(network, images, { at: AT, seed: STARTS[0] });
  const others = [];
  // Precision needs no maps: without known boxes and with a short list of favourites there is little to look at.
  const blind = images.map((image) => ({ ...image, phrases: undefined }));
  for (const seed of STARTS.slice(1)) {
    others.push(await discoverPhrases(network, blind, { at: AT, seed, top: 1 }));
    say(`  start ${seed} done`);
  }
  const all = [report, ...others].flatMap(({ findings }) => findings.results);
  const precision = precisionsOf(all, AT);
  const pointing = pointingOf(
    report.findings.results.flatMap(({ located }) => located.filter(({ boxes }) => boxes.length > 0)),
  );
  return {
    columns: ["phrase", "said of", "negatives", `P@${AT} before`, "after", "AP", "peak in the box", "chance"],
    rows: [
      ...report.findings.results.map((result) => {
        const of = all.filter(({ text }) => text === result.text);
        const last = of.map(({ rounds }) => rounds[rounds.length - 1]);
        return [
          result.text,
          result.positives,
          Math.round(mean(last.map(({ negatives }) => negatives))),
          { share: mean(of.map(({ rounds }) => rounds[0].precision)) },
          { share: mean(last.map((round) => round.precision)) },
          { share: mean(last.map(({ averagePrecision }) => averagePrecision)) },
          result.pointing!.after.share,
          { share: result.pointing!.after.chance },
        ];
      }),
      [
        "mean (pointing: all pictures)",
        "",
        "",
        precision.before,
        precision.after,
        { share: mean(all.map(({ rounds }) => rounds[rounds.length - 1].averagePrecision)) },
        pointing.share,
        { share: pointing.chance },
      ],
      ["gain of mining", "", "", "", precision.gain, "", "", ""],
      ["before mining", "", "", "", "", "", pointing.before, { share: pointing.chance }],
    ],
    images: `${TRAIN} pictures to learn from, ${TEST} to judge by, seed ${SEED}; ${STARTS.length} samples of random negatives, intervals over the pictures to judge by`,
    notes: [
      `Mining the captions finds ${minedRight} of the ${wanted.length} phrases, and ${mined.length - minedRight} others; the captions are made of a few patterns, so this says little of free language.`,
      "Chance is the mean share of the frame that the box covers. The box is around all things that the phrase speaks of.",
      "In every second picture a phrase's things are there without the phrase being true.",
    ],
    targets: [
      {
        what: "peak in the phrase's box, times chance",
        wanted: "≥ 3",
        measured: interval(pointing.ratio, 1),
        met: pointing.ratio.value >= 3,
      },
      {
        what: `precision at ${AT}, points gained by mining (lower end of the interval above 0)`,
        wanted: "> 0",
        measured: interval(precision.gain, 100),
        met: precision.gain.low > 0,
      },
    ],
  };
}

/** Mean precision over phrases and starts, before and after mining, with intervals over the held-out pictures. */
function precisionsOf(results: readonly PhraseResult[], at: number) {
  const ids = results[0].ranking.map(({ id }) => id);
  const place = new Map(ids.map((id, i) => [id, i]));
  const orders = results.map(({ ranking }) => {
    const inOrder = (by: "before" | "after") =>
      [...ranking].sort((a, b) => b[by] - a[by]).map(({ id, holds }) => ({ place: place.get(id)!, holds }));
    return { before: inOrder("before"), after: inOrder("after") };
  });
  const meanOf = (counts: Int32Array, by: "before" | "after") =>
    mean(orders.map((order) => precisionOf(order[by], counts, at)));
  const countsOf = (rows: readonly number[]) => {
    const counts = new Int32Array(ids.length);
    for (const row of rows) counts[row]++;
    return counts;
  };
  const estimate = (of: (counts: Int32Array) => number): Estimate =>
    bootstrapInterval(ids.length, (rows) => of(countsOf(rows)));
  return {
    before: estimate((counts) => meanOf(counts, "before")),
    after: estimate((counts) => meanOf(counts, "after")),
    gain: estimate((counts) => meanOf(counts, "after") - meanOf(counts, "before")),
  };
}

/** Precision among the first `at` when the picture at each place is there so many times. */
function precisionOf(order: readonly { place: number; holds: boolean }[], counts: Int32Array, at: number): number {
  let [seen, found] = [0, 0];
  for (const { place, holds } of order) {
    const times = Math.min(counts[place], at - seen);
    seen += times;
    if (holds) found += times;
    if (seen === at) break;
  }
  return found / seen;
}

/** How often peaks lie in boxes over all pictures and phrases, and how many times as often as chance. */
function pointingOf(located: readonly LocatedImage[]) {
  const chances = located.map(({ boxes: [box], width, height }) => (box.width * box.height) / (width * height));
  const hits = (stage: "before" | "after") =>
    located.map(({ [stage]: { peak }, boxes }) => (boxes.some((box) => pointInBox(peak, box)) ? 1 : 0));
  const of = (values: readonly number[], rows: readonly number[]) => mean(rows.map((row) => values[row]));
  const [before, after] = [hits("before"), hits("after")];
  const estimate = (statistic: (rows: readonly number[]) => number) => bootstrapInterval(located.length, statistic);
  return {
    chance: mean(chances),
    before: estimate((rows) => of(before, rows)),
    share: estimate((rows) => of(after, rows)),
    ratio: estimate((rows) => of(after, rows) / of(chances, rows)),
  };
}

function interval({ value, low, high }: Estimate | BootstrapInterval, times: number): string {
  return `${(times * value).toFixed(1)} [${(times * low).toFixed(1)}, ${(times * high).toFixed(1)}]`;
}
