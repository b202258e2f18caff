// A cell's TypeScript to JavaScript, with tslab's converter; and what an editor asks about the code in a cell.
import { SourceMap } from "node:module";
import type { SourceMapPayload } from "node:module";
import type ts from "typescript";
import type { Content } from "../protocol/wire.js";
import { GLOBALS_MODULE, loadTslab } from "./patched-typescript.js";
import type { StageMaps, Tslab, TslabConverter, TslabDiagnostic, TslabResult } from "./patched-typescript.js";

/** A place in the source of a cell or of a local module, both counted from 1. */
export interface SourcePlace {
  readonly line: number;
  readonly column: number;
}

/** From a place in compiled JavaScript to its source. */
export type Locate = (line: number, column: number) => SourcePlace | undefined;

/** A cell that compiled. */
export interface CompiledCell {
  readonly javascript: string;
  readonly locate: Locate;
  /** The export that holds the value of the last statement, when that is an expression. */
  readonly lastExpression: string | undefined;
  /** Local modules (`./helper.ts`) that changed. */
  readonly modules: readonly { readonly path: string; readonly javascript: string; readonly locate: Locate }[];
  /** The declarations that later cells see, once this cell ran. */
  readonly declarations: string;
}

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

/** What all cells can name. */
const GIVEN = `import "${GLOBALS_MODULE}";\n`;

/** Compiles the cells of one kernel; it remembers the declarations of the cells that ran. */
export class Compiler {
  readonly tslab: Tslab = loadTslab();
  #converter: TslabConverter | undefined;
  #declarations = "";

  /** Loads the libraries' types, so that the first cell is quick. */
  warmUp(): void {
    this.#use((converter) => converter.convert(this.#known, "0"));
  }

  compile(code: string): CompiledCell | { readonly problems: readonly CompileProblem[] } {
    const meta = this.tslab.metadataOf(code);
    if (meta.module) {
      const problems = this.#use((converter) => converter.addModule(meta.module!, code, meta));
      return problems.length ? { problems: problemsOf(problems) } : this.#empty();
    }
    const plain = this.#withoutExports(code);
    const result = this.#use((converter) => converter.convert(this.#known, plain));
    if (result.diagnostics.length) return { problems: problemsOf(result.diagnostics) };
    return this.#compiled(result);
  }

  /** Makes a cell's declarations known to later cells. After a failure, only of variables that got a value. */
  adopt(cell: CompiledCell, hasValue?: (name: string) => boolean): void {
    this.#declarations = hasValue ? this.#keepVariables(cell.declarations, hasValue) : cell.declarations;
  }

  /** The content of a `complete_reply`; offsets in UTF-16 units. */
  complete(code: string, cursor: number): Content {
    const { start, end, candidates, original } = this.#use((converter) =>
      converter.complete(this.#known, code, cursor),
    );
    const kinds = new Map(original?.entries.map(({ name, kind }) => [name, kind]));
    const types = candidates.map((text) => ({ text, type: kinds.get(text) ?? "", start, end }));
    return {
      status: "ok",
      matches: candidates,
      cursor_start: start,
      cursor_end: end,
      metadata: { _jupyter_types_experimental: types },
    };
  }

  /** The content of an `inspect_reply`. */
  inspect(code: string, cursor: number): Content {
    // A cursor at the end of a name, or inside the arguments of a call, still means that name.
    const before = /[\w$][^\w$]*$/.exec(code.slice(0, cursor))?.index ?? cursor;
    for (const position of new Set([cursor, before])) {
      const info = this.#use((converter) => converter.inspect(this.#known, code, position));
      if (!info) continue;
      return { status: "ok", found: true, data: { "text/plain": this.tslab.printQuickInfo(info) }, metadata: {} };
    }
    return { status: "ok", found: false, data: {}, metadata: {} };
  }

  /** The content of an `is_complete_reply`. */
  isComplete(code: string): Content {
    const { completed, indent } = this.tslab.converter.isCompleteCode(code);
    if (!completed) return { status: "incomplete", indent: indent ?? "" };
    const { typescript } = this.tslab;
    const parsed = typescript.createSourceFile(
      "cell.ts",
      `export {};\n${code}`,
      typescript.ScriptTarget.Latest,
    ) as ts.SourceFile & { parseDiagnostics: ts.Diagnostic[] };
    return { status: parsed.parseDiagnostics.length ? "invalid" : "complete" };
  }

