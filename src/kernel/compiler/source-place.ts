// From compiled JavaScript back to the lines that the author wrote.
import { SourceMap } from "node:module";
import type { SourceMapPayload } from "node:module";

/** A place in the source of a cell or of a local module, both counted from 1. */
export interface SourcePlace {
  readonly line: number;
  readonly column: number;
}

/** From a place in compiled JavaScript to its source. */
export type Locate = (line: number, column: number) => SourcePlace | undefined;

const INLINE_MAP = /\n?\/\/# sourceMappingURL=data:[^,]*,(\S+)\s*$/;

/** Code without the source map at its end, and the map. */
export function splitSourceMap(code: string): { readonly text: string; readonly map: string | undefined } {
  const found = INLINE_MAP.exec(code);
  if (!found) return { text: code, map: undefined };
  return { text: code.slice(0, found.index), map: Buffer.from(found[1], "base64").toString("utf8") };
}

/**
 * Follows a place through the source maps of several stages, the last stage's first. They are parsed when first needed.
 *
 * @param source what the author wrote
 * @param prefixLines lines before it that the author did not write
 */
export function locator(maps: readonly (string | undefined)[], source: string, prefixLines: number): Locate {
  let parsed: SourceMap[] | undefined;
  return (line, column) => {
    parsed ??= maps.flatMap((map) => (map ? [new SourceMap(JSON.parse(map) as SourceMapPayload)] : []));
    let place = { line: line - 1, column: column - 1 };
    for (const map of parsed) {
      const entry = map.findEntry(place.line, place.column);
      if (!("originalLine" in entry)) return undefined;
      place = { line: entry.originalLine, column: entry.originalColumn };
    }
    const sourceLine = place.line - prefixLines + 1;
    if (sourceLine < 1) return undefined;
    return { line: sourceLine, column: calledNameAt(source.split("\n")[sourceLine - 1] ?? "", place.column) + 1 };
  };
}

/** Of a call that was compiled to `(0, f)(…)` the stack names the parenthesis: the name before it is meant. */
function calledNameAt(line: string, column: number): number {
  if (line[column] !== "(") return column;
  return column - (/[\w$]*$/.exec(line.slice(0, column))?.[0].length ?? 0);
}
