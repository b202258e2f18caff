// A cell's TypeScript to JavaScript, with tslab's TypeScript; and what an editor asks about the code in a cell.
import type ts from "typescript";
import type { Content } from "../protocol/wire.js";
import { CellPrograms, PREFIX } from "./cell-program.js";
import type { CellProgram } from "./cell-program.js";
import { cellTransform, endsInExpression, LAST_EXPRESSION } from "./cell-transform.js";
import { completionsAt } from "./completions.js";
import { declarationsOfFailed, mergedNamespaces, stillDeclared } from "./declarations.js";
import { problemsOf } from "./problems.js";
import type { CompileProblem } from "./problems.js";
import { locator } from "./source-place.js";
import type { Locate } from "./source-place.js";
import { emitCell, toCommonJs } from "./to-common-js.js";
import { completenessOf, keepCompiled, loadTypeScript, metadataOf, quickInfoText } from "./typescript.js";
import type { BoundFile, TypeScript } from "./typescript.js";

/** A cell that compiled. */
export interface CompiledCell {
  readonly javascript: string;
  readonly locate: Locate;
  /** The export that holds the value of the last statement, when that is an expression. */
  readonly lastExpression: string | undefined;
  /** The names that the cell gives values to. */
  readonly declares: ReadonlySet<string>;
  /** The declarations that later cells see, once this cell ran. */
  readonly declarations: string;
}

/** A local module that compiled. */
export interface CompiledModule {
  readonly javascript: string;
  readonly locate: Locate;
  /** Whether it waits for something before it has ended: then it runs as an asynchronous function. */
  readonly isAsync: boolean;
}

/** The lines before a cell's own: one. */
const PREFIX_LINES = PREFIX.split("\n").length - 1;

/** Compiles the cells of one kernel; it remembers the declarations of the cells that ran. */
export class Compiler {
  readonly #folder: string;
  #loaded: { readonly typescript: TypeScript; readonly programs: CellPrograms } | undefined;
  #declarations = "";

  /** @param folder where the notebook lies */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Loads the compiler and the libraries' types, so that the first cell is quick. */
  warmUp(): void {
    this.compile("0");
    keepCompiled();
  }

  compile(code: string): CompiledCell | { readonly problems: readonly CompileProblem[] } {
    const meta = metadataOf(code);
    if (meta.module) return this.#addModule(meta.module, meta.jsx ?? false, code);
    const { typescript, programs } = this.#use();
    const plain = this.#withoutExports(code);
    const parsed = this.#parse(PREFIX + plain);
    const names = this.#namesOf(parsed);
    const merged = mergedNamespaces(typescript, () => this.#parse(this.#declarations), parsed);
    // Every name of a cell is visible to later ones. All of this comes behind the code, whose places stay what they are.
    const exported = names.length ? `\nexport { ${names.join(", ")} };` : "";
    const whole = `${plain}${exported}\n${[...merged.values()].join("\n")}`;
    return programs.ask(this.#declarations, whole, (cell) => {
      const files = [cell.cell, ...programs.localModulesOf(cell)];
      const problems = this.#problems(cell, files, PREFIX.length + plain.length);
      if (problems.length) return { problems };
      return this.#emit(cell, code, new Set(merged.keys()));
    });
  }

  /** A module beside the notebook, from its source. Types are checked where a cell imports it. */
  compileModule(path: string, source: string): CompiledModule {
    const { typescript } = this.#use();
    const { javascript, toSource, isAsync } = toCommonJs(typescript, source, path);
    return { javascript, isAsync, locate: locator(toSource, source, 0) };
  }

  /** The source of a module that is a cell: `/** @module helper *\/`. */
  virtualSource(path: string): { readonly text: string; readonly version: string } | undefined {
    return this.#loaded?.programs.virtualSource(path);
  }

  /**
   * Makes a cell's declarations known to later cells.
   *
   * @param made after a failure: whether the cell got so far as to give a name its value
   */
  adopt(cell: CompiledCell, made?: (name: string) => boolean): void {
    if (!made) {
      this.#declarations = cell.declarations;
      return;
    }
    const texts = { before: this.#declarations, after: cell.declarations };
    const declares = (name: string) => cell.declares.has(name);
    this.#declarations = declarationsOfFailed(this.#use().typescript, texts, declares, made);
  }

  /** The content of a `complete_reply`; offsets in UTF-16 units. */
  complete(code: string, cursor: number): Content {
    const { typescript, programs } = this.#use();
    const { start, end, candidates } = completionsAt(
      typescript,
      programs,
      this.#declarations,
      code,
      cursor,
      this.#folder,
    );
    const types = candidates.map(({ name, kind }) => ({ text: name, type: kind, start, end }));
    return {
      status: "ok",
      matches: candidates.map(({ name }) => name),
      cursor_start: start,
      cursor_end: end,
      metadata: { _jupyter_types_experimental: types },
    };
  }

  /** The content of an `inspect_reply`. */
  inspect(code: string, cursor: number): Content {
    const { typescript, programs } = this.#use();
    // A cursor at the end of a name, or inside the arguments of a call, still means that name.
    const before = /[\w$][^\w$]*$/.exec(code.slice(0, cursor))?.index ?? cursor;
    return programs.ask(this.#declarations, code, ({ program, cell }) => {
      for (const position of new Set([cursor, before])) {
        const checker = program.getTypeChecker();
        const info = typescript.getQuickInfoAtPosition(cell, checker, NEVER_CANCELLED, position + PREFIX.length);
        if (!info) continue;
        return { status: "ok", found: true, data: { "text/plain": quickInfoText(info) }, metadata: {} };
      }
      return { status: "ok", found: false, data: {}, metadata: {} };
    });
  }

