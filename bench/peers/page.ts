import { ascending, median } from "../../src/kernel-helpers/support/statistics.js";
import { machineMeasured, versionsMeasured, commitMeasured } from "../tables/measured-on.js";
import type { Row } from "./rows.js";

/** What became of a row: the rounds of both, or why there are none. */
export interface Measured {
  readonly row: Row;
  readonly ours: Rounds;
  readonly peer: Rounds;
}

interface Rounds {
  readonly values: readonly number[];
  readonly missing?: string;
}

/** Under what it was measured. */
interface Circumstances {
  readonly rounds: number;
  /** The machine's load before and after. */
  readonly load: readonly [number, number];
  readonly versions: string;
}

/** docs/speed.md. */
export function speedPage(measured: readonly Measured[], { rounds, load, versions }: Circumstances): string {
  const lines = measured.map(lineOf);
  return `# Beside its peers

Written by \`npm run peers\` (bench/peers/run.ts says what it needs). Both sides of a row were measured in turn, ${rounds} rounds
after one that warms up: medians, and the median of the rounds' ratios with the least and the most. Times depend on what
else a machine does; the ratios of interleaved rounds are what can be compared.

- ${machineMeasured()}; load ${load[0].toFixed(1)} before, ${load[1].toFixed(1)} after
- ${versionsMeasured()}; commit ${commitMeasured()}
- ${versions}

| work | camlab | peer | | ratio | goal | |
| --- | --- | --- | --- | --- | --- | --- |
${lines.join("\n")}
`;
}

function lineOf({ row, ours, peer }: Measured): string {
  const start = `| ${row.work} | ${figure(ours, row.unit)} | ${figure(peer, row.unit)} | ${row.peer.name}`;
  const goal = `≤ ${row.goal.toFixed(2)}`;
  const missing = ours.missing ?? peer.missing;
  if (missing !== undefined) return `${start} | | ${goal} | not measured: ${missing.replaceAll("|", "/")} |`;
  const ratios = ours.values.map((value, round) => value / peer.values[round]).sort(ascending);
  const ratio = median(ratios);
  const met = ratio <= row.goal ? "met" : `${(ratio / row.goal).toFixed(2)} × the goal`;
  const range = `${ratios[0].toFixed(2)}–${ratios.at(-1)!.toFixed(2)}`;
  return `${start} | **${ratio.toFixed(2)}** (${range}) | ${goal} | ${met} |`;
}

function figure({ values }: Rounds, unit: Row["unit"]): string {
  if (values.length === 0) return "–";
  const value = median(values);
  return `${unit === "s" ? value.toFixed(2) : value >= 100 ? value.toFixed(0) : value.toFixed(1)} ${unit}`;
}
