// tslab's TypeScript, and the few of its inside functions that this kernel uses.
import { existsSync } from "node:fs";
import module, { createRequire } from "node:module";
import { join } from "node:path";
import type ts from "typescript";
import { CamlabError } from "../../kernel-helpers/support/errors.js";
import { cacheFolder } from "../../kernel-helpers/support/files/cache-folder.js";
import { type CompiledModule, loadCompiled } from "../../kernel-helpers/support/files/compiled-module.js";
import { packageRoot } from "../../kernel-helpers/support/package-root.js";

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

/**
 * A program that notes what its type checker looks for, when it is given a set for it: modules by their names, and by its
 * path a partial file from within which a name was looked for that could lie in the rest of it.
 */
export interface SeekingProgram extends ts.Program {
  sought?: Set<string>;
}

/** A file of which a part may be left out. */
export interface PartialFile extends ts.SourceFile {
  isPartial?: boolean;
}

const require = createRequire(import.meta.url);

let loaded: CompiledModule | undefined;

/** Loads tslab's TypeScript, once a process. */
export function loadTypeScript(): TypeScript {
  const file = ownCopy("typescript", "lib", "typescript.js");
  // Node 22.8 and newer keep compiled code themselves (bin/start.js).
  if ("enableCompileCache" in module) return require(file) as TypeScript;
  return (loaded ??= loadCompiled(file, cacheFolder("compiled"))).exports as TypeScript;
}

/** Keeps what has been compiled of TypeScript by now for the next kernel. */
export function keepCompiled(): void {
  loaded?.keep();
}

/** The version of tslab's TypeScript, without loading it. */
export function typescriptVersion(): string {
  return (require(ownCopy("typescript", "package.json")) as { version: string }).version;
}

/** The types of camlab's own dependencies: `@types/node` for cells of a folder that has none. */
export function ownTypeRoot(): string | undefined {
  try {
    return require.resolve("@types/node/package.json").replace(/[\\/]node[\\/]package\.json$/, "");
  } catch {
    return undefined;
  }
}

/** The declarations of `import "tslab"`. */
export function tslabDeclarations(): string {
  return ownCopy("tslab", "dist", "public.d.ts");
}

/** What the comment `/** @module helper *\/` at the head of a cell says. */
export function metadataOf(code: string): { module?: string; jsx?: boolean } {
  if (!code.includes("@module")) return {};
  return tslab().metadata.getCodeMetadata(code);
}

/** Whether a cell is complete, and how its next line is indented when it is not. */
export function completenessOf(code: string): { completed: boolean; indent?: string } {
  return tslab().converter.isCompleteCode(code);
}

/** What an editor shows of a name, as text. */
export function quickInfoText(info: ts.QuickInfo): string {
  return tslab().inspect.printQuickInfo(info);
}

/** tslab's own `import { display } from "tslab"`, writing to this kernel. */
export function tslabApi(write: (data: unknown, update: boolean) => void): unknown {
  const { jupyter, main } = tslab();
  jupyter.lastWriteDisplayData = write;
  return main;
}

/** The parts of tslab that are used here, by the names of its files. */
interface TslabParts {
  readonly metadata: { getCodeMetadata(code: string): { module?: string; jsx?: boolean } };
  readonly converter: { isCompleteCode(code: string): { completed: boolean; indent?: string } };
  readonly inspect: { printQuickInfo(info: ts.QuickInfo): string };
  readonly jupyter: { lastWriteDisplayData: (data: unknown, update: boolean) => void };
  readonly main: unknown;
}

function tslab(): TslabParts {
  return require(ownCopy("tslab", "dist", "parts.js")) as TslabParts;
}

/** camlab's own copies, made by `npm run build`: as dependencies they would put another `tsc` before the user's. */
function ownCopy(...path: string[]): string {
  const file = join(packageRoot(), "dist", "vendor", ...path);
  if (!existsSync(file)) throw new CamlabError(`${file} is missing: run \`npm run build\` in ${packageRoot()}`);
  return file;
}
