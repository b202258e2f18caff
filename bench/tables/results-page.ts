// Results as a page of Markdown.
import type { Cell, Estimate, TableResult, Target } from "./table.js";

/** A table as it was measured, and where. */
export interface MeasuredTable {
  readonly id: string;
  readonly title: string;
  readonly about: string;
  readonly result: TableResult;
  readonly measured: {
    /** The commit that was measured, with "+" when files differed from it. */
    readonly commit: string;
    readonly network: string;
    readonly versions: string;
    readonly machine: string;
    readonly seconds: number;
  };
}

/** The whole page. */
export function resultsPage(tables: readonly MeasuredTable[]): string {
  const targets = tables.flatMap(({ result }) => result.targets ?? []);
  const met = targets.filter((target) => target.met).length;
  return [
    "# Results",
    "",
    "Written by `npm run tables`; `npm run tables -- ID …` measures only those anew. Everything is judged on held-out",
    "pictures; brackets hold 95 % intervals (Wilson's of plain shares, the bootstrap's of all else); shares are in percent.",
    "",
    ...(targets.length ? [`Of ${targets.length} targets, ${met} are met.`, ""] : []),
    ...tables.map(({ id, title }) => `- [${title}](#${anchor(title)}) (\`${id}\`)`),
    "",
    ...tables.flatMap(tableLines),
  ].join("\n");
}

/** A cell as text; `percent` cells carry no sign, the page says so once. */
export function cellText(cell: Cell): string {
  if (typeof cell === "string") return cell.replaceAll("|", "\\|").replaceAll("\n", " ");
  if (typeof cell === "number") return Number.isInteger(cell) ? String(cell) : cell.toPrecision(3);
  if ("share" in cell) return percent(cell.share);
  return estimateText(cell);
}

function estimateText({ value, low, high }: Estimate): string {
  return `${percent(value)} (${percent(low)}–${percent(high)})`;
}

function percent(share: number): string {
  return Number.isFinite(share) ? (100 * share).toFixed(1) : "–";
}

function tableLines({ id, title, about, result, measured }: MeasuredTable): string[] {
  const row = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const { commit, network, versions, machine, seconds } = measured;
  return [
    `## ${title}`,
    "",
    about,
    "",
    row(result.columns),
    row(result.columns.map(() => "---")),
    ...result.rows.map((cells) => row(cells.map(cellText))),
    "",
    ...(result.notes ?? []).map((note) => `- ${note}`),
    ...(result.notes?.length ? [""] : []),
    ...targetLines(result.targets ?? []),
    `<sub>${result.images}. Network ${network}; commit ${commit}; ${versions}; ${machine}; ${seconds.toFixed(0)} s; \`npm run tables -- ${id}\`.</sub>`,
    "",
  ];
}

function targetLines(targets: readonly Target[]): string[] {
  if (!targets.length) return [];
  return [
    "| Target | Wanted | Measured | |",
    "| --- | --- | --- | --- |",
    ...targets.map(
      ({ what, wanted, measured, met }) => `| ${what} | ${wanted} | ${measured} | ${met ? "met" : "**short**"} |`,
    ),
    "",
  ];
}

function anchor(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s-]/gu, "")
    .replace(/\s/g, "-");
}