  /** What a cell may name: what the kernel gives to all cells, and what the cells before it declared. */
  get #known(): string {
    return `${GIVEN}${this.#declarations}`;
  }

  close(): void {
    this.#converter?.close();
    this.#converter = undefined;
  }

  /** A converter that threw is in an unknown state: the next request gets a new one. */
  #use<T>(task: (converter: TslabConverter) => T): T {
    this.#converter ??= this.tslab.converter.createConverter();
    try {
      return task(this.#converter);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  #compiled(result: TslabResult): CompiledCell {
    const javascript = result.output ?? "";
    return {
      javascript,
      locate: locator(this.tslab.takeMaps(javascript), 1),
      lastExpression: result.lastExpressionVar,
      modules: (result.sideOutputs ?? []).map(({ path, data }) => {
        return { path, javascript: data, locate: locator(this.tslab.takeMaps(data), 0) };
      }),
      declarations: result.declOutput ?? "",
    };
  }

  #empty(): CompiledCell {
    const locate = () => undefined;
    return { javascript: "", locate, lastExpression: undefined, modules: [], declarations: this.#declarations };
  }

  /** Every top-level name of a cell is visible to later cells: `export` before a declaration is blanked out. */
  #withoutExports(code: string): string {
    if (!code.includes("export")) return code;
    const { typescript } = this.tslab;
    const file = typescript.createSourceFile("cell.ts", code, typescript.ScriptTarget.Latest, true);
    let plain = code;
    for (const statement of file.statements) {
      const modifiers = typescript.canHaveModifiers(statement) ? (typescript.getModifiers(statement) ?? []) : [];
      const word = modifiers.find(({ kind }) => kind === typescript.SyntaxKind.ExportKeyword);
      if (!word || modifiers.some(({ kind }) => kind === typescript.SyntaxKind.DefaultKeyword)) continue;
      const start = word.getStart(file);
      plain = plain.slice(0, start) + " ".repeat(word.end - start) + plain.slice(word.end);
    }
    return plain;
  }

  #keepVariables(declarations: string, hasValue: (name: string) => boolean): string {
    const { typescript } = this.tslab;
    const file = typescript.createSourceFile("cell.d.ts", declarations, typescript.ScriptTarget.Latest, true);
    const lost = (statement: ts.Statement) =>
      typescript.isVariableStatement(statement) &&
      statement.declarationList.declarations.some(({ name }) => typescript.isIdentifier(name) && !hasValue(name.text));
    return file.statements
      .filter((statement) => !lost(statement))
      .map((statement) => statement.getFullText())
      .join("");
  }
}

/** What does not parse has meaningless types: then only its syntax is reported. */
function problemsOf(diagnostics: readonly TslabDiagnostic[]): CompileProblem[] {
  const syntax = diagnostics.filter(({ code }) => code < 2000);
  return (syntax.length ? syntax : diagnostics).map(({ start, end, code, messageText, fileName }) => ({
    line: start.line + 1,
    column: start.character + 1,
    length: Math.max(1, start.line === end.line ? end.character - start.character : 1),
    code,
    message: messageText,
    ...(fileName === undefined ? {} : { file: fileName }),
  }));
}

/** tslab puts `prefixLines` lines before a cell, none before a module. Maps are parsed when first needed. */
function locator(maps: StageMaps | undefined, prefixLines: number): Locate {
  let parsed: SourceMap[] | undefined;
  return (line, column) => {
    parsed ??= [maps?.toStage, maps?.toSource].flatMap((map) =>
      map ? [new SourceMap(JSON.parse(map) as SourceMapPayload)] : [],
    );
    let place = { line: line - 1, column: column - 1 };
    for (const map of parsed) {
      const entry = map.findEntry(place.line, place.column);
      if (!("originalLine" in entry)) return undefined;
      place = { line: entry.originalLine, column: entry.originalColumn };
    }
    const sourceLine = place.line - prefixLines + 1;
    return sourceLine >= 1 ? { line: sourceLine, column: place.column + 1 } : undefined;
  };
}
