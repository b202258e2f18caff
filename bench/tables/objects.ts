// What the embedded network was taught: naming objects, and where its maps put them, beside its twin that pools maxima.
import { measureObjects, type ObjectsReport, type Places } from "../embedded/objects.js";
import { type Estimate, type TableContext, type TableResult, target } from "./table.js";

const SAMPLE = { seed: 101, test: 1000 };

/** Naming and finding objects. */
export async function objectsTable({ network, gmp }: TableContext): Promise<TableResult> {
  const gap = await measureObjects(network, SAMPLE);
  const twin = gmp && (await measureObjects(gmp, SAMPLE));
  const row = (name: string, of: (found: ObjectsReport) => Estimate, control: Estimate | { share: number }) => [
    name,
    of(gap),
    twin ? of(twin) : "–",
    control,
  ];
  const sized = (found: ObjectsReport, size: string) => found.bySize.find(({ name }) => name === size)!;
  const boxesControl = ({ centred, centredMedian }: Places) =>
    centred.value > centredMedian.value ? centred : centredMedian;
  const { all } = gap;
  return {
    columns: ["", "GAP", "GMP twin", "control"],
    rows: [
      row("mean average precision", (found) => found.meanAveragePrecision, { share: gap.chance }),
      row("boxes, IoU ≥ 0.5", (found) => found.all.boxes, boxesControl(all)),
      ...gap.bySize.map(({ name }) =>
        row(`boxes of ${name} things`, (found) => sized(found, name).boxes, boxesControl(sized(gap, name))),
      ),
      row("pointing", (found) => found.all.pointing, { share: all.pointingChance }),
    ],
    images: `${gap.pictures} pictures of the part objects, split test, seed ${gap.seed}, ${all.objects} objects`,
    notes: [
      "Controls: guessing; the better of two boxes in the middle of the frame (half its area, and the median object's); a peak anywhere.",
      "Small: below 8 % of the frame; medium: below 13 %.",
      "The twin has the same layers, recipe and seed, with the maximum in place of the mean (GMP), as the paper compares them. The embedded network's last maps are smoothed by a fixed 1-2-1 filter, added after training, without which its boxes are smaller than the things; the twin's are not (models/objects-gap/README.md).",
    ],
    targets: [
      target("mean average precision", gap.meanAveragePrecision.value, 0.9),
      target("boxes, IoU ≥ 0.5", all.boxes.value, 0.45),
      target("boxes, points above the centred box", all.boxes.value - boxesControl(all).value, 0.2),
      target("pointing", all.pointing.value, 0.8),
    ],
  };
}
