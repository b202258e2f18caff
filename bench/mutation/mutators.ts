// What a mutant is: one small change to a syntax tree, of the kinds that mutation tools agree on.
import ts from "typescript";

/** Other text for a node. */
export interface Replacement {
  readonly kind: string;
  readonly text: string;
}

const BINARY: Readonly<Partial<Record<ts.SyntaxKind, readonly string[]>>> = {
  [ts.SyntaxKind.PlusToken]: ["-"],
  [ts.SyntaxKind.MinusToken]: ["+"],
  [ts.SyntaxKind.AsteriskToken]: ["/"],
  [ts.SyntaxKind.SlashToken]: ["*"],
  [ts.SyntaxKind.PercentToken]: ["*"],
  [ts.SyntaxKind.AsteriskAsteriskToken]: ["*"],
  [ts.SyntaxKind.LessThanToken]: ["<=", ">="],
  [ts.SyntaxKind.LessThanEqualsToken]: ["<", ">"],
  [ts.SyntaxKind.GreaterThanToken]: [">=", "<="],
  [ts.SyntaxKind.GreaterThanEqualsToken]: [">", "<"],
  [ts.SyntaxKind.EqualsEqualsEqualsToken]: ["!=="],
  [ts.SyntaxKind.ExclamationEqualsEqualsToken]: ["==="],
  [ts.SyntaxKind.AmpersandAmpersandToken]: ["||"],
  [ts.SyntaxKind.BarBarToken]: ["&&"],
  [ts.SyntaxKind.QuestionQuestionToken]: ["&&"],
  [ts.SyntaxKind.AmpersandToken]: ["|"],
  [ts.SyntaxKind.BarToken]: ["&"],
  [ts.SyntaxKind.CaretToken]: ["&"],
  [ts.SyntaxKind.LessThanLessThanToken]: [">>"],
  [ts.SyntaxKind.GreaterThanGreaterThanToken]: ["<<"],
  [ts.SyntaxKind.GreaterThanGreaterThanGreaterThanToken]: ["<<"],
  [ts.SyntaxKind.PlusEqualsToken]: ["-="],
  [ts.SyntaxKind.MinusEqualsToken]: ["+="],
  [ts.SyntaxKind.AsteriskEqualsToken]: ["/="],
  [ts.SyntaxKind.SlashEqualsToken]: ["*="],
  [ts.SyntaxKind.BarEqualsToken]: ["&="],
  [ts.SyntaxKind.AmpersandEqualsToken]: ["|="],
  [ts.SyntaxKind.CaretEqualsToken]: ["&="],
};

/** Functions and methods that are exchanged for their neighbours. */
const NEIGHBOURS: Readonly<Record<string, string>> = {
  min: "max",
  max: "min",
  floor: "ceil",
  ceil: "floor",
  round: "floor",
  some: "every",
  every: "some",
  startsWith: "endsWith",
  endsWith: "startsWith",
  indexOf: "lastIndexOf",
  toLowerCase: "toUpperCase",
};

/** Calls that are replaced by what they are called on. */
const DROPPED = ["filter", "sort", "reverse", "slice", "trim", "flat"];

/** The changes to one node, none of them nested. */
export function mutationsOf(node: ts.Node, source: ts.SourceFile): Replacement[] {
  const textOf = (part: ts.Node) => part.getText(source);
  if (ts.isBinaryExpression(node)) return binary(node, textOf);
  if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) return unary(node, textOf);
  if (ts.isConditionalExpression(node)) return [];
  if (ts.isCallExpression(node)) return call(node, textOf);
  if (isCondition(node)) return condition(node);
  if (ts.isNumericLiteral(node)) return [{ kind: "number", text: otherNumber(node.text) }];
  if (node.kind === ts.SyntaxKind.TrueKeyword) return [{ kind: "boolean", text: "false" }];
  if (node.kind === ts.SyntaxKind.FalseKeyword) return [{ kind: "boolean", text: "true" }];
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) {
    return [{ kind: "text", text: node.text === "" ? '"mutant"' : '""' }];
  }
  if (ts.isTemplateExpression(node)) return [{ kind: "text", text: '""' }];
  if (ts.isArrayLiteralExpression(node) && node.elements.length > 0) return [{ kind: "list", text: "[]" }];
  return [];
}

