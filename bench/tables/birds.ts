// Table 4 on drawn birds: the whole picture, the crop from the probe's own map, the true box.
import { measureBirds } from "../embedded/birds.js";
import { shownAt } from "../embedded/shown-at.js";
import { type TableContext, type TableResult, target } from "./table.js";

const SAMPLE = { seed: 202, train: 3000, test: 1000 };
/** Birds are small in their pictures: shown larger, the map that finds them is finer. */
const SIZE = 336;

/** Fine-grained recognition with crops that the probe's map finds. */
export async function birdsTable({ network }: TableContext): Promise<TableResult> {
  using large = await shownAt(network, SIZE);
  const { full, crop, truth, gain, colours, chance, localised, train, test, seed } = await measureBirds(large, SAMPLE);
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
}
