// From which share of a map's maximum on an area is text, so that boxes around areas agree best with words:
// CAMLAB_REAL=… node --import tsx bench/text/threshold.ts NETWORK…
//
// Chosen on the first, third, … street scene: each half of them is judged by a detector that was trained on the other half,
// five seeds of crops each. Reported on the other scenes, by detectors that were trained on the first ones. F is of pixels:
// those under the boxes against those of words, summed over crops; photographs are drawn for intervals.
import { join } from "node:path";
import { discover, discoverText, openNetwork, readers } from "../../src/index.js";
import { findText } from "../../src/kernel-helpers/discovery/text/found-text.js";
import type { TextView } from "../../src/kernel-helpers/discovery/text/text-view.js";
import type { StoredPicture } from "../../src/kernel-helpers/images/picture.js";
import type { Network } from "../../src/kernel-helpers/networks/network.js";
import { bootstrapInterval } from "../../src/kernel-helpers/svm/metrics/bootstrap-interval.js";

const SEEDS = [0, 1, 2, 3, 4] as const;
const THRESHOLDS = [
  0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9,
] as const;
const real = process.env.CAMLAB_REAL;
if (real === undefined) throw new Error("CAMLAB_REAL is not set");
const { pictures } = await readers.readIcdar(join(real, "data/scene-text"));
const [first, others] = [0, 1].map((odd) => pictures.filter((_, i) => i % 2 === odd));

/** What is shared by boxes and words, what is under boxes, what is of words: shares of a crop, one a threshold. */
interface Counted {
  readonly file: string;
  readonly shared: readonly number[];
  readonly boxes: readonly number[];
  readonly words: number;
}

function counted({ file, map, words, agreement }: TextView, radius: number): Counted[] {
  if (!agreement) return [];
  const at = THRESHOLDS.map((threshold) => findText(map, words, { threshold, radius }).agreement!);
  return [
    {
      file,
      shared: at.map(({ wordsUnderBoxes, textShare }) => wordsUnderBoxes * textShare),
      boxes: at.map(({ boxesShare }) => boxesShare),
      words: agreement.textShare,
    },
  ];
}

/** Every second of the pictures is learned from, the others are judged. */
async function judged(network: Network, set: readonly StoredPicture[]): Promise<Counted[]> {
  const all: Counted[] = [];
  for (const seed of SEEDS) {
    const { examples } = await discover.textCrops(set, { seed });
    const { findings } = await discoverText(network, examples, { seed });
    all.push(...findings.views.flatMap((view) => counted(view, findings.radius)));
  }
  return all;
}

/** One picture of each kind after the other, as `textCrops` takes them. */
function inTurns(learned: readonly StoredPicture[], tested: readonly StoredPicture[]): StoredPicture[] {
  return learned.slice(0, tested.length).flatMap((picture, i) => [picture, tested[i]]);
}

function fOf(views: readonly Counted[], t: number): number {
  const sum = (of: (view: Counted) => number) => views.reduce((total, view) => total + of(view), 0);
  return (2 * sum(({ shared }) => shared[t])) / (sum(({ boxes }) => boxes[t]) + sum(({ words }) => words));
}

function bestOf(views: readonly Counted[]): number {
  const scores = THRESHOLDS.map((_, t) => fOf(views, t));
  return scores.indexOf(Math.max(...scores));
}

function withInterval(views: readonly Counted[], of: (views: readonly Counted[]) => number) {
  const files = [...new Set(views.map(({ file }) => file))];
  const groups = files.map((file) => views.filter((view) => view.file === file));
  return bootstrapInterval(files.length, (rows) => of(rows.flatMap((row) => groups[row])));
}

const text = ({ value, low, high }: { value: number; low: number; high: number }) =>
  `${value.toFixed(2)} (${low.toFixed(2)}–${high.toFixed(2)})`;

const chosen: Counted[] = [];
const reported: Counted[] = [];
for (const name of process.argv.slice(2)) {
  using network = await openNetwork(name, { models: join(real, "models") });
  const own = [...(await judged(network, first)), ...(await judged(network, [...first].reverse()))];
  const other = await judged(network, inTurns(first, others));
  console.log(
    `${name}: best ${THRESHOLDS[bestOf(own)]} (${text(withInterval(own, (views) => THRESHOLDS[bestOf(views)]))}); ` +
      `on the other scenes best ${THRESHOLDS[bestOf(other)]}`,
  );
  chosen.push(...own);
  reported.push(...other);
}
console.log("\n| above | F on the first, third, … scenes | F on the others |\n|---|---|---|");
THRESHOLDS.forEach((threshold, t) => {
  const cells = [chosen, reported].map((views) => text(withInterval(views, (some) => fOf(some, t))));
  console.log(`| ${threshold} | ${cells.join(" | ")} |`);
});
const best = withInterval(chosen, (views) => THRESHOLDS[bestOf(views)]);
console.log(`\nBest on the first, third, … scenes: ${text(best)}`);
