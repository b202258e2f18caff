// Which tests of a room reach a source file: what they import, what that imports, threads included.
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { globSync } from "tinyglobby";

const imports = new Map<string, readonly string[]>();

/**
 * The test files below a folder that reach a source file.
 *
 * @param source an absolute path
 */
export function testsOf(folder: string, source: string): string[] {
  return globSync("**/*.test.ts", { cwd: folder, absolute: true })
    .sort()
    .filter((path) => reachable(path).has(source));
}

function reachable(from: string): Set<string> {
  const seen = new Set([from]);
  for (const path of seen) for (const next of importsOf(path)) seen.add(next);
  return seen;
}

function importsOf(path: string): readonly string[] {
  const known = imports.get(path);
  if (known) return known;
  const text = readFileSync(path, "utf8");
  const relative = [...text.matchAll(/(?:from|import\(|new URL\()\s*"(\.[^"]+)"/g)].map(([, name]) => name);
  const found = relative.flatMap((name) => {
    const plain = join(dirname(path), name.replace(/\.js$/, ""));
    return [`${plain}.ts`, plain].filter((candidate) => candidate.endsWith(".ts") && existsSync(candidate)).slice(0, 1);
  });
  imports.set(path, found);
  return found;
}
