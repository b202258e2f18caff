// The lint rule behind the picture in CONTRIBUTING.md: data flows one way, so a folder of src/ imports only from
// itself and from the folders before it in this order.
import { dirname, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";

export const FOLDER_ORDER = [
  "support",
  "images",
  "graph",
  "formats",
  "engines",
  "networks",
  "training",
  "datasets",
  "world",
  "features",
  "svm",
  "cam",
  "boxes",
  "discovery",
  "widgets",
  "kernel",
  "cli",
];

const source = resolve(dirname(fileURLToPath(import.meta.url)), "../src");

/** The folder of the picture that a file of src/ lies in; undefined for src/index.ts, which may import anything. */
export function folderOf(file, root = source) {
  const parts = relative(root, file).split(sep);
  if (parts[0] === "kernel-helpers") parts.shift();
  return parts.length > 1 ? parts[0] : undefined;
}

/** Why `file` may not import `target`, or undefined when it may. `kernel` and `cli` both come last. */
export function forbiddenImport(file, target, root = source) {
  const from = folderOf(file, root);
  const to = folderOf(target, root);
  if (from === undefined) return undefined;
  if (to === undefined) {
    return from === "cli" || from === "kernel" ? undefined : "src/index.ts is the public door: inside, import the file";
  }
  if (from === to) return undefined;
  const [fromRank, toRank] = [FOLDER_ORDER.indexOf(from), FOLDER_ORDER.indexOf(to)];
  if (fromRank < 0 || toRank < 0) return `${fromRank < 0 ? from : to}/ has no place in the order of folders`;
  return toRank < fromRank ? undefined : `${from}/ comes before ${to}/: data flows one way`;
}

export const oneWayImports = {
  meta: { type: "problem", schema: [] },
  create(context) {
    const check = (node) => {
      const specifier = node.source?.value;
      if (typeof specifier !== "string" || !specifier.startsWith(".")) return;
      const reason = forbiddenImport(context.filename, resolve(dirname(context.filename), specifier));
      if (reason) context.report({ node: node.source, message: reason });
    };
    return {
      ImportDeclaration: check,
      ImportExpression: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
    };
  },
};
