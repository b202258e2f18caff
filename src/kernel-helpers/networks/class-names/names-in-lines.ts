import { byIndex, type FoundNames } from "./names-in-json.js";

/** Class names, one a line; what all lines carry beside their names (numbers, WordNet ids, quotes) is taken off. */
export function namesInLines(text: string): FoundNames {
  const lines = text
    .split(/\r\n|\n|\r/)
    .map((line) => line.trim())
    .filter((line) => line !== "");
  while (lines[0]?.startsWith("# ")) lines.shift();
  return undressed(lines);
}

/** Names without what stands beside every one of them. */
export function undressed(lines: readonly string[]): FoundNames {
  const wordnet = matched(lines, /^n\d{8}[\s,:]+(.+)$/);
  if (wordnet) return undressed(wordnet.map(([name]) => name));
  const behind = matched(lines, /^(\d{1,9})(?:\s*[:,;)]\s*|\s+)(.+)$/);
  if (behind) return numbered(behind.map(([index, name]) => [Number(index), name])) ?? { names: lines };
  const before = matched(lines, /^(.+?)(?:\s*[:,;]\s*|\s+)(\d{1,9})$/);
  if (before) return numbered(before.map(([name, index]) => [Number(index), name])) ?? { names: lines };
  const quoted = matched(lines, /^(?:"(.*)"|'(.*)'),?$/);
  if (quoted) return { names: quoted.map(([double, single]) => double ?? single) };
  // Places: /a/airfield
  const places = matched(lines, /^\/[a-z]\/(.+)$/);
  return { names: places ? places.map(([name]) => name) : lines };
}

/** Undefined when the numbers do not count the lines: then they belong to the names. */
function numbered(entries: readonly (readonly [number, string])[]): FoundNames | undefined {
  const found = byIndex(entries);
  return "wrong" in found ? undefined : undressed(found.names);
}

/** The parts that a pattern finds in every line, or undefined when one is of another form. */
function matched(lines: readonly string[], pattern: RegExp): string[][] | undefined {
  if (lines.length === 0) return undefined;
  const found = lines.map((line) => pattern.exec(line)?.slice(1));
  return found.every((parts) => parts !== undefined) ? found : undefined;
}
