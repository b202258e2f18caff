// What the cells so far have declared, as the text of a declaration file.
import type ts from "typescript";
import type { BoundFile, TypeScript } from "./typescript.js";

/** Which of a name's meanings a cell declares. */
interface Meanings {
  readonly value: boolean;
  readonly type: boolean;
}

/**
 * The declarations of earlier cells that still hold after a cell: those whose names it did not declare anew. A class of
 * which only the type is declared anew stays as a value of any type.
 */
export function stillDeclared(
  compiler: TypeScript,
  checker: ts.TypeChecker,
  earlier: BoundFile,
  cell: BoundFile,
): string {
  const meaningsOf = (name: string) =>
    meanings(compiler, checker, cell.locals?.get(compiler.escapeLeadingUnderscores(name) as string));
  return earlier.statements.flatMap((statement) => remainder(compiler, statement, earlier, meaningsOf)).join("\n");
}

/** The names of namespaces that both an earlier cell and this one declare: their parts belong together. */
export function mergedNamespaces(
  compiler: TypeScript,
  parseEarlier: () => BoundFile,
  cell: ts.SourceFile,
): Map<string, string> {
  const declared = new Set(cell.statements.flatMap((each) => namespaceName(compiler, each) ?? []));
  const merged = new Map<string, string>();
  if (!declared.size) return merged;
  const earlier = parseEarlier();
  for (const statement of earlier.statements) {
    const name = namespaceName(compiler, statement);
    if (name === undefined || !declared.has(name)) continue;
    merged.set(name, [merged.get(name), statement.getText(earlier)].filter(Boolean).join(" "));
  }
  return merged;
}

/**
 * The declarations after a cell that failed: of what it declared, only what it made; what it did not get to make stays
 * declared as it was before.
 *
 * @param after what would be declared had the cell ended well
 * @param before what was declared before it
 * @param declares whether the cell declares a name
 * @param made whether it got so far as to give it a value
 */
export function declarationsOfFailed(
  compiler: TypeScript,
  texts: { readonly before: string; readonly after: string },
  declares: (name: string) => boolean,
  made: (name: string) => boolean,
): string {
  const lost = (name: string) => declares(name) && !made(name);
  const parse = (text: string) => compiler.createSourceFile("cells.d.ts", text, compiler.ScriptTarget.Latest, true);
  const [before, after] = [parse(texts.before), parse(texts.after)];
  const kept = after.statements.filter((each) => !valueNames(compiler, each).some(lost));
  const restored = before.statements.flatMap((each) => {
    const names = valueNames(compiler, each);
    if (!names.some(lost)) return [];
    return remainder(compiler, each, before, (name) => ({ value: !lost(name), type: !lost(name) }));
  });
  return [...kept.map((each) => each.getText(after)), ...restored].join("\n");
}

/** The part of a declaration that holds beside a cell, as text. */
function remainder(
  compiler: TypeScript,
  statement: ts.Statement,
  file: ts.SourceFile,
  meaningsOf: (name: string) => Meanings,
): string[] {
  const whole = () => [statement.getText(file)];
  if (compiler.isVariableStatement(statement)) {
    const { declarations, flags } = statement.declarationList;
    const kept = declarations.filter(({ name }) => !meaningsOf(name.getText(file)).value);
    if (kept.length === declarations.length) return whole();
    const word = flags & compiler.NodeFlags.Const ? "const" : flags & compiler.NodeFlags.Let ? "let" : "var";
    return kept.map((each) => `declare ${word} ${each.getText(file)};`);
  }
  if (compiler.isImportDeclaration(statement)) return importRemainder(compiler, statement, file, meaningsOf);
  const name = nameOf(compiler, statement);
  // Such as an import for its effects alone: every program has its own.
  if (name === undefined) return [];
  const { value, type } = meaningsOf(name);
  if (compiler.isFunctionDeclaration(statement)) return value ? [] : whole();
  if (compiler.isInterfaceDeclaration(statement) || compiler.isTypeAliasDeclaration(statement))
    return type ? [] : whole();
  if (!value && !type) return whole();
  return type && !value ? [`declare let ${name}: any;`] : [];
}

function importRemainder(
  compiler: TypeScript,
  statement: ts.ImportDeclaration,
  file: ts.SourceFile,
  meaningsOf: (name: string) => Meanings,
): string[] {
  const clause = statement.importClause;
  if (!clause) return [];
  const free = (name: ts.Identifier) => {
    const { value, type } = meaningsOf(name.text);
    return !value && !type;
  };
  const names: string[] = [];
  if (clause.name && free(clause.name)) names.push(clause.name.text);
  const bindings = clause.namedBindings;
  if (bindings && compiler.isNamespaceImport(bindings)) {
    if (free(bindings.name)) names.push(`* as ${bindings.name.text}`);
  } else if (bindings) {
    const kept = bindings.elements.filter(({ name }) => free(name));
    if (kept.length) names.push(`{ ${kept.map((each) => each.getText(file)).join(", ")} }`);
  }
  if (!names.length) return [];
  return [
    `import ${clause.isTypeOnly ? "type " : ""}${names.join(", ")} from ${statement.moduleSpecifier.getText(file)};`,
  ];
}

function meanings(compiler: TypeScript, checker: ts.TypeChecker, symbol: ts.Symbol | undefined): Meanings {
  if (!symbol) return { value: false, type: false };
  const target = symbol.flags & compiler.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  return {
    value: (target.flags & compiler.SymbolFlags.Value) !== 0,
    type: (target.flags & compiler.SymbolFlags.Type) !== 0,
  };
}

/** The names to which a declaration gives values when it runs. */
function valueNames(compiler: TypeScript, statement: ts.Statement): string[] {
  if (compiler.isVariableStatement(statement)) {
    return statement.declarationList.declarations.map(({ name }) => name.getText());
  }
  if (compiler.isClassDeclaration(statement) || compiler.isEnumDeclaration(statement)) {
    return statement.name ? [statement.name.text] : [];
  }
  return namespaceName(compiler, statement) === undefined ? [] : [namespaceName(compiler, statement)!];
}

function namespaceName(compiler: TypeScript, statement: ts.Statement): string | undefined {
  if (!compiler.isModuleDeclaration(statement) || !compiler.isIdentifier(statement.name)) return undefined;
  return statement.name.text === "global" ? undefined : statement.name.text;
}

function nameOf(compiler: TypeScript, statement: ts.Statement): string | undefined {
  const named =
    compiler.isFunctionDeclaration(statement) ||
    compiler.isClassDeclaration(statement) ||
    compiler.isEnumDeclaration(statement) ||
    compiler.isInterfaceDeclaration(statement) ||
    compiler.isTypeAliasDeclaration(statement) ||
    compiler.isImportEqualsDeclaration(statement);
  return named ? statement.name?.text : namespaceName(compiler, statement);
}
