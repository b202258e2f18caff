import type ts from "typescript";
import type { TypeScript } from "./typescript.js";

/** The names that compiled code calls; cells/cell-scope.ts provides them. */
export const HELPERS = {
  wait: "__camlab_wait",
  iterate: "__camlab_iterate",
  step: "__camlab_step",
  load: "__camlab_import",
  meta: "__camlab_meta",
  define: "__camlab_define",
} as const;

/**
 * A transformer over a cell's JavaScript (still ES modules) that makes it stoppable and its dynamic imports real:
 *
 *     await x               → await __camlab_wait(x)
 *     for await (a of b)    → for await (a of __camlab_iterate(b))
 *     any loop { … }        → loop { __camlab_step(); … }
 *     import(x)             → __camlab_import(x)
 *     import.meta           → __camlab_meta
 */
export function instrument(compiler: TypeScript): ts.TransformerFactory<ts.SourceFile> {
  const { factory } = compiler;
  const call = (name: string, ...values: ts.Expression[]) =>
    factory.createCallExpression(factory.createIdentifier(name), undefined, values);

  const withStep = (body: ts.Statement): ts.Statement => {
    const step = factory.createExpressionStatement(call(HELPERS.step));
    const statements = compiler.isBlock(body) ? body.statements : [body];
    return compiler.setTextRange(factory.createBlock([step, ...statements], true), body);
  };

  return (context) => {
    const visit = (original: ts.Node): ts.Node => {
      const node = compiler.visitEachChild(original, visit, context);
      if (compiler.isAwaitExpression(node)) {
        return factory.updateAwaitExpression(node, call(HELPERS.wait, node.expression));
      }
      if (compiler.isForOfStatement(node)) {
        const items = node.awaitModifier ? call(HELPERS.iterate, node.expression) : node.expression;
        const body = withStep(node.statement);
        return factory.updateForOfStatement(node, node.awaitModifier, node.initializer, items, body);
      }
      if (compiler.isForInStatement(node)) {
        return factory.updateForInStatement(node, node.initializer, node.expression, withStep(node.statement));
      }
      if (compiler.isForStatement(node)) {
        const { initializer, condition, incrementor, statement } = node;
        return factory.updateForStatement(node, initializer, condition, incrementor, withStep(statement));
      }
      if (compiler.isWhileStatement(node)) {
        return factory.updateWhileStatement(node, node.expression, withStep(node.statement));
      }
      if (compiler.isDoStatement(node)) {
        return factory.updateDoStatement(node, withStep(node.statement), node.expression);
      }
      if (compiler.isCallExpression(node) && node.expression.kind === compiler.SyntaxKind.ImportKeyword) {
        return compiler.setTextRange(call(HELPERS.load, ...node.arguments), node);
      }
      if (compiler.isMetaProperty(node) && node.keywordToken === compiler.SyntaxKind.ImportKeyword) {
        return factory.createIdentifier(HELPERS.meta);
      }
      return node;
    };
    return (file) => compiler.visitEachChild(file, visit, context);
  };
}

/**
 * A transformer over the CommonJS of a cell: `Object.defineProperty(exports, …)` becomes `__camlab_define(…)`, because an
 * export that is a getter could not be redefined by the next run of its cell; and `exports.a = void 0` at its head goes,
 * because variables keep what they hold until the cell gives them something else.
 *
 * @param declared called with the names of what the cell declares
 */
export function redefinable(
  compiler: TypeScript,
  declared: (name: string) => void,
): ts.TransformerFactory<ts.SourceFile> {
  const { factory, SyntaxKind } = compiler;
  const exportedName = (node: ts.Expression): string | undefined => {
    if (!compiler.isPropertyAccessExpression(node) || !compiler.isIdentifier(node.expression)) return undefined;
    return node.expression.text === "exports" && compiler.isIdentifier(node.name) ? node.name.text : undefined;
  };
  /** The names of `exports.a = exports.b = void 0`. */
  const emptied = (node: ts.Expression): string[] | undefined => {
    if (compiler.isVoidExpression(node)) return [];
    if (!compiler.isBinaryExpression(node) || node.operatorToken.kind !== SyntaxKind.EqualsToken) return undefined;
    const [name, rest] = [exportedName(node.left), emptied(node.right)];
    return name === undefined || !rest ? undefined : [name, ...rest];
  };
  const isDefinition = (node: ts.Expression): node is ts.CallExpression =>
    compiler.isCallExpression(node) &&
    compiler.isPropertyAccessExpression(node.expression) &&
    node.expression.name.text === "defineProperty" &&
    compiler.isIdentifier(node.arguments[0]) &&
    node.arguments[0].text === "exports";

  return () => (file) => {
    const statements = file.statements.flatMap((statement): ts.Statement[] => {
      if (!compiler.isExpressionStatement(statement)) return [statement];
      const { expression } = statement;
      // What the author wrote has a place in the source.
      const names = statement.pos < 0 ? emptied(expression) : undefined;
      if (names?.length) {
        names.forEach(declared);
        return [];
      }
      if (!isDefinition(expression)) return [statement];
      const define = factory.createIdentifier(HELPERS.define);
      return [factory.createExpressionStatement(factory.createCallExpression(define, undefined, expression.arguments))];
    });
    return factory.updateSourceFile(file, statements);
  };
}

/** A transformer over a cell's JavaScript: `var N;` of a namespace that an earlier cell began goes on with that one. */
export function continueNamespaces(
  compiler: TypeScript,
  names: ReadonlySet<string>,
): ts.TransformerFactory<ts.SourceFile> {
  const { factory } = compiler;
  return () => (file) => {
    const statements = file.statements.map((statement) => {
      if (!compiler.isVariableStatement(statement)) return statement;
      const [variable] = statement.declarationList.declarations;
      if (!compiler.isIdentifier(variable.name) || !names.has(variable.name.text) || variable.initializer)
        return statement;
      const before = factory.createPropertyAccessExpression(factory.createIdentifier("exports"), variable.name.text);
      const begun = factory.createVariableDeclaration(variable.name, undefined, undefined, before);
      const list = factory.createVariableDeclarationList([begun], statement.declarationList.flags);
      return factory.updateVariableStatement(statement, statement.modifiers, list);
    });
    return factory.updateSourceFile(file, statements);
  };
}

/** Whether the code of a module waits for something before it has ended: outside of all functions. */
export function waitsAtTopLevel(compiler: TypeScript, file: ts.SourceFile): boolean {
  const waits = (node: ts.Node): boolean => {
    if (compiler.isAwaitExpression(node)) return true;
    if (compiler.isForOfStatement(node) && node.awaitModifier) return true;
    if (compiler.isFunctionLike(node) || compiler.isPropertyDeclaration(node)) return false;
    return compiler.forEachChild(node, waits) ?? false;
  };
  return waits(file);
}
