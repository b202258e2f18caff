// The lint rules behind the picture in CONTRIBUTING.md. Data flows one way, so a folder of src/ imports only from itself
// and from the folders before it in this order; a room is entered by its face; files form no circles, types included;
// and a folder holds few enough files to be looked through.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { ROOMS } from "./rooms.js";

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
  "queue",
  "svm",
  "cam",
  "boxes",
  "discovery",
  "widgets",
  "kernel",
  "cli",
];

/** Files beside each other in a folder of src/, at the most. */
export const MOST_FILES = 20;

const source = resolve(dirname(fileURLToPath(import.meta.url)), "../src");

/** A file of src/ by the names of the folders of the picture: "cam/cam.ts". */
function placeOf(file, root) {
  const parts = relative(root, file).split(sep);
  if (parts[0] === "kernel-helpers") parts.shift();
  return parts.join("/");
}

/** The folder of the picture that a file of src/ lies in; undefined for the door, which may import anything. */
export function folderOf(file, root = source) {
  const parts = placeOf(file, root).split("/");
  return parts.length > 1 && parts[0] !== "door" ? parts[0] : undefined;
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

/** Why `file` may not import `target` past the face of the room that it is in, or undefined when it may. */
export function insideImport(file, target, root = source, rooms = ROOMS) {
  const [from, to] = [placeOf(file, root), placeOf(target, root).replace(/\.[jt]s$/, "")];
  for (const [room, faces] of Object.entries(rooms)) {
    if (!to.startsWith(`${room}/`) || from.startsWith(`${room}/`)) continue;
    const name = to.slice(room.length + 1);
    if (faces.includes(name)) continue;
    return `${name} is inside ${room}/: from outside import ${faces.join(", ")} (scripts/rooms.js)`;
  }
  return undefined;
}

/** Every file of a folder of sources with the files that it imports, types included. */
export function importGraph(root = source) {
  const files = new Set(
    readdirSync(root, { recursive: true })
      .filter((name) => name.endsWith(".ts"))
      .map((name) => join(root, name)),
  );
  const graph = new Map();
  for (const file of files) {
    const specifiers = [...readFileSync(file, "utf8").matchAll(/\b(?:from|import)\b\s*\(?\s*"(\.[^"]+)"/g)];
    const targets = specifiers.map(([, specifier]) => resolve(dirname(file), specifier.replace(/\.js$/, ".ts")));
    graph.set(
      file,
      targets.filter((target) => files.has(target)),
    );
  }
  return graph;
}

/** The shortest way from a file over its imports back to itself, both ends included; undefined where there is none. */
export function circleOf(file, graph) {
  const before = new Map();
  const queue = [file];
  for (const at of queue) {
    for (const next of graph.get(at) ?? []) {
      if (next === file) {
        const way = [file];
        for (let step = at; step !== file; step = before.get(step)) way.unshift(step);
        return [file, ...way];
      }
      if (before.has(next)) continue;
      before.set(next, at);
      queue.push(next);
    }
  }
  return undefined;
}

/** How many files lie beside each other in the folder of a file. */
export function filesBeside(file, graph) {
  const folder = dirname(file);
  return [...graph.keys()].filter((other) => dirname(other) === folder).length;
}

let graphOfSource;

function sourceGraph() {
  graphOfSource ??= importGraph();
  return graphOfSource;
}

/** A rule that looks at each import of a file. */
function importRule(problemOf) {
  return {
    meta: { type: "problem", schema: [] },
    create(context) {
      const check = (node) => {
        const specifier = node.source?.value;
        if (typeof specifier !== "string" || !specifier.startsWith(".")) return;
        const message = problemOf(context.filename, resolve(dirname(context.filename), specifier));
        if (message) context.report({ node: node.source, message });
      };
      return {
        ImportDeclaration: check,
        ImportExpression: check,
        ExportNamedDeclaration: check,
        ExportAllDeclaration: check,
        TSImportType: check,
      };
    },
  };
}

/** A rule that looks at a file as a whole. */
function fileRule(problemOf) {
  return {
    meta: { type: "problem", schema: [] },
    create(context) {
      return {
        Program(node) {
          const message = problemOf(context.filename);
          if (message) context.report({ node, message });
        },
      };
    },
  };
}

export const houseRules = {
  "one-way-imports": importRule((file, target) => forbiddenImport(file, target)),
  faces: importRule((file, target) => insideImport(file, target)),
  "no-circles": fileRule((file) => {
    const circle = circleOf(file, sourceGraph());
    return circle && `a circle of files: ${circle.map((one) => placeOf(one, source)).join(" → ")}`;
  }),
  "small-folders": fileRule((file) => {
    const count = filesBeside(file, sourceGraph());
    return count > MOST_FILES
      ? `${relative(source, dirname(file))}/ holds ${count} files, at most ${MOST_FILES} are looked through: give it rooms`
      : undefined;
  }),
};
