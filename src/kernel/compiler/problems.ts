import { relative } from "node:path";
import type ts from "typescript";
import type { TypeScript } from "./typescript.js";

/** What the compiler has against a cell. */
export interface CompileProblem {
  readonly line: number;
  readonly column: number;
  /** Characters that are underlined. */
  readonly length: number;
  readonly code: number;
  readonly message: string;
  /** The local module it is in, when it is not in the cell. */
  readonly file?: string;
}

/** Where problems are told to be. */
interface Places {
  readonly folder: string;
  /** Lines before the cell's own. */
  readonly prefix: number;
  /** Where the cell's own text ends: what comes behind it was not written by the author. */
  readonly end: number;
}

/** The compiler's diagnostics in a cell or in local modules, each explanation of a chain as a problem of its own. */
export function problemsOf(
  compiler: TypeScript,
  diagnostics: readonly ts.Diagnostic[],
  cell: ts.SourceFile,
  { folder, prefix, end }: Places,
): CompileProblem[] {
  return diagnostics.flatMap((diagnostic) => {
    const { file, start = 0, length = 1 } = diagnostic;
    if (!file) return [];
    const inCell = file === cell;
    const from = inCell ? Math.min(start, end) : start;
    const first = compiler.getLineAndCharacterOfPosition(file, from);
    const last = compiler.getLineAndCharacterOfPosition(file, inCell ? Math.min(start + length, end) : start + length);
    const place = {
      line: first.line + 1 - (inCell ? prefix : 0),
      column: first.character + 1,
      length: Math.max(1, first.line === last.line ? last.character - first.character : 1),
      ...(inCell ? {} : { file: relative(folder, file.fileName) }),
    };
    return explanations(diagnostic).map(({ code, message }) => ({ ...place, code, message }));
  });
}

function explanations({ code, messageText }: ts.Diagnostic): { readonly code: number; readonly message: string }[] {
  if (typeof messageText === "string") return [{ code, message: messageText }];
  const all: { code: number; message: string }[] = [];
  const follow = (chain: ts.DiagnosticMessageChain) => {
    all.push({ code: chain.code, message: chain.messageText });
    chain.next?.forEach(follow);
  };
  follow(messageText);
  return all;
}
