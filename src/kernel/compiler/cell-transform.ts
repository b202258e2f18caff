// What happens to a cell's code while it is still TypeScript: names of earlier cells are looked up in `exports`, and the
// value of the last expression is kept.
import type ts from "typescript";
import type { BoundFile, TypeScript } from "./typescript.js";

/** The export that holds the value of a cell's last expression. */
export const LAST_EXPRESSION = "__camlab_last";

/**
 * A transformer over a cell: `x` of an earlier cell → `exports.x`, `{ x }` → `{ x: exports.x }`, `f(…)` →
 * `(0, exports.f)(…)`, and a last statement that is an expression → `export const __camlab_last = …`.
 */
export function cellTransform(
  compiler: TypeScript,
  checker: ts.TypeChecker,
  earlier: BoundFile,
): ts.TransformerFactory<ts.SourceFile> {
  const { factory } = compiler;
  const isEarlier = (symbol: ts.Symbol | undefined) =>
    symbol?.declarations?.some((declaration) => declaration.getSourceFile() === earlier) ?? false;
  const exported = (name: ts.Identifier) =>
    compiler.setTextRange(factory.createPropertyAccessExpression(factory.createIdentifier("exports"), name.text), name);
  const isMemberName = (node: ts.Node) => compiler.isPropertyAccessExpression(node.parent) && node.parent.name === node;
  const isEarlierName = (node: ts.Node): node is ts.Identifier =>
    compiler.isIdentifier(node) &&
    compiler.isExpressionNode(node) &&
    !isMemberName(node) &&
    isEarlier(checker.getSymbolAtLocation(node));

  return (context) => {
    const visit = (node: ts.Node): ts.Node | undefined => {
      if (isEarlierName(node)) return exported(node);
      if (compiler.isShorthandPropertyAssignment(node)) {
        if (!isEarlier(checker.getShorthandAssignmentValueSymbol(node))) return visitChildren(node);
        const preset = compiler.visitNode(node.objectAssignmentInitializer, visit) as ts.Expression | undefined;
        const value = preset ? factory.createAssignment(exported(node.name), preset) : exported(node.name);
        return compiler.setTextRange(factory.createPropertyAssignment(node.name.text, value), node);
      }
      // A function that is called as a property would get `exports` for its `this`.
      if (compiler.isCallExpression(node) && isEarlierName(node.expression)) {
        const called = compiler.setTextRange(
          factory.createParenthesizedExpression(
            factory.createComma(factory.createNumericLiteral(0), exported(node.expression)),
          ),
          node.expression,
        );
        const values = compiler.visitNodes(node.arguments, visit) as ts.NodeArray<ts.Expression>;
        return factory.updateCallExpression(node, called, node.typeArguments, values);
      }
      // Types vanish; of `extends A<B>` only the expression A is left.
      if (compiler.isTypeNode(node) && !compiler.isExpressionWithTypeArguments(node)) return node;
      return visitChildren(node);
    };
    const visitChildren = (node: ts.Node) => compiler.visitEachChild(node, visit, context);

    return (file) => {
      const statements = [...compiler.visitEachChild(file, visit, context).statements];
      const index = lastStatementThatRuns(compiler, statements);
      const last = statements[index];
      if (index >= 0 && compiler.isExpressionStatement(last)) statements[index] = keptExpression(compiler, last);
      return factory.updateSourceFile(file, statements);
    };
  };
}

/** Whether the last statement of a cell that does anything is an expression. */
export function endsInExpression(compiler: TypeScript, file: ts.SourceFile): boolean {
  const index = lastStatementThatRuns(compiler, file.statements);
  return index >= 0 && compiler.isExpressionStatement(file.statements[index]);
}

function lastStatementThatRuns(compiler: TypeScript, statements: readonly ts.Statement[]): number {
  for (let index = statements.length - 1; index >= 0; index--) {
    const statement = statements[index];
    const runs = !(
      compiler.isExportDeclaration(statement) ||
      compiler.isInterfaceDeclaration(statement) ||
      compiler.isTypeAliasDeclaration(statement) ||
      compiler.isEmptyStatement(statement) ||
      isAmbient(compiler, statement)
    );
    if (runs) return index;
  }
  return -1;
}

function isAmbient(compiler: TypeScript, statement: ts.Statement): boolean {
  if (!compiler.canHaveModifiers(statement)) return false;
  return compiler.getModifiers(statement)?.some(({ kind }) => kind === compiler.SyntaxKind.DeclareKeyword) ?? false;
}

function keptExpression(compiler: TypeScript, statement: ts.ExpressionStatement): ts.Statement {
  const { factory, SyntaxKind, NodeFlags } = compiler;
  // A function without a name would take that of the variable; behind a comma it does not.
  const value = factory.createParenthesizedExpression(
    factory.createComma(factory.createNumericLiteral(0), statement.expression),
  );
  compiler.setTextRange(value, statement.expression);
  const variable = factory.createVariableDeclaration(LAST_EXPRESSION, undefined, undefined, value);
  const list = factory.createVariableDeclarationList([variable], NodeFlags.Const);
  const kept = factory.createVariableStatement([factory.createModifier(SyntaxKind.ExportKeyword)], list);
  return compiler.setTextRange(kept, statement);
}
