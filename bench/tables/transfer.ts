// New tasks on the embedded network's features: linear SVMs from image-level labels.
import type { Network } from "../../src/index.js";
import { measureProbe, type LearnedTasks } from "../embedded/probes.js";
import { shownAt } from "../embedded/shown-at.js";
import { measureText, type TextReport } from "../embedded/text.js";
import { type Cell, type TableContext, type TableResult, type Target, target } from "./table.js";

const SAMPLES = {
  scenes: { seed: 202, train: 1000, test: 500 },
  activities: { seed: 202, train: 1000, test: 500 },
  birds: { seed: 202, train: 3000, test: 1000 },
  text: { seed: 202, train: 6000, test: 1000 },
} as const;
/** Letters and birds are smaller than what the network was trained on: shown twice as large, they are not. */
const LARGE = 336;

/** Scenes, activities, birds, text. */
export async function transferTable({ network, gmp, say }: TableContext): Promise<TableResult> {
  using large = await shownAt(network, LARGE);
  using largeTwin = gmp && (await shownAt(gmp, LARGE));
  const rows: Cell[][] = [];
  const probe = async (name: string, part: LearnedTasks["part"], ours: Network, twin: Network | undefined) => {
    const found = await measureProbe(ours, part, SAMPLES[part]);
    const theirs = twin && (await measureProbe(twin, part, SAMPLES[part]));
    const { train, test, chance, colours } = found;
    rows.push([name, train, test, found.network, theirs?.network ?? "–", colours, { share: chance }]);
    say(`  ${name} ${found.network.value.toFixed(3)}`);
    return found;
  };
  const words = async (name: string, ours: Network, twin: Network | undefined) => {
    const found = await measureText(ours, SAMPLES.text);
    rows.push(...textRows(name, found, twin && (await measureText(twin, SAMPLES.text))));
    say(`  ${name} ${found.averagePrecision.value.toFixed(3)}`);
    return found;
  };
  const scenes = await probe("scenes", "scenes", network, gmp);
  const activities = await probe("activities", "activities", network, gmp);
  await probe("birds", "birds", network, gmp);
  const birds = await probe("birds, shown larger", "birds", large, largeTwin);
  await words("text", network, gmp);
  const text = await words("text, shown larger", large, largeTwin);
  return {
    columns: ["task", "learned from", "judged on", "GAP", "GMP twin", "colour histogram", "chance"],
    rows,
    images: "seed 202, splits train and test of each part",
    notes: [
      `Shown larger: the same network with an input of ${LARGE} × ${LARGE} pixels in place of ${network.preprocessing.width} × ${network.preprocessing.height} (\`openNetwork(…, { size: ${LARGE} })\`), and so maps twice as fine. Words are 6 to 28 of 224 pixels high, birds differ in markings of a few pixels; things that the network learned are 20 to 100.`,
      "The colour histogram (8 × 8 × 8 colours) is a control: what can be told without seeing any shape.",
      `Near a word: within 8 pixels of its upright box. The peaks of other pictures' maps would be so in ${(100 * text.peaksOfOthers).toFixed(1)} % of the pictures: signs hang where signs hang.`,
    ],
    targets: [
      target("scenes", scenes.network.value, 0.85),
      timesChance("activities", activities.network.value, activities.chance, 4),
      timesChance("birds, shown larger", birds.network.value, birds.chance, 4),
      target("birds, shown larger: points above the colour histogram", birds.margin.value, 0.1),
      target("text, shown larger: average precision", text.averagePrecision.value, 0.9),
      timesChance("text, shown larger: peaks near a word", text.peakNearWord.value, text.peakChance, 3),
    ],
  };
}

function timesChance(what: string, value: number, chance: number, wanted: number): Target {
  const times = value / chance;
  return { what: `${what}, times chance`, wanted: `≥ ${wanted}`, measured: times.toFixed(1), met: times >= wanted };
}

function textRows(name: string, found: TextReport, twin: TextReport | undefined): Cell[][] {
  const { train, test, chance, averagePrecision, colours, peakNearWord, peakChance } = found;
  return [
    [name, train, test, averagePrecision, twin?.averagePrecision ?? "–", colours, { share: chance }],
    [`${name}: peak near a word`, train, test, peakNearWord, twin?.peakNearWord ?? "–", "–", { share: peakChance }],
  ];
}
