// New tasks on the embedded network's features: linear SVMs from image-level labels.
import { measureProbe } from "../embedded/probes.js";
import { shownAt } from "../embedded/shown-at.js";
import { measureText, type TextReport } from "../embedded/text.js";
import { type Cell, type ResultTable, type Target, target } from "./table.js";

const SAMPLES = {
  scenes: { seed: 202, train: 1000, test: 500 },
  activities: { seed: 202, train: 1000, test: 500 },
  birds: { seed: 202, train: 3000, test: 1000 },
  text: { seed: 202, train: 3000, test: 1000 },
} as const;
/** Letters are smaller than anything that the network was trained on: shown twice as large, they are not. */
const LARGE = 336;

/** Scenes, activities, birds, text. */
export const transferTable: ResultTable = {
  id: "transfer",
  title: "New tasks from labels alone",
  about:
    "Linear SVMs on GAP features of the frozen network, trained on image-level labels of parts that it never saw: accuracy, for text the average precision. Features are standardised, C comes from five-fold cross-validation on the training part, in every column.",
  async run({ network, gmp, say }) {
    const rows = [];
    const targets: Target[] = [];
    for (const part of ["scenes", "activities", "birds"] as const) {
      const found = await measureProbe(network, part, SAMPLES[part]);
      const twin = gmp && (await measureProbe(gmp, part, SAMPLES[part]));
      const { train, test, chance, colours, margin } = found;
      rows.push([part, train, test, found.network, twin?.network ?? "–", colours, { share: chance }]);
      say(`  ${part} ${found.network.value.toFixed(3)}`);
      const times = found.network.value / chance;
      if (part === "scenes") targets.push(target("scenes", found.network.value, 0.85));
      else targets.push({ what: `${part}, times chance`, wanted: "≥ 4", measured: times.toFixed(1), met: times >= 4 });
      if (part === "birds") targets.push(target("birds, points above the colour histogram", margin.value, 0.1));
    }
    let text = await measureText(network, SAMPLES.text);
    rows.push(...textRows(text, gmp && (await measureText(gmp, SAMPLES.text)), ""));
    say(`  text ${text.averagePrecision.value.toFixed(3)}`);
    {
      using large = await shownAt(network, LARGE);
      using largeTwin = gmp && (await shownAt(gmp, LARGE));
      text = await measureText(large, SAMPLES.text);
      rows.push(...textRows(text, largeTwin && (await measureText(largeTwin, SAMPLES.text)), ", shown larger"));
      say(`  text, shown larger ${text.averagePrecision.value.toFixed(3)}`);
    }
    const { averagePrecision, peakNearWord, peakChance, peaksOfOthers } = text;
    const times = peakNearWord.value / peakChance;
    targets.push(target("text shown larger, average precision", averagePrecision.value, 0.9), {
      what: "text shown larger, peaks near a word, times chance",
      wanted: "≥ 3",
      measured: times.toFixed(1),
      met: times >= 3,
    });
    return {
      columns: ["task", "learned from", "judged on", "GAP", "GMP twin", "colour histogram", "chance"],
      rows,
      images: "seed 202, splits train and test of each part",
      notes: [
        `Shown larger: the same network with an input of ${LARGE} × ${LARGE} pixels in place of ${network.preprocessing.width} × ${network.preprocessing.height} (\`openNetwork(…, { size: ${LARGE} })\`), and so maps twice as fine. Words are 6 to 28 of 224 pixels high, things that the network learned from 20 to 100.`,
        "The colour histogram (8 × 8 × 8 colours) is a control: what can be told without seeing any shape.",
        `Near a word: within 8 pixels of its upright box. The peaks of other pictures' maps would be so in ${(100 * peaksOfOthers).toFixed(1)} % of the pictures: signs hang where signs hang.`,
      ],
      targets,
    };
  },
};

function textRows(found: TextReport, twin: TextReport | undefined, how: string): Cell[][] {
  const { train, test, chance, averagePrecision, colours, peakNearWord, peakChance } = found;
  return [
    [`text${how}`, train, test, averagePrecision, twin?.averagePrecision ?? "–", colours, { share: chance }],
    [`text${how}: peak near a word`, train, test, peakNearWord, twin?.peakNearWord ?? "–", "–", { share: peakChance }],
  ];
}
