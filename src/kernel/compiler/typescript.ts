// tslab's TypeScript, and the few of its inside functions that this kernel uses.
import { createRequire } from "node:module";
import type ts from "typescript";

/** What tslab's TypeScript has beside the public face of TypeScript. */
export interface Inside {
  bindSourceFile(file: ts.SourceFile, options: ts.CompilerOptions): void;
  isExpressionNode(node: ts.Node): boolean;
  getDefaultTypeRoots(folder: string, host: { directoryExists(path: string): boolean }): string[] | undefined;
  getResolvedModule(file: ts.SourceFile, name: string, mode: undefined): ts.ResolvedModuleFull | undefined;
  findPrecedingToken(position: number, file: ts.SourceFile): ts.Node | undefined;
  findNextToken(before: ts.Node, parent: ts.Node, file: ts.SourceFile): ts.Node | undefined;
  getQuickInfoAtPosition(
    file: ts.SourceFile,
    checker: ts.TypeChecker,
    token: ts.CancellationToken,
    position: number,
  ): ts.QuickInfo | undefined;
  readonly Completions: {
    getCompletionsAtPositionForTslab(
      host: object,
      program: ts.Program,
      log: () => void,
      file: ts.SourceFile,
      position: number,
      preferences: object,
      trigger: undefined,
      kind: ts.CompletionTriggerKind,
      token: ts.CancellationToken,
    ): ts.CompletionInfo | undefined;
  };
}

/** A compiler, with its inside. */
export type TypeScript = typeof ts & Inside;

/** The parts of a parsed and bound file that its public type leaves out. */
export interface BoundFile extends ts.SourceFile {
  readonly locals?: Map<string, ts.Symbol>;
  readonly imports?: readonly ts.StringLiteralLike[];
  readonly parseDiagnostics: readonly ts.Diagnostic[];
  parent: ts.SourceFile;
}

const require = createRequire(import.meta.url);
const fromTslab = createRequire(require.resolve("tslab/package.json"));

/** Loads tslab's TypeScript: about 0.2 s, once a process. */
export function loadTypeScript(): TypeScript {
  return fromTslab("@tslab/typescript-for-tslab") as TypeScript;
}

/** The version of tslab's TypeScript, without loading it. */
export function typescriptVersion(): string {
  return (fromTslab("@tslab/typescript-for-tslab/package.json") as { version: string }).version;
}

/** The folder of tslab's own dependencies' types: `@types/node` for cells of a folder that has none. */
export function ownTypeRoot(): string | undefined {
  try {
    return fromTslab.resolve("@types/node/package.json").replace(/[\\/]node[\\/]package\.json$/, "");
  } catch {
    return undefined;
  }
}

/** What the comment `/** @module helper *\/` at the head of a cell says. */
export function metadataOf(code: string): { module?: string; jsx?: boolean } {
  if (!code.includes("@module")) return {};
  const { getCodeMetadata } = require("tslab/dist/metadata.js") as {
    getCodeMetadata: (code: string) => { module?: string; jsx?: boolean };
  };
  return getCodeMetadata(code);
}

/** Whether a cell is complete, and how its next line is indented when it is not. */
export function completenessOf(code: string): { completed: boolean; indent?: string } {
  const { isCompleteCode } = require("tslab/dist/converter.js") as {
    isCompleteCode: (code: string) => { completed: boolean; indent?: string };
  };
  return isCompleteCode(code);
}

/** What an editor shows of a name, as text. */
export function quickInfoText(info: ts.QuickInfo): string {
  const { printQuickInfo } = require("tslab/dist/inspect.js") as { printQuickInfo: (info: ts.QuickInfo) => string };
  return printQuickInfo(info);
}

/** tslab's own `import { display } from "tslab"`, writing to this kernel. */
export function tslabApi(write: (data: unknown, update: boolean) => void): unknown {
  const jupyter = require("tslab/dist/jupyter.js") as { lastWriteDisplayData: typeof write };
  jupyter.lastWriteDisplayData = write;
  return require("tslab") as unknown;
}