/** What a statement becomes that is taken away; nothing for one that must stay. */
export function removalOf(node: ts.Node): Replacement | undefined {
  const removable =
    ts.isExpressionStatement(node) ||
    ts.isThrowStatement(node) ||
    ts.isContinueStatement(node) ||
    ts.isBreakStatement(node) ||
    (ts.isReturnStatement(node) && !node.expression);
  if (removable) return { kind: "removed statement", text: ";" };
  if (ts.isReturnStatement(node)) {
    return node.expression?.getText() === "undefined" ? undefined : { kind: "return value", text: "return undefined;" };
  }
  return undefined;
}

/** A condition as a whole: of `if`, a ternary or a loop. A loop is never made endless. */
export function isCondition(node: ts.Node): boolean {
  const { parent } = node;
  return (
    (ts.isIfStatement(parent) && parent.expression === node) ||
    (ts.isConditionalExpression(parent) && parent.condition === node) ||
    isLoopCondition(node)
  );
}

/** Both ways that a condition can be fixed. */
export function condition(node: ts.Node): Replacement[] {
  const fixed = [{ kind: "condition", text: "false" }];
  return isLoopCondition(node) ? fixed : [...fixed, { kind: "condition", text: "true" }];
}

function isLoopCondition(node: ts.Node): boolean {
  const { parent } = node;
  return (
    ((ts.isWhileStatement(parent) || ts.isDoStatement(parent)) && parent.expression === node) ||
    (ts.isForStatement(parent) && parent.condition === node)
  );
}

function binary(node: ts.BinaryExpression, textOf: (part: ts.Node) => string): Replacement[] {
  const { left, operatorToken, right } = node;
  const isText = [left, right].some((part) => ts.isStringLiteralLike(part) || ts.isTemplateExpression(part));
  if (operatorToken.kind === ts.SyntaxKind.PlusToken && isText) return [];
  const others = BINARY[operatorToken.kind] ?? [];
  // `??` and `||` do not stand beside each other without brackets.
  const [a, b] = [left, right].map((part) => (ts.isBinaryExpression(part) ? `(${textOf(part)})` : textOf(part)));
  return others.map((operator) => ({
    kind: kindOf(operator),
    text:
      operator.endsWith("=") && !/^[<>!=]=/.test(operator)
        ? `${a} ${operator} ${textOf(right)}`
        : `${a} ${operator} ${b}`,
  }));
}

function kindOf(operator: string): string {
  if (/^(<|>|<=|>=)$/.test(operator)) return "comparison";
  if (/^(===|!==)$/.test(operator)) return "equality";
  if (/^(&&|\|\|)$/.test(operator)) return "logic";
  return "arithmetic";
}

function unary(node: ts.PrefixUnaryExpression | ts.PostfixUnaryExpression, textOf: (part: ts.Node) => string) {
  const operand = textOf(node.operand);
  const prefix = ts.isPrefixUnaryExpression(node);
  switch (node.operator) {
    case ts.SyntaxKind.PlusPlusToken:
      return [{ kind: "arithmetic", text: prefix ? `--${operand}` : `${operand}--` }];
    case ts.SyntaxKind.MinusMinusToken:
      return [{ kind: "arithmetic", text: prefix ? `++${operand}` : `${operand}++` }];
    case ts.SyntaxKind.ExclamationToken:
      return [{ kind: "logic", text: operand }];
    case ts.SyntaxKind.MinusToken:
      return [{ kind: "arithmetic", text: `+${operand}` }];
    default:
      return [];
  }
}

function call(node: ts.CallExpression, textOf: (part: ts.Node) => string): Replacement[] {
  const { expression } = node;
  if (!ts.isPropertyAccessExpression(expression) || node.questionDotToken || expression.questionDotToken) return [];
  const name = expression.name.text;
  const object = textOf(expression.expression);
  if (DROPPED.includes(name)) return [{ kind: "dropped call", text: object }];
  const neighbour = Object.hasOwn(NEIGHBOURS, name) ? NEIGHBOURS[name] : undefined;
  if (neighbour === undefined) return [];
  return [{ kind: "other call", text: `${object}.${neighbour}(${node.arguments.map(textOf).join(", ")})` }];
}

function otherNumber(text: string): string {
  const value = Number(text.replaceAll("_", ""));
  if (value === 0) return "1";
  return value === 1 ? "0" : `(${text} + 1)`;
}
