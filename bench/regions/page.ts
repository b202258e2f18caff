// The tables about regions, as Markdown.
import { shareOf } from "../../src/kernel-helpers/svm/metrics/share-of.js";
import { accuracyOf, gainOf, meritOf, type NetworkTrials, type Trial, type View } from "./report.js";

/** Accuracy of crops and boxes by growth, on the deals that choose. */
export function choicePage(growths: readonly number[], all: readonly NetworkTrials[]): string {
  const views = all.flatMap(({ network, trials }) =>
    (["crop", "box"] as const).map((view) => ({ name: `${network}, ${view}`, view, trials })),
  );
  return table(
    ["", ...growths.map(growthName)],
    [
      ...views.map(({ name, view, trials }) => [
        name,
        ...growths.map((growth) => percent(accuracyOf(of(trials, view, growth)))),
      ]),
      ["mean", ...growths.map((growth) => percent(meritOf(growth, all)))],
    ],
  );
}

/** Full pictures, crops and boxes with one growth: on the deals that report, and on the official split. */
export function reportPage(growth: number, all: readonly NetworkTrials[]): string {
  const rows = all.flatMap(({ network, trials }) =>
    [false, true].map((official) => {
      const own = trials.filter(({ deal }) => (deal.seed === "official") === official);
      const [full, crop, box] = [of(own, "full"), of(own, "crop", growth), of(own, "box", growth)];
      const cells = [full, crop, box].map(official ? ([trial]: Trial[]) => shareCell(trial) : meanCell);
      return [network, official ? "official" : `${full.length} others`, ...cells, gain(crop, full), gain(box, crop)];
    }),
  );
  return table(["network", "split", "full", "crop", "box", "crop − full", "box − crop"], rows);
}

function of(trials: readonly Trial[], view: View, growth?: number): Trial[] {
  return trials.filter((trial) => trial.view === view && trial.growth === growth);
}

function growthName(growth: number): string {
  return growth === 0 ? "0 (stretched)" : growth === 1 ? "1 (widened)" : String(growth);
}

/** Wilson's interval of one test part. */
function shareCell({ right }: Trial): string {
  const { value, low, high } = shareOf(right);
  return `${percent(value)} (${percent(low)}–${percent(high)})`;
}

/** The mean of several test parts. Pictures come in several of them: the interval is that of one part. */
function meanCell(trials: readonly Trial[]): string {
  const value = accuracyOf(trials);
  const tested = trials[0].right.length;
  const { low, high } = shareOf(Array.from({ length: tested }, (_, i) => i < Math.round(value * tested)));
  return `${percent(value)} (${percent(low)}–${percent(high)})`;
}

function gain(more: readonly Trial[], less: readonly Trial[]): string {
  const { value, low, high } = gainOf(more, less);
  return `${signed(value)} (${signed(low)} to ${signed(high)})`;
}

function percent(share: number): string {
  return (100 * share).toFixed(1);
}

function signed(share: number): string {
  return `${share < 0 ? "−" : "+"}${Math.abs(100 * share).toFixed(1)}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), `|${head.map(() => "---").join("|")}|`, ...rows.map(line)].join("\n");
}
