// New tasks on the embedded network's features: linear SVMs from image-level labels.
import { measureProbe } from "../embedded/probes.js";
import { measureText } from "../embedded/text.js";
import { type ResultTable, type Target, target } from "./table.js";

const SAMPLES = {
  scenes: { seed: 101, train: 1000, test: 500 },
  activities: { seed: 101, train: 1000, test: 500 },
  birds: { seed: 101, train: 3000, test: 1000 },
  text: { seed: 101, train: 1000, test: 500 },
} as const;

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
    const text = await measureText(network, SAMPLES.text);
    const twin = gmp && (await measureText(gmp, SAMPLES.text));
    const { train, test, chance, averagePrecision, colours, peakNearWord, peakChance, peaksOfOthers } = text;
    rows.push(["text", train, test, averagePrecision, twin?.averagePrecision ?? "–", colours, { share: chance }]);
    rows.push([
      "text: map's peak near a word",
      train,
      test,
      peakNearWord,
      twin?.peakNearWord ?? "–",
      "–",
      { share: peakChance },
    ]);
    const times = peakNearWord.value / peakChance;
    targets.push(target("text, average precision", averagePrecision.value, 0.9), {
      what: "text, peaks near a word, times chance",
      wanted: "≥ 3",
      measured: times.toFixed(1),
      met: times >= 3,
    });
    return {
      columns: ["task", "learned from", "judged on", "GAP", "GMP twin", "colour histogram", "chance"],
      rows,
      images: "seed 101, splits train and test of each part",
      notes: [
        "The colour histogram (8 × 8 × 8 colours) is a control: what can be told without seeing any shape.",
        `Near a word: within 8 pixels of its upright box. The peaks of other pictures' maps would be so in ${(100 * peaksOfOthers).toFixed(1)} % of the pictures: signs hang where signs hang.`,
      ],
      targets,
    };
  },
};
