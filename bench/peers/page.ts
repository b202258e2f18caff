import { cpus } from "node:os";
import { ascending, median } from "../../src/kernel-helpers/support/statistics.js";
import { machineMeasured, versionsMeasured, commitMeasured } from "../tables/measured-on.js";
import { type Row, TRIED } from "./rows.js";

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

- ${machineMeasured()}; load ${load[0].toFixed(1)} before, ${load[1].toFixed(1)} after${busyText(load)}
- ${versionsMeasured()}; commit ${commitMeasured()}
- ${versions}

| work | camlab | peer | | ratio | goal | |
| --- | --- | --- | --- | --- | --- | --- |
${lines.join("\n")}
${triedText(measured)}`;
}

/** Threads of one process and two suffer differently from others on the same cores. The load afterwards is the run's own. */
function busyText([before]: Circumstances["load"]): string {
  if (before < cpus().length / 2) return "";
  return ". **The machine was busy with other work: these figures try the command, and no claim rests on them**";
}

/** What is known of the rows whose goal is not met, or not known to be. */
function triedText(measured: readonly Measured[]): string {
  const open = measured.filter((one) => !isMet(one)).map(({ row }) => row.id);
  const notes = Object.entries(TRIED).filter(([start]) => open.some((id) => id.startsWith(start)));
  if (notes.length === 0) return "";
  return `\n## Where a goal is not met, or was not measured\n\n${notes.map(([start, text]) => `- **${start.replace(/-$/, "")}**: ${text}`).join("\n")}\n`;
}

function ratiosOf({ ours, peer }: Measured): number[] {
  return ours.values.map((value, round) => value / peer.values[round]).sort(ascending);
}

function isMet(one: Measured): boolean {
  return (one.ours.missing ?? one.peer.missing) === undefined && median(ratiosOf(one)) <= one.row.goal;
}

function lineOf(one: Measured): string {
  const { row, ours, peer } = one;
  const start = `| ${row.work} | ${figure(ours, row.unit)} | ${figure(peer, row.unit)} | ${row.peer.name}`;
  const goal = `≤ ${row.goal.toFixed(2)}`;
  const missing = ours.missing ?? peer.missing;
  if (missing !== undefined) return `${start} | | ${goal} | not measured: ${missing.replaceAll("|", "/")} |`;
  const ratios = ratiosOf(one);
  const ratio = median(ratios);
  const met = isMet(one) ? "met" : `${(ratio / row.goal).toFixed(2)} × the goal`;
  const range = `${ratios[0].toFixed(2)}–${ratios.at(-1)!.toFixed(2)}`;
  return `${start} | **${ratio.toFixed(2)}** (${range}) | ${goal} | ${met} |`;
}

function figure({ values }: Rounds, unit: Row["unit"]): string {
  if (values.length === 0) return "–";
  const value = median(values);
  return `${unit === "s" ? value.toFixed(2) : value >= 100 ? value.toFixed(0) : value.toFixed(1)} ${unit}`;
}
