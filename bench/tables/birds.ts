// Table 4 on drawn birds: the whole picture, the crop from the probe's own map, the true box.
import { bootstrapInterval, fineGrained, worldDataset } from "../../src/index.js";
import { mean } from "../world/probe.js";
import { target } from "./objects.js";
import type { Estimate, ResultTable } from "./table.js";

const SEED = 101;
const TRAIN = 2000;
const TEST = 1000;

/** Fine-grained recognition with crops that the probe's map finds. */
export const birdsTable: ResultTable = {
  id: "birds",
  title: "Fine-grained birds: crops from the map",
  about:
    "20 drawn species. A linear SVM on features of whole pictures; its own map gives a box (20 % rule); features of that crop train a second SVM; a third sees the true box. Image-level labels only, but for the last row.",
  async run({ network, say }) {
    const { images } = await worldDataset("birds", { seed: SEED, train: TRAIN, test: TEST });
    const report = await fineGrained(network, images, { published: false });
    const right = (result: typeof report.full) => {
      const test = result.features.ofSplit("test");
      const predicted = result.svm.predict(test);
      return test.labels.map((label, i) => (label === predicted[i] ? 1 : 0));
    };
    const [full, crop] = [right(report.full), right(report.crop)];
    const gain: Estimate = bootstrapInterval(full.length, (rows) => mean(rows.map((i) => crop[i] - full[i])));
    say(`  full ${mean(full).toFixed(3)}, crop ${mean(crop).toFixed(3)}`);
    return {
      columns: ["looked at", "told of test pictures", "accuracy"],
      rows: [
        ...report.lines.map(({ method, annotations, accuracy, low, high }) => [
          method,
          annotations,
          { value: accuracy / 100, low: (low ?? NaN) / 100, high: (high ?? NaN) / 100 },
        ]),
        ["gain of the crop", "", gain],
        ["boxes, IoU ≥ 0.5", "none", { share: report.localised ?? NaN }],
      ],
      images: `${TRAIN} pictures to learn from, ${TEST} to judge by, seed ${SEED}`,
      notes: ["Chance is 5.0."],
      targets: [
        target("crop, points above the whole picture", gain.value, 0.03),
        {
          what: "lower end of the gain's interval",
          wanted: "> 0",
          measured: (100 * gain.low).toFixed(1),
          met: gain.low > 0,
        },
      ],
    };
  },
};
