// Node's types are most of what a program's libraries declare, and a cell names little of them. Of the files of `@types/node`
// that declare modules only what these add to the globals is there until the type checker looks for one of the modules, or
// for a name from within such an addition; then whatever was worked out without the rest is worked out anew, with it.

/** Which of Node's types are in the programs of one kernel, and which wait until they are looked for. */
export class NodeTypes {
  /** The modules that the files that wait would declare. */
  readonly #waiting = new Map<string, readonly string[]>();
  /** Files of Node's types that import a package which waits, by its name. */
  readonly #importers = new Map<string, Set<string>>();
  readonly #wanted = new Set<string>();
  readonly #woken = new Set<string>();
  #wantsAll = false;

  /** The text of a file for now. */
  textOf(path: string, text: string): string {
    if (this.#wantsAll || this.#wanted.has(path) || !isNodeTypes(path)) return text;
    const parts = partsOf(text);
    if (!parts || parts.modules.some((name) => this.#wanted.has(name))) return text;
    this.#waiting.set(path, parts.modules);
    return parts.globals;
  }

  /** Whether the rest of a file is left out for now. */
  isWaiting(path: string): boolean {
    return this.#waiting.has(path);
  }

  /** Whether a package that Node's types import is left out for now. */
  leavesOut(name: string, from: string): boolean {
    if (this.#wantsAll || name.startsWith(".") || this.#wanted.has(name) || !isNodeTypes(from)) return false;
    this.#importers.set(name, (this.#importers.get(name) ?? new Set<string>()).add(from));
    return true;
  }

  /** Whether what a file imports has to be found anew in the next program. */
  isWoken(path: string): boolean {
    return this.#woken.has(path);
  }

  /** To be called when a program is made: what was woken is in it. */
  settle(): void {
    this.#woken.clear();
  }

  /** Asks for modules, or for files by their path; gives whether some of them had been waiting. */
  want(names: Iterable<string>): boolean {
    let found = false;
    for (const name of names) {
      if (this.#wanted.has(name)) continue;
      this.#wanted.add(name);
      for (const [path, modules] of this.#waiting) {
        if (path === name || modules.includes(name)) found = this.#waiting.delete(path);
      }
      found = this.#wake(name) || found;
    }
    return found;
  }

  /** Asks for all that there is; gives whether something had been waiting. */
  wantAll(): boolean {
    this.#wantsAll = true;
    const found = this.#waiting.size > 0 || this.#importers.size > 0;
    this.#waiting.clear();
    for (const name of [...this.#importers.keys()]) this.#wake(name);
    return found;
  }

  #wake(name: string): boolean {
    for (const path of this.#importers.get(name) ?? []) this.#woken.add(path);
    return this.#importers.delete(name);
  }
}

function isNodeTypes(path: string): boolean {
  return path.includes("/node_modules/@types/node/") && path.endsWith(".d.ts");
}

const SPACE = /(?:\s+|\/\/.*|\/\*[\s\S]*?\*\/)*/y;
/** Begins and ends at the margin, with nothing but what is indented between. */
const MODULE = /declare module "([^"\n]+)" \{\n((?:[ \t].*\n|\n)*)\}(?=\n|$)/y;
const GLOBALS = /^ {4}global \{\n(?:(?: {5}.*)?\n)*? {4}\}\n/gm;

/** The modules that a file declares and what these add to the globals, when it does nothing else. */
function partsOf(text: string): { readonly modules: string[]; readonly globals: string } | undefined {
  const modules: string[] = [];
  let globals = "";
  for (let at = 0; ;) {
    SPACE.lastIndex = at;
    SPACE.exec(text);
    at = SPACE.lastIndex;
    if (at === text.length) return modules.length ? { modules, globals } : undefined;
    MODULE.lastIndex = at;
    const [, name, body] = MODULE.exec(text) ?? [];
    if (name === undefined) return undefined;
    const added = body.match(GLOBALS) ?? [];
    if (added.length !== (body.match(/\bglobal\s*\{/g) ?? []).length) return undefined;
    if (added.length) globals += `declare module "${name}" {\n${added.join("")}}\n`;
    modules.push(name);
    at = MODULE.lastIndex;
  }
}