  /** The content of an `is_complete_reply`. */
  isComplete(code: string): Content {
    const { completed, indent } = completenessOf(code);
    if (!completed) return { status: "incomplete", indent: indent ?? "" };
    return { status: this.#parse(PREFIX + code).parseDiagnostics.length ? "invalid" : "complete" };
  }

  #use(): { readonly typescript: TypeScript; readonly programs: CellPrograms } {
    if (!this.#loaded) {
      const typescript = loadTypeScript();
      this.#loaded = { typescript, programs: new CellPrograms(typescript, this.#folder) };
    }
    return this.#loaded;
  }

  #parse(text: string): BoundFile {
    const { typescript } = this.#use();
    return typescript.createSourceFile("cell.ts", text, typescript.ScriptTarget.Latest, true) as BoundFile;
  }

  /** All that a file declares at its top, `var` in inner blocks included. */
  #namesOf(file: BoundFile): string[] {
    const { typescript, programs } = this.#use();
    typescript.bindSourceFile(file, programs.options);
    return [...(file.locals?.keys() ?? [])].map((name) => typescript.unescapeLeadingUnderscores(name as ts.__String));
  }

  #problems({ program }: CellProgram, files: readonly BoundFile[], end: number): CompileProblem[] {
    const { typescript } = this.#use();
    const places = { folder: this.#folder, prefix: PREFIX_LINES, end };
    const [cell] = files;
    // What does not parse has meaningless types.
    const syntax = files.flatMap((file) => [...program.getSyntacticDiagnostics(file)]);
    if (syntax.length) return problemsOf(typescript, syntax, cell, places);
    const types = files.flatMap((file) => [...program.getSemanticDiagnostics(file)]);
    if (types.length) return problemsOf(typescript, types, cell, places);
    return problemsOf(typescript, program.getDeclarationDiagnostics(cell), cell, places);
  }

  #emit({ program, cell, earlier }: CellProgram, code: string, merged: ReadonlySet<string>): CompiledCell {
    const { typescript, programs } = this.#use();
    const checker = program.getTypeChecker();
    const { javascript, toSource, declares, declarations } = emitCell(typescript, program, cell, {
      options: programs.options,
      before: [cellTransform(typescript, checker, earlier)],
      afterDeclarations: [withoutExportLists(typescript)],
      merged,
    });
    const lastExpression = endsInExpression(typescript, cell) ? LAST_EXPRESSION : undefined;
    declares.delete(LAST_EXPRESSION);
    const kept = stillDeclared(typescript, checker, earlier, cell);
    return {
      javascript,
      locate: locator(toSource, code, PREFIX_LINES),
      lastExpression,
      declares,
      declarations: `${declarations}${kept}${kept && "\n"}`,
    };
  }

  #addModule(
    name: string,
    jsx: boolean,
    code: string,
  ): CompiledCell | { readonly problems: readonly CompileProblem[] } {
    const { programs } = this.#use();
    const path = programs.addModule(name, jsx, code);
    const problems = programs.ask(this.#declarations, "", (cell) => {
      const file = cell.program.getSourceFile(path) as BoundFile;
      return this.#problems(cell, [file], Infinity);
    });
    if (problems.length) return { problems };
    const nothing = { javascript: "", locate: () => undefined, lastExpression: undefined, declares: new Set<string>() };
    return { ...nothing, declarations: this.#declarations };
  }

  /** Every top-level name of a cell is visible to later cells: `export` before a declaration is blanked out. */
  #withoutExports(code: string): string {
    if (!code.includes("export")) return code;
    const { typescript } = this.#use();
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
}

const NEVER_CANCELLED = { isCancellationRequested: () => false, throwIfCancellationRequested: () => undefined };

function withoutExportLists(compiler: TypeScript): ts.TransformerFactory<ts.SourceFile | ts.Bundle> {
  return () => (file) => {
    if (!compiler.isSourceFile(file)) return file;
    const statements = file.statements.filter((statement) => !compiler.isExportDeclaration(statement));
    return compiler.factory.updateSourceFile(file, statements);
  };
}
