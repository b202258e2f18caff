import type { TrustReport } from "../../../kernel-helpers/boxes/trust/trust.js";
import type { TrustRow } from "../../../kernel-helpers/boxes/trust/trust-rows.js";
import { printable } from "../../../kernel-helpers/support/escape.js";
import { scoreText } from "../../../widgets/kit/text/numbers.js";

/**
 * A report as a block of lines a measure: each way's mean with its interval, and whether it is told apart from its control, a map that
 * knows nothing of the photo.
 */
export function trustText({ network, measures, rows, pictures }: TrustReport): string {
  const lines = [
    `${printable(network)}: ways to look on ${pictures.length} ${pictures.length === 1 ? "picture" : "pictures, means and 95 % intervals"}`,
    "",
  ];
  const width = Math.max(...rows.map(({ title }) => title.length));
  for (const { name, title, better, definition, range, random, control = "random" } of measures) {
    const known = rows.filter(({ values }) => Number.isFinite(values[name].value));
    if (known.length === 0) continue;
    lines.push(`${title} (${better} is better): ${definition}`, `  range: ${range}; a random map gets: ${random}`);
    const other = control === "random" ? "a random map" : "a centred blob";
    for (const row of known) {
      const { value, low, high } = row.values[name];
      const interval = Number.isFinite(low) ? `(${scoreText(low, 3)} to ${scoreText(high, 3)})` : "";
      lines.push(
        `  ${row.title.padEnd(width)}  ${scoreText(value, 3)}  ${interval}  ${verdict(row, name, other)}`.trimEnd(),
      );
    }
    lines.push("");
  }
  return `${lines.join("\n")}\n`;
}

function verdict({ control, overControl }: TrustRow, measure: string, other: string): string {
  const { low, high } = overControl[measure];
  if (control || !Number.isFinite(low)) return control ? "control" : "";
  return low > 0 ? `better than ${other}` : high < 0 ? `worse than ${other}` : `as ${other}`;
}
