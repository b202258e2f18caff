// Table 4 on drawn birds: the whole picture, the crop from the probe's own map, the true box.
import { measureBirds } from "../embedded/birds.js";
import { shownAt } from "../embedded/shown-at.js";
import { type ResultTable, target } from "./table.js";

const SAMPLE = { seed: 202, train: 3000, test: 1000 };
/** Birds are small in their pictures: shown larger, the map that finds them is finer. */
const SIZE = 336;

/** Fine-grained recognition with crops that the probe's map finds. */
export const birdsTable: ResultTable = {
  id: "birds",
  title: "Fine-grained birds: crops from the map",
  about:
    "20 drawn species, small in their pictures. A linear SVM on features of whole pictures; its own map gives a box (20 % rule); features of that crop train a second SVM; a third sees the true box. Image-level labels only, but for the last.",
  async run({ network }) {
    using large = await shownAt(network, SIZE);
    const { full, crop, truth, gain, colours, chance, localised, train, test, seed } = await measureBirds(
      large,
      SAMPLE,
    );
    return {
      columns: ["looked at", "told of test pictures", "accuracy"],
      rows: [
        ["whole picture", "nothing", full],
        ["crop of the SVM's own map", "nothing", crop],
        ["true box", "the box", truth],
        ["gain of the crop, points", "", gain],
        ["colour histogram of the whole picture", "nothing", colours],
        ["chance", "", { share: chance }],
        ["boxes of the map, IoU ≥ 0.5", "nothing", { share: localised }],
      ],
      images: `${train} pictures to learn from, ${test} to judge by, seed ${seed}, shown at ${SIZE} × ${SIZE} pixels (\`openNetwork(…, { size: ${SIZE} })\`)`,
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
