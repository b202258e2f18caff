import type ts from "typescript";

/** The names that compiled code calls; cell-scope.ts provides them. */
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
export function instrument(compiler: typeof ts): ts.TransformerFactory<ts.SourceFile> {
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
 * A transformer over the CommonJS that comes out: `Object.defineProperty(exports, …)` becomes `__camlab_define(…)`. An
 * export that is a getter could not be redefined by the next run of its cell.
 */
export function redefinable(compiler: typeof ts): ts.TransformerFactory<ts.SourceFile> {
  const { factory } = compiler;
  return () => (file) => {
    const statements = file.statements.map((statement) => {
      if (!compiler.isExpressionStatement(statement) || !compiler.isCallExpression(statement.expression))
        return statement;
      const { expression: called, arguments: values } = statement.expression;
      const defines =
        compiler.isPropertyAccessExpression(called) &&
        called.name.text === "defineProperty" &&
        compiler.isIdentifier(values[0]) &&
        values[0].text === "exports";
      if (!defines) return statement;
      return factory.createExpressionStatement(
        factory.createCallExpression(factory.createIdentifier(HELPERS.define), undefined, values),
      );
    });
    return factory.updateSourceFile(file, statements);
  };
}
