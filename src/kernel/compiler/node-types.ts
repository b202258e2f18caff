// Node's types are most of what a program's libraries declare, and a cell names little of them. Files of `@types/node` that
// do nothing but declare modules stay empty until the type checker looks for one of these modules; then whatever was
// worked out without it is worked out anew, with it.

/** Which of Node's types are in the programs of one kernel, and which wait until they are looked for. */
export class NodeTypes {
  /** The modules that the files that wait would declare. */
  readonly #waiting = new Map<string, readonly string[]>();
  /** Files of Node's types that import a package which waits, by its name. */
  readonly #importers = new Map<string, Set<string>>();
  readonly #wanted = new Set<string>();
  readonly #woken = new Set<string>();
  #wantsAll = false;

  /** The text of a file for now: none while it waits. */
  textOf(path: string, text: string): string {
    if (this.#wantsAll || !isNodeTypes(path)) return text;
    const modules = modulesAlone(text);
    if (!modules || modules.some((name) => this.#wanted.has(name))) return text;
    this.#waiting.set(path, modules);
    return "";
  }

  /** Whether a file is empty for now. */
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

  /** Asks for modules; gives whether some of them had been waiting. */
  want(names: Iterable<string>): boolean {
    let found = false;
    for (const name of names) {
      if (this.#wanted.has(name)) continue;
      this.#wanted.add(name);
      for (const [path, modules] of this.#waiting) {
        if (modules.includes(name)) found = this.#waiting.delete(path);
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
/** Begins and ends at the margin, with nothing but what is indented between; that may not reach outside of the module. */
const MODULE = /declare module "([^"\n]+)" \{\r?\n((?:[ \t].*\n|\r?\n)*)\}(?=\r?\n|$)/y;

/** The modules that a file declares when it does nothing else. */
function modulesAlone(text: string): string[] | undefined {
  if (/\bglobal\s*\{/.test(text)) return undefined;
  const modules: string[] = [];
  for (let at = 0; ;) {
    SPACE.lastIndex = at;
    SPACE.exec(text);
    at = SPACE.lastIndex;
    if (at === text.length) return modules.length ? modules : undefined;
    MODULE.lastIndex = at;
    const found = MODULE.exec(text);
    if (!found) return undefined;
    modules.push(found[1]);
    at = MODULE.lastIndex;
  }
}
