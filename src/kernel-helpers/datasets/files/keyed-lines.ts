import { readNumberedLines } from "./read-text.js";
import type { Reading, Tally } from "./reading.js";

/**
 * Lines "key rest of the line" by key.
 *
 * @param lines counts them: those without a second column, and those of a key that was there before, are left out
 * @throws CamlabError when the file cannot be read
 */
export async function readKeyed(file: string, lines: Tally, reading?: Reading): Promise<Map<string, string>> {
  const keyed = new Map<string, string>();
  for (const { text, number } of await readNumberedLines(file, reading)) {
    const line = text.trim();
    const space = line.search(/\s/);
    const key = space < 0 ? line : line.slice(0, space);
    if (space < 0) lines.leaveOut(`line ${number}`, "it has no second column");
    else if (keyed.has(key)) lines.leaveOut(`line ${number}`, `${key} was there before`);
    else {
      keyed.set(key, line.slice(space).trim());
      lines.keep();
    }
  }
  return keyed;
}
