import type ts from "typescript";
import { continueNamespaces, instrument, redefinable, waitsAtTopLevel } from "./instrument.js";
import type { TypeScript } from "./typescript.js";

/** What is compiled: a module of this path, or a cell. */
interface Origin {
  readonly path: string;
  readonly cell?: { readonly merged: ReadonlySet<string> };
}

/** Code that can run inside of a function. */
export interface CommonJs {
  readonly javascript: string;
  /** The source map to what was compiled. */
  readonly toSource: string | undefined;
  /** What a cell declares. */
  readonly declares: Set<string>;
  /** Whether it must be an asynchronous function. */
  readonly isAsync: boolean;
}

/** An ES module, or TypeScript, as CommonJS that can be stopped. */
export function toCommonJs(compiler: TypeScript, source: string, { path, cell }: Origin): CommonJs {
  const declares = new Set<string>();
  let isAsync = false;
  const look: ts.TransformerFactory<ts.SourceFile> = () => (file) => {
    isAsync = waitsAtTopLevel(compiler, file);
    return file;
  };
  const before = [
    look,
    ...(cell?.merged.size ? [continueNamespaces(compiler, cell.merged)] : []),
    instrument(compiler),
  ];
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
    transformers: { before, ...(cell ? { after: [redefinable(compiler, (name) => declares.add(name))] } : {}) },
  });
  const javascript = outputText.replace(/\n?\/\/# sourceMappingURL=\S+\s*$/, "");
  return { javascript, toSource: sourceMapText, declares, isAsync };
}
