// All wanted mutants of a file in one text: each place asks at run time whether its mutant is the one that is wanted.
import ts from "typescript";
import { condition, isCondition, mutationsOf, removalOf, type Replacement } from "./mutators.js";

/** One change. */
export interface Mutant {
  readonly id: number;
  readonly path: string;
  readonly line: number;
  readonly kind: string;
  readonly before: string;
  readonly after: string;
}

/** A file with its mutants inside. */
export interface Instrumented {
  readonly code: string;
  readonly mutants: readonly Mutant[];
}

/** Which changes are made, and from which number on they are counted. */
export interface Choice {
  readonly from: number;
  /** Asked once for each change, in order. */
  readonly isWanted: () => boolean;
}

/** Under this name threads find the memory that says which mutant is wanted: number 0, and from 1 on who was asked. */
export const SHARED = "camlab mutation";

const PREAMBLE = `import { getEnvironmentData as mutation_ } from "node:worker_threads";
var mutants_ = new Int32Array(mutation_(${JSON.stringify(SHARED)}) as unknown as SharedArrayBuffer);
function is_(id: number) { mutants_[id] = 1; return mutants_[0] === id; }
`;

/** Instruments a source text. */
export function instrument(path: string, text: string, { from, isWanted }: Choice): Instrumented {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true);
  const mutants: Mutant[] = [];
  const add = (node: ts.Node, { kind, text: after }: Replacement): number => {
    const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
    const id = from + mutants.length;
    mutants.push({ id, path, line: line + 1, kind, before: node.getText(source), after });
    return id;
  };

  const written = (node: ts.Node): string => {
    const removal = removalOf(node);
    if (removal && isWanted()) return `if (is_(${add(node, removal)})) ${removal.text} else { ${inside(node)} }`;
    const all = isCondition(node) ? [...condition(node), ...ownOf(node)] : ownOf(node);
    const found = all.filter(isWanted);
    const arms = found.map((replacement) => `is_(${add(node, replacement)}) ? (${replacement.text}) : `);
    const original = inside(node);
    return arms.length > 0 || isLess(node) ? `(${arms.join("")}(${original}))` : original;
  };
  const ownOf = (node: ts.Node) => (isReplaceable(node) ? mutationsOf(node, source) : []);

  /** A node's text with its children written. */
  const inside = (node: ts.Node): string => {
    let result = "";
    let end = node.getStart(source);
    node.forEachChild((child) => {
      if (child.getStart(source) < end || isLeftAlone(child)) return;
      const start = child.getStart(source);
      result += text.slice(end, start) + written(child);
      end = child.getEnd();
    });
    return result + text.slice(end, node.getEnd());
  };
  const code = source.statements
    .map((statement) => (isLeftAlone(statement) ? statement.getText(source) : written(statement)))
    .join("\n");
  return { code: PREAMBLE + code, mutants };
}

/** Types, names, imports, what an error says (wording is not what is tested here), and a list whose values are types. */
function isLeftAlone(node: ts.Node): boolean {
  if (ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node)) return true;
  if (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node) || ts.isTypeParameterDeclaration(node))
    return true;
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node) || ts.isIdentifier(node)) return true;
  const { parent } = node;
  if (ts.isNewExpression(parent) && /Error$/.test(parent.expression.getText())) return true;
  return ts.isCallExpression(parent) && /^(invalid|saved\.wrong|optionNames)$/.test(parent.expression.getText());
}

/** `a < b, c > (1)` would be a call with types: in brackets it cannot be. */
function isLess(node: ts.Node): boolean {
  return ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.LessThanToken;
}

/** Whether another expression may stand in a node's place. */
function isReplaceable(node: ts.Node): boolean {
  const { parent } = node;
  if (ts.isPropertyAssignment(parent) && parent.name === node) return false;
  if (ts.isBinaryExpression(parent) && parent.left === node && isAssignment(parent.operatorToken.kind)) return false;
  if (ts.isForOfStatement(parent) && parent.initializer === node) return false;
  if (ts.isArrayLiteralExpression(node) && isPattern(node)) return false;
  if (ts.isPropertyDeclaration(parent) && parent.name === node) return false;
  if (ts.isCallExpression(parent) && parent.expression.kind === ts.SyntaxKind.ImportKeyword) return false;
  return !ts.isComputedPropertyName(parent) && !ts.isExternalModuleReference(parent);
}

/** `[a, b] = [b, a]`: the left one is no list but names. */
function isPattern(node: ts.Node): boolean {
  const { parent } = node;
  return (
    (ts.isBinaryExpression(parent) && parent.left === node && isAssignment(parent.operatorToken.kind)) ||
    (ts.isArrayLiteralExpression(parent) && isPattern(parent))
  );
}

function isAssignment(kind: ts.SyntaxKind): boolean {
  return kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;
}
