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
 * Follows a place through a source map, which is parsed when it is first needed.
 *
 * @param source what the author wrote
 * @param prefixLines lines before it that the author did not write
 */
export function locator(map: string | undefined, source: string, prefixLines: number): Locate {
  let parsed: SourceMap | undefined;
  return (line, column) => {
    if (map === undefined) return undefined;
    parsed ??= new SourceMap(JSON.parse(map) as SourceMapPayload);
    const entry = parsed.findEntry(line - 1, column - 1);
    if (!("originalLine" in entry)) return undefined;
    const sourceLine = entry.originalLine - prefixLines + 1;
    if (sourceLine < 1) return undefined;
    return {
      line: sourceLine,
      column: calledNameAt(source.split("\n")[sourceLine - 1] ?? "", entry.originalColumn) + 1,
    };
  };
}

/** Of a call that was compiled to `(0, f)(…)` the stack names the parenthesis: the name before it is meant. */
function calledNameAt(line: string, column: number): number {
  if (line[column] !== "(") return column;
  return column - (/[\w$]*$/.exec(line.slice(0, column))?.[0].length ?? 0);
}
