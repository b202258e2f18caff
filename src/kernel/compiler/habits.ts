// Habits from other notebooks, shells and languages: where a cell does not compile because of one, a sentence says what
// to write instead.
import type { CompileProblem } from "./problems.js";

/** Codes of TypeScript's problems that a habit can be the reason for. */
const UNKNOWN_NAME = new Set([2304, 2552, 2581, 2582, 2583, 2584, 2592, 2593]);
const CONSTANT = 2588;

const SHELL_COMMANDS =
  "apt|apt-get|brew|bun|cat|cd|chmod|conda|cp|curl|deno|docker|echo|find|git|grep|head|kill|ls|make|mamba|mkdir|mv|node|npx|poetry|ps|pwd|python|python3|rm|sed|sudo|tail|tar|touch|tsc|unzip|uv|wget|which|whoami|zip";

interface Habit {
  readonly line: RegExp;
  /** The sentence, from what the expression matched. */
  readonly say: (found: RegExpExecArray) => string;
  /** Whether it explains unknown names alone, no syntax. */
  readonly ofNames?: boolean;
}

const runs = (command: string) =>
  `\`import { execSync } from "node:child_process"; execSync(${JSON.stringify(command)}, { stdio: "inherit" })\``;

const HABITS: readonly Habit[] = [
  {
    line: /^%%?(?:time|timeit)\b/,
    say: () =>
      'this kernel has no magics: `console.time("cell")` before and `console.timeEnd("cell")` after measure the time',
  },
  {
    line: /^%{1,2}(\w+)(.*)/,
    say: ([, name, rest]) =>
      /^(pip|conda|npm)$/.test(name)
        ? installation(name, rest)
        : `this kernel has no magics such as %${name}: a cell holds TypeScript alone`,
  },
  {
    line: /^!\s*(pip3?|conda|mamba|npm|yarn|pnpm)\s+(.*)/,
    say: ([, name, rest]) => installation(name, rest),
  },
  {
    line: /^!\s*([a-z].*)/i,
    say: ([, command]) => `a cell cannot begin with a shell command: write ${runs(command.trim())}`,
  },
  {
    line: /^(?:python3? -m )?(pip3?|conda|mamba|npm|yarn|pnpm)\s+((?:install|i|add|ci|uninstall|remove|update|run|list)\b.*)/,
    say: ([, name, rest]) => installation(name, rest),
  },
  {
    line: new RegExp(`^(?:\\$\\s+)?((?:${SHELL_COMMANDS})(?:\\s+[^=(].*)?)$`),
    say: ([, command]) => `that is a shell command; in a cell it is ${runs(command.trim())}`,
  },
  {
    line: /^\??\??\s*([\w$][\w$.]*)\s*(?:\(\s*\))?\s*\?{1,2}$|^\?{1,2}\s*([\w$][\w$.]*)$/,
    say: ([, before, after]) =>
      `help is not asked for with a question mark: put the cursor on \`${before ?? after}\` and press Shift+Tab (in VS Code, hover over it)`,
  },
  {
    line: /^help\s*\(\s*([\w$.]*)\s*\)/,
    say: ([, name]) =>
      `there is no \`help\`: put the cursor on \`${name || "a name"}\` and press Shift+Tab (in VS Code, hover over it)`,
  },
  { line: /(?<![.\w$])print\s*\(/, say: () => "`print` is Python's: in TypeScript it is `console.log(…)`" },
  { line: /^print\s+\S/, say: () => "`print` is Python's: in TypeScript it is `console.log(…)`" },
  { line: /(?<![.\w$])input\s*\(/, say: () => '`input` is Python\'s: here it is `prompt("…")`' },
  {
    line: /^(?:async\s+)?def\s+(\w*)/,
    say: ([, name]) => `\`def\` is Python's: in TypeScript it is \`function ${name || "f"}(…) { … }\``,
  },
  { line: /\blambda\b[^:;]*:/, say: () => "`lambda x: …` is Python's: in TypeScript it is `(x) => …`" },
  { line: /^elif\b/, say: () => "`elif` is Python's: in TypeScript it is `else if (…) { … }`" },
  {
    line: /^(?:if|while|for|else|try|except|finally|with|class)\b[^{}]*:\s*(?:#.*)?$/,
    say: () =>
      "blocks that begin with a colon are Python's: in TypeScript they stand in `{ … }`, and conditions in `( … )`",
  },
  {
    line: /^from\s+([\w.]+)\s+import\s+(.+)/,
    say: ([, module, names]) =>
      `Python's import is written the other way round: \`import { ${names.trim()} } from "${module}"\``,
  },
  {
    line: /^import\s+([\w.]+)(?:\s+as\s+(\w+))?\s*$/,
    say: ([, module, name]) =>
      `Python's import is written \`import * as ${name ?? module.split(".")[0]} from "${module}"\` here`,
  },
  {
    line: /^import\s+[\w.]+(?:\s+as\s+\w+)?(?:\s*,\s*[\w.]+(?:\s+as\s+\w+)?)+\s*$/,
    say: () => 'several modules are imported one by one: `import * as os from "node:os"`, a line each',
  },
  {
    line: /^raise\b\s*(?:(\w+)\s*\((.*)\))?/,
    say: ([, , message]) => `\`raise\` is Python's: in TypeScript it is \`throw new Error(${message || "…"})\``,
  },
  {
    line: /^assert\s+[^(]/,
    say: () => '`assert` is Python\'s: here it is `import assert from "node:assert"`, then `assert(…)`',
  },
  { line: /^del\s+[\w.[\]"']+\s*$/, say: () => "`del` is Python's: a property is taken away by `delete object.key`" },
  {
    line: /(?<![.\w$])type\s*\(\s*([\w$.]+)\s*\)/,
    say: ([, name]) => `\`type\` is Python's: in TypeScript it is \`typeof ${name}\``,
  },
  {
    line: /\b(None|True|False)\b/,
    say: ([, name]) => `\`${name}\` is Python's: in TypeScript it is \`${PYTHON_VALUES[name]}\``,
  },
  {
    line: /(?<![.\w$])len\s*\(\s*([\w$.]+)\s*\)/,
    say: ([, name]) => `\`len\` is Python's: in TypeScript it is \`${name}.length\``,
  },
  { line: /(?<![.\w$])(?:str|repr)\s*\(/, say: () => "`str` is Python's: in TypeScript it is `String(…)`" },
  {
    line: /(?<![.\w$])(int|float)\s*\(/,
    say: ([, name]) =>
      `\`${name}\` is Python's: in TypeScript it is \`${name === "int" ? "Math.trunc(Number(…))" : "Number(…)"}\``,
  },
  {
    line: /(?<![.\w$])range\s*\(/,
    say: () => "`range(n)` is Python's: in TypeScript it is `Array.from({ length: n }, (_, i) => i)`",
  },
  {
    line: /\bf(["'])(?:(?!\1).)*\{/,
    say: () => "f-strings are Python's: in TypeScript it is `` `text ${value}` `` in backticks",
  },
  {
    line: /^([A-Za-z_$][\w$]*)\s*=(?![=>])/,
    say: ([, name]) => `a name is declared where it is first given a value: \`let ${name} = …\``,
    ofNames: true,
  },
  { line: /^#(?![\w$]+\s*[=;(:?!])/, say: () => "comments begin with `//` in TypeScript" },
  {
    line: /^(?:exit|quit)\b/,
    say: () => "the kernel is ended or restarted from the front end's menu; `process.exit()` ends it too",
  },
];

const PYTHON_VALUES: Readonly<Record<string, string>> = { None: "null", True: "true", False: "false" };

function installation(program: string, rest: string): string {
  const packages = rest
    .trim()
    .split(/\s+/)
    .slice(1)
    .filter((each) => !each.startsWith("-"))
    .join(" ");
  if (/^(?:pip3?|conda|mamba)$/.test(program)) {
    return `Python's packages are of no use in a TypeScript notebook: packages come from npm, by \`npm install …\` in a terminal in the notebook's folder`;
  }
  const command = `${program} ${rest.trim()}`;
  const after =
    packages && /^(?:install|i|add)\b/.test(rest.trim())
      ? `, then \`import … from "${packages.split(" ")[0]}"\` in a cell`
      : "";
  return `packages are installed in a terminal in the notebook's folder, or with ${runs(command)}${after}`;
}

/**
 * What to write instead, where the first problem of a cell comes from a habit.
 *
 * @param code the cell
 * @param isEarlier whether a cell before it declared a name
 */
export function habitHint(
  code: string,
  problems: readonly CompileProblem[],
  isEarlier: (name: string) => boolean,
): string | undefined {
  const own = problems.filter(({ file }) => file === undefined);
  const constant = own.find((problem) => problem.code === CONSTANT);
  const lines = code.split("\n");
  for (const problem of own.slice(0, 5)) {
    const isSyntax = problem.code < 2000;
    if (!isSyntax && !UNKNOWN_NAME.has(problem.code)) continue;
    // What is wrong with a line may only come to light on the next.
    for (const number of isSyntax ? [problem.line, problem.line - 1] : [problem.line]) {
      const line = lines[number - 1]?.trim() ?? "";
      const wrong = isSyntax
        ? undefined
        : lines[number - 1]?.slice(problem.column - 1, problem.column - 1 + problem.length);
      for (const { line: pattern, say, ofNames } of HABITS) {
        if (isSyntax && ofNames) continue;
        const found = pattern.exec(line);
        // An unknown name must be the one that the habit is about.
        if (found && (wrong === undefined || found[0].includes(wrong))) return say(found);
      }
    }
  }
  if (!constant) return undefined;
  const name = lines[constant.line - 1].slice(constant.column - 1, constant.column - 1 + constant.length);
  return isEarlier(name)
    ? `\`${name}\` is a constant of an earlier cell: declare it there with \`let\`, or write \`const ${name} = …\` here, which replaces it`
    : `\`${name}\` is a constant: declare it with \`let\` to change it`;
}
