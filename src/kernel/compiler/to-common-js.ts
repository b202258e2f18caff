import type ts from "typescript";
import { continueNamespaces, instrument, redefinable, waitsAtTopLevel } from "./instrument.js";
import { splitSourceMap } from "./source-place.js";
import type { TypeScript } from "./typescript.js";

/** A module as CommonJS: code that can run inside of a function. */
export interface CommonJs {
  readonly javascript: string;
  /** The source map to what was compiled. */
  readonly toSource: string | undefined;
  /** Whether it must be an asynchronous function. */
  readonly isAsync: boolean;
}

/** An ES module, or TypeScript, as CommonJS that can be stopped. */
export function toCommonJs(compiler: TypeScript, source: string, path: string): CommonJs {
  let isAsync = false;
  const look: ts.TransformerFactory<ts.SourceFile> = () => (file) => {
    isAsync = waitsAtTopLevel(compiler, file);
    return file;
  };
  const { outputText, sourceMapText } = compiler.transpileModule(source, {
    fileName: path,
    compilerOptions: {
      module: compiler.ModuleKind.CommonJS,
      target: compiler.ScriptTarget.ES2022,
      esModuleInterop: true,
      jsx: compiler.JsxEmit.React,
      newLine: compiler.NewLineKind.LineFeed,
      noImplicitUseStrict: true,
      sourceMap: true,
    },
    transformers: { before: [look, instrument(compiler)] },
  });
  const javascript = outputText.replace(/\n?\/\/# sourceMappingURL=\S+\s*$/, "");
  return { javascript, toSource: sourceMapText, isAsync };
}

/** What a program says of a cell. */
export interface EmittedCell {
  readonly javascript: string;
  /** The source map to the cell. */
  readonly toSource: string | undefined;
  /** The names that it declares. */
  readonly declares: Set<string>;
  /** Its declarations. */
  readonly declarations: string;
}

/** How a cell is emitted: what is done to it first, and which namespaces it adds to. */
export interface CellEmit {
  readonly options: ts.CompilerOptions;
  readonly before: readonly ts.TransformerFactory<ts.SourceFile>[];
  readonly afterDeclarations: readonly ts.TransformerFactory<ts.SourceFile | ts.Bundle>[];
  readonly merged: ReadonlySet<string>;
}

/** A checked cell as CommonJS that can be stopped. */
export function emitCell(
  compiler: TypeScript,
  program: ts.Program,
  cell: ts.SourceFile,
  { options, before, afterDeclarations, merged }: CellEmit,
): EmittedCell {
  const declares = new Set<string>();
  let [code, declarations] = ["", ""];
  const write = (name: string, text: string) => {
    if (name.endsWith(".d.ts")) declarations = text;
    else code = text;
  };
  const transformers = {
    before: [...before, instrument(compiler)],
    after: [redefinable(compiler, (name) => declares.add(name)), continueNamespaces(compiler, merged)],
    afterDeclarations: [...afterDeclarations],
  };
  // Checked as an ES module, which may await at its top.
  const { module } = options;
  options.module = compiler.ModuleKind.CommonJS;
  try {
    program.emit(cell, write, undefined, false, transformers);
  } finally {
    options.module = module;
  }
  const { text, map } = splitSourceMap(code);
  return { javascript: text, toSource: map, declares, declarations };
}
