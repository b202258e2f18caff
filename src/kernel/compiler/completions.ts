import { readdirSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type ts from "typescript";
import { PREFIX } from "./cell-program.js";
import type { CellProgram, CellPrograms } from "./cell-program.js";
import type { TypeScript } from "./typescript.js";

/** What could stand at the cursor, and which part of the code it would replace. */
export interface CellCompletions {
  readonly start: number;
  readonly end: number;
  readonly candidates: readonly { readonly name: string; readonly kind: string }[];
}

/** What can be completed at a place of a cell: files in a path, else names. */
export function completionsAt(
  compiler: TypeScript,
  programs: CellPrograms,
  declarations: string,
  code: string,
  cursor: number,
  folder: string,
): CellCompletions {
  return pathsAt(code, cursor, folder) ?? namesAt(compiler, programs, declarations, code, cursor);
}

/** A quote that opens a relative path, and that path up to the cursor. */
const OPEN_PATH = /(["'`])(\.{1,2}\/[^"'`\n]*)$/;
const IMPORTING = /(?:\bfrom|\bimport|\bimport\s*\(|\brequire\s*\()\s*$/;
const MODULE = /\.(?:ts|tsx|mts|cts|js|jsx|mjs|cjs|json)$/;

function pathsAt(code: string, cursor: number, folder: string): CellCompletions | undefined {
  const before = code.slice(0, cursor);
  const open = OPEN_PATH.exec(before);
  if (!open) return undefined;
  const [, , path] = open;
  const typed = path.slice(path.lastIndexOf("/") + 1);
  const importing = IMPORTING.test(before.slice(0, open.index));
  const inside = resolve(folder, path.endsWith("/") ? path : dirname(path));
  let names: { readonly name: string; readonly kind: string }[];
  try {
    names = readdirSync(inside, { withFileTypes: true }).flatMap((entry) => {
      if (entry.name.startsWith(".") && !typed.startsWith(".")) return [];
      if (entry.isDirectory()) return entry.name === "node_modules" ? [] : [{ name: `${entry.name}/`, kind: "folder" }];
      if (!importing) return [{ name: entry.name, kind: "file" }];
      if (!MODULE.test(entry.name)) return [];
      // `./helper` finds helper.ts and helper.js; the other endings must be written.
      return [{ name: entry.name.replace(/(?:\.d)?\.(?:ts|tsx|js|jsx)$/, ""), kind: "module" }];
    });
  } catch {
    return undefined;
  }
  const matching = [...new Map(names.map((each) => [each.name, each])).values()]
    .filter(({ name }) => name.toLowerCase().startsWith(typed.toLowerCase()))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const rest = /^[^"'`\n/]*/.exec(code.slice(cursor))?.[0] ?? "";
  return { start: cursor - typed.length, end: cursor + rest.length, candidates: matching };
}

function namesAt(
  compiler: TypeScript,
  programs: CellPrograms,
  declarations: string,
  code: string,
  cursor: number,
): CellCompletions {
  if (OPEN_MODULE.test(code.slice(0, cursor))) programs.takeAllNodeTypes();
  return programs.ask(declarations, code, (asked) => namesIn(compiler, asked, cursor));
}

/** The name of a package or of a module of Node's, up to the cursor. */
const OPEN_MODULE = /(?:\bfrom|\bimport|\bimport\s*\(|\brequire\s*\()\s*["'`][^"'`\n]*$/;

function namesIn(compiler: TypeScript, { program, cell }: CellProgram, cursor: number): CellCompletions {
  // Not before its types are looked at are a file's parts linked to what they lie in.
  program.getTypeChecker();
  const position = cursor + PREFIX.length;
  const { Completions } = compiler;
  const token = { isCancellationRequested: () => false, throwIfCancellationRequested: () => undefined };
  const kind = compiler.CompletionTriggerKind.Invoked;
  const info = Completions.getCompletionsAtPositionForTslab(
    HOST,
    program,
    () => undefined,
    cell,
    position,
    {},
    undefined,
    kind,
    token,
  );
  const entries = info?.entries ?? [];
  const word = wordAt(compiler, cell, position);
  if (!word) {
    const sorted = [...entries].sort((a, b) => compare(a.sortText, b.sortText) || compare(a.name, b.name));
    return { start: cursor, end: cursor, candidates: sorted };
  }
  const typed = word.text;
  const ranked = entries.flatMap((entry) => {
    const rank = rankOf(entry.name, typed);
    return rank === undefined ? [] : [{ entry, key: `${rank}${entry.sortText}` }];
  });
  ranked.sort((a, b) => compare(a.key, b.key));
  return {
    start: word.getStart(cell) - PREFIX.length,
    end: word.end - PREFIX.length,
    candidates: ranked.map(({ entry }) => entry),
  };
}

const HOST = {};

/** The name that the cursor is in or at the end of. */
function wordAt(compiler: TypeScript, file: ts.SourceFile, position: number): ts.Identifier | undefined {
  const before = compiler.findPrecedingToken(position, file);
  if (!before) return undefined;
  if (compiler.isIdentifier(before) && before.end >= position) return before;
  const next = compiler.findNextToken(before, file, file);
  if (!next || !compiler.isIdentifier(next)) return undefined;
  return next.getStart(file) <= position && position <= next.end ? next : undefined;
}

/** First what begins as typed, then what does so in other case, then what holds it anywhere. */
function rankOf(name: string, typed: string): number | undefined {
  if (name.startsWith(typed)) return 0;
  const [lower, wanted] = [name.toLowerCase(), typed.toLowerCase()];
  if (lower.startsWith(wanted)) return 1;
  return lower.includes(wanted) ? 2 : undefined;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
